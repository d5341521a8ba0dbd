"""A file of which a part is missing or made up is never taken; one that only looks odd to a strict reader is."""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
import pillow_heif
import pytest
from PIL import Image

from hub.documents.inspection import Inspector
from hub.domain.evidence import FileRejectionReason, MediaType
from tests.documents.pictures import noise, statement, written

pytestmark = pytest.mark.slow

PICTURE = noise()
JPEG = written(PICTURE, "JPEG")
PROGRESSIVE = written(PICTURE, "JPEG", progressive=True)
PNG = written(PICTURE, "PNG")
WEBP = written(PICTURE, "WEBP", quality=80)
HEIC = written(PICTURE, "HEIF")
TILED = written(PICTURE, "HEIF", tile_size=256)
ALL = {
    "JPEG": (JPEG, MediaType.JPEG),
    "progressive": (PROGRESSIVE, MediaType.JPEG),
    "PNG": (PNG, MediaType.PNG),
    "WebP": (WEBP, MediaType.WEBP),
    "HEIC": (HEIC, MediaType.HEIC),
    "tiled": (TILED, MediaType.HEIC),
}


@pytest.fixture(scope="module")
def inspector() -> Iterator[Inspector]:
    with Inspector() as one:
        yield one


def verdict(inspector: Inspector, data: bytes, media_type: MediaType) -> str:
    found = inspector.inspect([data], media_type)
    assert (found.copy is not None) == found.ok
    return "taken" if found.ok else str(found.reason)


@pytest.mark.parametrize("kind", list(ALL))
@pytest.mark.parametrize("left", [0.02, 0.2, 0.3, 0.5, 0.6, 0.8, 0.9, 0.95, 0.99])
def test_a_cut_picture_is_refused_wherever_it_is_cut(inspector: Inspector, kind: str, left: float) -> None:
    data, media_type = ALL[kind]
    assert verdict(inspector, data[: int(len(data) * left)], media_type) == "unreadable"


@pytest.mark.parametrize("kind", list(ALL))
@pytest.mark.parametrize("begins", [0.1, 0.3, 0.5, 0.7, 0.96, 0.99])
def test_a_picture_with_zeros_in_the_place_of_data_is_refused(inspector: Inspector, kind: str, begins: float) -> None:
    data, media_type = ALL[kind]
    at = int(len(data) * begins)
    length = min(2000, len(data) - at)
    assert verdict(inspector, data[:at] + bytes(length) + data[at + length :], media_type) == "unreadable"


@pytest.mark.parametrize("picture", [JPEG, PROGRESSIVE], ids=["sequential", "progressive"])
@pytest.mark.parametrize("left", [0.3, 0.6, 0.99])
def test_an_end_mark_behind_a_cut_jpeg_makes_it_no_whole_one(inspector: Inspector, picture: bytes, left: float) -> None:
    assert verdict(inspector, picture[: int(len(picture) * left)] + b"\xff\xd9", MediaType.JPEG) == "unreadable"


