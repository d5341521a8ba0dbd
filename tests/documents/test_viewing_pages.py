"""Pages drawn from real files by the real confined processes, and read back."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from hub.documents.inspection import Drawing, Inspector
from hub.domain.evidence import MAX_THUMBNAIL_SIZE, FileRejectionReason, MediaType
from hub.domain.viewing import MAX_PAGE_SIZE, MAX_PAGES, MAX_WIDTH, ViewingPage
from tests.documents import hostile_pdfs
from tests.documents.pictures import CORNERS, MARKS, marked, noise, noted, statement, written

pytestmark = pytest.mark.slow

TYPES = {"JPEG": MediaType.JPEG, "PNG": MediaType.PNG, "WEBP": MediaType.WEBP, "HEIF": MediaType.HEIC}


@pytest.fixture(scope="module")
def inspector() -> Iterator[Inspector]:
    with Inspector() as one:
        yield one


def drawn(inspector: Inspector, data: bytes, media_type: MediaType) -> list[Drawing]:
    return list(inspector.draw(iter([data]), media_type))


def only_page(drawings: list[Drawing]) -> ViewingPage:
    [drawing] = drawings
    assert drawing.reason is None
    [page] = drawing.pages
    return page


def opened(page: ViewingPage) -> Image.Image:
    with Image.open(io.BytesIO(page.content)) as shown:
        shown.load()
        assert (shown.format, shown.size) == ("JPEG", (page.width, page.height))
        return shown


def is_near(seen: Any, colour: tuple[int, int, int]) -> bool:
    return all(abs(one - other) < 40 for one, other in zip(seen, colour, strict=True))


def dark(picture: Image.Image) -> float:
    """Which part of the picture is ink."""
    return sum(picture.convert("L").histogram()[:128]) / (picture.width * picture.height)


@pytest.mark.parametrize("kind", TYPES)
def test_a_picture_of_any_kind_is_a_page_upright_without_its_notes(inspector: Inspector, kind: str) -> None:
    # Held sideways: what EXIF says turns it by a quarter.
    page = only_page(drawn(inspector, noted(marked(), kind, 6), TYPES[kind]))
    shown = opened(page)
    assert shown.size == (64, 96)
    corners = [shown.getpixel(place) for place in ((4, 4), (59, 4), (59, 91), (4, 91))]
    turned = (CORNERS[3], CORNERS[0], CORNERS[1], CORNERS[2])
    assert all(is_near(seen, colour) for seen, colour in zip(corners, turned, strict=True)), corners
    assert not [mark for mark in MARKS if mark in page.content]


def test_a_large_photo_is_no_wider_than_a_page(inspector: Inspector) -> None:
    [drawing] = drawn(inspector, written(noise((4032, 3024)), "JPEG"), MediaType.JPEG)
    [page] = drawing.pages
    assert (page.width, page.height) == (MAX_WIDTH, 1200)
    assert drawing.thumbnail
    assert len(drawing.thumbnail) <= MAX_THUMBNAIL_SIZE


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_picture_in_any_colours_is_a_page(inspector: Inspector, mode: str) -> None:
    made = statement((2400, 1200)).convert("L")
    made = made.convert("I").convert("I;16") if mode == "I;16" else made.convert(mode)
    page = only_page(drawn(inspector, written(made, "PNG"), MediaType.PNG))
    assert (page.width, page.height) == (1600, 800)


def test_a_screenshot_of_a_whole_chat_is_several_pages_that_can_be_read(inspector: Inspector) -> None:
    whole = statement((1080, 24_000))
    [drawing] = drawn(inspector, written(whole, "PNG"), MediaType.PNG)
    assert (len(drawing.pages), drawing.count) == (11, 11)
    assert {page.width for page in drawing.pages} == {1080}
    assert dark(opened(drawing.pages[10])) > dark(whole) / 2


def test_of_a_picture_of_too_many_pages_some_are_drawn_and_counted(inspector: Inspector) -> None:
    [drawing] = drawn(inspector, written(Image.new("1", (8, 400_000)), "PNG"), MediaType.PNG)
    assert len(drawing.pages) == MAX_PAGES
    assert drawing.count > MAX_PAGES


def test_a_picture_of_a_hundred_megapixels_is_one_page_of_bounded_size(inspector: Inspector) -> None:
    page = only_page(drawn(inspector, written(Image.new("L", (10_000, 10_000), 200), "JPEG"), MediaType.JPEG))
    assert (page.width, page.height) == (MAX_WIDTH, MAX_WIDTH)
    assert len(page.content) <= MAX_PAGE_SIZE


def test_a_pdf_of_a_thousand_pages_is_no_file_and_none_of_it_is_drawn(inspector: Inspector) -> None:
    data = hostile_pdfs.pages(1000)
    assert inspector.inspect([data], MediaType.PDF).reason == FileRejectionReason.TOO_MANY_PAGES
    assert [each.pages for each in drawn(inspector, data, MediaType.PDF)] == [()]


def test_each_page_of_a_pdf_is_drawn_by_itself(inspector: Inspector) -> None:
    drawings = drawn(inspector, hostile_pdfs.pages(3), MediaType.PDF)
    assert [(len(each.pages), each.count) for each in drawings] == [(1, 3)] * 3
    assert [(page.width, page.height) for each in drawings for page in each.pages] == [(1600, 2264)] * 3
    assert [each.thumbnail is not None for each in drawings] == [True, False, False]


@pytest.mark.parametrize(
    ("size", "drawn_as"),
    [
        ((200, 300), [(800, 1200)]),
        ((14_400, 14_400), [(1600, 1600)]),
        ((595, 3000), [(1600, 2059)] * 4),
        ((3, 14_400), [(8, 2430)]),
    ],
)
def test_a_sheet_of_any_size_is_drawn_within_bounds(
    inspector: Inspector, size: tuple[int, int], drawn_as: list[tuple[int, int]]
) -> None:
    [drawing] = drawn(inspector, hostile_pdfs.pages(1, size), MediaType.PDF)
    shown = [(page.width, page.height) for page in drawing.pages]
    assert len(shown) >= len(drawn_as)
    for (width, height), (wanted, _) in zip(shown, drawn_as, strict=False):
        assert abs(width - wanted) <= 3
        assert width <= MAX_WIDTH
        assert height <= 3602
    assert sum(height for _, height in shown) < 45_000


def test_of_a_pdf_with_scripts_forms_links_and_attachments_only_pixels_are_left(inspector: Inspector) -> None:
    page = only_page(drawn(inspector, hostile_pdfs.with_everything(), MediaType.PDF))
    assert hostile_pdfs.MARK.encode() not in page.content
    shown = opened(page)
    assert dark(shown.crop((150, 240, 1200, 400))) > 0.01


def test_a_page_that_counts_on_the_readers_song_is_legible(inspector: Inspector) -> None:
    shown = opened(only_page(drawn(inspector, hostile_pdfs.naming_song(), MediaType.PDF)))
    assert dark(shown.crop((150, 150, 700, 450))) > 0.03


@pytest.mark.parametrize(
    ("data", "media_type", "reason"),
    [
        (b"%PDF-1.7 nothing", MediaType.PDF, FileRejectionReason.UNREADABLE),
        (b"\xff\xd8\xff nothing", MediaType.JPEG, FileRejectionReason.UNREADABLE),
    ],
)
def test_what_cannot_be_drawn_says_why(
    inspector: Inspector, data: bytes, media_type: MediaType, reason: FileRejectionReason
) -> None:
    [drawing] = drawn(inspector, data, media_type)
    assert (drawing.reason, drawing.pages, drawing.count) == (reason, (), 0)


def test_a_page_that_takes_too_long_is_left_out_and_the_others_are_drawn() -> None:
    slow = "0.1 0 0 0.1 0 0 cm " + "0 0 m 9000 9000 l S q 1 0 0 1 1 1 cm 0 0 5000 5000 re f Q " * 600_000
    data = hostile_pdfs.pages(1, contents=slow)
    # Much by the clock: a machine that has other things to do judges again instead.
    with Inspector(cpu_limit_s=1, wall_limit_s=60) as inspector:
        [drawing] = drawn(inspector, data, MediaType.PDF)
    assert drawing.reason == FileRejectionReason.TOO_SLOW
