"""Bills of people's cards: what they typed, and what a bank told with their consent."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, OfOnePerson, Record, Word


class BillRecord(OfOnePerson, Record):
    """One bill. Its sums are sealed; it goes with its person, and by itself some time after its day."""

    __tablename__ = "bill"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    # What the client calls it, which no other bill of the client is called.
    name: Mapped[str] = mapped_column(sa.String(64))
    bank_code: Mapped[str] = mapped_column(BankCode)
    source: Mapped[str] = mapped_column(Word)
    status: Mapped[str] = mapped_column(Word)
    due_on: Mapped[date]
    # When what it says was said.
    as_of: Mapped[datetime]
    contents_sealed: Mapped[bytes]
    # What the person wants to be told of it, with the address; null where nothing.
    reminder_sealed: Mapped[bytes | None]
    # The consent that a bank told it under; null where the person noted it.
    consent_id: Mapped[str | None] = mapped_column(Id, index=True)
    # When it is to be told next.
    remind_at: Mapped[datetime | None]

    __table_args__ = (
        sa.UniqueConstraint("client_id", "name"),
        sa.Index("ix_bill_owner", "owner_index", "client_id", "due_on"),
        sa.Index(
            "ix_bill_remind_at",
            "remind_at",
            sqlite_where=sa.text("remind_at IS NOT NULL"),
            postgresql_where=sa.text("remind_at IS NOT NULL"),
        ),
        sa.Index("ix_bill_bank_code", "bank_code", "due_on"),
    )
