"""PDFs with pictures in codings that few readers decode well, and with forms that none drew: plain pixels on copies."""

import io
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image

from hub.domain.active_content import ActiveContent
from tests.documents.files.heavy_pdfs import deflated
from tests.documents.files.honest_pdfs import group_4
from tests.documents.files.pdf_making import WORDS, Object, field, one_page, written
from tests.documents.files.sample import TAKEN, Sample
from tests.documents.pictures import marked, statement

_PLACE = WORDS + " q 1 0 0 1 0 0 cm 0.8 0.1 0.1 rg 480 0 0 320 50 300 cm /X Do Q"
_SIZE = (400, 300)


def _page_with(make: Callable[[Pdf], Object]) -> bytes:
    with one_page(_PLACE) as (document, page):
        page.Resources.XObject = Dictionary(X=make(document))
        return written(document, compress_streams=False)


def _held(document: Pdf, data: bytes, size: tuple[int, int], coding: Object, **fields: Any) -> Object:
    made = document.make_stream(
        data, Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=size[0], Height=size[1], Filter=coding)
    )
    for key, each in fields.items():
        made[f"/{key}"] = each
    return made


def _lines() -> Image.Image:
    return statement(_SIZE).convert("1")


def _segments(picture: Image.Image, *, cut: bool = False) -> tuple[bytes, bytes]:
    """A page's information and a region coded as a fax is."""
    fax = group_4(picture)
    size = picture.width.to_bytes(4) + picture.height.to_bytes(4)
    page, region = size + bytes(8) + b"\x00\x00\x00", size + bytes(8) + b"\x00\x01" + (fax[:40] if cut else fax)
    head = [number.to_bytes(4) + bytes([kind, 0, 1]) for number, kind in ((0, 48), (1, 38))]
    return head[0] + len(page).to_bytes(4) + page, head[1] + len(region).to_bytes(4) + region


def _jbig2(document: Pdf, *, packed: bool = False, shared: bytes | None = None, **fields: Any) -> Object:
    data, coding = b"".join(_segments(_lines())), Array([Name.JBIG2Decode])
    if packed:
        data, coding = zlib.compress(data), Array([Name.FlateDecode, Name.JBIG2Decode])
    if shared is not None:
        parameters = Dictionary(JBIG2Globals=document.make_stream(shared))
        fields["DecodeParms"] = Array([None, parameters]) if packed else parameters
    if not fields.get("ImageMask"):
        fields.setdefault("ColorSpace", Name.DeviceGray)
    return _held(document, data, _SIZE, coding, BitsPerComponent=1, **fields)


def _forged_jbig2(document: Pdf) -> Object:
    """A page that says to be larger than anything, as exploits of decoders begin: the PDF's own size holds."""
    page, region = _segments(_lines())
    wrong = page[:11] + b"\x7f\xff\xff\xff" * 2 + page[19:]
    return _held(document, wrong + region, _SIZE, Name.JBIG2Decode, BitsPerComponent=1, ColorSpace=Name.DeviceGray)


