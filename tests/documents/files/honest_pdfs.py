"""PDFs as people have them: statements, scans, invoices, signed papers. Each looks the same afterwards."""

import io
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image, ImageCms, TiffImagePlugin

from tests.documents import hostile_pdfs
from tests.documents.files.pdf_making import WORDS, Object, add_page, field, form, one_page, shown_as, written
from tests.documents.files.sample import MARK, Sample
from tests.documents.pictures import marked, noise, statement

_SAMPLES = Path(__file__).parents[3] / "docs" / "samples"
_PLACE = " q 400 0 0 300 60 300 cm /X Do Q"


def _scanned(picture: Image.Image, **options: Any) -> bytes:
    """A picture as programs that scan save it."""
    out = io.BytesIO()
    picture.save(out, "PDF", title=MARK, **options)
    return out.getvalue()


def _in_space(space: Callable[[Pdf], Object], contents: str) -> bytes:
    with one_page(WORDS + f" /C cs {contents}") as (document, page):
        page.Resources.ColorSpace = Dictionary(C=space(document))
        return written(document)


def _tint(count: int, colours: list[float]) -> Callable[[Pdf], Object]:
    def make(document: Pdf) -> Object:
        return document.make_indirect(
            Dictionary(FunctionType=2, Domain=Array([0, 1]), N=1, C0=Array([0] * count), C1=Array(colours))
        )

    return make


def _profiled(document: Pdf) -> Object:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # What a device writes into its own profile.
    held = document.make_stream(profile.replace(b"sRGB", MARK.encode()[:4]) + MARK.encode(), Dictionary(N=3))
    held.Alternate = Name.DeviceRGB
    held.Metadata = document.make_stream(MARK.encode())
    return Array([Name.ICCBased, held])


def _spot(document: Pdf) -> Object:
    return Array([Name.Separation, Name.Spot, Name.DeviceCMYK, _tint(4, [0, 1, 1, 0])(document)])


def _several(document: Pdf) -> Object:
    program = document.make_stream(
        b"{ 2 copy pop exch 0 0 }", Dictionary(FunctionType=4, Domain=Array([0, 1, 0, 1]), Range=Array([0, 1] * 4))
    )
    return Array(
        [Name.DeviceN, Array([Name.One, Name.Two]), Name.DeviceCMYK, program, Dictionary(Subtype=String(MARK))]
    )


_SPACES: dict[str, tuple[Callable[[Pdf], Object], str]] = {
    "profile": (_profiled, "1 0.2 0.1 scn 60 400 200 200 re f"),
    "calibrated": (
        lambda _: Array([Name.CalRGB, Dictionary(WhitePoint=Array([0.95, 1, 1.09]), Gamma=Array([2.2, 2.2, 2.2]))]),
        "0.9 0.2 0.1 scn 60 400 200 200 re f",
    ),
    "grey": (
        lambda _: Array([Name.CalGray, Dictionary(WhitePoint=Array([0.95, 1, 1.09]), Gamma=2.2)]),
        "0.5 scn 60 400 200 200 re f",
    ),
    "lab": (
        lambda _: Array([Name.Lab, Dictionary(WhitePoint=Array([0.95, 1, 1.09]), Range=Array([-100, 100, -100, 100]))]),
        "60 50 20 scn 60 400 200 200 re f",
    ),
    "palette": (
        lambda _: Array([Name.Indexed, Name.DeviceRGB, 1, String(bytes([250, 10, 10, 10, 10, 250]))]),
        "1 scn 60 400 200 200 re f",
    ),
    "spot": (_spot, "0.7 scn 60 400 200 200 re f"),
    "several inks": (_several, "0.7 0.2 scn 60 400 200 200 re f"),
}


def _with(contents: str, category: str, make: Callable[[Pdf], Object]) -> bytes:
    with one_page(f"{WORDS} {contents}") as (document, page):
        page.Resources[f"/{category}"] = Dictionary(X=make(document))
        return written(document)