def test_the_end_mark_of_a_thumbnail_is_not_that_of_the_picture(inspector: Inspector) -> None:
    thumbnail = written(noise((80, 60)), "JPEG")
    beside = b"Exif\0\0" + thumbnail
    data = JPEG[:2] + b"\xff\xe1" + (len(beside) + 2).to_bytes(2) + beside + JPEG[2:]
    assert verdict(inspector, data, MediaType.JPEG) == "taken"
    assert verdict(inspector, data[: len(data) * 2 // 3], MediaType.JPEG) == "unreadable"


PHONE_NOTES = b"\x00\x00\x01\x0a\x0e\x00\x00\x00Image_UTC_Data1764000000000SEFH\x6b\x00\x00\x00\x01\x00\x00\x00SEFT"


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        pytest.param(JPEG[:-2], MediaType.JPEG, id="a JPEG without its end mark"),
        pytest.param(JPEG[:-1], MediaType.JPEG, id="a JPEG with half of it"),
        pytest.param(PROGRESSIVE[:-2], MediaType.JPEG, id="a progressive one without it"),
        pytest.param(JPEG[:-2] + PHONE_NOTES, MediaType.JPEG, id="notes of a phone in its place"),
        pytest.param(JPEG[:-2] + bytes(40_000), MediaType.JPEG, id="zeros in its place"),
        pytest.param(JPEG + bytes(40_000), MediaType.JPEG, id="zeros behind it"),
        pytest.param(JPEG[:-2] + bytes(7) + JPEG[-2:], MediaType.JPEG, id="zeros in front of it"),
        pytest.param(JPEG[:-2] + b"\x5a\xa5" + JPEG[-2:], MediaType.JPEG, id="a camera's leftovers in front of it"),
        pytest.param(JPEG[:2] + b"\xff" * 9 + JPEG[2:], MediaType.JPEG, id="filling between the parts"),
        pytest.param(written(PICTURE, "JPEG", restart_marker_rows=2), MediaType.JPEG, id="restart marks"),
        pytest.param(written(PICTURE.convert("CMYK"), "JPEG")[:-2], MediaType.JPEG, id="CMYK without its end mark"),
        pytest.param(PNG[:-12], MediaType.PNG, id="a PNG without its end"),
        pytest.param(PNG[:-14], MediaType.PNG, id="a PNG that ends in its last checksum"),
        pytest.param(PNG + bytes(40_000), MediaType.PNG, id="zeros behind a PNG"),
        pytest.param(WEBP + b"\0" * 40, MediaType.WEBP, id="zeros behind a WebP"),
        pytest.param(HEIC + bytes(40_000), MediaType.HEIC, id="zeros behind a HEIC"),
        pytest.param(TILED, MediaType.HEIC, id="a HEIC of tiles"),
        pytest.param(written(noise((2400, 3200)).point(lambda _: 255), "WEBP"), MediaType.WEBP, id="a blank page"),
        pytest.param(
            written(noise((240, 320)).point(lambda _: 255), "WEBP", quality=100, method=0),
            MediaType.WEBP,
            id="a blank page of the best quality",
        ),
        pytest.param(
            written(statement(), "WEBP", lossless=True, method=0), MediaType.WEBP, id="a lossless page, quickly written"
        ),
    ],
)
def test_a_picture_that_is_all_there_is_taken_however_it_ends(
    inspector: Inspector, data: bytes, media_type: MediaType
) -> None:
    assert verdict(inspector, data, media_type) == "taken"


