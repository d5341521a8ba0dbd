"""Tries that are limited: wrong passwords, codes asked for, uploads."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import Id, Record


class AttemptRecord(Record):
    """One try, or several taken at once. `key` is a keyed hash of what is limited and of who tries."""

    __tablename__ = "attempt"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    key: Mapped[bytes] = mapped_column("whose", sa.LargeBinary(32))
    # Real time, however far the hub's clock was moved for a demo.
    at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    amount: Mapped[int] = mapped_column(sa.Integer)

    __table_args__ = (sa.Index("ix_attempt_whose", "whose", "at"),)
