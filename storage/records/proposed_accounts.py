"""Further cards that banks propose for a negotiation."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, Record, Word


class ProposedAccountRecord(Record):
    """A further card of the person, proposed by the bank, and the person's answer."""

    __tablename__ = "proposed_account"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    negotiation_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("negotiation.id"))
    bank_code: Mapped[str] = mapped_column(BankCode)
    # The card's ends, what is owed on it and the bank's words, as plain data.
    said_sealed: Mapped[bytes]
    status: Mapped[str] = mapped_column(Word)
    proposed_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index("ix_proposed_account_negotiation", "negotiation_id", "proposed_at"),
        sa.Index("ix_proposed_account_bank_code", "bank_code", "negotiation_id"),
    )
