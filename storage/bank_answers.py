"""What a person says that their bank owes an answer to, reports of collection and credit notes: both sides' words."""

from typing import Any, TypeVar

import sqlalchemy as sa

from hub.domain.errors import NotFound
from storage.records import CollectionReportRecord, CreditNoteRecord, NegotiationRecord
from storage.sealed_json import open_json
from storage.transaction import Transaction

AnsweredT = TypeVar("AnsweredT", CollectionReportRecord, CreditNoteRecord)


def words_of(tx: Transaction, record: CollectionReportRecord | CreditNoteRecord) -> Any:
    """What the person said, as plain data."""
    return open_json(tx, record.said_sealed, table=record.__tablename__, column="said", row=record.id)


def get_of_negotiation(tx: Transaction, kind: type[AnsweredT], negotiation_id: str, record_id: str) -> AnsweredT:
    """The negotiation's record of that kind; raises `NotFound`."""
    record = tx.session.get(kind, record_id)
    if record is None or record.negotiation_id != negotiation_id:
        raise NotFound
    return record


def set_answer(tx: Transaction, record: CollectionReportRecord | CreditNoteRecord, text: str) -> None:
    """The bank's answer is kept with what was said, sealed."""
    record.answered_at = tx.now
    record.answer_sealed = tx.keyring.seal(text, table=record.__tablename__, column="answer", row=record.id)


def answer_of(tx: Transaction, record: CollectionReportRecord | CreditNoteRecord) -> str | None:
    """The bank's answer, or None."""
    if record.answer_sealed is None:
        return None
    return tx.keyring.open_text(record.answer_sealed, table=record.__tablename__, column="answer", row=record.id)


def list_waiting(tx: Transaction, kind: type[AnsweredT], bank_code: str, *, most: int) -> list[tuple[AnsweredT, str]]:
    """What of that kind the bank has not answered, with the references of the negotiations, first due first."""
    query = (
        sa.select(kind, NegotiationRecord.reference)
        .join(NegotiationRecord, NegotiationRecord.id == kind.negotiation_id)
        .where(kind.bank_code == bank_code, kind.answered_at.is_(None))
        .order_by(kind.due_at, kind.id)
        .limit(most)
    )
    return [(record, reference) for record, reference in tx.session.execute(query)]
