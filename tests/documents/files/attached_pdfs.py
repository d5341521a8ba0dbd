"""PDFs that hold other things beside their pages: files, films, forms, words about their makers."""

import io
from collections.abc import Callable, Iterator

from pikepdf import Array, Dictionary, Name, NameTree, Pdf, String

from hub.domain.active_content import ActiveContent
from tests.documents.files.pdf_making import Object, add_page, annotation, field, form, one_page, shown_as, written
from tests.documents.files.sample import MARK, Sample
from tests.documents.pictures import marked, noted

_XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>{MARK}</rdf:RDF></x:xmpmeta>'.encode()
_XFA = f'<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><script>{MARK}</script></xdp:xdp>'.encode()


def _file(document: Pdf) -> Object:
    held = document.make_stream(f"{MARK} MZ".encode(), Dictionary(Type=Name.EmbeddedFile))
    return document.make_indirect(
        Dictionary(Type=Name.Filespec, F=String(f"{MARK}.exe"), UF=String(f"{MARK}.exe"), EF=Dictionary(F=held))
    )


def attached() -> bytes:
    with one_page() as (document, _):
        document.attachments["attached.txt"] = MARK.encode()
        return written(document)


def attached_to_a_note() -> bytes:
    with one_page() as (document, page):
        annotation(document, page, "FileAttachment", FS=_file(document), Contents=String(MARK), Name=Name.PushPin, F=2)
        return written(document)


def associated() -> bytes:
    with one_page() as (document, page):
        document.Root.AF = Array([_file(document)])
        page.AF = Array([_file(document)])
        return written(document)


def portfolio() -> bytes:
    with one_page() as (document, _):
        document.attachments["attached.txt"] = MARK.encode()
        schema = Dictionary(Type=Name.CollectionSchema, x=Dictionary(Subtype=Name.S, N=String(MARK)))
        document.Root.Collection = Dictionary(
            Type=Name.Collection, View=Name.T, D=String("attached.txt"), Schema=schema
        )
        return written(document)


def attached_to_a_film() -> bytes:
    with one_page() as (document, page):
        tree = NameTree.new(document)
        tree["film"] = _file(document)
        content = Dictionary(Assets=tree.obj, Configurations=Array([Dictionary(Subtype=Name.Flash, N=String(MARK))]))
        annotation(document, page, "RichMedia", RichMediaContent=content, RichMediaSettings=Dictionary(X=String(MARK)))
        return written(document)


def model() -> bytes:
    with one_page() as (document, page):
        model = document.make_stream(MARK.encode(), Dictionary(Type=Name("/3D"), Subtype=Name.U3D))
        model.OnInstantiate = document.make_stream(MARK.encode())
        annotation(document, page, "3D", **{"3DD": model})
        return written(document)


def old_film() -> bytes:
    with one_page() as (document, page):
        annotation(document, page, "Movie", Movie=Dictionary(F=String(f"{MARK}.avi")), A=True)
        annotation(document, page, "Sound", Sound=document.make_stream(MARK.encode(), Dictionary(R=8000)), F=2)
        return written(document)


def film_with_a_poster() -> bytes:
    with one_page() as (document, page):
        annotation(document, page, "Screen", AP=shown_as(document, "PLAY"), MK=Dictionary(CA=String(MARK)))
        return written(document)


def xfa() -> bytes:
    with one_page() as (document, page):
        field(document, page, AP=shown_as(document, "6200"), V=String(MARK))
        document.Root.AcroForm.XFA = Array([String("template"), document.make_stream(_XFA)])
        document.Root.NeedsRendering = False
        return written(document)


def filled() -> bytes:
    with one_page() as (document, page):
        field(document, page, AP=shown_as(document, "6200.00"), V=String(MARK), DV=String(MARK), TU=String(MARK))
        off = form(document, "0 1 0 RG 4 w 5 5 90 40 re S")
        on = form(document, "1 0 0 RG 4 w 5 5 90 40 re S 5 5 m 95 45 l S")
        looks = Dictionary(N=Dictionary(Yes=on, Off=off), D=Dictionary(Yes=form(document, f"({MARK}) Tj")))
        field(document, page, "Btn", AP=looks, AS=Name.Yes, V=Name.Yes, Rect=Array([60, 300, 160, 350]))
        field(document, page, "Btn", AP=Dictionary(dict(looks.items())), AS=Name.Off, Rect=Array([200, 300, 300, 350]))
        return written(document)


