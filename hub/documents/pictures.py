"""Pictures that nobody trusts: read whole or not at all, turned upright, and made anew for those who get a copy.

Runs in confined child processes; what it raises means that the file is at fault, MemoryError that it is too large.
"""

import io
import zlib
from collections.abc import Callable
from typing import BinaryIO, Final

from PIL import Image, JpegImagePlugin

from hub.documents import heif, jpeg
from hub.domain.evidence import MAX_THUMBNAIL_SIZE, MediaType

# Phones of "100 megapixels".
MAX_PIXELS: Final = 100 * 1024 * 1024
QUALITY: Final = 90
# Sharp on a tile of a phone's page; a page's text cannot be read at this size.
THUMBNAIL_SIDE: Final = 168
_THUMBNAIL_QUALITIES: Final = (75, 55, 35, 15)
# Of each pixel of a thumbnail at least so many by so many of the picture are looked at.
_LOOKED_AT: Final = 4
# Of EXIF and TIFF: how a picture is to be turned that was written down otherwise.
_ORIENTATION: Final = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# A page of so many pixels becomes at most one byte of zeros in a lossy WebP, and a bit a pixel in a lossless one, whose
# white may be written as zeros; a broken download leaves more of them.
_PIXELS_A_ZERO: Final = {b"VP8 ": 8192, b"VP8L": 8}
# More would take four times as long, for a twentieth of the size.
_PNG_LEVEL: Final = 3
_PNG_MODES: Final = frozenset({"1", "L", "LA", "P", "RGB", "RGBA", "I;16"})
_DEEP_MODES: Final = frozenset({"I", "I;16", "I;16L", "I;16B", "F"})


class IncompleteError(ValueError):
    """A part of the picture is missing or was overwritten."""


def read(data: bytes, media_type: MediaType) -> Image.Image:
    """The picture, upright, with all its pixels and nothing beside them but what transparency needs.

    Raises ValueError (IncompleteError of this module and of `jpeg`, `heif`), and whatever the libraries raise.
    """
    return _READERS[media_type](data)


def write_copy(picture: Image.Image, media_type: MediaType, out: BinaryIO) -> MediaType:
    """The picture is in `out`, a PNG as PNG and any other as JPEG; gives which. Raises MemoryError for a full `out`."""
    try:
        if media_type == MediaType.PNG:
            _as_png(picture).save(out, "PNG", compress_level=_PNG_LEVEL)
            return MediaType.PNG
        sampling = picture.info.get("sampling", 2)
        plain = on_white(picture)
        plain.save(out, "JPEG", quality=QUALITY, subsampling=sampling if plain.mode == "RGB" else 0)
    except OSError as error:
        raise MemoryError("the copy is too large") from error
    return MediaType.JPEG


def thumbnail(picture: Image.Image) -> bytes:
    """A small JPEG of at most `MAX_THUMBNAIL_SIZE` bytes: the square in the middle, or at the top of what is tall."""
    width, height = picture.size
    side = min(width, height)
    left = (width - side) // 2
    box = (left, 0, left + side, side)
    # In few pixels first, whatever its mode: a large picture fills most of the memory there is.
    few = min(side, THUMBNAIL_SIDE * _LOOKED_AT)
    plain = on_white(picture.resize((few, few), Image.Resampling.NEAREST, box=box))
    small = min(side, THUMBNAIL_SIDE)
    plain = plain.resize((small, small), Image.Resampling.LANCZOS)
    plain.info.clear()
    for quality in _THUMBNAIL_QUALITIES:
        out = io.BytesIO()
        plain.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= MAX_THUMBNAIL_SIZE:
            break
    return out.getvalue()


def on_white(picture: Image.Image) -> Image.Image:
    """The picture in 8 bits of grey or RGB; white shows through where it can be seen through."""
    if picture.mode in _DEEP_MODES:
        # Pillow cuts 16 bits off at 255 where it is asked to make them 8.
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.has_transparency_data:
        above = picture.convert("RGBA")
        picture = Image.new("RGB", above.size, "white")
        picture.paste(above, mask=above.getchannel("A"))
    return picture if picture.mode in {"L", "RGB"} else picture.convert("L" if picture.mode == "1" else "RGB")


