"""Which parts of a picture are a page each."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.viewing import MAX_WIDTH, pages_of, scale_of

SIDES = st.integers(min_value=1, max_value=100_000)


@pytest.mark.parametrize(
    ("width", "height", "pages"),
    [
        (620, 880, 1),
        (4032, 3024, 1),
        (3024, 4032, 1),
        (1170, 2532, 1),
        (1440, 3200, 1),
        (1080, 24_000, 11),
        (1, 1, 1),
        (24_000, 1080, 16),
        (1600, 3600, 1),
        (1600, 3601, 2),
    ],
)
def test_a_photo_is_one_page_and_a_screenshot_of_a_whole_chat_several(width: int, height: int, pages: int) -> None:
    assert len(list(pages_of(width, height))) == pages


@given(width=SIDES, height=SIDES)
def test_the_pages_are_all_of_the_picture_in_order_and_none_is_too_wide(width: int, height: int) -> None:
    boxes = list(pages_of(width, height))
    scale = scale_of(width, height)
    assert 0 < scale <= 1
    assert boxes[0][:2] == (0, 0)
    assert boxes[-1][2:] == (width, height)
    for left, top, right, bottom in boxes:
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
        assert (right - left) * scale <= MAX_WIDTH + 2
        assert (bottom - top) * scale <= 3602
    for before, after in itertools.pairwise(boxes):
        # Each line of text is whole on one of two neighbours.
        shared = max(before[2] - after[0], before[3] - after[1])
        assert before[0] < after[0] or before[1] < after[1]
        assert shared * scale >= 78