def _shading(kind: int, coordinates: list[float]) -> Callable[[Pdf], Object]:
    return lambda document: Dictionary(
        ShadingType=kind, ColorSpace=Name.DeviceRGB, Coords=Array(coordinates), Extend=Array([True, True]),
        BBox=Array([60, 300, 400, 600]), Function=_tint(3, [1, 0.5, 0])(document),
    )  # fmt: skip


def _mesh(document: Pdf) -> Object:
    triangle = b"".join(
        bytes([0]) + x.to_bytes(2) + y.to_bytes(2) + bytes(colour)
        for x, y, colour in ((0, 0, (255, 0, 0)), (65535, 0, (0, 255, 0)), (32768, 65535, (0, 0, 255)))
    )
    made = Dictionary(ShadingType=4, ColorSpace=Name.DeviceRGB, BitsPerCoordinate=16, BitsPerComponent=8, BitsPerFlag=8)
    made.Decode = Array([100, 400, 300, 600, 0, 1, 0, 1, 0, 1])
    return document.make_stream(triangle, made)


def _tiles(document: Pdf) -> Object:
    made = Dictionary(Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1, BBox=Array([0, 0, 20, 20]))
    made.XStep, made.YStep, made.Matrix, made.Resources = 20, 20, Array([1, 0, 0, 1, 3, 3]), Dictionary()
    return document.make_stream(b"1 0 0 rg 2 2 9 9 re f", made)


def _shaded_pattern(document: Pdf) -> Object:
    return Dictionary(PatternType=2, Shading=_shading(3, [200, 400, 10, 240, 440, 150])(document))


def _mask(document: Pdf) -> Object:
    mask = form(document, "0.5 g 0 0 595 842 re f 1 g 100 400 100 100 re f", (0, 0, 595, 842))
    mask.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceGray, I=True)
    return Dictionary(Type=Name.ExtGState, SMask=Dictionary(S=Name.Luminosity, G=mask, BC=Array([0])), ca=0.8)


def _letters(document: Pdf) -> Object:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 9, 9]), FirstChar=65, LastChar=66)
    font.FontMatrix, font.Widths = Array([0.1, 0, 0, 0.1, 0, 0]), Array([10, 10])
    font.Encoding = Dictionary(Type=Name.Encoding, Differences=Array([65, Name.box, Name.dots]))
    dots = b"10 0 0 0 9 9 d1 q 9 0 0 9 0 0 cm BI /W 8 /H 8 /IM true /BPC 1 ID \xaa\x55\xaa\x55\xaa\x55\xaa\x55 EI Q"
    font.CharProcs = Dictionary(
        box=document.make_stream(b"10 0 d0 1 0 0 rg 0 0 8 8 re f"), dots=document.make_stream(dots)
    )
    font.Resources = Dictionary()
    return font


def _picture(document: Pdf, data: bytes, picture: Image.Image, coding: str | None, **fields: Any) -> Object:
    made = Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=picture.width, Height=picture.height)
    made.ColorSpace = {"RGB": Name.DeviceRGB, "CMYK": Name.DeviceCMYK}.get(picture.mode, Name.DeviceGray)
    made.BitsPerComponent = 1 if picture.mode == "1" else 8
    if coding is not None:
        made.Filter = Name(f"/{coding}")
    for key, each in fields.items():
        made[f"/{key}"] = each
    return document.make_stream(data, made)


def group_4(picture: Image.Image) -> bytes:
    """The picture as a fax."""
    out = io.BytesIO()
    before = TiffImagePlugin.STRIP_SIZE
    try:
        TiffImagePlugin.STRIP_SIZE = 1 << 24
        picture.save(out, "TIFF", compression="group4")
    finally:
        TiffImagePlugin.STRIP_SIZE = before
    out.seek(0)
    with Image.open(out) as opened:
        at, size = opened.tag_v2[273][0], opened.tag_v2[279][0]  # type: ignore[attr-defined]
    return out.getvalue()[at : at + size]


def _page_of_lines() -> Image.Image:
    return statement((400, 300)).convert("1")


