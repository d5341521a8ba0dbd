"""Hashes of what pages show, made by the real confined processes: the same paper again, and another."""

import io
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from PIL import Image, ImageDraw, ImageEnhance

from hub.documents.inspection import Inspector
from hub.domain.evidence import MediaType
from hub.domain.picture_hash import HASHED_PAGES, is_near
from tests.documents.pictures import statement, written

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def inspector() -> Iterator[Inspector]:
    with Inspector() as one:
        yield one


def hashes_of(inspector: Inspector, data: bytes, media_type: MediaType = MediaType.JPEG) -> list[bytes | None]:
    return [page.picture_hash for drawing in inspector.draw([data], media_type) for page in drawing.pages]


def payslip(seed: int = 1) -> Image.Image:
    """A paper with blocks of its own, as a payslip, a bill or a certificate has."""
    made = Image.new("RGB", (1000, 1400), "white")
    pen = ImageDraw.Draw(made)
    for row in range(14):
        for column in range(5):
            width = (seed * 7919 + row * 104729 + column * 1299709) % 170
            pen.rectangle((column * 190 + 30, row * 95 + 30, column * 190 + 30 + width, row * 95 + 80), "black")
    return made


def smaller(picture: Image.Image) -> Image.Image:
    return picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.LANCZOS)


def with_another_name(picture: Image.Image) -> Image.Image:
    changed = picture.copy()
    ImageDraw.Draw(changed).rectangle((220, 35, 300, 75), "white")
    return changed


CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "saved anew": lambda picture: picture,
    "made smaller": smaller,
    "made lighter": lambda picture: ImageEnhance.Brightness(picture).enhance(1.2),
    "a name painted over": with_another_name,
    "made grey": lambda picture: picture.convert("L").convert("RGB"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_same_paper_again_is_near(inspector: Inspector, change: str) -> None:
    [before] = hashes_of(inspector, written(payslip(), "PNG"), MediaType.PNG)
    [after] = hashes_of(inspector, written(CHANGES[change](payslip()), "JPEG", quality=60))
    assert before is not None
    assert after is not None
    assert is_near(before, after)


def test_papers_of_different_looks_are_not(inspector: Inspector) -> None:
    found = [hashes_of(inspector, written(payslip(seed), "JPEG"))[0] for seed in range(1, 6)]
    for one, other in pairwise(found):
        assert one is not None
        assert other is not None
        assert not is_near(one, other)


def test_a_blank_page_has_none(inspector: Inspector) -> None:
    assert hashes_of(inspector, written(Image.new("RGB", (1000, 1400), "#fdfcf8"), "JPEG")) == [None]


def test_the_first_pages_of_a_pdf_have_hashes_and_the_others_none(inspector: Inspector) -> None:
    pages = [payslip(seed) for seed in range(1, HASHED_PAGES + 3)]
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:])
    found = hashes_of(inspector, out.getvalue(), MediaType.PDF)
    assert [each is not None for each in found] == [True] * HASHED_PAGES + [False] * 2


def test_a_page_of_a_pdf_is_near_the_picture_that_it_was_made_of(inspector: Inspector) -> None:
    out = io.BytesIO()
    payslip().save(out, "PDF")
    [in_a_pdf] = hashes_of(inspector, out.getvalue(), MediaType.PDF)
    [by_itself] = hashes_of(inspector, written(payslip(), "JPEG"))
    assert in_a_pdf is not None
    assert by_itself is not None
    assert is_near(in_a_pdf, by_itself)


def test_a_long_screenshot_has_hashes_of_its_first_parts(inspector: Inspector) -> None:
    found = hashes_of(inspector, written(statement((1080, 24000)), "PNG"), MediaType.PNG)
    assert len(found) > HASHED_PAGES
    assert all(each is None for each in found[HASHED_PAGES:])
