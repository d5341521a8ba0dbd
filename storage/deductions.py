"""Deductions that people reported: finding and writing them."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from hub.domain.deduction import Deduction
from hub.domain.plain import from_plain, to_plain
from hub.domain.retention import THREE_YEARS
from storage.records import DeductionRecord, new_id
from storage.sealed_json import open_json, seal_json
from storage.transaction import Transaction

_TABLE = "deduction"


def add(
    tx: Transaction, owner_index: bytes, *, client_id: str, deduction: Deduction, during_hold: bool
) -> DeductionRecord:
    """The deduction is on record; nothing of it changes later."""
    row = new_id()
    record = DeductionRecord(
        id=row,
        owner_index=owner_index,
        client_id=client_id,
        mandate_id=deduction.mandate_id,
        contents_sealed=seal_json(tx, to_plain(deduction), table=_TABLE, column="contents", row=row),
        during_hold=during_hold,
        reported_at=tx.now,
        changed_at=tx.now,
        expires_at=tx.now + timedelta(days=THREE_YEARS),
    )
    tx.session.add(record)
    tx.session.flush()
    return record


def list_of(tx: Transaction, owner_indexes: Sequence[bytes], *, client_id: str) -> list[DeductionRecord]:
    """What the person reported, the newest first."""
    query = (
        sa.select(DeductionRecord)
        .where(DeductionRecord.owner_index.in_(owner_indexes), DeductionRecord.client_id == client_id)
        .order_by(DeductionRecord.id.desc())
    )
    return list(tx.session.scalars(query))


def find(tx: Transaction, deduction_id: str) -> DeductionRecord | None:
    """The report, whoever's it is."""
    return tx.session.get(DeductionRecord, deduction_id)


def deduction_of(tx: Transaction, record: DeductionRecord) -> Deduction:
    """What was reported."""
    plain = open_json(tx, record.contents_sealed, table=_TABLE, column="contents", row=record.id)
    return from_plain(Deduction, plain)


def forget_expired(tx: Transaction) -> None:
    """Reports whose time is over are gone."""
    tx.session.execute(sa.delete(DeductionRecord).where(DeductionRecord.expires_at <= tx.now))
