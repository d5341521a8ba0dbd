"""Where, when and by whom a bank's customers are met."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, Record, Word


class PlaceRecord(Record):
    """A branch of a bank, or its video room, or the area in which it visits at home."""

    __tablename__ = "place"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    bank_code: Mapped[str] = mapped_column(BankCode, sa.ForeignKey("bank.code"))
    kind: Mapped[str] = mapped_column(Word)
    name: Mapped[str] = mapped_column(sa.String(60))
    # A branch's own address, which everybody may know; empty for the others.
    address: Mapped[str] = mapped_column(sa.String(120))
    hours: Mapped[str] = mapped_column(sa.String(60))
    step_free: Mapped[bool]
    active: Mapped[bool]
    added_at: Mapped[datetime]

    __table_args__ = (sa.UniqueConstraint("bank_code", "kind", "name"),)


class SlotRecord(Record):
    """A stretch of a day at a place. `taken` counts the appointments that have a part of it."""

    __tablename__ = "slot"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    bank_code: Mapped[str] = mapped_column(BankCode, sa.ForeignKey("bank.code"))
    place_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("place.id"))
    kind: Mapped[str] = mapped_column(Word)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    capacity: Mapped[int]
    taken: Mapped[int]
    # Empty for every purpose.
    purposes: Mapped[list[str]]
    closed_at: Mapped[datetime | None]
    added_at: Mapped[datetime]

    __table_args__ = (
        sa.UniqueConstraint("place_id", "starts_at", "ends_at"),
        sa.CheckConstraint("taken >= 0 AND taken <= capacity", name="taken_fits"),
        sa.Index("ix_slot_bank_code", "bank_code", "kind", "starts_at"),
    )


class VisitorRecord(Record):
    """One of a bank's own people who meet customers."""

    __tablename__ = "visitor"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    bank_code: Mapped[str] = mapped_column(BankCode, sa.ForeignKey("bank.code"))
    number: Mapped[str] = mapped_column(sa.String(20))
    name_sealed: Mapped[bytes]
    active: Mapped[bool]
    changed_at: Mapped[datetime]

    __table_args__ = (sa.UniqueConstraint("bank_code", "number"),)
