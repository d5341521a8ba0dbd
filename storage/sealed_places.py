"""Every sealed value there is, opened at its own place: one that was changed, or moved from another row, is found."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import sqlalchemy as sa

from hub.domain.errors import EvidenceDamaged, KeysUnusable
from storage.records import Record
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


def list_unreadable(tx: Transaction) -> Iterator[tuple[str, str]]:
    """(table, row and column) of each sealed value that does not open where it stands."""
    for table in Record.metadata.sorted_tables:
        sealed = [column.name for column in table.c if column.name.endswith(_SEALED)]
        if sealed and table.name not in ELSEWHERE:
            yield from _unreadable(tx, table, sealed)


def _unreadable(tx: Transaction, table: sa.Table, sealed: list[str]) -> Iterator[tuple[str, str]]:
    names = {"id", "version", *(column.name for column in table.primary_key), *sealed}
    wanted = [column for column in table.c if column.name in names]
    query = sa.select(*wanted).order_by(*table.primary_key).execution_options(yield_per=200)
    with tx.session.execute(query) as rows:
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
