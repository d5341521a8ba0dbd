"""Lists page by page: where a page begins, and how long it is."""

from dataclasses import dataclass
from datetime import datetime

Place = tuple[datetime, str]
"""Where a page ended: the sort key and the id of the last one that was seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Where a page of a list begins and how long it is. `after` is the place of the last one seen."""

    limit: int
    after: Place | None = None