def choice() -> bytes:
    with one_page() as (document, page):
        field(document, page, "Ch", AP=shown_as(document, "Beijing"), Opt=Array([String(MARK)]), V=String("Beijing"))
        return written(document)


def notes() -> bytes:
    with one_page() as (document, page):
        common = {
            "Contents": String(MARK),
            "T": String(MARK),
            "RC": String(MARK),
            "Subj": String(MARK),
            "NM": String(MARK),
        }
        for place, subtype in enumerate(
            ("Stamp", "FreeText", "Highlight", "Ink", "Square", "Text", "Redact", "Watermark")
        ):
            rectangle = Array([60, 100 + 60 * place, 260, 150 + 60 * place])
            annotation(document, page, subtype, AP=shown_as(document, subtype.upper()), Rect=rectangle, **common)
        annotation(document, page, "Popup", Contents=String(MARK), Open=False)
        annotation(document, page, "Caret", AP=shown_as(document, MARK), F=2)
        annotation(document, page, "Caret", AP=shown_as(document, MARK), F=32)
        return written(document)


def turned_stamp() -> bytes:
    with one_page() as (document, page):
        look = shown_as(document, "PAID", (10, 20, 210, 80), Matrix=Array([0, 1, -1, 0, 0, 0]))
        annotation(document, page, "Stamp", AP=look, Rect=Array([300, 300, 360, 500]))
        page.Rotate = 90
        return written(document)


def described() -> bytes:
    with one_page() as (document, page):
        document.docinfo["/Title"] = MARK
        document.docinfo["/Author"] = MARK
        document.docinfo["/Custom"] = MARK
        xmp = Dictionary(Type=Name.Metadata, Subtype=Name.XML)
        document.Root.Metadata = document.make_stream(_XMP, xmp)
        page.Metadata = document.make_stream(_XMP, Dictionary(dict(xmp.items())))
        page.PieceInfo = Dictionary(Illustrator=Dictionary(Private=document.make_stream(MARK.encode())))
        page.LastModified = String(f"D:20261128 {MARK}")
        page.Thumb = document.make_stream(bytes(300), Dictionary(Width=10, Height=10, BitsPerComponent=8))
        page.Thumb.ColorSpace = Name.DeviceRGB
        page.Thumb.Note = String(MARK)
        document.Root.PieceInfo = Dictionary(App=Dictionary(Private=String(MARK)))
        document.Root.Lang = String(MARK)
        document.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(P=String(MARK))]))
        document.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True, X=String(MARK))
        document.Root.URI = Dictionary(Base=String(f"https://{MARK}"))
        document.trailer.ID = Array([String(MARK), String(MARK)])
        return written(document)


def structured() -> bytes:
    contents = f"/P <</MCID 0 /ActualText ({MARK})>> BDC BT /F1 36 Tf 60 700 Td (PAYSLIP) Tj ET EMC /X /{MARK} DP"
    with one_page(contents) as (document, page):
        root = document.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        root.K = document.make_indirect(
            Dictionary(S=Name.P, P=root, Pg=page, K=0, Alt=String(MARK), ActualText=String(MARK))
        )
        root.IDTree = Dictionary(Names=Array([String(MARK), root.K]))
        document.Root.StructTreeRoot = root
        document.Root.MarkInfo = Dictionary(Marked=True)
        page.StructParents = 0
        return written(document)


