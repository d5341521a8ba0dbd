"""Pictures within PDFs that few readers decode well, decoded here and coded anew in a common way.

Decoders of JBIG2 and JPEG 2000 have often been a way into a reader's machine. What they make of a file is decided in
the confined process; a bank's reader never meets them.
"""

import io
import zlib
from dataclasses import dataclass
from typing import Any, Final

import pikepdf
import pypdfium2
from pikepdf import Dictionary, Name
from PIL import Image, Jpeg2KImagePlugin
from pypdfium2 import raw as pdfium

from hub.documents.pictures import QUALITY

READERS: Final = (Jpeg2KImagePlugin,)
# Quick on purpose: a scan has hundreds of pages of a few megabytes each, and nearly all of it is white.
_LEVEL: Final = 1
_DEEP: Final = frozenset({"I", "I;16", "I;16L", "I;16B"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recoded:
    """The bytes of a picture, the filter that codes them, and what its dictionary is to say; a mask beside it."""

    data: bytes
    coding: str
    fields: dict[str, Any]
    mask: "Recoded | None" = None


def from_jbig2(data: bytes, shared: bytes | None, width: int, height: int) -> Recoded:
    """The same bits, packed. Raises PdfiumError for what cannot be decoded."""
    with pikepdf.new() as document:
        picture = document.make_stream(data, Type=Name.XObject, Subtype=Name.Image, Filter=Name.JBIG2Decode)
        picture.Width, picture.Height, picture.BitsPerComponent = width, height, 1
        picture.ColorSpace = Name.DeviceGray
        if shared is not None:
            picture.DecodeParms = Dictionary(JBIG2Globals=document.make_stream(shared))
        page = document.add_blank_page(page_size=(width, height)).obj
        page.Resources = Dictionary(XObject=Dictionary(P=picture))
        page.Contents = document.make_stream(b"%d 0 0 %d 0 0 cm /P Do" % (width, height))
        out = io.BytesIO()
        document.save(out)
    with pypdfium2.PdfDocument(out.getvalue()) as alone:
        held = next(alone[0].get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]))
        drawn = held.get_bitmap().to_pil()
        bits = drawn.convert("L").point(lambda value: 255 * (value > 127)).convert("1", dither=Image.Dither.NONE)
    return _packed(bits, {"/Width": bits.width, "/Height": bits.height})


def from_jpeg_2000(data: bytes, components: int | None, *, is_indexed: bool, masks: bool) -> Recoded:
    """The picture as JPEG, or packed where its samples are no colours or too many for one.

    `components`: of the colours that the PDF says it has; None where the picture says itself. `masks`: its own
    transparency is to be seen. Raises what Pillow raises.
    """
    with Image.open(io.BytesIO(data), formats=["JPEG2000"]) as opened:
        opened.load()
        picture: Image.Image = opened
    mask = None
    if picture.mode in {"LA", "RGBA", "PA"}:
        if masks:
            mask = _packed(picture.getchannel("A"), _described(picture) | {"/ColorSpace": Name.DeviceGray})
        picture = picture.convert("L" if picture.mode == "LA" else "RGB")
    if picture.mode in _DEEP:
        # Pillow cuts 16 bits off at 255 where it is asked to make them 8.
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.mode not in {"L", "RGB", "CMYK"}:
        picture = picture.convert("RGB")
    fields = _described(picture)
    if components != len(picture.getbands()):
        words = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB, "CMYK": Name.DeviceCMYK}
        fields["/ColorSpace"] = words[picture.mode]
        is_indexed = False
    if is_indexed or picture.mode == "CMYK":
        return _packed(picture, fields, mask)
    picture.info.clear()
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, subsampling=0)
    return Recoded(data=out.getvalue(), coding="/DCTDecode", fields=fields, mask=mask)


def _described(picture: Image.Image) -> dict[str, Any]:
    return {"/Width": picture.width, "/Height": picture.height, "/BitsPerComponent": 8}


def _packed(picture: Image.Image, fields: dict[str, Any], mask: Recoded | None = None) -> Recoded:
    data = zlib.compress(picture.tobytes(), _LEVEL)
    return Recoded(data=data, coding="/FlateDecode", fields=fields, mask=mask)
