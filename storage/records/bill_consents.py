"""Consents to a bank's telling bills: given for one bank, and taken back."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, OfOnePerson, Record, Word


class BillConsentRecord(OfOnePerson, Record):
    """One consent. By what the bank finds the person is sealed, and gone once the consent is taken back."""

    __tablename__ = "bill_consent"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    bank_code: Mapped[str] = mapped_column(BankCode)
    # The keyed hash of the token by which the bank names the person.
    token_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    contents_sealed: Mapped[bytes | None]
    # Which words were shown, with their digest, and by which way in.
    version: Mapped[str] = mapped_column(sa.String(40))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    door: Mapped[str] = mapped_column(Word)
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_door: Mapped[str | None] = mapped_column(Word)

    __table_args__ = (
        # One at a time of a person and a bank.
        sa.Index(
            "uq_bill_consent_in_force",
            "owner_index",
            "client_id",
            "bank_code",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
        sa.Index("ix_bill_consent_bank_code", "bank_code", "id"),
    )
