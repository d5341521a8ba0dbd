"""PDFs with all that may lie in one beside its pages, made by code: each shows the same words to whoever looks."""

import io

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

MARK = "whatever-lies-beside-the-page"


def with_everything() -> bytes:
    """A page with a word on it, and a script, a launch, a form with a value, a link and an attachment beside it."""
    with pikepdf.new() as document:
        page = _page(document, "BT /F1 36 Tf 60 700 Td (PAYSLIP 6200.00) Tj ET")
        script = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{MARK}')"))
        document.Root.OpenAction = document.make_indirect(script)
        document.Root.AA = Dictionary(WC=Dictionary(S=Name.Launch, F=String(f"/bin/sh {MARK}")))
        link = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Link,
            Rect=[50, 690, 400, 740],
            Border=[0, 0, 0],
            A=Dictionary(S=Name.URI, URI=String(f"https://example.org/{MARK}")),
        )
        field = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String("amount"),
            V=String(MARK),
            Rect=[60, 500, 300, 540],
            AA=Dictionary(F=script),
        )
        page.obj.Annots = document.make_indirect(Array([document.make_indirect(link), document.make_indirect(field)]))
        document.Root.AcroForm = Dictionary(Fields=Array([page.obj.Annots[1]]), DA=String("/F1 12 Tf 0 g"))
        document.attachments["attached.txt"] = MARK.encode()
        document.docinfo["/Title"] = MARK
        return _bytes(document)


def naming_song() -> bytes:
    """A page in Chinese by a font that it names and does not bring, as banks' systems write them."""
    with pikepdf.new() as document:
        page = _page(document, "")
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name("/STSong-Light"),
            Flags=6,
            FontBBox=[-25, -254, 1000, 880],
            ItalicAngle=0,
            Ascent=752,
            Descent=-271,
            CapHeight=737,
            StemV=58,
        )
        below = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType0,
            BaseFont=Name("/STSong-Light"),
            CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("GB1"), Supplement=4),
            FontDescriptor=document.make_indirect(descriptor),
            DW=1000,
        )
        page.obj.Resources.Font.F2 = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name("/STSong-Light"),
            Encoding=Name("/UniGB-UCS2-H"),
            DescendantFonts=Array([below]),
        )
        text = "工资单".encode("utf-16-be").hex()
        page.obj.Contents = document.make_stream(f"BT /F2 60 Tf 60 700 Td <{text}> Tj ET".encode())
        return _bytes(document)


def pages(count: int, size: tuple[int, int] = (595, 842), contents: str = "") -> bytes:
    """So many pages of that size in points, each with a number on it."""
    with pikepdf.new() as document:
        for number in range(count):
            _page(document, f"BT /F1 36 Tf 60 60 Td (PAGE {number + 1}) Tj ET {contents}", size)
        return _bytes(document)


def _page(document: Pdf, contents: str, size: tuple[int, int] = (595, 842)) -> pikepdf.Page:
    page = document.add_blank_page(page_size=size)
    page.obj.Resources = Dictionary(
        Font=Dictionary(F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    )
    page.obj.Contents = document.make_stream(contents.encode())
    return page


def _bytes(document: Pdf) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