def _jpeg_2000(picture: Image.Image, *, cut: bool = False, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG2000", **options)
    data = out.getvalue()
    return data[: len(data) // 2] if cut else data


def _jpx(mode: str, *, plain: bool = False, cut: bool = False, **fields: Any) -> Callable[[Pdf], Object]:
    def make(document: Pdf) -> Object:
        picture = marked((240, 160), mode)
        data = _jpeg_2000(picture, cut=cut, no_jp2=plain)
        return _held(document, data, picture.size, Name.JPXDecode, **fields)

    return make


def _seen_through(document: Pdf) -> Object:
    picture = marked((240, 160), "RGB")
    picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    return _held(document, _jpeg_2000(picture), picture.size, Name.JPXDecode, SMaskInData=1)


def _masked_by_jpx(document: Pdf) -> Object:
    picture, soft = marked((240, 160)), Image.linear_gradient("L")
    mask = _held(document, _jpeg_2000(soft), soft.size, Name.JPXDecode, ColorSpace=Name.DeviceGray, BitsPerComponent=8)
    return _held(
        document, zlib.compress(picture.tobytes()), picture.size, Name.FlateDecode, ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8, SMask=mask,
    )  # fmt: skip


def _by_number(document: Pdf) -> Object:
    """Samples that are numbers of colours: they come through as they are."""
    picture = marked((240, 160), "L").point(lambda value: value // 64)
    space = Array([Name.Indexed, Name.DeviceRGB, 3, bytes([200, 0, 0, 0, 200, 0, 0, 0, 200, 255, 255, 255])])
    return _held(document, _jpeg_2000(picture), picture.size, Name.JPXDecode, ColorSpace=space, BitsPerComponent=8)


def _huge_jpx(document: Pdf) -> Object:
    """A kilobyte that says to be a picture of a hundred thousand pixels a side."""
    data = _jpeg_2000(marked((240, 160)))
    at = data.index(b"ihdr") + 4
    size = data.index(b"\xff\x4f\xff\x51") + 8
    huge = (100_000).to_bytes(4)
    data = data[:at] + huge * 2 + data[at + 8 : size] + huge * 2 + data[size + 8 :]
    return _held(document, data, (240, 160), Name.JPXDecode)


def _packed_objects() -> bytes:
    """A stream of objects that unpacks to more than there is memory."""
    with one_page() as (document, page):
        page.X = document.make_indirect(Dictionary(A=1))
        bomb = document.make_stream(deflated(1800), Dictionary(Type=Name.ObjStm, N=1, First=4, Filter=Name.FlateDecode))
        page.Y = bomb
        return written(document, compress_streams=False)


def _filled() -> bytes:
    with one_page() as (document, page):
        field(document, page, V=String("张三 6200.00"))
        document.Root.AcroForm.NeedAppearances = True
        return written(document)


def _profile(document: Pdf) -> Object:
    picture = marked((240, 160))
    bomb = document.make_stream(deflated(200), Dictionary(N=3, Filter=Name.FlateDecode))
    return _held(
        document, zlib.compress(picture.tobytes()), picture.size, Name.FlateDecode,
        ColorSpace=Array([Name.ICCBased, bomb]), BitsPerComponent=8,
    )  # fmt: skip


_MADE: dict[str, tuple[Callable[[Pdf], Object], str, dict[str, Any]]] = {
    "JBIG2 as a mask": (partial(_jbig2, ImageMask=True), TAKEN, {}),
    "JBIG2 turned over": (partial(_jbig2, Decode=Array([1, 0])), TAKEN, {}),
    "JBIG2 packed": (partial(_jbig2, packed=True), TAKEN, {}),
    "JBIG2 with nothing shared": (partial(_jbig2, shared=b""), TAKEN, {}),
    "JBIG2 in two colours": (
        partial(_jbig2, ColorSpace=Array([Name.Indexed, Name.DeviceRGB, 1, b"\x00\x00\x80\xff\xff\xe0"])), TAKEN, {},
    ),
    "JBIG2 of nothing": (
        lambda document: _held(document, b"", _SIZE, Name.JBIG2Decode, BitsPerComponent=1, ColorSpace=Name.DeviceGray),
        "unreadable", {},
    ),
    "JBIG2 of a giant": (_forged_jbig2, TAKEN, {}),
    "JPEG 2000 in grey": (_jpx("L", ColorSpace=Name.DeviceGray, BitsPerComponent=8), TAKEN, {}),
    "JPEG 2000 that says its colours": (_jpx("RGB"), TAKEN, {}),
    "JPEG 2000 without boxes": (_jpx("RGB", plain=True, ColorSpace=Name.DeviceRGB), TAKEN, {}),
    # PDFium draws its transparency twice over.
    "JPEG 2000 seen through": (_seen_through, TAKEN, {"looks": False}),
    "JPEG 2000 as a mask": (_masked_by_jpx, TAKEN, {}),
    "JPEG 2000 by number": (_by_number, TAKEN, {}),
    "JPEG 2000 cut off": (_jpx("RGB", cut=True), "unreadable", {}),
    "JPEG 2000 of another size": (_huge_jpx, "too_large_picture", {}),
    "colours that unpack to much": (_profile, "unreadable", {}),
}  # fmt: skip


def samples() -> Iterator[Sample]:
    """What can be decoded is taken, and looks the same in another coding."""
    for name, (make, verdict, options) in _MADE.items():
        yield Sample(name=f"{name}.pdf", make=partial(_page_with, make), verdict=verdict, **options)
    yield Sample(name="a form that nobody drew.pdf", make=_filled, removed=frozenset({ActiveContent.FORM}), looks=False)
    yield Sample(name="objects that unpack to much.pdf", make=_packed_objects, verdict=TAKEN)
