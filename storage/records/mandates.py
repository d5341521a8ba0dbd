"""Authorisations to deduct as their person keeps them, what was deducted, and codes that sign what is asked."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import Id, OfOnePerson, Record, Word


class MandateRecord(OfOnePerson, Record):
    """One authorisation. What it says is sealed, with what it said before it was changed."""

    __tablename__ = "mandate"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    status: Mapped[str] = mapped_column(Word)
    # The first is 1; each change makes the next.
    version: Mapped[int] = mapped_column(sa.Integer)
    contents_sealed: Mapped[bytes]
    # The versions before, the oldest first; null where there is none.
    earlier_sealed: Mapped[bytes | None]
    recorded_at: Mapped[datetime]
    # When it is looked at next: a deduction is to be told of, or its term is over.
    look_at: Mapped[datetime | None]
    # Its newest revocation, which is a request with each of its receivers; null where none was sent.
    revocation_id: Mapped[str | None] = mapped_column(Id, index=True)
    # By whose name it was signed, and when; null where none was.
    signed_sealed: Mapped[bytes | None]
    # How many of its receivers have not refused it: none of them sees the others' answers.
    not_refused: Mapped[int] = mapped_column(sa.Integer)

    __table_args__ = (
        sa.Index("ix_mandate_owner", "owner_index", "client_id"),
        sa.Index(
            "ix_mandate_look_at",
            "look_at",
            sqlite_where=sa.text("look_at IS NOT NULL"),
            postgresql_where=sa.text("look_at IS NOT NULL"),
        ),
    )


class DeductionRecord(OfOnePerson, Record):
    """One deduction that its person reported."""

    __tablename__ = "deduction"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    # Null where it was by no mandate of the register.
    mandate_id: Mapped[str | None] = mapped_column(Id)
    contents_sealed: Mapped[bytes]
    during_hold: Mapped[bool]
    reported_at: Mapped[datetime]

    __table_args__ = (sa.Index("ix_deduction_owner", "owner_index", "client_id", "reported_at"),)


class MatterCodeRecord(OfOnePerson, Record):
    """A code that was sent to sign a matter of one person, kept as a keyed hash."""

    __tablename__ = "matter_code"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    # The id of what it signs, whatever that is.
    matter_id: Mapped[str] = mapped_column(Id)
    digest: Mapped[bytes]
    sent_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(sa.Integer)
    used_at: Mapped[datetime | None]

    __table_args__ = (sa.Index("ix_matter_code_matter_id", "matter_id", "sent_at"),)
