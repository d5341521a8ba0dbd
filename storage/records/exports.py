"""Tables that people of a bank take out of the hub; the bytes lie in the evidence store until they expire."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, Record, Word


class ExportRecord(Record):
    """One export: what was asked for, sealed, how far it is, and its file while there is one."""

    __tablename__ = "export"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    bank_code: Mapped[str] = mapped_column(BankCode, sa.ForeignKey("bank.code"))
    kind: Mapped[str] = mapped_column(Word)
    format: Mapped[str] = mapped_column(Word)
    in_full: Mapped[bool]
    order_sealed: Mapped[bytes]
    # Written by `storage.exports.apply_event` alone.
    status: Mapped[str] = mapped_column(Word)
    asked_by: Mapped[str] = mapped_column(sa.String(80))
    asked_at: Mapped[datetime]
    # The second person of one in full, and their words where they said no.
    decided_by: Mapped[str | None] = mapped_column(sa.String(80))
    decided_at: Mapped[datetime | None]
    decision_sealed: Mapped[bytes | None]
    # How often a worker began, how far the last came, and when.
    tries: Mapped[int] = mapped_column(sa.Integer)
    rows_done: Mapped[int] = mapped_column(sa.Integer)
    progress_at: Mapped[datetime | None]
    # Why it failed; null otherwise.
    fault: Mapped[str | None] = mapped_column(Word)
    store_name: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    file_key_sealed: Mapped[bytes | None]
    size: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(sa.String(64))
    # The negotiations whose people it names in full; null where it is masked.
    people: Mapped[list[Any] | None] = mapped_column(sa.JSON)
    # When the file, or the wait for a second person, is over.
    expires_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index("ix_export_bank_code", "bank_code", "id"),
        sa.Index("ix_export_asked_by", "bank_code", "asked_by", "id"),
        sa.Index(
            "ix_export_expires_at",
            "expires_at",
            sqlite_where=sa.text("expires_at IS NOT NULL"),
            postgresql_where=sa.text("expires_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_export_waiting",
            "id",
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        ),
    )
