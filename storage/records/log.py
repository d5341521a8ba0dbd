"""The communications log, chained a negotiation, and the access log. Both are append-only by trigger."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, Record, Word


class EntryOfChain:
    """One entry of a chain: who said or did what. Its words lie in the chain's contents, only their digest here."""

    sequence: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    bank_code: Mapped[str] = mapped_column(BankCode)
    at: Mapped[datetime]
    channel: Mapped[str] = mapped_column(Word)
    party: Mapped[str] = mapped_column(Word)
    actor: Mapped[str] = mapped_column(sa.String(80))
    kind: Mapped[str] = mapped_column(Word)
    event: Mapped[str | None] = mapped_column(Word)
    from_status: Mapped[str | None] = mapped_column(Word)
    to_status: Mapped[str | None] = mapped_column(Word)
    attachments: Mapped[list[Any]]
    content: Mapped[str] = mapped_column(sa.String(64))
    previous: Mapped[str] = mapped_column(sa.String(64))
    digest: Mapped[str] = mapped_column(sa.String(64))


class ContentOfEntry:
    """The words of an entry and the salt of their digest. Erasing this row leaves the chain whole."""

    sequence: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    bank_code: Mapped[str] = mapped_column(BankCode)
    salt_sealed: Mapped[bytes]
    text_sealed: Mapped[bytes]


class LogEntryRecord(EntryOfChain, Record):
    """One entry of a negotiation's log.

    Files in `attachments` are of the kind `evidence`; entries of before say there what a file was.
    """

    __tablename__ = "log_entry"

    negotiation_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("negotiation.id"), primary_key=True)

    __table_args__ = (
        sa.PrimaryKeyConstraint("negotiation_id", "sequence"),
        sa.Index("ix_log_entry_bank_code", "bank_code", "negotiation_id", "sequence"),
    )


class LogContentRecord(ContentOfEntry, Record):
    """The words of an entry of a negotiation's log."""

    __tablename__ = "log_content"

    negotiation_id: Mapped[str] = mapped_column(Id, primary_key=True)

    __table_args__ = (
        sa.PrimaryKeyConstraint("negotiation_id", "sequence"),
        sa.ForeignKeyConstraint(["negotiation_id", "sequence"], ["log_entry.negotiation_id", "log_entry.sequence"]),
        sa.Index("ix_log_content_bank_code", "bank_code", "negotiation_id"),
    )


class AccessRecord(Record):
    """One reading of a person's data: by a bank, a person of the hub, the host app, or the person."""

    __tablename__ = "access_entry"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime]
    bank_code: Mapped[str] = mapped_column(BankCode)
    negotiation_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("negotiation.id"))
    actor: Mapped[str] = mapped_column(sa.String(80))
    what: Mapped[str] = mapped_column(sa.String(80))

    __table_args__ = (
        sa.Index("ix_access_entry_bank_code", "bank_code", "negotiation_id", "at"),
        # Who looks at many files in a short time is found by it.
        sa.Index("ix_access_entry_actor", "actor", "at"),
        sa.Index("ix_access_entry_at", "bank_code", "at", "id"),
    )
