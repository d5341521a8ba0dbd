"""Pictures as phones, chat programs and people with bad intentions make them."""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pillow_heif
from PIL import Image, ImageCms, PngImagePlugin

from tests.documents.files.sample import MARK, TAKEN, Sample
from tests.documents.pictures import WRITTEN_DOWN, exif_of, marked, noise, noted, statement, written

_ENDINGS = {"JPEG": "jpg", "PNG": "png", "HEIF": "heic", "WEBP": "webp"}
_SIZE = (240, 160)


def _held(kind: str, orientation: int) -> bytes:
    """A picture that was taken with the phone held so."""
    turn = WRITTEN_DOWN.get(orientation)
    picture = marked(_SIZE)
    return noted(picture if turn is None else picture.transpose(turn), kind, orientation)


def _segment(mark: int, content: bytes) -> bytes:
    return bytes([0xFF, mark]) + (len(content) + 2).to_bytes(2) + content


def _jpeg(*segments: bytes, **options: Any) -> bytes:
    data = written(marked(_SIZE), "JPEG", **options)
    return data[:2] + b"".join(segments) + data[2:]


def _thumbnail_of_another() -> bytes:
    """A picture whose notes hold a small one of somebody else."""
    other = written(noise((80, 60)), "JPEG")[:-2] + MARK.encode() + b"\xff\xd9"
    first = b"II*\x00\x08\x00\x00\x00\x00\x00\x0e\x00\x00\x00"
    entries = struct.pack("<HHHII", 2, 0x201, 4, 1, 44) + struct.pack("<HHII", 0x202, 4, 1, len(other))
    return _jpeg(_segment(0xE1, b"Exif\0\0" + first + entries + bytes(4) + other))


def _maker_note() -> bytes:
    exif = exif_of()
    exif.get_ifd(0x8769)[0x927C] = MARK.encode() * 20
    exif[0x013B] = MARK
    return written(marked(_SIZE), "JPEG", exif=exif)


def _several() -> bytes:
    other = noise((90, 60))
    data = written(marked(_SIZE), "MPO", save_all=True, append_images=[other])
    return data + MARK.encode()


def _motion() -> bytes:
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/" Camera="{MARK}"/>'.encode()
    return written(marked(_SIZE), "JPEG", xmp=xmp) + b"\0\0\0\x18ftypmp42" + MARK.encode()


def _chunk(kind: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4) + kind + content + zlib.crc32(kind + content).to_bytes(4)


def _png(*chunks: bytes, behind: bytes = b"", picture: Image.Image | None = None, **options: Any) -> bytes:
    data = written(picture or marked(_SIZE), "PNG", **options)
    return data[:33] + b"".join(chunks) + data[33:] + behind


def _texts() -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", MARK)
    texts.add_text("Packed", MARK * 50, zip=True)
    texts.add_itxt("XML:com.adobe.xmp", MARK)
    return written(marked(_SIZE), "PNG", pnginfo=texts, exif=exif_of())


def _interlaced() -> bytes:
    """A picture in seven passes (PNG, 8.2), which Pillow reads and does not write."""
    picture = marked(_SIZE)
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    rows = b""
    for x, y, across, down in passes:
        for row in range(y, picture.height, down):
            pixels = [picture.getpixel((column, row)) for column in range(x, picture.width, across)]
            rows += b"\x00" + b"".join(bytes(pixel) for pixel in pixels)  # type: ignore[arg-type]
    head = struct.pack(">IIBBBBB", *picture.size, 8, 2, 0, 0, 1)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _animated() -> bytes:
    out = io.BytesIO()
    marked(_SIZE).save(out, "PNG", save_all=True, append_images=[noise(_SIZE), noise(_SIZE)], duration=100)
    return out.getvalue()


def _of_an_iphone() -> bytes:
    """What Apple's tools make of a PNG for a phone's own programs (CgBI), which nobody else can read."""
    picture = marked(_SIZE)
    rows = b"".join(b"\0" + picture.tobytes()[at : at + 720] for at in range(0, 720 * picture.height, 720))
    head = struct.pack(">IIBBBBB", *picture.size, 8, 2, 0, 0, 0)
    packed = zlib.compress(rows)[2:-4]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, content)
        for kind, content in ((b"CgBI", b"P\0 \6"), (b"IHDR", head), (b"IDAT", packed), (b"IEND", b""))
    )


def _bomb() -> bytes:
    deflate = zlib.compressobj(9)
    rows = b"".join(deflate.compress(bytes(7501 * 100)) for _ in range(600)) + deflate.flush()
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _profile_bomb() -> bytes:
    return _png(_chunk(b"iCCP", MARK.encode() + b"\0\0" + zlib.compress(bytes(80 * 1024 * 1024), 9)))


def _text_bomb() -> bytes:
    return _png(_chunk(b"zTXt", MARK.encode() + b"\0\0" + zlib.compress(bytes(80 * 1024 * 1024), 9)))


def _big_profile() -> bytes:
    colours = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + MARK.encode() * 4000
    return written(marked(_SIZE), "JPEG", icc_profile=colours)


def _heic_with_others() -> bytes:
    """A picture with another, a depth of field and notes behind it."""
    several = pillow_heif.from_pillow(marked(_SIZE))
    several.add_from_pillow(noise((120, 90)))
    out = io.BytesIO()
    several.save(out, primary_index=0, exif=exif_of().tobytes(), xmp=MARK.encode())
    return out.getvalue()


def _cut(data: bytes, part: float) -> bytes:
    return data[: int(len(data) * part)]


def _page(kind: str, size: tuple[int, int], **options: Any) -> bytes:
    return written(statement(size), kind, **options)


