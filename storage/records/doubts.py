"""Hints to banks, and the keyed hashes by which what one person sent is compared with what others did."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, Record, Word


class DoubtRecord(Record):
    """One thing that a bank may look at again, and what became of it."""

    __tablename__ = "doubt"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    negotiation_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("negotiation.id"))
    bank_code: Mapped[str] = mapped_column(BankCode)
    # None where it is about the person and no file.
    evidence_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("evidence.id"))
    kind: Mapped[str] = mapped_column(Word)
    # What its sentence names, as plain data.
    facts_sealed: Mapped[bytes]
    found_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(Word)
    answered_by: Mapped[str | None] = mapped_column(sa.String(80))
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index("ix_doubt_bank_code", "bank_code", "negotiation_id"),
        sa.Index("ix_doubt_negotiation_id", "negotiation_id"),
        sa.Index("ix_doubt_evidence_id", "evidence_id"),
    )


class EvidenceTraceRecord(Record):
    """A keyed hash of a file, or of one band of the perceptual hash of one of its pages.

    Page 0 is the file's bytes. Nobody without the hub's keys can test whether a picture is among them.
    """

    __tablename__ = "evidence_trace"

    evidence_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("evidence.id"), primary_key=True)
    page: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    band: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))

    __table_args__ = (sa.Index("ix_evidence_trace_newest", "digest", "evidence_id", "page"),)


class ApplicationTraceRecord(Record):
    """A keyed hash of what an application came from or by whom, compared for a month and then gone."""

    __tablename__ = "application_trace"

    application_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("application.id"), primary_key=True)
    sort: Mapped[str] = mapped_column(Word, primary_key=True)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    noted_at: Mapped[datetime]

    __table_args__ = (
        sa.Index("ix_application_trace_newest", "digest", "noted_at"),
        sa.Index("ix_application_trace_noted_at", "noted_at"),
    )
