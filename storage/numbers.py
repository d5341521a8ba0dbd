"""Which of some drawn numbers are taken."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from storage.transaction import Transaction


def taken(tx: Transaction, drawn: Sequence[tuple[InstrumentedAttribute[Any], Collection[str]]]) -> set[str]:
    """Those numbers that the column they were drawn for holds."""
    wanted = {_name(place): list(numbers) for place, (_, numbers) in enumerate(drawn)}
    return set(tx.session.scalars(_look(*(column for column, _ in drawn)), wanted))


@cache
def _look(*columns: InstrumentedAttribute[Any]) -> sa.Select[str] | sa.CompoundSelect[str]:
    # Made once for the few columns there are: making it costs more than asking it.
    looks = [
        sa.select(column).where(column.in_(sa.bindparam(_name(place), expanding=True)))
        for place, column in enumerate(columns)
    ]
    return looks[0] if len(looks) == 1 else sa.union_all(*looks)


def _name(place: int) -> str:
    return f"drawn_{place}"