def _fax(document: Pdf) -> Object:
    picture = _page_of_lines()
    parameters = Dictionary(K=-1, Columns=400, Rows=300, BlackIs1=False)
    return _picture(document, group_4(picture), picture, "CCITTFaxDecode", DecodeParms=parameters)


def _jbig2(document: Pdf) -> Object:
    """A page's information, a region coded as a fax is, and words beside them."""
    picture = _page_of_lines()
    size = picture.width.to_bytes(4) + picture.height.to_bytes(4)
    region = size + bytes(8) + b"\x00" + b"\x01" + group_4(picture)
    words = b"\x20\x00\x00\x00" + MARK.encode() + b"\x00\x00\x00"
    parts = [(48, size + bytes(8) + b"\x00\x00\x00"), (62, words), (38, region)]
    data = b"".join(
        number.to_bytes(4) + bytes([kind, 0, 1]) + len(body).to_bytes(4) + body
        for number, (kind, body) in enumerate(parts)
    )
    return _picture(document, data, picture, "JBIG2Decode")


def _predicted(document: Pdf) -> Object:
    picture = marked((120, 90))
    rows = [b"\x00" + picture.tobytes()[at : at + 360] for at in range(0, 360 * 90, 360)]
    parameters = Dictionary(Predictor=15, Colors=3, BitsPerComponent=8, Columns=120)
    return _picture(document, zlib.compress(b"".join(rows)), picture, "FlateDecode", DecodeParms=parameters)


def _masked(document: Pdf) -> Object:
    picture = marked((120, 90))
    soft = _picture(document, Image.linear_gradient("L").tobytes(), Image.linear_gradient("L"), None)
    return _picture(document, zlib.compress(picture.tobytes()), picture, "FlateDecode", SMask=soft)


def _keyed(document: Pdf) -> Object:
    picture = marked((120, 90))
    return _picture(document, zlib.compress(picture.tobytes()), picture, "FlateDecode", Mask=Array([250, 255] * 3))


def _coded_jpeg(mode: str, **options: Any) -> Callable[[Pdf], Object]:
    def make(document: Pdf) -> Object:
        picture, out = marked((120, 90), mode), io.BytesIO()
        picture.save(out, "JPEG", quality=92, **options)
        decode = {"Decode": Array([1, 0] * 4)} if mode == "CMYK" else {}
        return _picture(document, out.getvalue(), picture, "DCTDecode", **decode)

    return make


def _form(document: Pdf) -> Object:
    group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB, I=True)
    return form(document, "0.2 0.6 0.2 rg 0 0 1 1 re f", (0, 0, 1, 1), Group=group, Matrix=Array([1, 0, 0.1, 1, 0, 0]))


_USED: dict[str, tuple[str, str, Callable[[Pdf], Object]]] = {
    "axial shading": ("q 60 300 340 300 re W n /X sh Q", "Shading", _shading(2, [60, 300, 400, 600])),
    "radial shading": ("q 60 300 340 300 re W n /X sh Q", "Shading", _shading(3, [200, 400, 10, 240, 440, 150])),
    "mesh": ("/X sh", "Shading", _mesh),
    "tiles": ("/Pattern cs /X scn 60 300 300 300 re f", "Pattern", _tiles),
    "shaded pattern": ("/Pattern cs /X scn 60 300 300 300 re f", "Pattern", _shaded_pattern),
    "soft mask": ("/X gs 0 0 1 rg 60 300 300 300 re f", "ExtGState", _mask),
    "blended": ("1 0 0 rg 60 300 200 200 re f /X gs 0 1 0 rg 160 400 200 200 re f", "ExtGState",
                lambda _: Dictionary(BM=Name.Multiply, ca=0.7, CA=0.7, LW=3, D=Array([Array([3]), 0]))),
    "turned over": ("/X gs 0.2 g 60 300 200 200 re f", "ExtGState",
                    lambda _: Dictionary(Type=Name.ExtGState, OP=True, op=True, OPM=1, HT=Name.Default, LW=2)),
    "drawn letters": ("BT /X 40 Tf 60 500 Td (ABAB) Tj ET", "Font", _letters),
    "fax": (_PLACE, "XObject", _fax),
    "JBIG2": (_PLACE, "XObject", _jbig2),
    "predicted": (_PLACE, "XObject", _predicted),
    "masked": (_PLACE, "XObject", _masked),
    "keyed": (_PLACE, "XObject", _keyed),
    "coded in CMYK": (_PLACE, "XObject", _coded_jpeg("CMYK")),
    "coded in steps": (_PLACE, "XObject", _coded_jpeg("RGB", progressive=True)),
    "coded in grey": (_PLACE, "XObject", _coded_jpeg("L")),
    "grouped": (_PLACE, "XObject", _form),
}  # fmt: skip


