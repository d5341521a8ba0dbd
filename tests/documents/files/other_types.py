"""Files that are neither a PDF nor a picture of a kind that is taken: each is told what to do instead."""

import io
import zipfile
from collections.abc import Callable, Iterator

from PIL import Image

from tests.documents.files.sample import MARK, Sample
from tests.documents.pictures import marked, written


def _archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, MARK)
    return out.getvalue()


def _page() -> bytes:
    return f"<html><script>{MARK}</script></html>".encode()


def _pdf_in_an_archive() -> bytes:
    return _archive("a.txt") + b"%PDF-1.7"


_MADE: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty.pdf": (lambda: b"", "file_empty"),
    "invoice.ofd": (lambda: _archive("OFD.xml", "Doc_0/Document.xml"), "type_ofd"),
    "invoice renamed.pdf": (lambda: _archive("OFD.xml"), "type_ofd"),
    "statement.docx": (lambda: _archive("[Content_Types].xml", "word/document.xml"), "type_office"),
    "statement.xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "type_office"),
    "statement renamed.pdf": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "type_office"),
    "letter.rtf": (lambda: b"{\\rtf1 " + MARK.encode(), "type_office"),
    "papers.zip": (lambda: _archive("a.pdf"), "type_archive"),
    "papers.rar": (lambda: b"Rar!\x1a\x07\x01\x00", "type_archive"),
    "papers.7z": (lambda: b"7z\xbc\xaf\x27\x1c" + bytes(90), "type_archive"),
    "archive that ends as one.pdf": (_pdf_in_an_archive, "type_archive"),
    "moving.gif": (lambda: written(marked(), "GIF"), "type_picture"),
    "PDF behind a GIF.pdf": (lambda: b"GIF89a" + bytes(40) + b"%PDF-1.7\n", "type_picture"),
    "scan.tif": (lambda: written(marked(), "TIFF"), "type_picture"),
    "paint.bmp": (lambda: written(marked(), "BMP"), "type_picture"),
    "moving.webp": (
        lambda: written(marked(), "WEBP", save_all=True, append_images=[Image.new("RGB", (96, 64))]), "type_picture",
    ),
    "new.avif": (lambda: b"\0\0\0\x20ftypavif\0\0\0\0avifmif1miaf" + bytes(90), "type_picture"),
    "drawing.svg": (lambda: b"<svg><script>" + MARK.encode() + b"</script></svg>", "unsupported_type"),
    "page.html": (_page, "unsupported_type"),
    "page.pdf": (_page, "unsupported_type"),
    "program.pdf": (lambda: b"MZ\x90\x00" + bytes(300), "unsupported_type"),
    "program.exe": (lambda: b"\x7fELF" + bytes(300), "unsupported_type"),
    "shell.jpg": (lambda: b"#!/bin/sh\nrm -rf /\n", "unsupported_type"),
    "vector.jpg": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n(x) run\n", "unsupported_type"),
    "windows.wmf": (lambda: b"\xd7\xcd\xc6\x9a" + bytes(90), "unsupported_type"),
    "picture.pdf": (lambda: written(marked(), "JPEG"), "type_mismatch"),
    "pages.jpg": (lambda: b"%PDF-1.7\n%%EOF", "type_mismatch"),
    "pages.html": (lambda: b"%PDF-1.7\n%%EOF", "type_mismatch"),
    "zeros.pdf": (lambda: bytes(5000), "unsupported_type"),
    "one byte.pdf": (lambda: b"%", "unsupported_type"),
}  # fmt: skip


def samples() -> Iterator[Sample]:
    """None of them is taken."""
    for name, (make, verdict) in _MADE.items():
        yield Sample(name=name, make=make, verdict=verdict)
