"""What people ask their banks about their entries at the credit register."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, Record, Word


class CreditNoteRecord(Record):
    """A person's word that an entry is settled or wrong, and the bank's answer."""

    __tablename__ = "credit_note"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    negotiation_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("negotiation.id"), index=True)
    bank_code: Mapped[str] = mapped_column(BankCode)
    kind: Mapped[str] = mapped_column(Word)
    # The person's words and the files that they name, as plain data.
    said_sealed: Mapped[bytes]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answer_sealed: Mapped[bytes | None]

    __table_args__ = (sa.Index("ix_credit_note_bank_code", "bank_code", "negotiation_id"),)
