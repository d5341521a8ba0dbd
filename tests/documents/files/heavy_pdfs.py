"""Small PDFs that ask for much: of memory, of the processor, of the stack."""

import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf

from tests.documents.files.pdf_making import WORDS, Object, add_page, form, helvetica, one_page, written
from tests.documents.files.sample import MARK, TAKEN, Sample


def deflated(mib: int, what: bytes = bytes(1024 * 1024)) -> bytes:
    """What zlib makes of so many MiB, without making them."""
    deflate = zlib.compressobj(wbits=-15)
    one = deflate.compress(what) + deflate.flush(zlib.Z_FULL_FLUSH)
    return b"\x78\x9c" + one * mib + deflate.flush()


def with_contents(data: bytes, filters: tuple[str, ...]) -> bytes:
    with one_page() as (document, page):
        page.Contents = document.make_stream(data, Filter=Array([Name(f"/{word}") for word in filters]))
        return written(document, compress_streams=False)


def laughs(levels: int, width: int) -> bytes:
    """Forms that show each other so often at each level."""
    with one_page("/X Do") as (document, page):
        held = form(document, "0 0 9 9 re f", (0, 0, 595, 842))
        for _ in range(levels):
            held = form(document, "/X Do " * width, (0, 0, 595, 842), Resources=Dictionary(XObject=Dictionary(X=held)))
        page.Resources.XObject = Dictionary(X=held)
        return written(document)


def form_in_itself() -> bytes:
    with one_page(WORDS + " /X Do") as (document, page):
        one, two = form(document, "/Y Do 0 0 9 9 re f"), form(document, "/X Do 20 20 9 9 re f")
        one.Resources = Dictionary(XObject=Dictionary(Y=two))
        two.Resources = Dictionary(XObject=Dictionary(X=one))
        page.Resources.XObject = Dictionary(X=one)
        return written(document)


def form_without_names_in_itself() -> bytes:
    with one_page(WORDS + " /X Do") as (document, page):
        held = form(document, "/X Do 0 0 9 9 re f")
        del held.Resources
        page.Resources.XObject = Dictionary(X=held)
        return written(document)


def pattern_in_itself() -> bytes:
    with one_page(WORDS + " /Pattern cs /P scn 60 300 200 200 re f") as (document, page):
        made = Dictionary(Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1, BBox=Array([0, 0, 20, 20]))
        made.XStep, made.YStep = 20, 20
        pattern = document.make_stream(b"/Pattern cs /P scn 0 0 9 9 re f", made)
        pattern.Resources = Dictionary(Pattern=Dictionary(P=pattern))
        page.Resources.Pattern = Dictionary(P=pattern)
        return written(document)


def letter_in_itself() -> bytes:
    with one_page("BT /F1 36 Tf 60 700 Td (PAYSLIP) Tj /T 36 Tf (A) Tj ET") as (document, page):
        font = document.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 9, 9]), FirstChar=65, LastChar=65)
        )
        font.FontMatrix, font.Widths = Array([0.1, 0, 0, 0.1, 0, 0]), Array([9])
        font.Encoding = Dictionary(Differences=Array([65, Name.a]))
        font.CharProcs = Dictionary(a=document.make_stream(b"9 0 d0 0 0 9 9 re f BT /T 1 Tf (A) Tj ET"))
        font.Resources = Dictionary(Font=Dictionary(T=font))
        page.Resources.Font.T = font
        return written(document)


def mask_in_itself() -> bytes:
    with one_page("/G gs " + WORDS) as (document, page):
        state = document.make_indirect(Dictionary(Type=Name.ExtGState))
        mask = form(document, "/G gs 1 g 0 0 595 842 re f", (0, 0, 595, 842))
        mask.Resources.ExtGState = Dictionary(G=state)
        mask.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceGray)
        state.SMask = Dictionary(S=Name.Luminosity, G=mask)
        page.Resources.ExtGState = Dictionary(G=state)
        return written(document)


def functions(depth: int) -> bytes:
    with one_page(WORDS + " /S sh") as (document, page):
        held: Object = Dictionary(FunctionType=2, Domain=Array([0, 1]), N=1, C0=Array([0]), C1=Array([1]))
        for _ in range(depth):
            held = Dictionary(FunctionType=3, Domain=Array([0, 1]), Bounds=Array(), Encode=Array([0, 1]))
            held.Functions = Array([document.make_indirect(Dictionary(held))])
        page.Resources.Shading = Dictionary(S=_shading(document.make_indirect(held)))
        return written(document)


