"""Collection and its stop: who confirmed that it stopped, and reports that somebody collected all the same."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, Record, Word


class HoldRecord(Record):
    """The word of a bank, or of an agency it names, that it collects no more on an agreement. Never changed."""

    __tablename__ = "collection_hold"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    agreement_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("agreement.id"), index=True)
    bank_code: Mapped[str] = mapped_column(BankCode)
    by: Mapped[str] = mapped_column(sa.String(100))
    stopped_at: Mapped[datetime]
    recorded_at: Mapped[datetime]

    __table_args__ = (sa.Index("ix_collection_hold_bank_code", "bank_code", "agreement_id"),)


class CollectionReportRecord(Record):
    """A person's word that they were collected from although an agreement was in force, and the bank's answer."""

    __tablename__ = "collection_report"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    negotiation_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("negotiation.id"), index=True)
    agreement_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("agreement.id"))
    bank_code: Mapped[str] = mapped_column(BankCode)
    # When and how it happened, who called and what was said, as plain data.
    said_sealed: Mapped[bytes]
    channel: Mapped[str] = mapped_column(Word)
    reported_at: Mapped[datetime]
    due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answer_sealed: Mapped[bytes | None]

    __table_args__ = (sa.Index("ix_collection_report_bank_code", "bank_code", "negotiation_id"),)