def _as_png(picture: Image.Image) -> Image.Image:
    if picture.mode in _PNG_MODES:
        return picture
    if picture.mode in _DEEP_MODES:
        return picture.convert("I;16")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _upright(picture: Image.Image, orientation: object) -> Image.Image:
    """The picture turned as `orientation` says, without what was noted beside it."""
    turn = _TURNS.get(orientation) if isinstance(orientation, int) else None
    transparency = picture.info.get("transparency")
    turned = picture if turn is None else picture.transpose(turn)
    turned.info.clear()
    if transparency is not None:
        turned.info["transparency"] = transparency
    return turned


def _orientation_of(picture: Image.Image) -> object:
    try:
        return picture.getexif().get(_ORIENTATION)
    except Exception:  # noqa: BLE001 - what a camera wrote beside the picture may be broken in any way
        return None


def _read_jpeg(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as opened:
        samples = jpeg.decoded(data)
        if samples is None or opened.mode not in {"L", "RGB"}:
            picture = _read_as_it_is(data)
        else:
            picture = Image.frombytes(opened.mode, opened.size, samples)
        upright = _upright(picture, _orientation_of(opened))
        upright.info["sampling"] = max(0, JpegImagePlugin.get_sampling(opened))
        return upright


def _read_as_it_is(data: bytes) -> Image.Image:
    # A reader waits for an end mark, and stops at the first of two.
    with Image.open(io.BytesIO(data + b"\xff\xd9"), formats=["JPEG"]) as opened:
        opened.load()
        return opened


def _read_png(data: bytes) -> Image.Image:
    _require_sound_chunks(data)
    with Image.open(io.BytesIO(data), formats=["PNG"]) as opened:
        opened.load()
        return _upright(opened, _orientation_of(opened))


def _require_sound_chunks(data: bytes) -> None:
    """No chunk that readers need was changed, as far as the file goes; whether all rows are there, the reader tells."""
    at = 8
    while at + 12 <= len(data):
        end = at + 8 + int.from_bytes(data[at : at + 4])
        kind, checksum = data[at + 4 : at + 8], data[end : end + 4]
        if len(checksum) < 4 or kind == b"IEND":
            return
        # A kind that begins with a capital letter is needed.
        if kind[:1].isupper() and zlib.crc32(data[at + 4 : end]) != int.from_bytes(checksum):
            raise IncompleteError("a part was changed")
        at = end + 4


def _read_heic(data: bytes) -> Image.Image:
    contents = heif.Contents.read(data)
    heif.require_whole(data, contents)
    with Image.open(io.BytesIO(data), formats=["HEIF"]) as opened:
        # The reader turns as the file says, and then forgets what EXIF says.
        orientation = None if contents.is_turned else opened.info.get("original_orientation")
        opened.load()
        return _upright(opened, orientation)


def _read_webp(data: bytes) -> Image.Image:
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise IncompleteError("it is cut off")
    with Image.open(io.BytesIO(data), formats=["WEBP"]) as opened:
        is_overwritten = _has_zeros_in_webp(data[:end], opened.width * opened.height)
        opened.load()
        # A page of one colour is written as nothing but zeros by some.
        if is_overwritten and any(low != high for low, high in _extrema(opened)):
            raise IncompleteError("a part was overwritten")
        return _upright(opened, _orientation_of(opened))


def _has_zeros_in_webp(data: bytes, pixels: int) -> bool:
    at = 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        # Transparency may lie in the file as it is, and be nothing but zeros.
        pixels_a_zero = _PIXELS_A_ZERO.get(data[at : at + 4])
        if pixels_a_zero and bytes(16 + pixels // pixels_a_zero) in data[at + 8 : at + 8 + size]:
            return True
        at += 8 + size + size % 2
    return False


def _extrema(picture: Image.Image) -> list[tuple[float, float]]:
    return [band.getextrema() for band in picture.split()]  # type: ignore[misc]


_READERS: Final[dict[MediaType, Callable[[bytes], Image.Image]]] = {
    MediaType.JPEG: _read_jpeg,
    MediaType.PNG: _read_png,
    MediaType.HEIC: _read_heic,
    MediaType.WEBP: _read_webp,
}
