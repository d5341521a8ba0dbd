"""PDFs that are written oddly: by careless programs, in pieces, by people who try what a reader makes of them."""

import base64
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Encryption, Name

from tests.documents.files.pdf_making import WORDS, add_page, form, one_page, written
from tests.documents.files.sample import MARK, TAKEN, Sample


def plain(**options: Any) -> bytes:
    """Three pages."""
    with one_page() as (document, _):
        add_page(document)
        add_page(document)
        return written(document, **options)


def _changed(change: Callable[[bytes], bytes], **options: Any) -> bytes:
    return change(plain(object_stream_mode=pikepdf.ObjectStreamMode.disable, **options))


def _between(in_front: bytes, behind: bytes) -> bytes:
    return in_front + plain(object_stream_mode=pikepdf.ObjectStreamMode.disable) + behind


def _zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(f"{MARK}.exe", MARK)
    return out.getvalue()


def _glued(data: bytes) -> bytes:
    return data + data.replace(b"PAYSLIP", b"EARLIER")


_FRONT = {
    "a server's header": b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n",
    "notices of a program": b"<br />\n<b>Notice</b>: x\n" * 20,
    "a byte order mark": b"\xef\xbb\xbf\r\n",
    "a page with a script": f"<html><script>alert('{MARK}')</script><!--".encode(),
    "a script for a shell": f"#!/bin/sh\necho {MARK}\nexit\n".encode(),
    "the head of a program": b"MZ\x90\x00" + bytes(60) + MARK.encode(),
}
_BEHIND = {
    "an archive": _zipped(),
    "a page with a script": f"\n<html><script>alert('{MARK}')</script></html>".encode(),
    "a program for a server": f"\n<?php system('{MARK}'); ?>".encode(),
    "zeros": bytes(40_000),
    "a picture": b"\xff\xd8\xff\xe0" + MARK.encode(),
    "nothing readable": bytes(range(1, 256)) * 20,
}
_SPOILT: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "table somewhere else": (lambda data: re.sub(rb"startxref\n\d+", b"startxref\n77", data), TAKEN),
    "table numbered from one": (lambda data: data.replace(b"xref\n0 ", b"xref\n1 ", 1), TAKEN),
    "comment in front of all": (lambda data: data[:9] + b"% " + MARK.encode() + b"\n" + data[9:], TAKEN),
    "no end mark": (lambda data: data[: data.rindex(b"%%EOF")], TAKEN),
    "no way to the table": (lambda data: data[: data.rindex(b"startxref")], TAKEN),
    "version of tomorrow": (lambda data: data.replace(data[:8], b"%PDF-9.9", 1), TAKEN),
    "lines of an old Mac": (lambda data: data.replace(b"endobj\n", b"endobj\r"), TAKEN),
    "glued to itself": (_glued, TAKEN),
    "cut in the middle": (lambda data: data[: len(data) // 2], "unreadable"),
    "cut at nine tenths": (lambda data: data[: len(data) * 9 // 10], "unreadable"),
    "cut in the trailer": (lambda data: data[: data.rindex(b"/Size")], "unreadable"),
    "half zeros": (lambda data: data[: len(data) // 2] + bytes(len(data) // 2), "unreadable"),
    "only the head": (lambda _: b"%PDF-1.7\n", "unreadable"),
    "only the head and an end": (lambda _: b"%PDF-1.7\n%%EOF\n", "unreadable"),
    "words": (lambda _: b"%PDF-1.7\n" + b"not a PDF " * 500, "unreadable"),
    "chance": (lambda _: b"%PDF-1.7\n" + bytes((n * n * 7919 >> 5) & 255 for n in range(9000)), "unreadable"),
    "no pages": (
        lambda data: re.sub(rb"/Kids \[[^]]*\]", b"/Kids [ ]", data).replace(b"/Count 3", b"/Count 0"),
        "unreadable",
    ),
    "a catalog that is none": (lambda data: data.replace(b"/Type /Catalog", b"/Type /Cataloq"), TAKEN),
}


def deep_pages() -> bytes:
    """A page below two hundred nodes of the tree."""
    with one_page() as (document, page):
        below = page
        for _ in range(200):
            node = document.make_indirect(Dictionary(Type=Name.Pages, Kids=Array([below]), Count=1))
            below.Parent = node
            below = node
        document.Root.Pages = below
        return written(document)


def circle_of_pages() -> bytes:
    with one_page() as (document, page):
        node = document.make_indirect(Dictionary(Type=Name.Pages, Count=1))
        node.Kids = Array([node, page])
        document.Root.Pages = node
        return written(document)


def page_thrice() -> bytes:
    with one_page() as (document, _):
        data = written(document, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return re.sub(rb"/Kids \[ (\d+ 0 R) \]", rb"/Kids [ \1 \1 \1 ]", data).replace(b"/Count 1", b"/Count 3")


def inheriting() -> bytes:
    """What a page shows, and how, said above it; by hand, as qpdf brings it down."""
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    above = b"/MediaBox [0 0 595 842] /Rotate 90 /Resources << /Font << /F1 " + font + b" >> >>"
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 " + above + b" >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(WORDS), WORDS.encode()),
    ]
    data, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + b"xref\n0 5\n0000000000 65535 f \n%strailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        table, len(data),
    )  # fmt: skip


def in_pieces() -> bytes:
    """Contents in many streams, one of them empty, cut between operators."""
    with one_page() as (document, page):
        pieces = [b"BT /F1 36 Tf ", b"", b"60 700 Td", b"(PAYSLIP 6200.00) Tj", b" ET q q", b" Q Q Q Q Q"]
        page.Contents = Array([document.make_stream(piece) for piece in pieces])
        return written(document)


def coded(*filters: str) -> bytes:
    """Contents that were coded several times."""
    data = WORDS.encode()
    for word in reversed(filters):
        data = _CODED[word](data)
    with one_page() as (document, page):
        page.Contents = document.make_stream(data, Filter=Array([Name(f"/{word}") for word in filters]))
        return written(document, compress_streams=False)


def _ascii_85(data: bytes) -> bytes:
    return base64.a85encode(data) + b"~>"


def _deflated(data: bytes) -> bytes:
    return zlib.compress(data)


_CODED: dict[str, Callable[[bytes], bytes]] = {
    "ASCIIHexDecode": lambda data: data.hex().encode() + b">",
    "ASCII85Decode": _ascii_85,
    "FlateDecode": _deflated,
    "RunLengthDecode": lambda data: b"".join(bytes([0, each]) for each in data) + b"\x80",
}


def page_with(contents: str = WORDS, size: tuple[int, int] = (595, 842), **fields: Any) -> bytes:
    """A page with these entries, or without those that are None."""
    with one_page(contents, size) as (document, page):
        for key, each in fields.items():
            if each is None:
                del page[f"/{key}"]
            else:
                page[f"/{key}"] = Array(each) if isinstance(each, list) else each
        return written(document)


def locked(owner: str, user: str, revision: Any) -> bytes:
    """A file with passwords."""
    key = Encryption(owner=owner, user=user, R=revision, aes=revision > 3, metadata=revision > 3)
    with one_page() as (document, _):
        document.docinfo["/Title"] = MARK
        return written(document, encryption=key)


def locked_attachment() -> bytes:
    data = locked("owner", "user", 4)
    data = re.sub(rb"/AuthEvent /DocOpen", b"/AuthEvent /EFOpen", data)
    return re.sub(rb"/StmF /StdCF", b"/StmF /Identity /EFF /StdCF", data)


def inline_pictures() -> bytes:
    """Pictures between the operators, one of which holds what looks like their end."""
    first = b"q 90 0 0 90 60 400 cm BI /W 2 /H 2 /BPC 8 /CS /RGB ID " + bytes(
        [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9]
    )
    second = b"\nEI Q q 90 0 0 90 260 400 cm BI /W 8 /H 8 /IM true /D [1 0] /F /AHx ID AA55AA55AA55AA55> EI Q "
    third = b"q 90 0 0 90 60 200 cm BI /W 4 /H 3 /BPC 8 /CS /G ID \x10 EI\x80\x90 EI Q \nEI Q "
    with one_page() as (document, page):
        page.Contents = document.make_stream(first + second + third + WORDS.encode())
        return written(document)


def odd_operators() -> bytes:
    """What readers pass over, and figures as careless programs write them."""
    return page_with(
        "BX /x unknown EX 1 0 0 rg 60. .5 m 0 0 1 0 0 rg -.0 +5 l 1e3 << /A [ 1 2 << >> ] >> pop ] ) } "
        "00060 00700 0.00001 000.1 re f --5 0 Td BT (((never shown) /F1 36 Tf 60 700 Td "
        "(PAY\\(S\\)LIP (62(00)) \\101\\\r\n) Tj 0 -50 Td <5041 59> Tj [(A) -200 (B) <43>] TJ T* (C) ' 1 2 (D) \" ET S"
    )


def nested(count: int) -> bytes:
    """Forms within forms, so many."""
    with one_page("/X Do") as (document, page):
        held = form(document, "BT /F1 36 Tf 10 10 Td (PAYSLIP) Tj ET", (0, 0, 595, 842))
        for _ in range(count):
            held = form(document, "/X Do", (0, 0, 595, 842), Resources=Dictionary(XObject=Dictionary(X=held)))
        page.Resources.XObject = Dictionary(X=held)
        return written(document)


def _structure() -> Iterator[tuple[str, Callable[[], bytes], str]]:
    for name, in_front in _FRONT.items():
        yield f"behind {name}", partial(_between, in_front, b""), TAKEN
    for name, behind in _BEHIND.items():
        yield f"in front of {name}", partial(_between, b"", behind), TAKEN
    for name, (change, verdict) in _SPOILT.items():
        yield name, partial(_changed, change), verdict
    yield "packed", partial(plain, object_stream_mode=pikepdf.ObjectStreamMode.generate), TAKEN
    yield "linear", partial(plain, linearize=True), TAKEN
    for revision in (2, 3, 4, 6):
        yield f"owner's password {revision}", partial(locked, "owner", "", revision), TAKEN
        yield f"password to open {revision}", partial(locked, "owner", "user", revision), "password"
    yield "locked attachment", locked_attachment, "locked_attachment"


_PAGES: dict[str, tuple[Callable[[], bytes], str]] = {
    "deep pages": (deep_pages, "unreadable"),
    "circle of pages": (circle_of_pages, "unreadable"),
    "page thrice": (page_thrice, TAKEN),
    "inheriting": (inheriting, TAKEN),
    "in pieces": (in_pieces, TAKEN),
    "coded once": (partial(coded, "ASCIIHexDecode"), TAKEN),
    "coded by all": (partial(coded, *_CODED), TAKEN),
    "coded twenty times": (partial(coded, *["FlateDecode"] * 20), TAKEN),
    "turned": (partial(page_with, Rotate=270), TAKEN),
    "turned back": (partial(page_with, Rotate=-90), TAKEN),
    "turned askew": (partial(page_with, Rotate=45), TAKEN),
    "turned often": (partial(page_with, Rotate=810), TAKEN),
    "large units": (partial(page_with, UserUnit=2), TAKEN),
    "box the other way": (partial(page_with, MediaBox=[595, 842, 0, 0]), TAKEN),
    "box elsewhere": (
        partial(page_with, "BT /F1 36 Tf -500 -500 Td (PAYSLIP) Tj ET", MediaBox=[-600, -600, 0, 0]),
        TAKEN,
    ),
    "cropped": (partial(page_with, CropBox=[50, 600, 500, 800]), TAKEN),
    "no contents": (partial(page_with, Contents=None), TAKEN),
    "no resources": (partial(page_with, "60 60 200 200 re f", Resources=None), TAKEN),
    "contents that are none": (partial(page_with, Contents=Name("/Nothing")), TAKEN),
    "huge sheet": (partial(page_with, size=(14_400, 14_400)), TAKEN),
    "tiny sheet": (partial(page_with, "0 0 3 3 re f", size=(3, 3)), TAKEN),
    "inline pictures": (inline_pictures, TAKEN),
    "odd operators": (odd_operators, TAKEN),
    "nested forms": (partial(nested, 12), TAKEN),
    "forms nested too deeply": (partial(nested, 400), "unreadable"),
}


def samples() -> Iterator[Sample]:
    """All of them, in the order in which they were thought of."""
    for name, make, verdict in _structure():
        # PDFium does not count a page twice.
        yield Sample(name=f"{name}.pdf", make=make, verdict=verdict, looks=name != "page thrice")
    for name, (make, verdict) in _PAGES.items():
        # PDFium does not count a page twice.
        yield Sample(name=f"{name}.pdf", make=make, verdict=verdict, looks=name != "page thrice")