def _shading(function: Object) -> Object:
    return Dictionary(ShadingType=2, ColorSpace=Name.DeviceGray, Coords=Array([0, 0, 90, 90]), Function=function)


def function_in_itself() -> bytes:
    with one_page(WORDS + " /S sh") as (document, page):
        held = document.make_indirect(
            Dictionary(FunctionType=3, Domain=Array([0, 1]), Bounds=Array(), Encode=Array([0, 1]))
        )
        held.Functions = Array([held])
        page.Resources.Shading = Dictionary(S=_shading(held))
        return written(document)


def colours_in_themselves() -> bytes:
    with one_page("/C cs 1 scn " + WORDS) as (document, page):
        held = document.make_indirect(Array([Name.Indexed, Name.DeviceRGB, 0, b"abc"]))
        held[1] = held
        page.Resources.ColorSpace = Dictionary(C=held)
        return written(document)


def conditions() -> bytes:
    """A layer's condition that refers to itself in more ways than can be counted."""
    with one_page("/OC /L BDC " + WORDS + " EMC") as (document, page):
        held = document.make_indirect(Array([Name.Or]))
        group = document.make_indirect(Dictionary(Type=Name.OCG))
        level = document.make_indirect(Array([Name.And, group]))
        for _ in range(30):
            level = document.make_indirect(Array([Name.And, level, level]))
        held.append(level)
        page.Resources.Properties = Dictionary(L=document.make_indirect(Dictionary(Type=Name.OCMD, VE=held)))
        document.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary())
        return written(document)


def brackets(opening: bytes, count: int) -> bytes:
    """Contents that open more than anybody closes."""
    with one_page() as (document, page):
        page.Contents = document.make_stream(WORDS.encode() + b" " + opening * count)
        return written(document)


def nested_object() -> bytes:
    with one_page() as (document, _):
        data = written(document)
    return data.replace(b"/Type /Catalog", b"/Type /Catalog /X " + b"[" * 30_000 + b"]" * 30_000, 1)


def large_picture(width: int, height: int, bits: int, data: bytes) -> bytes:
    with one_page(WORDS + " q 200 0 0 200 60 400 cm /X Do Q") as (document, page):
        made = Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height, BitsPerComponent=bits)
        made.ColorSpace, made.Filter = Name.DeviceGray, Name.FlateDecode
        page.Resources.XObject = Dictionary(X=document.make_stream(data, made))
        return written(document)


def wide_table() -> bytes:
    """A table that says that there are a thousand million objects."""
    with one_page() as (document, _):
        data = written(document)
    return data.replace(b"/Size ", b"/Size 99999999", 1)


def many_objects(count: int) -> bytes:
    """Pictures of one pixel, each used."""
    with one_page() as (document, page):
        page.Resources.XObject = Dictionary()
        for number in range(count):
            page.Resources.XObject[f"/X{number}"] = _pixel(document)
        drawn = b"".join(b"q 1 0 0 1 %d 9 cm /X%d Do Q " % (number % 500, number) for number in range(count))
        page.Contents = document.make_stream(WORDS.encode() + b" " + drawn)
        return written(document)


def _pixel(document: Pdf) -> Object:
    made = Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, BitsPerComponent=8)
    made.ColorSpace = Name.DeviceGray
    return document.make_stream(b"\x00", made)


def pages(count: int) -> bytes:
    with one_page() as (document, _):
        for _number in range(count - 1):
            add_page(document)
        return written(document)


def long_calculation() -> bytes:
    """A shading computed by a long calculation in every pixel."""
    with one_page(WORDS + " /S sh") as (document, page):
        program = b"{ " + b"dup sin exch pop " * 4000 + b"}"
        function = document.make_stream(program, Dictionary(FunctionType=4, Domain=Array([0, 1]), Range=Array([0, 1])))
        page.Resources.Shading = Dictionary(S=_shading(function))
        return written(document)


def calculation_of_words() -> bytes:
    with one_page(WORDS + " /S sh") as (document, page):
        program = f"{{ ({MARK}) (r) file run }}".encode()
        function = document.make_stream(program, Dictionary(FunctionType=4, Domain=Array([0, 1]), Range=Array([0, 1])))
        page.Resources.Shading = Dictionary(S=_shading(function))
        return written(document)


