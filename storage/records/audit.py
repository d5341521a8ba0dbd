"""The audit of the hub itself. Append-only by trigger."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, Record, Word


class AuditRecord(Record):
    """One action about the hub: a sign-in, a setting, an account, an export. No secret and no person's number in it."""

    __tablename__ = "audit_entry"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    # The bank that it is about, or whose person acted; null of what concerns the hub alone, and of older lines.
    bank_code: Mapped[str | None] = mapped_column(BankCode)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(sa.String(80))
    # Where it came from; null for the hub itself and for its commands.
    address: Mapped[str | None] = mapped_column(sa.String(64))
    kind: Mapped[str] = mapped_column(Word)
    # The bank, account, client or negotiation it is about, by its name; empty where there is none.
    about: Mapped[str] = mapped_column(sa.String(254))
    details: Mapped[dict[str, Any]]

    __table_args__ = (
        sa.Index("ix_audit_entry_at", "at", "id"),
        sa.Index(
            "ix_audit_entry_bank",
            "bank_code",
            "at",
            "id",
            sqlite_where=sa.text("bank_code IS NOT NULL"),
            postgresql_where=sa.text("bank_code IS NOT NULL"),
        ),
        sa.Index(
            "ix_audit_entry_about",
            "bank_code",
            "about",
            "at",
            "id",
            sqlite_where=sa.text("bank_code IS NOT NULL"),
            postgresql_where=sa.text("bank_code IS NOT NULL"),
        ),
        sa.Index(
            "ix_audit_entry_actor",
            "bank_code",
            "actor",
            "at",
            "id",
            sqlite_where=sa.text("bank_code IS NOT NULL"),
            postgresql_where=sa.text("bank_code IS NOT NULL"),
        ),
    )