@pytest.mark.parametrize("kind", list(ALL))
@pytest.mark.parametrize("length", [300, 700])
def test_what_lies_in_a_page_cannot_be_zeros(inspector: Inspector, kind: str, length: int) -> None:
    page = statement()
    options: dict[str, dict[str, Any]] = {
        "progressive": {"progressive": True},
        "tiled": {"tile_size": 256},
        "WebP": {"quality": 80},
    }
    data = written(
        page, {"HEIC": "HEIF", "tiled": "HEIF", "progressive": "JPEG"}.get(kind, kind), **options.get(kind, {})
    )
    for begins in range(len(data) // 4, len(data) * 3 // 4, len(data) // 9):
        spoilt = data[:begins] + bytes(length) + data[begins + length :]
        assert verdict(inspector, spoilt, ALL[kind][1]) == "unreadable", begins


SAVED: list[dict[str, Any]] = [
    {},
    {"optimize": True},
    {"progressive": True},
    {"progressive": True, "quality": 95},
    {"quality": 100, "subsampling": 0},
    {"quality": 5, "optimize": True},
]


@pytest.mark.parametrize("colour", ["white", "black", (237, 237, 237), (10, 200, 30)])
@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("options", SAVED, ids=str)
def test_a_smooth_picture_is_taken(inspector: Inspector, colour: Any, mode: str, options: Any) -> None:
    # Each detail of it is like the one before, which a progressive picture writes as zeros for a while.
    smooth = Image.linear_gradient("L").resize((1600, 1600)).convert("RGB")
    smooth.paste(colour, (100, 100, 700, 900))
    assert verdict(inspector, written(smooth.convert(mode), "JPEG", **options), MediaType.JPEG) == "taken"


@pytest.mark.parametrize("colour", ["white", "black", (237, 237, 237), (10, 200, 30)])
@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("options", SAVED, ids=str)
def test_a_page_that_is_nearly_blank_is_taken(inspector: Inspector, colour: Any, mode: str, options: Any) -> None:
    page = Image.new("RGB", (1200, 1600), colour)
    page.paste(statement((300, 100)), (40, 40))
    assert verdict(inspector, written(page.convert(mode), "JPEG", **options), MediaType.JPEG) == "taken"


def test_sequential_pictures_with_the_figures_of_progressive_ones_are_taken(inspector: Inspector) -> None:
    scan = JPEG.index(b"\xff\xda")
    end = scan + 2 + int.from_bytes(JPEG[scan + 2 : scan + 4])
    assert verdict(inspector, JPEG[: end - 3] + b"\x00\x00\x00" + JPEG[end:], MediaType.JPEG) == "taken"


def test_a_changed_part_of_a_png_is_refused(inspector: Inspector) -> None:
    at = PNG.index(b"IDAT") + 2000
    changed = PNG[:at] + bytes([PNG[at] ^ 1]) + PNG[at + 1 :]
    assert verdict(inspector, changed, MediaType.PNG) == "unreadable"


def test_a_heic_that_was_cut_behind_its_first_picture_is_refused(inspector: Inspector) -> None:
    several = pillow_heif.from_pillow(noise((200, 100)))
    several.add_from_pillow(noise((300, 200)))
    out = io.BytesIO()
    several.save(out, primary_index=0)
    assert verdict(inspector, out.getvalue(), MediaType.HEIC) == "taken"
    assert verdict(inspector, out.getvalue()[:-20], MediaType.HEIC) == "unreadable"


def test_a_heic_whose_boxes_lie_is_refused(inspector: Inspector) -> None:
    place = TILED.index(b"iloc") + 4
    for at in range(place, place + 40):
        changed = TILED[:at] + b"\xff" + TILED[at + 1 :]
        assert verdict(inspector, changed, MediaType.HEIC) in {"taken", "unreadable", "too_large_picture"}
    assert verdict(inspector, TILED[:place] + b"\xff" * 40 + TILED[place + 40 :], MediaType.HEIC) == "unreadable"


def pdf(**options: Any) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        for number in range(3):
            page = document.add_blank_page()
            page.obj.Contents = document.make_stream(f"BT (page {number}) Tj ET\n".encode() * 200)
        document.save(out, **options)
    return out.getvalue()


CLASSIC = pdf(object_stream_mode=pikepdf.ObjectStreamMode.disable)
PACKED = pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate)
LINEAR = pdf(linearize=True)


def off_by_seven(data: bytes) -> bytes:
    return re.sub(rb"startxref\n(\d+)", lambda found: b"startxref\n%d" % (int(found[1]) + 7), data)


def numbered_from_one(data: bytes) -> bytes:
    return data.replace(b"xref\n0 ", b"xref\n1 ", 1)


def with_a_comment_in_front(data: bytes) -> bytes:
    return data[:9] + b"% written by a report server\n" + data[9:]


def with_a_page_behind(data: bytes) -> bytes:
    return data + b"\n<html>" + b"<p>200 OK</p>" * 400


@pytest.mark.parametrize("data", [CLASSIC, PACKED, LINEAR], ids=["classic", "packed", "linear"])
@pytest.mark.parametrize(
    "spoil",
    [off_by_seven, with_a_comment_in_front, with_a_page_behind],
    ids=["wrong place of the table", "wrong places of all", "something behind"],
)
def test_a_pdf_that_readers_repair_is_taken(inspector: Inspector, data: bytes, spoil: Callable[[bytes], bytes]) -> None:
    assert inspector.inspect([spoil(data)], MediaType.PDF).pages == 3


@pytest.mark.parametrize("data", [numbered_from_one(CLASSIC), CLASSIC[: CLASSIC.rindex(b"startxref")]])
def test_a_pdf_whose_table_is_numbered_wrongly_or_not_pointed_to_is_taken(inspector: Inspector, data: bytes) -> None:
    assert inspector.inspect([data], MediaType.PDF).pages == 3


