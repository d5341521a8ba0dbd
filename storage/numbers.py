"""Which of some drawn numbers are taken."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from storage.transaction import Transaction


def taken(tx: Transaction, column: InstrumentedAttribute[Any], numbers: Collection[str]) -> set[str]:
    """Those of `numbers` that `column` holds."""
    return set(tx.session.scalars(sa.select(column).where(column.in_(numbers))))
