"""What banks get of a picture: upright, the same to look at, and nothing of where, when and by what it was taken."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image

from hub.documents.inspection import Inspector
from hub.documents.pictures import THUMBNAIL_SIDE
from hub.domain.evidence import MAX_THUMBNAIL_SIZE, CleanCopy, MediaType
from tests.applications import pdf
from tests.documents.pictures import MARKS, WRITTEN_DOWN, corners_of, exif_of, marked, noise, noted, written

pytestmark = pytest.mark.slow

KINDS = {
    "JPEG": (MediaType.JPEG, MediaType.JPEG),
    "PNG": (MediaType.PNG, MediaType.PNG),
    "HEIF": (MediaType.HEIC, MediaType.JPEG),
    "WEBP": (MediaType.WEBP, MediaType.JPEG),
}


@pytest.fixture(scope="module")
def inspector() -> Iterator[Inspector]:
    with Inspector() as one:
        yield one


def copied(inspector: Inspector, data: bytes, media_type: MediaType) -> CleanCopy:
    verdict = inspector.inspect([data], media_type)
    assert verdict.copy is not None, verdict
    return verdict.copy


def opened(copy: CleanCopy) -> Image.Image:
    picture = Image.open(io.BytesIO(copy.content))
    picture.load()
    return picture


@pytest.mark.parametrize("kind", list(KINDS))
def test_nothing_is_left_of_what_was_noted_beside_a_picture(inspector: Inspector, kind: str) -> None:
    sent = noted(marked(), kind)
    told = [mark for mark in MARKS if mark in sent]
    assert len(told) >= 3, "the picture says where it was taken"
    media_type, becomes = KINDS[kind]
    copy = copied(inspector, sent, media_type)
    assert copy.media_type == becomes
    assert [mark for mark in MARKS if mark in copy.content] == []
    picture = opened(copy)
    assert Image.MIME[str(picture.format)] == becomes
    assert dict(picture.getexif()) == {}
    assert picture.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert corners_of(picture) == [0, 1, 2, 3]


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("orientation", [*WRITTEN_DOWN, 0, 1, 9])
def test_a_copy_is_upright(inspector: Inspector, kind: str, orientation: int) -> None:
    upright = marked()
    as_it_was_held = WRITTEN_DOWN.get(orientation)
    sent = noted(upright if as_it_was_held is None else upright.transpose(as_it_was_held), kind, orientation)
    picture = opened(copied(inspector, sent, KINDS[kind][0]))
    assert (picture.size, corners_of(picture)) == (upright.size, [0, 1, 2, 3])


def test_a_heic_that_turns_itself_is_not_turned_again(inspector: Inspector) -> None:
    held = marked().transpose(Image.Transpose.ROTATE_90)
    picture = opened(copied(inspector, written(held, "HEIF", exif=exif_of(6).tobytes()), MediaType.HEIC))
    assert (picture.size, corners_of(picture)) == ((96, 64), [0, 1, 2, 3])


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")]
    + [("JPEG", mode) for mode in ("L", "RGB", "CMYK")]
    + [("WEBP", "RGBA"), ("HEIF", "RGBA"), ("HEIF", "L")],
)
def test_a_picture_of_any_colours_looks_as_it_was_sent(inspector: Inspector, kind: str, mode: str) -> None:
    sent = Image.linear_gradient("L").convert(mode) if mode != "I;16" else deep_gradient()
    picture = opened(copied(inspector, written(sent, kind), KINDS[kind][0]))
    expected = Image.linear_gradient("L").convert(mode if mode == "1" else "L").convert("L")
    seen = (
        picture.convert("I").point(lambda value: value / 256).convert("L") if mode == "I;16" else picture.convert("L")
    )
    wrong = sum(abs(a - b) for a, b in zip(seen.tobytes(), expected.tobytes(), strict=True)) / (256 * 256)
    assert wrong < 3


def deep_gradient() -> Image.Image:
    """The gradient in 16 bits of grey."""
    values = b"".join((value * 256).to_bytes(2, "little") for value in Image.linear_gradient("L").tobytes())
    return Image.frombytes("I;16", (256, 256), values)


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (written(Image.new("RGBA", (40, 30), (10, 200, 10, 0)), "WEBP"), "WEBP"),
        (written(Image.new("RGBA", (40, 30), (10, 200, 10, 0)), "HEIF"), "HEIF"),
    ],
    ids=["WEBP", "HEIF"],
)
def test_what_can_be_seen_through_is_white_in_a_jpeg(inspector: Inspector, sent: bytes, kind: str) -> None:
    picture = opened(copied(inspector, sent, KINDS[kind][0]))
    assert picture.getpixel((20, 15)) == (255, 255, 255)


def test_what_can_be_seen_through_in_a_png_still_can(inspector: Inspector) -> None:
    palette = Image.new("P", (40, 30), 1)
    palette.putpalette([0, 0, 0, 250, 10, 10])
    sent = written(palette, "PNG", transparency=1)
    assert opened(copied(inspector, sent, MediaType.PNG)).convert("RGBA").getpixel((5, 5)) == (250, 10, 10, 0)


def test_of_several_pictures_in_a_file_the_first_is_copied_and_nothing_behind_it(inspector: Inspector) -> None:
    several = written(marked(), "MPO", save_all=True, append_images=[Image.new("RGB", (90, 60), "black")])
    behind = noted(marked(), "JPEG") + b"ftypmp42 a motion picture with GPS behind the still one"
    for sent in (several, behind):
        copy = copied(inspector, sent, MediaType.JPEG)
        assert corners_of(opened(copy)) == [0, 1, 2, 3]
        assert len(copy.content) < 5000
        assert b"GPS" not in copy.content


def test_the_same_picture_gives_the_same_copy(inspector: Inspector) -> None:
    sent = noted(noise((300, 200)), "JPEG")
    assert copied(inspector, sent, MediaType.JPEG) == copied(inspector, sent, MediaType.JPEG)


def test_a_picture_of_a_hundred_megapixels_is_copied_whole_and_turned(
    inspector: Inspector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    sent = written(Image.new("RGB", (12_000, 8_700), "white"), "JPEG", exif=exif_of(6))
    copy = copied(inspector, sent, MediaType.JPEG)
    with Image.open(io.BytesIO(copy.content)) as picture:
        assert picture.size == (8_700, 12_000)


def thumbnail(inspector: Inspector, data: bytes, media_type: MediaType) -> Image.Image:
    copy = copied(inspector, data, media_type)
    assert copy.thumbnail is not None
    assert len(copy.thumbnail) <= MAX_THUMBNAIL_SIZE
    # Three bytes stand in any noise by chance.
    assert [mark for mark in MARKS if len(mark) > 3 and mark in copy.thumbnail] == []
    picture = Image.open(io.BytesIO(copy.thumbnail))
    picture.load()
    assert picture.format == "JPEG"
    assert not picture.getexif()
    return picture


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("orientation", list(WRITTEN_DOWN))
def test_a_thumbnail_is_upright_and_says_nothing_of_its_maker(
    inspector: Inspector, kind: str, orientation: int
) -> None:
    sent = noted(marked((240, 240)).transpose(WRITTEN_DOWN[orientation]), kind, orientation)
    made = thumbnail(inspector, sent, KINDS[kind][0])
    assert made.size == (THUMBNAIL_SIDE, THUMBNAIL_SIDE)
    assert corners_of(made) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("size", "kind"),
    [((4000, 3000), "JPEG"), ((3000, 4000), "HEIF"), ((1080, 24000), "PNG"), ((24000, 1080), "PNG"), ((3, 2), "PNG")],
    ids=["12 megapixels", "HEIC", "a long screenshot", "a panorama", "tiny"],
)
def test_a_picture_of_whatever_form_has_a_square_thumbnail(
    inspector: Inspector, size: tuple[int, int], kind: str
) -> None:
    made = thumbnail(inspector, written(noise(size), kind, quality=60), KINDS[kind][0])
    side = min(THUMBNAIL_SIDE, *size)
    assert made.size == (side, side)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_a_picture_in_whatever_colours_has_a_thumbnail(inspector: Inspector, mode: str) -> None:
    sent = written(noise((400, 300)).convert("L").convert(mode), "PNG")
    assert thumbnail(inspector, sent, MediaType.PNG).mode in {"L", "RGB"}


def test_the_grain_of_a_bad_photograph_makes_no_larger_thumbnail(inspector: Inspector) -> None:
    grain = Image.merge("RGB", [Image.effect_noise((672, 672), 250) for _ in range(3)])
    assert thumbnail(inspector, written(grain, "PNG"), MediaType.PNG).size == (THUMBNAIL_SIDE, THUMBNAIL_SIDE)


def test_a_pdf_has_no_thumbnail(inspector: Inspector) -> None:
    copy = inspector.inspect([pdf()], MediaType.PDF).copy
    assert copy is not None
    assert copy.thumbnail is None
