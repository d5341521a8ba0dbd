"""Certificates of settlement: when one is due, and what became of it. Their bytes are documents."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, Record

WAITING_SQL = "issued_at IS NULL AND late_noted_at IS NULL"
"""Not issued, and nobody was told yet that it is late."""


class ClearanceRecord(Record):
    """The certificate of settlement that a bank owes for an agreement, from the day it was asked for or settled."""

    __tablename__ = "clearance"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    negotiation_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("negotiation.id"), index=True)
    agreement_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("agreement.id"), unique=True)
    bank_code: Mapped[str] = mapped_column(BankCode)
    opened_at: Mapped[datetime]
    # When the person asked; null where it is due by the settlement alone.
    asked_at: Mapped[datetime | None]
    due_at: Mapped[datetime]
    # The newest certificate: its number from 1, and what the bank said with it. Each has a document of its number.
    version: Mapped[int] = mapped_column(sa.Integer)
    issued_at: Mapped[datetime | None]
    issuance_sealed: Mapped[bytes | None]
    late_noted_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index(
            "ix_clearance_waiting",
            "due_at",
            "id",
            sqlite_where=sa.text(WAITING_SQL),
            postgresql_where=sa.text(WAITING_SQL),
        ),
        sa.Index("ix_clearance_bank_code", "bank_code", "negotiation_id"),
        sa.Index(
            "ix_clearance_issued",
            "issued_at",
            sqlite_where=sa.text("issued_at IS NOT NULL"),
            postgresql_where=sa.text("issued_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_clearance_owed",
            "bank_code",
            "due_at",
            "id",
            sqlite_where=sa.text("issued_at IS NULL"),
            postgresql_where=sa.text("issued_at IS NULL"),
        ),
    )
