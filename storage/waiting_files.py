"""What files wait for: one question over all the things that workers do to them."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from storage.transaction import Transaction


def question(lists: Mapping[str, sa.Select[Any]]) -> sa.Select[Any]:
    """For `named`: each of the lists, by its name, reads its own index as far as its first row."""
    return sa.select(*(each.scalar_subquery().label(name) for name, each in lists.items()))


def named(tx: Transaction, asked: sa.Select[Any]) -> list[str]:
    """The names of the lists that are not empty."""
    first = tx.session.execute(asked, {"limit": 1}).mappings().one()
    return [name for name, found in first.items() if found is not None]
