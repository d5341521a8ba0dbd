"""Amendments of agreements."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, Record, Word

OPEN_SQL = "status in ('with_bank', 'quoted', 'proposed', 'awaiting_payment')"
"""The statuses of `domain.amendment.OPEN`, spelt as the indexes have them."""
_OPEN = sa.text(OPEN_SQL)


class AmendmentRecord(Record):
    """What one side asked to amend, the other's answer, and what both signed. Its status moves by one writer alone."""

    __tablename__ = "amendment"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    negotiation_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("negotiation.id"), index=True)
    agreement_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("agreement.id"))
    bank_code: Mapped[str] = mapped_column(BankCode)
    kind: Mapped[str] = mapped_column(Word)
    status: Mapped[str] = mapped_column(Word)
    # Which side asked for it.
    by: Mapped[str] = mapped_column(Word)
    asked_sealed: Mapped[bytes]
    # The bank's words and figures, and from then on all that is signed.
    answer_sealed: Mapped[bytes | None]
    contents_sealed: Mapped[bytes | None]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    # When an open one is over by itself.
    lapses_at: Mapped[datetime | None]
    # The place among the signed amendments of the agreement, from 1; its number ends with it.
    position: Mapped[int | None] = mapped_column(sa.Integer)
    number: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    signed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index("uq_amendment_open", "agreement_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        sa.Index("ix_amendment_agreement", "agreement_id", "asked_at"),
        sa.Index("ix_amendment_lapses", "lapses_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        sa.Index("ix_amendment_bank_code", "bank_code", "status"),
        sa.Index(
            "ix_amendment_signed",
            "signed_at",
            sqlite_where=sa.text("signed_at IS NOT NULL"),
            postgresql_where=sa.text("signed_at IS NOT NULL"),
        ),
    )
