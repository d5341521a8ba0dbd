"""Whole tables as lines that either database takes back: what backups are made of.

A line is a JSON array in the order of the columns. Instants are RFC 3339 in UTC, days ISO 8601, bytes base64, and JSON
the very text that was stored. Nothing is opened: what is sealed in the database is sealed in a line.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.records import Record
from storage.records.base import UtcDateTime

LEFT_OUT: Final = frozenset({"access_token", "launch", "page_session", "sign_in_code", "worker_beat"})
"""Tables of ways in that are open for a while: an old copy would open again what has been closed since. And workers of
then, whom nobody has to miss."""
_TOGETHER: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class TableShape:
    """A table as it was written: its columns in the order of each line, by the kind of their values."""

    name: str
    columns: Mapping[str, str]


class _StoredText(sa.types.TypeDecorator[str]):
    """JSON as the text that it was, where the column would not take text."""

    impl = sa.Text
    cache_ok = True

    def bind_expression(self, bindparam: Any) -> Any:
        """The text becomes JSON in the database alone."""
        return sa.cast(sa.type_coerce(bindparam, sa.Text()), sa.JSON())


_KINDS: Final[Sequence[tuple[type[Any], str]]] = (
    (UtcDateTime, "instant"),
    (sa.JSON, "json"),
    (sa.LargeBinary, "bytes"),
    (sa.Boolean, "boolean"),
    (sa.Date, "day"),
    (sa.Integer, "integer"),
    (sa.String, "text"),
)
_TYPES: Final[Mapping[str, Any]] = {
    "instant": UtcDateTime(),
    "json": sa.Text(),
    "bytes": sa.LargeBinary(),
    "boolean": sa.Boolean(),
    "day": sa.Date(),
    "integer": sa.BigInteger(),
    "text": sa.Text(),
}
_TO_JSON: Final[Mapping[str, Callable[[Any], Any]]] = {
    "instant": lambda at: at.astimezone(UTC).isoformat(),
    "bytes": lambda value: b64encode(value).decode(),
    "day": date.isoformat,
}
_FROM_JSON: Final[Mapping[str, Callable[[Any], Any]]] = {
    "instant": datetime.fromisoformat,
    "bytes": b64decode,
    "day": date.fromisoformat,
}


def shapes() -> list[TableShape]:
    """Every table that a backup holds, each behind those that its rows name."""
    return [
        TableShape(name=table.name, columns={column.name: _kind_of(column) for column in table.columns})
        for table in Record.metadata.sorted_tables
        if table.name not in LEFT_OUT
    ]


def _kind_of(column: sa.Column[Any]) -> str:
    return next(kind for type_, kind in _KINDS if isinstance(column.type, type_))


def take_time(session: Session) -> None:
    """The open transaction may last, and each statement in it: whole tables are not read in a request's time."""
    if session.get_bind().dialect.name == "postgresql":
        for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
            session.execute(sa.text(f"SET LOCAL {limit} = 0"))


def dump(session: Session, shape: TableShape) -> Iterator[bytes]:
    """A line for each row, a few rows at a time."""
    table = Record.metadata.tables[shape.name]
    columns = [
        sa.cast(table.c[name], sa.Text()) if kind == "json" else table.c[name] for name, kind in shape.columns.items()
    ]
    writers = [_TO_JSON.get(kind, _same) for kind in shape.columns.values()]
    query = sa.select(*columns).order_by(*table.primary_key.columns).execution_options(yield_per=_TOGETHER)
    with session.execute(query) as rows:
        for row in rows:
            values = [None if value is None else write(value) for write, value in zip(writers, row, strict=True)]
            yield json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def load(session: Session, shape: TableShape, lines: Iterable[bytes]) -> int:
    """The rows are there; gives how many. The table has these columns and none of these rows."""
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    types = dict(_TYPES) if on_sqlite else {**_TYPES, "json": _StoredText()}
    columns = [sa.column(name, types[kind]) for name, kind in shape.columns.items()]
    statement = sa.insert(sa.table(shape.name, *columns))
    count = 0
    rest = read(shape, lines)
    while rows := list(islice(rest, _TOGETHER)):
        session.connection().execute(statement, rows)
        count += len(rows)
    return count


def read(shape: TableShape, lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The rows by their columns; what is JSON stays text."""
    readers = [_FROM_JSON.get(kind, _same) for kind in shape.columns.values()]
    for line in lines:
        yield {
            name: None if value is None else from_json(value)
            for name, from_json, value in zip(shape.columns, readers, json.loads(line), strict=True)
        }


def _same(value: Any) -> Any:
    return value


def empty_of_keys(session: Session) -> None:
    """Which keys sealed what is noted nowhere: a hub that was started notes its own before anything is sealed."""
    session.execute(sa.delete(Record.metadata.tables["sealing_key"]))


def tables_in_use(session: Session) -> list[str]:
    """The tables that hold any row, but for the note of which keys there are; of a database without tables none."""
    there = set(sa.inspect(session.connection()).get_table_names())
    return [
        table.name
        for table in Record.metadata.sorted_tables
        if table.name in there
        and table.name != "sealing_key"
        and session.scalar(sa.select(sa.exists(sa.select(sa.literal(1)).select_from(table))))
    ]
