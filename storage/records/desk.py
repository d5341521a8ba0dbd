"""What colleagues of one bank share over a case: who is at it, and what they note for each other."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, Record, Word


class CasePresenceRecord(Record):
    """The last sign of a person at a case. Real time, as sessions are; of no use after a few minutes."""

    __tablename__ = "case_presence"

    negotiation_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("negotiation.id"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("staff.id"), primary_key=True)
    bank_code: Mapped[str] = mapped_column(BankCode)
    doing: Mapped[str] = mapped_column(Word)
    at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (sa.Index("ix_case_presence_bank_code", "bank_code", "negotiation_id"),)


class DeskTemplateRecord(Record):
    """One version of a canned reply or of a template of offers, a bank's own. Never changed: a change is a version."""

    __tablename__ = "desk_template"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    bank_code: Mapped[str] = mapped_column(BankCode, sa.ForeignKey("bank.code"))
    # reply or offer.
    sort: Mapped[str] = mapped_column(Word)
    # The same for all versions of one template.
    template_id: Mapped[str] = mapped_column(Id)
    version: Mapped[int]
    body: Mapped[dict[str, Any]]
    changed_by: Mapped[str] = mapped_column(sa.String(80))
    changed_at: Mapped[datetime]

    __table_args__ = (sa.Index("uq_desk_template_version", "bank_code", "sort", "template_id", "version", unique=True),)


class CaseNoteRecord(Record):
    """An internal note of the bank's people; the customer never sees it. Never changed, as a log is not."""

    __tablename__ = "case_note"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    negotiation_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("negotiation.id"))
    bank_code: Mapped[str] = mapped_column(BankCode)
    actor: Mapped[str] = mapped_column(sa.String(80))
    at: Mapped[datetime]
    text_sealed: Mapped[bytes]

    __table_args__ = (sa.Index("ix_case_note_bank_code", "bank_code", "negotiation_id", "at"),)
