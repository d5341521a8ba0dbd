"""What people ask their banks about their entries at the credit register: kept, found and answered."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from hub.domain.errors import NotFound
from storage.reading_ahead import known_of
from storage.records import CreditNoteRecord, NegotiationRecord, new_id
from storage.sealed_json import open_json, seal_json
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


def words_of(tx: Transaction, record: CreditNoteRecord) -> Any:
    """What the person said, as plain data."""
    return open_json(tx, record.said_sealed, table="credit_note", column="said", row=record.id)


def get_note(tx: Transaction, negotiation_id: str, note_id: str) -> CreditNoteRecord:
    """The negotiation's note; raises `NotFound`."""
    record = tx.session.get(CreditNoteRecord, note_id)
    if record is None or record.negotiation_id != negotiation_id:
        raise NotFound
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


def set_answer(tx: Transaction, record: CreditNoteRecord, text: str) -> None:
    """The bank's answer is kept with the note, sealed."""
    record.answered_at = tx.now
    record.answer_sealed = tx.keyring.seal(text, table="credit_note", column="answer", row=record.id)


def answer_of(tx: Transaction, record: CreditNoteRecord) -> str | None:
    """The bank's answer, or None."""
    if record.answer_sealed is None:
        return None
    return tx.keyring.open_text(record.answer_sealed, table="credit_note", column="answer", row=record.id)


def list_waiting(tx: Transaction, bank_code: str, *, most: int) -> list[tuple[CreditNoteRecord, str]]:
    """The notes that the bank has not answered, with the references of their negotiations, first due first."""
    query = (
        sa.select(CreditNoteRecord, NegotiationRecord.reference)
        .join(NegotiationRecord, NegotiationRecord.id == CreditNoteRecord.negotiation_id)
        .where(CreditNoteRecord.bank_code == bank_code, CreditNoteRecord.answered_at.is_(None))
        .order_by(CreditNoteRecord.due_at, CreditNoteRecord.id)
        .limit(most)
    )
    return [(record, reference) for record, reference in tx.session.execute(query)]
