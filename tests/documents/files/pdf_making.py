"""Pages to hang things on."""

import contextlib
import io
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

WORDS = "BT /F1 36 Tf 60 700 Td (PAYSLIP 6200.00) Tj ET"
Object = Any


@contextlib.contextmanager
def one_page(contents: str = WORDS, size: tuple[int, int] = (595, 842)) -> Iterator[tuple[Pdf, Object]]:
    """A document of one page, and that page."""
    with pikepdf.new() as document:
        yield document, add_page(document, contents, size)


def add_page(document: Pdf, contents: str | bytes = WORDS, size: tuple[int, int] = (595, 842)) -> Object:
    """A page with a plain font."""
    page = document.add_blank_page(page_size=size).obj
    page.Resources = Dictionary(Font=Dictionary(F1=helvetica()))
    page.Contents = document.make_stream(contents if isinstance(contents, bytes) else contents.encode("latin-1"))
    return page


def helvetica() -> Object:
    """The plain font of every reader."""
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)


def written(document: Pdf, **options: Any) -> bytes:
    """The document as a file."""
    out = io.BytesIO()
    document.save(out, **options)
    return out.getvalue()


def form(document: Pdf, contents: str, box: tuple[int, ...] = (0, 0, 100, 50), **fields: Any) -> Object:
    """A form with a plain font."""
    made = Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array(box))
    made.Resources = Dictionary(Font=Dictionary(F1=helvetica()))
    for key, each in fields.items():
        made[f"/{key}"] = each
    return document.make_stream(contents.encode(), made)


def annotation(document: Pdf, page: Object, subtype: str, **fields: Any) -> Object:
    """An annotation on the page."""
    made = Dictionary(Type=Name.Annot, Subtype=Name(f"/{subtype}"), Rect=Array([60, 500, 260, 560]), F=4)
    for key, each in fields.items():
        made[f"/{key}"] = each
    held = document.make_indirect(made)
    if "/Annots" not in page:
        page.Annots = Array()
    page.Annots.append(held)
    return held


def field(document: Pdf, page: Object, kind: str = "Tx", **fields: Any) -> Object:
    """A field of the document's form on the page."""
    made = annotation(document, page, "Widget", FT=Name(f"/{kind}"), T=String("amount"), **fields)
    if "/AcroForm" not in document.Root:
        document.Root.AcroForm = Dictionary(
            Fields=Array(), DA=String("/Helv 12 Tf 0 g"), DR=Dictionary(Font=Dictionary(Helv=helvetica()))
        )
    document.Root.AcroForm.Fields.append(made)
    return made


def shown_as(document: Pdf, words: str, box: tuple[int, ...] = (0, 0, 200, 60), **fields: Any) -> Object:
    """An appearance that shows the words in a frame."""
    width, height = box[2] - box[0], box[3] - box[1]
    contents = (
        f"1 0 0 RG 2 w {box[0] + 2} {box[1] + 2} {width - 4} {height - 4} re S BT /F1 20 Tf 10 20 Td ({words}) Tj ET"
    )
    return Dictionary(N=form(document, contents, box, **fields))
