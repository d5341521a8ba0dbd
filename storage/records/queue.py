"""What a bank's people find cases by, the tally of their queue, and the views they keep."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, Record


class SearchKeyRecord(Record):
    """One thing that a case is found by, as a keyed hash that no other bank's has."""

    __tablename__ = "search_key"

    bank_code: Mapped[str] = mapped_column(BankCode, primary_key=True)
    key: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    negotiation_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("negotiation.id"), primary_key=True)

    __table_args__ = (sa.Index("ix_search_key_negotiation", "negotiation_id"),)


class TallyRecord(Record):
    """What a bank's queue came to when it was counted last."""

    __tablename__ = "bank_tally"

    bank_code: Mapped[str] = mapped_column(BankCode, sa.ForeignKey("bank.code"), primary_key=True)
    counts: Mapped[dict[str, Any]]
    counted_at: Mapped[datetime]


class SavedViewRecord(Record):
    """A way to look at the queue that somebody kept under a name, for themselves or for all of the bank."""

    __tablename__ = "saved_view"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    bank_code: Mapped[str] = mapped_column(BankCode, sa.ForeignKey("bank.code"))
    # Whose it is; null where all of the bank have it.
    staff_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("staff.id"))
    name_sealed: Mapped[bytes]
    # The part of the queue's address behind the question mark.
    query: Mapped[str] = mapped_column(sa.String(400))
    # Where it stands among the others of its owner.
    position: Mapped[int] = mapped_column(sa.Integer)
    # How many were in it when the bank's queue was counted last, 1000 at most; null where that is not counted.
    counted: Mapped[int | None] = mapped_column(sa.Integer)
    made_by: Mapped[str] = mapped_column(Id)
    made_at: Mapped[datetime]

    __table_args__ = (sa.Index("ix_saved_view_owner", "bank_code", "staff_id", "position"),)
