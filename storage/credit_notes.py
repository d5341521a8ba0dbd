"""What people ask their banks about their entries at the credit register: kept, found and answered."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.reading_ahead import known_of
from storage.records import CreditNoteRecord, NegotiationRecord, new_id
from storage.sealed_json import seal_json
from storage.transaction import Transaction


def add_note(tx: Transaction, negotiation: NegotiationRecord, *, said: Any, due_at: datetime) -> CreditNoteRecord:
    """The note is kept, its words sealed; `said` names the kind under `kind`."""
    record = CreditNoteRecord(
        id=new_id(),
        negotiation_id=negotiation.id,
        bank_code=negotiation.bank_code,
        kind=said["kind"],
        asked_at=tx.now,
        due_at=due_at,
    )
    record.said_sealed = seal_json(tx, said, table="credit_note", column="said", row=record.id)
    tx.session.add(record)
    tx.session.flush()
    return record


def list_notes(tx: Transaction, negotiation_id: str) -> list[CreditNoteRecord]:
    """All notes of the negotiation, oldest first."""
    known = known_of(tx, CreditNoteRecord, negotiation_id)
    if known is not None:
        return known
    return list(
        tx.session.scalars(
            sa.select(CreditNoteRecord)
            .where(CreditNoteRecord.negotiation_id == negotiation_id)
            .order_by(CreditNoteRecord.asked_at, CreditNoteRecord.id)
        )
    )
