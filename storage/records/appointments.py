"""Appointments of people with a bank's own people. Where one stands is the status of its request."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, OfOnePerson, Record, Word

# SQLite uses a partial index only when the condition is literal SQL, in the index and in the query alike.
TO_ACT_SQL = "act_at IS NOT NULL"
TO_FORGET_SQL = "address_ends_at IS NOT NULL"


class AppointmentRecord(OfOnePerson, Record):
    """What is agreed of one appointment."""

    __tablename__ = "appointment"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    bank_code: Mapped[str] = mapped_column(BankCode)
    negotiation_id: Mapped[str | None] = mapped_column(Id)
    slot_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("slot.id"))
    kind: Mapped[str] = mapped_column(Word)
    purpose: Mapped[str] = mapped_column(Word)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    # Whether it has a part of its slot: until it is cancelled.
    holds_slot: Mapped[bool]
    # The person's words, whom the bank names, and what went wrong.
    contents_sealed: Mapped[bytes]
    # Made when two people are named; the person alone is shown it.
    pass_code_sealed: Mapped[bytes | None]
    pass_code_tries: Mapped[int] = mapped_column(sa.Integer)
    # Under a key of its own, which is destroyed; both are null then.
    address_sealed: Mapped[bytes | None]
    address_key_sealed: Mapped[bytes | None]
    address_ends_at: Mapped[datetime | None]
    report_sealed: Mapped[bytes | None]
    reported_at: Mapped[datetime | None]
    # When something is to be done of it by itself next.
    act_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index("ix_appointment_owner", "owner_index", "client_id", "starts_at"),
        sa.Index("ix_appointment_bank_code", "bank_code", "starts_at"),
        sa.Index("ix_appointment_slot_id", "slot_id"),
        sa.Index(
            "ix_appointment_negotiation",
            "negotiation_id",
            sqlite_where=sa.text("negotiation_id IS NOT NULL"),
            postgresql_where=sa.text("negotiation_id IS NOT NULL"),
        ),
        sa.Index(
            "ix_appointment_act_at",
            "act_at",
            sqlite_where=sa.text(TO_ACT_SQL),
            postgresql_where=sa.text(TO_ACT_SQL),
        ),
        sa.Index(
            "ix_appointment_address_ends_at",
            "address_ends_at",
            sqlite_where=sa.text(TO_FORGET_SQL),
            postgresql_where=sa.text(TO_FORGET_SQL),
        ),
    )