_PHP = f"<?php system('{MARK}'); ?>".encode()
_TOO_LARGE, _UNREADABLE = "too_large_picture", "unreadable"
_MADE: dict[str, tuple[Callable[[], bytes], str]] = {
    "thumbnail of another.jpg": (_thumbnail_of_another, TAKEN),
    "maker note.jpg": (_maker_note, TAKEN),
    "several.mpo": (_several, TAKEN),
    "motion.jpg": (_motion, TAKEN),
    "comment.jpg": (partial(_jpeg, _segment(0xFE, _PHP)), TAKEN),
    "IPTC.jpg": (partial(_jpeg, _segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x14" + MARK.encode())), TAKEN),
    "unknown notes.jpg": (partial(_jpeg, *[_segment(0xE0 + each, MARK.encode() * 9) for each in range(3, 16)]), TAKEN),
    "large profile.jpg": (_big_profile, TAKEN),
    "page behind.jpg": (lambda: _jpeg() + f"<script>{MARK}</script>".encode(), TAKEN),
    "program behind.jpg": (lambda: _jpeg() + _PHP, TAKEN),
    "archive behind.jpg": (lambda: _jpeg() + b"PK\x03\x04" + MARK.encode(), TAKEN),
    "applet behind.jpg": (lambda: _jpeg() + b"PK\x03\x04META-INF/MANIFEST.MF" + MARK.encode(), TAKEN),
    "in steps.jpg": (partial(_page, "JPEG", (620, 880), progressive=True), TAKEN),
    "grey.jpg": (lambda: written(marked(_SIZE, "L"), "JPEG"), TAKEN),
    "four inks.jpg": (lambda: written(marked(_SIZE, "CMYK"), "JPEG"), TAKEN),
    "one pixel.jpg": (lambda: written(marked((1, 1)), "JPEG"), TAKEN),
    "called otherwise.png": (_jpeg, TAKEN),
    "12 megapixels.jpg": (partial(_page, "JPEG", (4000, 3000)), TAKEN),
    "a chat.png": (partial(_page, "PNG", (1080, 24_000)), TAKEN),
    "cut.jpg": (lambda: _cut(written(noise(), "JPEG"), 0.6), _UNREADABLE),
    "only a head.jpg": (lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF\0", _UNREADABLE),
    "chance.jpg": (lambda: b"\xff\xd8\xff" + bytes((n * n * 7919 >> 5) & 255 for n in range(9000)), _UNREADABLE),
    "too many pixels.jpg": (lambda: written(Image.new("L", (12_000, 12_000)), "JPEG"), _TOO_LARGE),
    "texts.png": (_texts, TAKEN),
    "unknown chunks.png": (
        partial(_png, _chunk(b"prVt", MARK.encode()), _chunk(b"eXIf", exif_of().tobytes()[6:])),
        TAKEN,
    ),
    "archive behind.png": (partial(_png, behind=b"PK\x03\x04" + MARK.encode()), TAKEN),
    "program behind.png": (partial(_png, behind=_PHP), TAKEN),
    "interlaced.png": (_interlaced, TAKEN),
    "animated.png": (_animated, TAKEN),
    "of an iPhone.png": (_of_an_iphone, _UNREADABLE),
    "profile bomb.png": (_profile_bomb, _UNREADABLE),
    "text bomb.png": (_text_bomb, _UNREADABLE),
    "bomb.png": (_bomb, _TOO_LARGE),
    "cut.png": (lambda: _cut(written(noise(), "PNG"), 0.6), _UNREADABLE),
    "changed.png": (lambda: _png().replace(b"IDAT", b"IDAU", 1), _UNREADABLE),
    "Photoshop.png": (lambda: b"8BPS\0\1" + bytes(200), "unsupported_type"),
    "others beside.heic": (_heic_with_others, TAKEN),
    "cut.heic": (lambda: _cut(written(noise(), "HEIF"), 0.6), _UNREADABLE),
    "only a head.heic": (lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", _UNREADABLE),
    "see-through.webp": (lambda: written(marked(_SIZE, "RGBA"), "WEBP", quality=90), TAKEN),
    "lossless.webp": (lambda: written(marked(_SIZE), "WEBP", lossless=True), TAKEN),
    "cut.webp": (lambda: _cut(written(noise(), "WEBP"), 0.6), _UNREADABLE),
    "archive behind.webp": (lambda: written(marked(_SIZE), "WEBP", quality=90) + b"PK\x03\x04" + MARK.encode(), TAKEN),
}
_MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")


def samples() -> Iterator[Sample]:
    """Each kind with its notes and in every way it can be held, and what else there is."""
    for kind, ending in _ENDINGS.items():
        yield Sample(name=f"notes of all kinds.{ending}", make=partial(noted, marked(_SIZE), kind))
    for orientation in (1, *WRITTEN_DOWN, 9):
        yield Sample(name=f"held {orientation}.jpg", make=partial(_held, "JPEG", orientation))
    for kind in ("PNG", "HEIF", "WEBP"):
        # Pillow does not say how a HEIC is turned by its notes alone; that its copy is upright is tested elsewhere.
        yield Sample(name=f"held 6.{_ENDINGS[kind]}", make=partial(_held, kind, 6), looks=kind != "HEIF")
    for mode in _MODES:
        picture = marked(_SIZE).convert("L")
        picture = (
            picture.convert("I").point(lambda value: value * 256).convert("I;16")
            if mode == "I;16"
            else picture.convert(mode)
        )
        yield Sample(name=f"of mode {mode.replace(';', '')}.png", make=partial(written, picture, "PNG"))
    for name, (make, verdict) in _MADE.items():
        yield Sample(name=name, make=make, verdict=verdict)