def threaded() -> bytes:
    with one_page() as (document, page):
        bead = document.make_indirect(Dictionary(Type=Name.Bead, P=page, R=Array([0, 0, 9, 9])))
        bead.N = bead.V = bead
        document.Root.Threads = Array(
            [document.make_indirect(Dictionary(Type=Name.Thread, F=bead, I=Dictionary(Title=String(MARK))))]
        )
        page.B = Array([bead])
        document.Root.SpiderInfo = Dictionary(V=1.0, C=Array([Dictionary(URL=String(MARK))]))
        page.PresSteps = Dictionary(Type=Name.NavNode, NA=Dictionary(S=Name.JavaScript, JS=String(MARK)))
        page.Trans = Dictionary(S=Name.Dissolve)
        page.Dur = 3
        page.VP = Array([Dictionary(Type=Name.Viewport, BBox=Array([0, 0, 9, 9]), Name=String(MARK))])
        document.Root.Dests = Dictionary({f"/{MARK}": Array([page, Name.Fit])})
        document.Root.Perms = Dictionary(UR3=Dictionary(Reason=String(MARK)))
        document.Root.Legal = Dictionary(Attestation=String(MARK))
        document.Root.OutputIntents = Array([Dictionary(S=Name.GTS_PDFA1, Info=String(MARK))])
        document.Root.Extensions = Dictionary(MARK=Dictionary(BaseVersion=Name("/1.7"), URL=String(MARK)))
        document.Root.DSS = Dictionary(Certs=Array([document.make_stream(MARK.encode())]))
        return written(document)


def unreachable() -> bytes:
    """An object that nothing leads to, as what was deleted leaves behind, and a page that was taken out."""
    with one_page() as (document, _):
        lost = add_page(document, f"BT /F1 20 Tf 60 600 Td ({MARK}) Tj ET")
        held = document.make_indirect(Array([lost]))
        document.Root.X = Dictionary(Held=held, Word=String(MARK))
        del document.pages[1]
        return written(document)


def unused() -> bytes:
    """Resources that no page uses: an earlier stamp, a scan that was replaced."""
    with one_page(f"{WORDS_WITH_A_COMMENT} ({MARK}) /{MARK} 12 unknown /NoForm Do {MARK}") as (document, page):
        page.Resources.XObject = Dictionary(Old=form(document, f"BT /F1 9 Tf ({MARK}) Tj ET"))
        page.Resources.Properties = Dictionary(P=Dictionary(Words=String(MARK)))
        page.Resources.ProcSet = Array([Name.PDF, String(MARK)])
        page.Resources.Unknown = String(MARK)
        page.Resources.Font.F1.Words = String(MARK)
        page.Unknown = Dictionary(Words=String(MARK))
        page.Contents.Unknown = String(MARK)
        return written(document)


WORDS_WITH_A_COMMENT = f"% {MARK}\nBT /F1 36 Tf 60 700 Td (PAYSLIP 6200.00) Tj ET % {MARK}\n"


def photo() -> bytes:
    """A photograph with everything a phone notes in it, as programs put it into a PDF."""
    return _with_picture(noted(marked((240, 160)), "JPEG") + MARK.encode(), Name.DCTDecode)


def photo_of_jpeg_2000() -> bytes:
    out = io.BytesIO()
    marked((240, 160)).save(out, "JPEG2000", comment=MARK.encode(), quality_layers=[30])
    data = out.getvalue()
    note = len(MARK.encode()) + 24
    return _with_picture(data + note.to_bytes(4) + b"uuid" + bytes(16) + MARK.encode(), Name.JPXDecode)


def scan_with_more_behind() -> bytes:
    picture = marked((240, 160))
    return _with_picture(picture.tobytes() + MARK.encode() * 20, None, Interpolate=True)


def scan_with_everything() -> bytes:
    picture = marked((240, 160))
    with one_page("q 480 0 0 320 50 400 cm /X Do Q") as (document, page):
        held = _picture(document, picture.tobytes(), None)
        held.Metadata = document.make_stream(_XMP)
        held.OPI = Dictionary({"/2.0": Dictionary(F=String(MARK))})
        held.Alternates = Array(
            [Dictionary(Image=_picture(document, MARK.encode() * 9600, None), DefaultForPrinting=True)]
        )
        held.AF = Array([_file(document)])
        held.ID = String(MARK)
        held.Name = Name(f"/{MARK}")
        held.Measure = Dictionary(X=String(MARK))
        held.SMask = document.make_stream(
            b"\xff" * 4, Dictionary(Width=2, Height=2, BitsPerComponent=8, Words=String(MARK))
        )
        held.SMask.ColorSpace = Name.DeviceGray
        page.Resources.XObject = Dictionary(X=held)
        return written(document)


