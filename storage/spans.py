"""Spans of a table: who looks over all of it takes some rows at a time, in the order of a key, and can go on later."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage.transaction import Transaction

Key = tuple[str | int | bytes, ...]
"""The values of the columns that rows are taken in the order of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The rows behind `after`, up to `upto` and with it; where there is no such end they go on to the table's own."""

    after: Key | None = None
    upto: Key | None = None

    def of(self, *columns: Any) -> list[sa.ColumnElement[bool]]:
        """What a question asks of these columns so that it is about the rows of the span."""
        which = []
        if self.after is not None:
            which.append(_together(columns) > _values(columns, self.after))
        if self.upto is not None:
            which.append(_together(columns) <= _values(columns, self.upto))
        return which


WHOLE = Span()


def _together(columns: Sequence[Any]) -> Any:
    return columns[0] if len(columns) == 1 else sa.tuple_(*columns)


def _values(columns: Sequence[Any], key: Key) -> Any:
    literals = [sa.literal(value, column.type) for value, column in zip(key, columns, strict=True)]
    return literals[0] if len(literals) == 1 else sa.tuple_(*literals)


def next_span(
    tx: Transaction, columns: Sequence[Any], after: Key | None, many: int, *which: sa.ColumnElement[bool]
) -> Span:
    """The next `many` rows of `which` behind that key; one without an end where there are no more than these."""
    query = sa.select(*columns).where(*Span(after=after).of(*columns), *which).order_by(*columns)
    last = tx.session.execute(query.offset(many - 1).limit(1)).first()
    return Span(after=after, upto=None if last is None else tuple(last))
