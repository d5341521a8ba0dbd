"""The rows of each story out of the database that it was told in, opened, to be made patterns of."""

import re
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from hub.domain.plain import canonical
from storage.records import Record
from storage.sealed_places import ELSEWHERE, NAMED_OTHERWISE
from storage.transaction import Transaction

SEALED: Final = "_sealed"
_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
# For want of room, with mails that nobody needed: each message brings two of them.
_LEFT_OUT: Final = frozenset({"arrived_message", "message"})
# Of the hub as a whole, counted or signed anew.
_NO_CASES: Final = frozenset(
    {"alembic_version", "answered_week", "attempt", "audit_entry", "bank_line", "bank_tally", "log_end", "log_head"}
    | {"log_node", "row_seal", "sealing_key", "worker_beat"}
)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed value, opened: what it says, and the place that it is sealed for."""

    clear: bytes
    column: str
    row: str


Row = dict[str, Any]


@dataclass(slots=True)
class Rows:
    """All rows of one story by table, and every id in them that is the story's own."""

    tables: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    ids: set[str] = field(default_factory=set)

    def one(self, table: str) -> Row:
        """The only row there."""
        [row] = self.tables[table]
        return row


def cases_in(tx: Transaction, shared: Iterable[str]) -> list[Rows]:
    """Each application's rows with all that hangs on it; `shared` are the ids that many cases name."""
    known = set(shared)
    roots: dict[str, str] = {}

    def root(id_: str) -> str:
        while roots.setdefault(id_, id_) != id_:
            id_ = roots[id_]
        return id_

    found = []
    for table, row in _rows(tx):
        ids = set(_ID.findall(" ".join(map(str, _said(row))))) - known
        if not ids:
            continue
        first, *others = ids
        for each in others:
            roots[root(each)] = root(first)
        found.append((table, row, ids))
    cases: dict[str, Rows] = defaultdict(Rows)
    for table, row, ids in found:
        case = cases[root(next(iter(ids)))]
        case.tables[table].append(row)
        case.ids |= ids
    return [each for each in cases.values() if "application" in each.tables]


def _said(row: Row) -> Iterator[object]:
    for column, value in row.items():
        # Mails to one reader go out as one.
        if column == "message_id":
            continue
        match value:
            case Sealed() | bytes() | None:
                continue
            case list() | dict():
                yield canonical(value).decode()
            case _:
                yield value


def _rows(tx: Transaction) -> Iterator[tuple[str, Row]]:
    tables = Record.metadata.tables
    actors: dict[tuple[str, int], str] = {}
    for name in ("log_entry", *sorted(set(tables) - _NO_CASES - {"log_entry", "client", "staff", "bank"})):
        table = tables[name]
        for row in map(dict, tx.session.execute(sa.select(table).order_by(*table.primary_key)).mappings()):
            if name == "mail" and (row["status"] == "not_needed" or row["kind"] in _LEFT_OUT):
                continue
            if name == "log_entry":
                actors[row["negotiation_id"], row["sequence"]] = row["actor"]
            yield name, {column: _opened(tx, name, row, column, actors) for column in row}


def _opened(
    tx: Transaction, table: str, row: Mapping[str, Any], column: str, actors: Mapping[tuple[str, int], str]
) -> Any:
    value = row[column]
    if not column.endswith(SEALED) or not value:
        return value
    place, short = _place(table, column, row, actors), column.removesuffix(SEALED)
    return Sealed(tx.keyring.open(value, table=table, column=short, row=place), short, place)


def _place(table: str, column: str, row: Mapping[str, Any], actors: Mapping[tuple[str, int], str]) -> str:
    if table in ELSEWHERE:
        entry = f"{row['negotiation_id']}/{row['sequence']}"
        actor = actors[row["negotiation_id"], row["sequence"]]
        return entry if column == "salt_sealed" else f"{row['bank_code']}/{entry}/{actor}"
    if (table, column) == ("negotiation", "summary_sealed"):
        return f"{row['id']}/{row['version']}"
    return NAMED_OTHERWISE[table](row) if table in NAMED_OTHERWISE else str(row["id"])


def copied(value: Any) -> str:
    """A value as `COPY` reads it."""
    match value:
        case None:
            return "\\N"
        case bool():
            return "t" if value else "f"
        case bytes():
            return f"\\\\x{value.hex()}"
        case datetime() | date():
            return value.isoformat()
        case list() | dict():
            value = canonical(value).decode()
    text = str(value)
    for sign, spelt in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(sign, spelt)
    return text


def with_readings(rows: Rows) -> Rows:
    """The case with two readings by the desk, where it came to one: pages note them, and no page was looked at."""
    negotiation, people = rows.one("negotiation"), [each["owner_id"] for each in rows.tables["negotiation"]]
    at, owner = negotiation["reached_bank_at"], people[0]
    for hours in (1, 26) if at and owner else ():
        read_at = at + timedelta(hours=hours)
        id_ = f"{int(read_at.timestamp() * 1000):012x}7{secrets.token_hex(10)[1:]}"
        rows.ids.add(id_)
        rows.tables["access_entry"].append(
            {"id": id_, "at": read_at, "bank_code": negotiation["bank_code"], "negotiation_id": negotiation["id"],
             "actor": f"staff/{owner}", "what": "negotiation"}
        )  # fmt: skip
    return rows
