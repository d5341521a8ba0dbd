"""People who sign in to work: bank staff and operators of the hub."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, Record, Word


class TeamRecord(Record):
    """Some of a bank's people who work on cases together; their supervisors lead it."""

    __tablename__ = "team"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    bank_code: Mapped[str] = mapped_column(BankCode, sa.ForeignKey("bank.code"))
    name: Mapped[str] = mapped_column(Word)
    added_at: Mapped[datetime]

    __table_args__ = (sa.Index("uq_team_bank_name", "bank_code", "name", unique=True),)


class StaffRecord(Record):
    """An account of a person at a bank, or of an operator (no bank). One who left keeps the row and loses access."""

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    bank_code: Mapped[str | None] = mapped_column(BankCode, sa.ForeignKey("bank.code"), index=True)
    # reviewer, supervisor, auditor or bank_admin at a bank; operator at the hub.
    role: Mapped[str] = mapped_column(Word)
    # The team of the same bank that the person works in; null for whoever is in none.
    team_id: Mapped[str | None] = mapped_column(Id)
    # What the person signs in with, in lower case, and the keyed hash in hex that it is found by; the account's id in
    # the place of it where another account of the person bears the address now.
    email_sealed: Mapped[bytes | None]
    email_index: Mapped[str] = mapped_column(sa.String(254))
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
    # The bank's provider by which the person came first, and a digest of who they are there; null before that.
    sign_on_issuer: Mapped[str | None] = mapped_column(sa.Text)
    sign_on_digest: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    enrolment_digest: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32), unique=True)
    enrolment_ends_at: Mapped[datetime | None]
    is_demo: Mapped[bool]
    # The newest sign-in, and on what kind of device.
    signed_in_at: Mapped[datetime | None]
    signed_in_device: Mapped[str | None] = mapped_column(sa.String(80))
    added_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    # What the person chose: the list of each morning, a mail of cases that are handed over, keys as shortcuts.
    daily_digest: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    assigned_mails: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    keyboard: Mapped[bool] = mapped_column(default=True, server_default=sa.true())

    __table_args__ = (sa.UniqueConstraint("email_index", name="uq_staff_email"),)
