"""Viewing copies: a file as pictures of its pages, which any browser shows and which can hold nothing but what is seen.

What is longer than a page is shown in several: a screenshot of a whole chat, a web page printed as one sheet.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

MAX_WIDTH: Final = 1600
"""No page is wider, in pixels."""
MAX_PAGES: Final = 100
"""So many pages of a file are made; of a longer one the reader is told how many are not shown."""
MAX_PAGE_SIZE: Final = 8 * 1024 * 1024
"""No page weighs more, in bytes."""
MAX_TOTAL_SIZE: Final = 64 * 1024 * 1024
"""Once the pages of a file weigh so much, no further one is made."""

# Two screens of a desk; what is higher than one and a half such pages is cut.
_PAGE_HEIGHT: Final = 2400
_UNCUT_HEIGHT: Final = 3600
# Neighbours share so much, so that each line of text is whole on one of them.
_SHARED: Final = 80
# What is so much wider than high would be too small to read at one page's width.
_WIDE: Final = 3

Box = tuple[int, int, int, int]
"""Left, top, right, bottom, in pixels of the whole picture."""


@unique
class ViewingStatus(StrEnum):
    """How far a viewing copy is."""

    WAITING = "waiting"
    MADE = "made"
    FAILED = "failed"


@unique
class NoPagesReason(StrEnum):
    """Why no page of a file can be shown."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewingPage:
    """A page as a JPEG of so many pixels; `picture_hash` as `hub.domain.picture_hash` makes it, of the first alone."""

    width: int
    height: int
    content: bytes
    picture_hash: bytes | None = None


def scale_of(width: float, height: float) -> float:
    """By how much a picture is made smaller for its pages; 1.0 where it is small enough."""
    if _is_wide(width, height):
        return min(1.0, _PAGE_HEIGHT / height)
    return min(1.0, MAX_WIDTH / width)


def pages_of(width: int, height: int) -> Iterator[Box]:
    """The parts of a picture that are a page each, in the order in which they are read."""
    scale = scale_of(width, height)
    if _is_wide(width, height):
        for start, end in _pieces(width, longest=MAX_WIDTH / scale, uncut=MAX_WIDTH / scale, shared=_SHARED / scale):
            yield start, 0, end, height
    else:
        for start, end in _pieces(
            height, longest=_PAGE_HEIGHT / scale, uncut=_UNCUT_HEIGHT / scale, shared=_SHARED / scale
        ):
            yield 0, start, width, end


def _is_wide(width: float, height: float) -> bool:
    return width > MAX_WIDTH and width > _WIDE * height


def _pieces(length: int, *, longest: float, uncut: float, shared: float) -> Iterator[tuple[int, int]]:
    """Pieces of much the same length, which together are all of it."""
    if length <= uncut:
        yield 0, length
        return
    step = longest - shared
    count = -int(-(length - shared) // step)
    for number in range(count):
        start = (length - shared) * number / count
        end = (length - shared) * (number + 1) / count + shared
        yield int(start), min(length, int(end) + 1)