@pytest.mark.parametrize(
    "in_front",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n",
        b"<br />\n<b>Notice</b>: x\n" * 20,
        b"\xef\xbb\xbf\r\n",
    ],
    ids=["a server's header", "a program's notices", "a byte order mark"],
)
def test_a_pdf_behind_something_else_is_taken(inspector: Inspector, in_front: bytes) -> None:
    assert inspector.inspect([in_front + CLASSIC], MediaType.PDF).pages == 3


@pytest.mark.parametrize("data", [CLASSIC, PACKED, LINEAR], ids=["classic", "packed", "linear"])
@pytest.mark.parametrize("left", [0.3, 0.5, 0.7, 0.9])
def test_a_cut_pdf_is_refused(inspector: Inspector, data: bytes, left: float) -> None:
    assert verdict(inspector, data[: int(len(data) * left)], MediaType.PDF) == "unreadable"


def test_a_pdf_cut_in_its_trailer_is_refused(inspector: Inspector) -> None:
    assert verdict(inspector, CLASSIC[: CLASSIC.rindex(b"/Size")], MediaType.PDF) == "unreadable"


def test_a_pdf_whose_last_version_breaks_off_is_refused(inspector: Inspector) -> None:
    more = (
        CLASSIC + b"13 0 obj\n<< /Type /Page /Contents 14 0 R >>\nendobj\n" + b"14 0 obj\n<< /Length 9000 >>\nstream\n"
    )
    assert verdict(inspector, more + b"q " * 2000, MediaType.PDF) == "unreadable"


def with_letters(mode: pikepdf.ObjectStreamMode) -> bytes:
    """A page whose letters lie four steps away from it."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        page = document.add_blank_page()
        page.obj.Contents = document.make_stream(b"BT /F 12 Tf (8 0 R) Tj ET")
        letters = document.make_stream(b"1234567 0 R" + bytes(range(256)) * 9)
        described = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.FontDescriptor, FontFile3=letters))
        font = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Font, FontDescriptor=described))
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        document.save(out, object_stream_mode=mode, compress_streams=False)
    return out.getvalue()


LETTERS = with_letters(pikepdf.ObjectStreamMode.disable)


@pytest.mark.parametrize("number", range(1, len(re.findall(rb"\d obj\n", LETTERS)) + 1))
def test_a_repaired_pdf_that_lost_an_object_is_refused(inspector: Inspector, number: int) -> None:
    left, lost = re.subn(rb"\n%d 0 obj.*?endobj" % number, b"", LETTERS, count=1, flags=re.DOTALL)
    assert lost
    assert verdict(inspector, LETTERS, MediaType.PDF) == "taken"
    assert verdict(inspector, left, MediaType.PDF) == "unreadable"


def test_what_packed_objects_refer_to_is_looked_for_too(inspector: Inspector) -> None:
    packed = with_letters(pikepdf.ObjectStreamMode.generate)
    letters = max(re.findall(rb"\n\d+ 0 obj.*?endobj", packed, flags=re.DOTALL), key=len)
    assert verdict(inspector, off_by_seven(packed), MediaType.PDF) == "taken"
    assert verdict(inspector, packed.replace(letters, b""), MediaType.PDF) == "unreadable"


def test_a_pdf_whose_attachment_alone_is_locked_is_told_so(inspector: Inspector) -> None:
    locked = pdf(encryption=pikepdf.Encryption(owner="owner", user="user", R=4))
    # The pages are in the clear, and a password is asked for where an attachment is opened.
    attached = re.sub(rb"/AuthEvent /DocOpen", b"/AuthEvent /EFOpen", locked)
    attached = re.sub(rb"/StmF /StdCF", b"/StmF /Identity /EFF /StdCF", attached)
    assert verdict(inspector, attached, MediaType.PDF) == FileRejectionReason.LOCKED_ATTACHMENT
    assert verdict(inspector, locked, MediaType.PDF) == FileRejectionReason.PASSWORD
