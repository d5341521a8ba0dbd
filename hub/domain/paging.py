"""Lists page by page: where a page begins, and how long it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

MOST_COUNTED: Final = 999
"""A count that a page shows goes no further: beyond it stands "999+", and nothing has to be counted to its end."""

Place = tuple[datetime, str]
"""Where a page ended: the sort key and the id of the last one that was seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Where a page of a list begins and how long it is. `after` is the place of the last one seen."""

    limit: int
    after: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A page that may be followed both ways: it lies behind `place`, or `before` it; None is where the list begins.

    The first part of a place is what the list is sorted by.
    """

    limit: int
    place: tuple[datetime | int, str] | None = None
    before: bool = False
