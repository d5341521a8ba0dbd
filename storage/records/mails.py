"""Mails that are to be sent, and what became of them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, Record, Word


class MailRecord(Record):
    """One mail or text message to one reader, written with its cause.

    It holds no words and, but for the last one to a person who was erased, no address; the sending finds both.
    """

    __tablename__ = "mail"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    # Says what the mail is about and which step of it, so that each mail exists once ever.
    key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    # Null where it is about no one negotiation: the list of a morning, a report, an account.
    negotiation_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("negotiation.id"))
    bank_code: Mapped[str] = mapped_column(BankCode)
    kind: Mapped[str] = mapped_column(Word)
    # Who reads it, as a rule; the address is looked up at the sending.
    reader: Mapped[str] = mapped_column(Word)
    # Whether it goes by mail or by text message; null until the sending asks what the person wants.
    channel: Mapped[str | None] = mapped_column(Word)
    # The account of one reader among several; null where the rule alone says who it is.
    staff_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("staff.id"))
    # The clock, offer or request that the mail speaks of.
    about_id: Mapped[str] = mapped_column(Id)
    # The due time it tells.
    tells: Mapped[datetime | None]
    # The same in every attempt, so that a mail server or a reader can tell a second copy.
    message_id: Mapped[str] = mapped_column(sa.String(200))
    status: Mapped[str] = mapped_column(Word)
    not_before: Mapped[datetime]
    next_try_at: Mapped[datetime]
    # By the machine's clock: until then one worker has it in hand.
    held_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(sa.Integer)
    planned_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    # What stands nowhere else, sealed: the token of an enrolment, the address of a person who was erased. Gone once the
    # mail was sent or given up.
    token_sealed: Mapped[bytes | None]
    # Why it failed or was not needed; never an address.
    detail: Mapped[str | None] = mapped_column(sa.String(300))

    __table_args__ = (
        sa.Index(
            "ix_mail_waiting",
            "next_try_at",
            "id",
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        ),
        # What is told together with a mail is looked for at each sending.
        sa.Index(
            "ix_mail_waiting_of_bank",
            "bank_code",
            "next_try_at",
            "id",
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        ),
        sa.Index(
            "ix_mail_failed",
            "bank_code",
            "id",
            sqlite_where=sa.text("status = 'failed'"),
            postgresql_where=sa.text("status = 'failed'"),
        ),
        # How many one reader at a bank got just now is asked before each that can wait.
        sa.Index(
            "ix_mail_sent_to_bank",
            "bank_code",
            "reader",
            "sent_at",
            sqlite_where=sa.text("status = 'sent' AND reader <> 'cardholder'"),
            postgresql_where=sa.text("status = 'sent' AND reader <> 'cardholder'"),
        ),
        # Rare among what was sent.
        sa.Index(
            "ix_mail_sent_sms",
            "id",
            sqlite_where=sa.text("status = 'sent' AND channel = 'sms'"),
            postgresql_where=sa.text("status = 'sent' AND channel = 'sms'"),
        ),
        sa.Index("ix_mail_negotiation", "negotiation_id", "id"),
        sa.Index("ix_mail_bank_code", "bank_code", "negotiation_id"),
    )
