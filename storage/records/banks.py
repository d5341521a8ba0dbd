"""Banks, and the notices of working days that were imported."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, Record, Word


class BankRecord(Record):
    """A bank or another creditor, as its `kind` says. `settings` holds only what was set, the domain has the defaults.

    What is secret of it is sealed. While it is closed, nobody can apply to it.
    """

    __tablename__ = "bank"

    code: Mapped[str] = mapped_column(BankCode, primary_key=True)
    name_zh: Mapped[str] = mapped_column(sa.String(100))
    name_en: Mapped[str] = mapped_column(sa.String(100))
    kind: Mapped[str] = mapped_column(Word, server_default="bank")
    licence_no: Mapped[str | None] = mapped_column(sa.String(60))
    regulator: Mapped[str] = mapped_column(Word, server_default="nfra")
    adapter: Mapped[str] = mapped_column(Word)
    settings: Mapped[dict[str, Any]]
    # None in a row from before secrets were sealed, until the hub is next brought up to date.
    secrets_sealed: Mapped[bytes | None]
    added_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class NoticeRecord(Record):
    """A State Council notice as it was imported; the newest of a year is in force."""

    __tablename__ = "calendar_notice"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    year: Mapped[int] = mapped_column(sa.Integer)
    notice: Mapped[str] = mapped_column(sa.String(100))
    published_on: Mapped[date]
    off: Mapped[list[str]]
    work: Mapped[list[str]]
    imported_at: Mapped[datetime]


class BankChangeRecord(Record):
    """One change that somebody at a bank made of its own settings, or asked for. `words` are key: [before, after]."""

    __tablename__ = "bank_change"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    bank_code: Mapped[str] = mapped_column(BankCode, sa.ForeignKey("bank.code"))
    # asked, in_force, refused or withdrawn.
    status: Mapped[str] = mapped_column(Word)
    words: Mapped[dict[str, Any]]
    asked_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]

    __table_args__ = (sa.Index("ix_bank_change_bank_code", "bank_code", "id"),)