def signed() -> bytes:
    """A seal over a signature, as the systems of banks and tax offices put it on their papers."""
    with one_page() as (document, page):
        signature = Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), SubFilter=Name("/adbe.pkcs7.detached"))
        signature.ByteRange, signature.Contents = Array([0, 10, 20, 30]), String(MARK.encode().ljust(200, b"\0"))
        signature.Name = signature.Reason = signature.Location = signature.ContactInfo = String(MARK)
        look = shown_as(document, "SEAL")
        # An appearance in layers of its own, as signing programs make it (n0, n2).
        inner = form(document, "1 0 0 RG 3 w 30 30 m 170 30 l 100 55 l s", (0, 0, 200, 60))
        look.N.Resources.XObject = Dictionary(n2=inner)
        look.N.write(look.N.read_bytes() + b" /n2 Do")
        field(document, page, "Sig", V=document.make_indirect(signature), AP=look, Rect=Array([300, 100, 500, 160]))
        document.Root.AcroForm.SigFlags = 3
        document.Root.Perms = Dictionary(DocMDP=page.Annots[0].V)
        return written(document)


def gbk_names() -> bytes:
    """A font named in GBK, as many programs of China write it, and resources by such names."""
    with one_page() as (document, page):
        data = WORDS.replace("/F1", "/#CB#CE#CC#E5")
        page.Contents = document.make_stream(data.encode())
        page.Resources.Font["/\udccb\udcce\udccc\udce5"] = pikepdf.Object.parse(
            b"<< /Type /Font /Subtype /TrueType /BaseFont /#CB#CE#CC#E5,Bold /Encoding /WinAnsiEncoding >>"
        )
        return written(document)


def long_statement() -> bytes:
    """Sixty pages of a bank's list of payments."""
    with one_page() as (document, _):
        for number in range(59):
            rows = (
                f"BT /F1 9 Tf 40 {800 - 12 * row} Td (2026-11-{row % 28 + 1:02d} {number * row}.56) Tj ET"
                for row in range(60)
            )
            add_page(document, "\n".join(rows))
        return written(document)


def samples() -> Iterator[Sample]:
    """All of them are taken."""
    for path in ("payslip", "medical-bill"):
        yield Sample(name=f"{path}.pdf", make=(_SAMPLES / f"{path}.pdf").read_bytes)
    yield Sample(name="song.pdf", make=hostile_pdfs.naming_song)
    for mode in ("RGB", "L", "1", "P", "CMYK"):
        yield Sample(name=f"scan {mode}.pdf", make=partial(_scanned, statement((620, 880)).convert(mode)))
    yield Sample(
        name="scans.pdf",
        make=partial(_scanned, noise((400, 300)), save_all=True, append_images=[statement((300, 400))] * 3),
    )
    for name, (space, contents) in _SPACES.items():
        yield Sample(name=f"colours by {name}.pdf", make=partial(_in_space, space, contents))
    for name, (contents, category, make) in _USED.items():
        yield Sample(name=f"{name}.pdf", make=partial(_with, contents, category, make))
    yield Sample(name="signed.pdf", make=signed, was_signed=True)
    yield Sample(name="names in GBK.pdf", make=gbk_names)
    yield Sample(name="long statement.pdf", make=long_statement)
