"""How far people have read their negotiations."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, Record


class LookRecord(Record):
    """The last entry of the log that stood there when the person last looked. `owner` is a keyed hash of the person."""

    __tablename__ = "look"

    negotiation_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("negotiation.id"), primary_key=True)
    owner: Mapped[str] = mapped_column(Id, primary_key=True)
    bank_code: Mapped[str] = mapped_column(BankCode)
    sequence: Mapped[int] = mapped_column(sa.Integer)
    at: Mapped[datetime]

    __table_args__ = (sa.Index("ix_look_bank_code", "bank_code", "negotiation_id"),)
