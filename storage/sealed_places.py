"""Every sealed value there is, opened at its own place: one that was changed, or moved from another row, is found."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import sqlalchemy as sa

from hub.domain.errors import EvidenceDamaged, KeysUnusable
from storage.records import Record
from storage.spans import WHOLE, Span
from storage.transaction import Transaction

_SEALED: Final = "_sealed"
# Rows that are named otherwise than by their id, as whoever seals them does.
NAMED_OTHERWISE: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "answered_call": lambda row: f"{row['client_id']}/{row['key']}",
    "bank": lambda row: str(row["code"]),
    "content_salt": lambda row: f"{row['kind']}/{row['content_id']}",
    "given_evidence": lambda row: f"{row['negotiation_id']}/{row['evidence_id']}/{row['version']}",
    "launch": lambda row: row["digest"].hex(),
    "page_session": lambda row: row["digest"].hex(),
    "referral_partner": lambda row: str(row["code"]),
    "signing_key": lambda row: str(row["cert_id"]),
    "submission": lambda row: f"{row['negotiation_id']}/{row['version']}",
}
_OF_A_VERSION: Final = frozenset({("negotiation", "summary_sealed")})
# The log's words are opened with their chain, which knows who said them.
ELSEWHERE: Final = frozenset({"log_content", "request_content"})


def list_tables() -> list[sa.Table]:
    """The tables in which values are sealed that are opened here."""
    return [each for each in Record.metadata.sorted_tables if _sealed_in(each) and each.name not in ELSEWHERE]


def _sealed_in(table: sa.Table) -> list[str]:
    return [column.name for column in table.c if column.name.endswith(_SEALED)]


def list_unreadable(tx: Transaction, table: sa.Table, span: Span = WHOLE) -> Iterator[tuple[str, str]]:
    """(table, row and column) of each sealed value of the table that does not open where it stands.

    `span` is of the table's primary key.
    """
    sealed = _sealed_in(table)
    names = {"id", "version", *(column.name for column in table.primary_key), *sealed}
    wanted = [column for column in table.c if column.name in names]
    query = sa.select(*wanted).where(*span.of(*table.primary_key)).order_by(*table.primary_key)
    with tx.session.execute(query.execution_options(yield_per=200)) as rows:
        for row in map(dict, rows.mappings()):
            for column in sealed:
                place = _place(table.name, column, row)
                # What was erased leaves an empty value where the column needs one.
                if row[column] and not _opens(tx, row[column], table.name, column, place):
                    yield table.name, f"{place} {column.removesuffix(_SEALED)}"


def _place(table: str, column: str, row: Mapping[str, Any]) -> str:
    if (table, column) in _OF_A_VERSION:
        return f"{row['id']}/{row['version']}"
    return NAMED_OTHERWISE[table](row) if table in NAMED_OTHERWISE else str(row["id"])


def _opens(tx: Transaction, value: bytes, table: str, column: str, place: str) -> bool:
    try:
        tx.keyring.open(value, table=table, column=column.removesuffix(_SEALED), row=place)
    except (EvidenceDamaged, KeysUnusable):
        return False
    return True