def wrong_kinds() -> bytes:
    """Numbers where dictionaries should be, and the other way round."""
    with one_page(WORDS + " /X Do /G gs /C cs /S sh /Pattern cs /P scn /F2 9 Tf") as (document, page):
        for category in ("XObject", "ExtGState", "ColorSpace", "Shading", "Pattern"):
            page.Resources[f"/{category}"] = Dictionary({f"/{category[0]}": Array([1, Name.Two, b"three"])})
        page.Resources.Font.F2 = Dictionary(Subtype=7, Widths=Name.Wide, FontDescriptor=helvetica(), ToUnicode=9)
        page.Resources.Properties = 7
        page.Annots = Array([3, Name.Four, Dictionary(Subtype=5, AP=6, Rect=7)])
        page.Group = Array()
        document.Root.OCProperties = Dictionary(D=Array(), OCGs=3)
        document.Root.AcroForm = 4
        return written(document)


_FLATE = ("FlateDecode",)
_MADE: dict[str, tuple[Callable[[], bytes], str, dict[str, Any]]] = {
    "bomb": (lambda: with_contents(deflated(1800), _FLATE), "unreadable", {}),
    "bomb in a bomb": (
        lambda: with_contents(zlib.compress(deflated(1800)), _FLATE * 2), "unreadable", {},
    ),
    "zeros for long": (lambda: with_contents(deflated(20), _FLATE), TAKEN, {"looks": False}),
    "billion laughs": (partial(laughs, 9, 10), "too_slow", {}),
    "few laughs": (partial(laughs, 2, 10), TAKEN, {}),
    "form in itself": (form_in_itself, TAKEN, {}),
    "form without names in itself": (form_without_names_in_itself, TAKEN, {}),
    "pattern in itself": (pattern_in_itself, TAKEN, {"looks": False}),
    "letter in itself": (letter_in_itself, TAKEN, {"looks": False}),
    "mask in itself": (mask_in_itself, TAKEN, {"looks": False}),
    "functions in functions": (partial(functions, 20), TAKEN, {}),
    "function in itself": (function_in_itself, TAKEN, {}),
    "colours in themselves": (colours_in_themselves, TAKEN, {}),
    "conditions": (conditions, TAKEN, {"looks": False}),
    "open arrays": (partial(brackets, b"[", 300_000), TAKEN, {}),
    "open strings": (partial(brackets, b"(", 300_000), TAKEN, {}),
    "open dictionaries": (partial(brackets, b"<<", 300_000), TAKEN, {}),
    "open pictures": (partial(brackets, b"BI ", 100_000), TAKEN, {}),
    "open marks": (partial(brackets, b"/X BMC ", 100_000), TAKEN, {"looks": False}),
    "saved states": (partial(brackets, b"q ", 20_000), TAKEN, {"looks": False}),
    "digits": (partial(brackets, b"9", 1_000_000), TAKEN, {}),
    "minuses": (partial(brackets, b"-", 1_000_000), TAKEN, {}),
    "nested object": (nested_object, "unreadable", {}),
    "gigapixels": (
        lambda: large_picture(100_000, 100_000, 8, deflated(4)), "too_large_picture", {},
    ),
    "many pixels of one bit": (
        lambda: large_picture(20_000, 20_000, 1, zlib.compress(bytes(2500 * 20_000))), TAKEN, {"looks": False},
    ),
    "picture with too much": (lambda: large_picture(10, 10, 8, deflated(40)), TAKEN, {"looks": False}),
    "wide table": (wide_table, TAKEN, {}),
    "many objects": (partial(many_objects, 1000), TAKEN, {}),
    "200 pages": (partial(pages, 200), TAKEN, {}),
    "201 pages": (partial(pages, 201), "too_many_pages", {}),
    "long calculation": (long_calculation, TAKEN, {"looks": False}),
    "calculation of words": (calculation_of_words, TAKEN, {"looks": False}),
    "wrong kinds": (wrong_kinds, TAKEN, {}),
}  # fmt: skip


def samples() -> Iterator[Sample]:
    """What is too heavy is refused, and what only might have been is taken."""
    for name, (make, verdict, options) in _MADE.items():
        yield Sample(name=f"{name}.pdf", make=make, verdict=verdict, **options)
