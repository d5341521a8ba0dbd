"""Counts that stop: how many rows there are, no further than somebody wants to know."""

from typing import Any

import sqlalchemy as sa


def count_up_to(most: int | sa.BindParameter[int], found: sa.Select[Any], *order: Any) -> sa.Select[int]:
    """How many rows are found, `most` at most; `order` is that of the index by which they are."""
    # Without an order PostgreSQL gathers all there are before it stops, or looks for so few in the table itself.
    some = found.order_by(*order).limit(most).subquery("found")
    return sa.select(sa.func.count()).select_from(some)
