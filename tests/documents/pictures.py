"""Pictures as phones, cameras and programs write them, made by code: grain, or corners that tell which way is up."""

import io
from typing import Any

import pillow_heif
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

CORNERS = ((250, 10, 10), (10, 250, 10), (10, 10, 250), (250, 250, 10))
MARKS = (b"Exif", b"GPS", b"ns.adobe.com", b"Photoshop 3.0", b"ICC_PROFILE", b"sRGB", b"A phone", b"39.9N")
_XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/" about="http://ns.adobe.com/xap/1.0/">39.9N 116.3E</x:xmpmeta>'
# How a camera writes down what it saw when it was held so (EXIF 2.32, 4.6.4), from the picture as it is to be seen.
WRITTEN_DOWN = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def noise(size: tuple[int, int] = (800, 600), mode: str = "RGB") -> Image.Image:
    """Grain that no two rows of which are alike."""
    return Image.effect_noise(size, 60).convert(mode)


def statement(size: tuple[int, int] = (620, 880)) -> Image.Image:
    """A white page of black lines, as people photograph or save it."""
    made = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(made)
    for y in range(20, size[1] - 40, 28):
        pen.text(
            (30, y), f"2026-11-{y % 28 + 1:02d}  payment {y * 37 % 9999}.56  balance {y * 991 % 99999}.00", "black"
        )
    return made


def marked(size: tuple[int, int] = (96, 64), mode: str = "RGB") -> Image.Image:
    """A picture whose corners are red, green, blue and yellow, clockwise from the upper left."""
    width, height = size
    made = Image.new("RGB", size, "white")
    for colour, place in zip(CORNERS, ((0, 0), (1, 0), (1, 1), (0, 1)), strict=True):
        left, upper = place[0] * (width - width // 3), place[1] * (height - height // 3)
        made.paste(colour, (left, upper, left + width // 3, upper + height // 3))
    return made.convert(mode)


def exif_of(orientation: int | None = None) -> Image.Exif:
    """What a phone notes beside a picture: where, by which device, when, and how it was held."""
    exif = Image.Exif()
    exif.update({0x010F: "A phone", 0x0110: "Model 15", 0x0132: "2026:11:28 10:00:00"})
    exif.get_ifd(0x8825).update({1: "N", 2: (39.0, 54.0, 26.0), 3: "E", 4: (116.0, 23.0, 29.0), 29: "GPS"})
    if orientation is not None:
        exif[0x0112] = orientation
    return exif


def written(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """The picture as a file of that kind."""
    out = io.BytesIO()
    if kind == "HEIF":
        pillow_heif.from_pillow(picture).save(out, **options)
    else:
        picture.save(out, kind, **options)
    return out.getvalue()


def noted(picture: Image.Image, kind: str, orientation: int | None = None) -> bytes:
    """The picture as a file of that kind with everything beside it that a file can tell of its maker."""
    exif = exif_of(orientation)
    colours = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if kind == "HEIF":
        pillow_heif.register_heif_opener()
        out = io.BytesIO()
        # The plugin keeps the orientation in EXIF alone.
        picture.save(out, "HEIF", exif=exif, xmp=_XMP)
        return out.getvalue()
    if kind == "PNG":
        texts = PngImagePlugin.PngInfo()
        texts.add_text("Comment", "A phone", zip=False)
        texts.add_itxt("XML:com.adobe.xmp", _XMP.decode(), zip=False)
        return written(picture, kind, exif=exif, icc_profile=colours, pnginfo=texts, dpi=(300, 300))
    if kind == "WEBP":
        return written(picture, kind, exif=exif.tobytes(), icc_profile=colours, xmp=_XMP, quality=90)
    data = written(picture, "JPEG", exif=exif, icc_profile=colours, xmp=_XMP, comment=b"A phone", quality=90)
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x0f\x1c\x02\x5a\x00\x07Beijing39.9N"
    return data[:2] + b"\xff\xed" + (len(iptc) + 2).to_bytes(2) + iptc + data[2:]


def corners_of(picture: Image.Image) -> list[int]:
    """Which of the four colours each corner is nearest to, clockwise from the upper left."""
    plain = picture.convert("RGB")
    width, height = plain.size
    at = [(width // 12, height // 12), (width - width // 12, height // 12),
          (width - width // 12, height - height // 12), (width // 12, height - height // 12)]  # fmt: skip
    return [_nearest(plain.getpixel(place)) for place in at]


def _nearest(pixel: Any) -> int:
    distances = [sum(abs(a - b) for a, b in zip(pixel, colour, strict=True)) for colour in CORNERS]
    return distances.index(min(distances))
