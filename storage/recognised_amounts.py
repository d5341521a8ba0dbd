"""Amounts that a machine recognised in files, sealed, and the files that wait to be read."""

from collections.abc import Sequence

import sqlalchemy as sa

from hub.domain.recognised_amounts import RecognisedAmount
from storage.records import GivenEvidenceRecord, RecognisedAmountsRecord
from storage.sealed_json import open_json, seal_json
from storage.transaction import Transaction

_TABLE = RecognisedAmountsRecord.__tablename__
# Ids of files that a bank was given, the longest waiting first.
WAITING = (
    sa.select(RecognisedAmountsRecord.id)
    .where(
        sa.text("read_at IS NULL"),
        sa.exists().where(GivenEvidenceRecord.evidence_id == RecognisedAmountsRecord.id),
    )
    .order_by(RecognisedAmountsRecord.asked_at)
    .limit(sa.bindparam("limit", type_=sa.Integer))
)


def ask(tx: Transaction, evidence_id: str) -> None:
    """The file waits to be read, unless it was asked for before."""
    if find(tx, evidence_id) is None:
        tx.session.add(RecognisedAmountsRecord(id=evidence_id, asked_at=tx.now))


def find(tx: Transaction, evidence_id: str, *, lock: bool = False) -> RecognisedAmountsRecord | None:
    """How far the file was read; None where it is not to be."""
    return tx.session.get(RecognisedAmountsRecord, evidence_id, with_for_update=lock, populate_existing=lock)


def list_waiting(tx: Transaction, *, limit: int) -> list[str]:
    """Ids of the files that wait to be read and that a bank was given, the longest waiting first."""
    return list(tx.session.scalars(WAITING, {"limit": limit}))


def settle(tx: Transaction, record: RecognisedAmountsRecord, amounts: Sequence[RecognisedAmount]) -> None:
    """This is what was recognised; the file does not wait any more. The row must be locked."""
    data = [{"label": each.label, "amount_fen": each.amount_fen, "page": each.page} for each in amounts]
    record.amounts_sealed = seal_json(tx, data, table=_TABLE, column="amounts", row=record.id) if data else None
    record.read_at = tx.now
    tx.session.flush()


def forget(tx: Transaction, evidence_id: str) -> None:
    """Nothing that was recognised in the file is kept, and it is not read any more."""
    record = find(tx, evidence_id, lock=True)
    if record is not None:
        settle(tx, record, ())


def of_files(tx: Transaction, evidence_ids: Sequence[str]) -> dict[str, tuple[RecognisedAmount, ...]]:
    """What was recognised in those of the files in which anything was, by their ids."""
    record = RecognisedAmountsRecord
    query = sa.select(record).where(record.id.in_(evidence_ids), record.amounts_sealed.is_not(None))
    return {each.id: _opened(tx, each.id, each.amounts_sealed or b"") for each in tx.session.scalars(query)}


def _opened(tx: Transaction, id_: str, sealed: bytes) -> tuple[RecognisedAmount, ...]:
    return tuple(RecognisedAmount(**each) for each in open_json(tx, sealed, table=_TABLE, column="amounts", row=id_))


def remove(tx: Transaction, evidence_id: str) -> None:
    """Nothing is kept of the file."""
    tx.session.execute(sa.delete(RecognisedAmountsRecord).where(RecognisedAmountsRecord.id == evidence_id))
