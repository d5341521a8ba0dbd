"""What a bank's people found of the files of a case, and what they read in them; never shown to the person."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, Record, Word

_COUNTS = sa.text("replaced_at IS NULL")


class EvidenceCheckRecord(Record):
    """What a clerk said of a file. The one that counts has no `replaced_at`; older ones are kept."""

    __tablename__ = "evidence_check"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    negotiation_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("negotiation.id"))
    evidence_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("evidence.id"))
    bank_code: Mapped[str] = mapped_column(BankCode)
    verdict: Mapped[str] = mapped_column(Word)
    text_sealed: Mapped[bytes]
    actor: Mapped[str] = mapped_column(sa.String(80))
    at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index("ix_evidence_check_bank_code", "bank_code", "negotiation_id"),
        sa.Index(
            "ix_evidence_check_counts",
            "negotiation_id",
            "evidence_id",
            unique=True,
            sqlite_where=_COUNTS,
            postgresql_where=_COUNTS,
        ),
    )


class EvidencedFigureRecord(Record):
    """What a clerk read in the papers for one line of the month; the one that counts has no `replaced_at`."""

    __tablename__ = "evidenced_figure"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    negotiation_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("negotiation.id"))
    bank_code: Mapped[str] = mapped_column(BankCode)
    line: Mapped[str] = mapped_column(Word)
    # The amount, the file and the note, as plain data.
    said_sealed: Mapped[bytes]
    actor: Mapped[str] = mapped_column(sa.String(80))
    at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index("ix_evidenced_figure_bank_code", "bank_code", "negotiation_id"),
        sa.Index(
            "ix_evidenced_figure_counts",
            "negotiation_id",
            "line",
            unique=True,
            sqlite_where=_COUNTS,
            postgresql_where=_COUNTS,
        ),
    )
