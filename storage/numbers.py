"""Which of some drawn numbers are taken."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from storage.transaction import Transaction


def taken(tx: Transaction, drawn: Sequence[tuple[InstrumentedAttribute[Any], Collection[str]]]) -> set[str]:
    """Those numbers that the column they were drawn for holds."""
    looks = [sa.select(column).where(column.in_(numbers)) for column, numbers in drawn]
    return set(tx.session.scalars(looks[0] if len(looks) == 1 else sa.union_all(*looks)))