def _picture(document: Pdf, data: bytes, coding: Object, **fields: Object) -> Object:
    made = document.make_stream(data, Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=240, Height=160))
    if coding != Name.JPXDecode:
        made.ColorSpace, made.BitsPerComponent = Name.DeviceRGB, 8
    if coding is not None:
        made.Filter = coding
    for key, each in fields.items():
        made[f"/{key}"] = each
    return made


def _with_picture(data: bytes, coding: Object, **fields: Object) -> bytes:
    with one_page("q 480 0 0 320 50 400 cm /X Do Q") as (document, page):
        page.Resources.XObject = Dictionary(X=_picture(document, data, coding, **fields))
        return written(document)


def elsewhere() -> bytes:
    """A picture whose bytes are said to lie in another file, and a form that stands for a page of one."""
    with one_page("q 480 0 0 320 50 400 cm /X Do Q /Y Do") as (document, page):
        held = _picture(
            document, marked((240, 160)).tobytes(), None, F=String(f"/etc/{MARK}"), FFilter=Name.FlateDecode
        )
        # In this key qpdf says how it is coded; with the other file the bytes here are nobody's.
        there = form(document, "BT /F1 20 Tf 50 50 Td (HERE) Tj ET", (0, 0, 400, 300))
        there.Ref = Dictionary(F=Dictionary(F=String(MARK)), Page=0)
        page.Resources.XObject = Dictionary(X=held, Y=there)
        return written(document)


def postscript() -> bytes:
    with one_page("BT /F1 36 Tf 60 700 Td (PAYSLIP 6200.00) Tj ET /PS Do") as (document, page):
        made = Dictionary(Type=Name.XObject, Subtype=Name.PS, Level1=document.make_stream(MARK.encode()))
        page.Resources.XObject = Dictionary(PS=document.make_stream(f"({MARK}) run".encode(), made))
        also = Dictionary(Type=Name.XObject, Subtype=Name.Form, Subtype2=Name.PS, BBox=Array([0, 0, 9, 9]))
        also.PS = document.make_stream(f"({MARK}) run".encode())
        page.Resources.XObject.Both = document.make_stream(b"", also)
        return written(document)


_A, _S = ActiveContent.ATTACHMENT, ActiveContent.METADATA
_MADE: dict[str, tuple[Callable[[], bytes], ActiveContent | None]] = {
    "attached": (attached, _A),
    "attached to a note": (attached_to_a_note, _A),
    "associated": (associated, _A),
    "portfolio": (portfolio, _A),
    "attached to a film": (attached_to_a_film, ActiveContent.RICH_MEDIA),
    "model": (model, ActiveContent.RICH_MEDIA),
    "old film": (old_film, ActiveContent.RICH_MEDIA),
    "film with a poster": (film_with_a_poster, ActiveContent.RICH_MEDIA),
    "XFA": (xfa, ActiveContent.FORM),
    "filled form": (filled, ActiveContent.FORM),
    "choice": (choice, ActiveContent.FORM),
    "notes": (notes, ActiveContent.ANNOTATION),
    "turned stamp": (turned_stamp, ActiveContent.ANNOTATION),
    "described": (described, _S),
    "structured": (structured, None),
    "threaded": (threaded, None),
    "unreachable": (unreachable, None),
    "unused": (unused, None),
    "photo": (photo, None),
    "photo of JPEG 2000": (photo_of_jpeg_2000, None),
    "scan with more behind": (scan_with_more_behind, None),
    "scan with everything": (scan_with_everything, None),
    "elsewhere": (elsewhere, None),
    "PostScript": (postscript, None),
}


def samples() -> Iterator[Sample]:
    """Each of them is taken, and loses what it holds beside its page."""
    for name, (make, removed) in _MADE.items():
        yield Sample(name=f"{name}.pdf", make=make, removed=None if removed is None else frozenset({removed}))
