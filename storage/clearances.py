"""Certificates of settlement: keeping when one is due, and what a bank issued."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from hub.domain.clearance import Issuance
from hub.domain.plain import from_plain, to_plain
from storage.documents import CLEARANCE
from storage.reading_ahead import known_of
from storage.records import AgreementRecord, ClearanceRecord, DocumentRecord, NegotiationRecord, new_id
from storage.records.clearances import WAITING_SQL
from storage.sealed_json import open_json, seal_json
from storage.transaction import Transaction


def find(tx: Transaction, agreement_id: str) -> ClearanceRecord | None:
    """The certificate that is due for the agreement, issued or not; None where none is."""
    known = known_of(tx, ClearanceRecord, agreement_id)
    if known is not None:
        return next(iter(known), None)
    return tx.session.scalar(sa.select(ClearanceRecord).where(ClearanceRecord.agreement_id == agreement_id))


def add(tx: Transaction, agreement: AgreementRecord, *, due_at: datetime) -> ClearanceRecord:
    """A certificate is due for the agreement, which has none yet. The negotiation must be locked."""
    record = ClearanceRecord(
        id=new_id(),
        negotiation_id=agreement.negotiation_id,
        agreement_id=agreement.id,
        bank_code=agreement.bank_code,
        opened_at=tx.now,
        due_at=due_at,
        version=0,
    )
    tx.session.add(record)
    tx.session.flush()
    return record


def set_issued(tx: Transaction, record: ClearanceRecord, issuance: Issuance) -> None:
    """The next certificate is issued now; the one before stays a document. The negotiation must be locked."""
    record.version += 1
    record.issued_at = tx.now
    record.issuance_sealed = seal_json(tx, to_plain(issuance), table="clearance", column="issuance", row=record.id)


def issuance_of(tx: Transaction, record: ClearanceRecord) -> Issuance | None:
    """What the bank said with the newest certificate; None before there is one."""
    if record.issuance_sealed is None:
        return None
    plain = open_json(tx, record.issuance_sealed, table="clearance", column="issuance", row=record.id)
    return from_plain(Issuance, plain)


def list_late(tx: Transaction, at: datetime, limit: int) -> Sequence[str]:
    """Ids of certificates that were due before `at` and are not issued, of which nobody was told; the latest last."""
    query = (
        sa.select(ClearanceRecord.id)
        .where(sa.text(WAITING_SQL), ClearanceRecord.due_at < at)
        .order_by(ClearanceRecord.due_at, ClearanceRecord.id)
        .limit(limit)
    )
    return list(tx.session.scalars(query))


def list_unprinted(tx: Transaction, *, since: datetime, before: datetime, limit: int) -> list[str]:
    """Ids of negotiations whose newest certificate was issued in that time and is no document yet."""
    printed = sa.exists().where(
        DocumentRecord.negotiation_id == ClearanceRecord.negotiation_id,
        DocumentRecord.kind == CLEARANCE,
        DocumentRecord.version == ClearanceRecord.version,
    )
    query = (
        sa.select(ClearanceRecord.negotiation_id)
        .where(ClearanceRecord.issued_at >= since, ClearanceRecord.issued_at < before, ~printed)
        .order_by(ClearanceRecord.issued_at)
        .limit(limit)
    )
    return list(tx.session.scalars(query))


def list_waiting(tx: Transaction, bank_code: str, *, most: int) -> list[tuple[ClearanceRecord, str]]:
    """The certificates that the bank owes, with the references of their negotiations, first due first."""
    query = (
        sa.select(ClearanceRecord, NegotiationRecord.reference)
        .join(NegotiationRecord, NegotiationRecord.id == ClearanceRecord.negotiation_id)
        .where(ClearanceRecord.bank_code == bank_code, ClearanceRecord.issued_at.is_(None))
        .order_by(ClearanceRecord.due_at, ClearanceRecord.id)
        .limit(most)
    )
    return [(record, reference) for record, reference in tx.session.execute(query)]
