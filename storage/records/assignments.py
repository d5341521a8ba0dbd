"""Cases that somebody gave to others, one or many at once."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, Record, Word


class AssignmentRecord(Record):
    """What one press did with the cases that were chosen, row by row."""

    __tablename__ = "assignment"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    bank_code: Mapped[str] = mapped_column(BankCode, sa.ForeignKey("bank.code"))
    # Who did it; null where a program of the bank did.
    staff_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("staff.id"))
    way: Mapped[str] = mapped_column(Word)
    # The outcome of each case: its id, whose it was, whose it is, and why nothing was done where nothing was.
    rows: Mapped[list[Any]]
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    __table_args__ = (sa.Index("ix_assignment_bank_way", "bank_code", "way", "at", "id"),)
