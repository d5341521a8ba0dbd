"""People who sign in to work: bank staff and operators of the hub."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, Record, Word


class StaffRecord(Record):
    """An account of a person at a bank, or of an operator (no bank). One who left keeps the row and loses access."""

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    bank_code: Mapped[str | None] = mapped_column(BankCode, sa.ForeignKey("bank.code"), index=True)
    # reviewer, supervisor, auditor or bank_admin at a bank; operator at the hub.
    role: Mapped[str] = mapped_column(Word)
    # Lower-case; what the person signs in with.
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    # What colleagues call the person; null where nobody has said, and the address stands for it.
    name: Mapped[str | None] = mapped_column(sa.String(80))
    password: Mapped[str | None] = mapped_column(sa.String(255))
    # Changing this ends every session of the account at once.
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True)
    active: Mapped[bool]
    tf_primary_method: Mapped[str | None] = mapped_column(Word)
    tf_totp_secret: Mapped[str | None] = mapped_column(sa.Text)
    # The time step of the last code that was taken, so that none is taken twice.
    tf_last_counter: Mapped[int | None]
    enrolment_digest: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32), unique=True)
    enrolment_ends_at: Mapped[datetime | None]
    is_demo: Mapped[bool]
    added_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
