"""The ledger of consents. Both tables are append-only by trigger and hold nothing that names the person."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, Record, Word


class ConsentRecord(Record):
    """One consent that was given, about one file where it is about files; the file may be gone by now."""

    __tablename__ = "consent"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    negotiation_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("negotiation.id"))
    bank_code: Mapped[str] = mapped_column(BankCode)
    purpose: Mapped[str] = mapped_column(Word)
    evidence_id: Mapped[str | None] = mapped_column(Id)
    version: Mapped[str] = mapped_column(sa.String(32))
    # Of the text that was shown, in both languages.
    sha256: Mapped[str] = mapped_column(sa.String(64))
    given_at: Mapped[datetime]
    noted_at: Mapped[datetime]
    door: Mapped[str] = mapped_column(Word)

    __table_args__ = (
        sa.Index("ix_consent_bank_code", "bank_code", "negotiation_id"),
        sa.Index("ix_consent_negotiation", "negotiation_id", "purpose"),
    )


class ConsentWithdrawalRecord(Record):
    """The withdrawal of one purpose of a negotiation; one that was given anew can be taken back again."""

    __tablename__ = "consent_withdrawal"

    negotiation_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("negotiation.id"), primary_key=True)
    purpose: Mapped[str] = mapped_column(Word, primary_key=True)
    bank_code: Mapped[str] = mapped_column(BankCode)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    door: Mapped[str] = mapped_column(Word)
    actor: Mapped[str] = mapped_column(sa.String(80))

    __table_args__ = (sa.Index("ix_consent_withdrawal_bank_code", "bank_code", "negotiation_id"),)
