"""The access log and the audit as chains: each row gets its place when a head is signed, never while it is written.

So no request waits for another's: the one who signs heads gives the places, and rows that came later follow later.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from hub.domain.log_chain import NO_PREVIOUS, utc_instant
from hub.domain.log_heads import ACCESSES, AUDIT, ChainEnd, row_digest
from hub.domain.plain import Plain
from storage.records import AccessRecord, AuditRecord, RowSealRecord
from storage.spans import WHOLE, Span
from storage.transaction import Transaction

LOGS: Final = (ACCESSES, AUDIT)
_Row = AccessRecord | AuditRecord
_RECORDS: Final[Mapping[str, type[_Row]]] = {ACCESSES: AccessRecord, AUDIT: AuditRecord}
# A transaction that began so long ago is over: no row turns up later behind one that has its place. In milliseconds,
# of which the first 12 characters of an id are the count (UUIDv7).
_LATE_MS: Final = 3_600_000


def _plain(record: _Row) -> Plain:
    values: Plain = {column.name: getattr(record, column.name) for column in type(record).__table__.columns}
    return {**values, "at": utc_instant(record.at)}


def _last(tx: Transaction, log: str) -> RowSealRecord | None:
    query = sa.select(RowSealRecord).where(RowSealRecord.log == log).order_by(RowSealRecord.sequence.desc())
    return tx.session.scalar(query.limit(1))


def _without_place(tx: Transaction, log: str, *, since: str, limit: int) -> Sequence[_Row]:
    record: Any = _RECORDS[log]
    sealed = sa.exists().where(RowSealRecord.log == log, RowSealRecord.row_id == record.id)
    query = sa.select(record).where(record.id >= since, ~sealed).order_by(record.id).limit(limit)
    return tx.session.scalars(query).all()


def _since(last: RowSealRecord | None) -> str:
    if last is None:
        return ""
    try:
        return f"{max(0, int(last.row_id[:12], 16) - _LATE_MS):012x}"
    except ValueError:
        # No id of ours: whoever put that row in is found by it, and nothing is left out meanwhile.
        return ""


def seal(tx: Transaction, log: str, *, limit: int) -> tuple[ChainEnd | None, int]:
    """At most `limit` rows have their places. Gives the chain's new end, None where nothing was added, and how many.

    Only for who holds the lock of `storage.log_heads`.
    """
    last = _last(tx, log)
    sequence, digest = (0, NO_PREVIOUS) if last is None else (last.sequence, last.digest)
    rows: list[dict[str, Any]] = []
    for record in _without_place(tx, log, since=_since(last), limit=limit):
        sequence += 1
        digest = row_digest(log=log, sequence=sequence, previous=digest, row=_plain(record))
        rows.append({"log": log, "sequence": sequence, "row_id": record.id, "digest": digest})
    if not rows:
        return None, 0
    tx.session.execute(sa.insert(RowSealRecord), rows)
    return ChainEnd(chain=log, length=sequence, head=digest), len(rows)


def digest_at(tx: Transaction, log: str, sequence: int) -> str | None:
    """The digest of the log's chain at that place."""
    record = tx.session.get(RowSealRecord, (log, sequence))
    return None if record is None else record.digest


def iterate(tx: Transaction, log: str, span: Span = WHOLE) -> Iterator[tuple[RowSealRecord, Plain | None]]:
    """Each place of the log's chain in its order, with the row that stands there; None where that row is gone.

    `span` is of the places.
    """
    record: Any = _RECORDS[log]
    query = (
        sa.select(RowSealRecord, record)
        .outerjoin(record, record.id == RowSealRecord.row_id)
        .where(RowSealRecord.log == log, *span.of(RowSealRecord.sequence))
        .order_by(RowSealRecord.sequence)
        .execution_options(yield_per=1000)
    )
    # Whoever stops at the first broken row leaves no open cursor behind.
    with tx.session.execute(query) as rows:
        for seal_record, row in rows:
            yield seal_record, None if row is None else _plain(row)


def record_of(log: str) -> type[_Row]:
    """The rows of that log."""
    return _RECORDS[log]


def find_put_in(tx: Transaction, log: str, span: Span = WHOLE) -> str | None:
    """The id of a row that was put in afterwards, without a place though later ones have theirs, or None.

    Of the rows whose ids are in `span`. Rows that are newer than an hour before the last one with a place may still
    wait for theirs.
    """
    since = _since(_last(tx, log))
    record: Any = _RECORDS[log]
    sealed = sa.exists().where(RowSealRecord.log == log, RowSealRecord.row_id == record.id)
    which = (record.id < since, ~sealed, *span.of(record.id))
    return tx.session.scalar(sa.select(record.id).where(*which).order_by(record.id).limit(1))
