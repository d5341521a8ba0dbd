"""What is erased, as long as something of it is left to do, and what must not be."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, Record


class ErasureRecord(Record):
    """An erasure whose rows are gone, with what is still to be done: bytes to delete, kept answers to look through."""

    __tablename__ = "erasure"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    # Names in the evidence store. The keys of these files are gone already.
    store_names: Mapped[list[str]]
    # Ids of what was erased, by which answers that were kept are found.
    ids: Mapped[list[str]]
    begun_at: Mapped[datetime]
    done_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index(
            "ix_erasure_open",
            "id",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        ),
    )


class LegalHoldRecord(Record):
    """Nothing of the negotiation is erased while the hold stands: a court, an authority or a dispute needs it."""

    __tablename__ = "legal_hold"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    negotiation_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("negotiation.id"))
    bank_code: Mapped[str] = mapped_column(BankCode)
    reason_sealed: Mapped[bytes]
    held_by: Mapped[str] = mapped_column(sa.String(80))
    held_at: Mapped[datetime]
    released_by: Mapped[str | None] = mapped_column(sa.String(80))
    released_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index(
            "uq_legal_hold_standing",
            "negotiation_id",
            unique=True,
            sqlite_where=sa.text("released_at IS NULL"),
            postgresql_where=sa.text("released_at IS NULL"),
        ),
        sa.Index("ix_legal_hold_bank_code", "bank_code", "negotiation_id"),
    )
