"""Offers, confirmation codes, agreements and payments."""

from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from hub.domain.offer import OfferBy, OfferStatus
from storage.records.base import BankCode, Id, Record, Word

_BY_NEXT_DUE: Final = ("bank_code", "next_due_on", "id")
FOLLOWED_BY: Final = (
    ("ix_agreement_next_due", _BY_NEXT_DUE, "status = 'in_force'"),
    ("ix_agreement_missed", _BY_NEXT_DUE, "status = 'in_force' AND missed_rows > 0"),
    ("ix_agreement_part_paid", _BY_NEXT_DUE, "status = 'in_force' AND part_paid_rows > 0"),
    ("ix_agreement_ended", ("bank_code", "ended_at", "id"), "ended_at IS NOT NULL"),
    ("ix_agreement_unfollowed", ("id",), "followed_at IS NULL"),
)
"""The indexes by which agreements are followed: name, columns, and of which agreements, spelt as queries have to."""

# SQLite uses a partial index only where the words are literal SQL, in the index and in the query alike.
COUNTERED_SQL = f"status = '{OfferStatus.OPEN}' AND \"by\" = '{OfferBy.CARDHOLDER}'"


class OfferRecord(Record):
    """One side's terms. A version, never edited; only its status moves, by `storage.offers` alone."""

    __tablename__ = "offer"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    negotiation_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("negotiation.id"))
    bank_code: Mapped[str] = mapped_column(BankCode)
    by: Mapped[str] = mapped_column(Word)
    status: Mapped[str] = mapped_column(Word)
    terms_sealed: Mapped[bytes]
    balances_sealed: Mapped[bytes]
    # All that its digest covers; null in what was made before offers carried their texts.
    said_sealed: Mapped[bytes | None]
    # Of one that was made before that alone: its schedule, which its digest covers.
    schedule_sealed: Mapped[bytes | None]
    oral: Mapped[bool]
    recording_reference: Mapped[str | None] = mapped_column(sa.String(200))
    made_by: Mapped[str] = mapped_column(sa.String(80))
    made_at: Mapped[datetime]
    # What the bank asked for as the end; null means the bank's usual number of days.
    wanted_until: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    # The levels that it goes through before it opens, by `domain.approval`; null or empty where it needs none.
    approvals: Mapped[list[Any] | None] = mapped_column(sa.JSON)
    decided_by: Mapped[str | None] = mapped_column(sa.String(80))
    decision_sealed: Mapped[bytes | None]
    # Why it may take more than 80 % of what is left a month: the bank's own file, never what the offer says.
    reason_over_80_sealed: Mapped[bytes | None]

    __table_args__ = (
        sa.Index("ix_offer_negotiation", "negotiation_id", "made_at"),
        sa.Index(
            "ix_offer_open",
            "valid_until",
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        ),
        sa.Index("ix_offer_bank_code", "bank_code", "status"),
        # The counter-offers that wait for the bank.
        sa.Index(
            "ix_offer_countered",
            "bank_code",
            "negotiation_id",
            sqlite_where=sa.text(COUNTERED_SQL),
            postgresql_where=sa.text(COUNTERED_SQL),
        ),
    )


class ConfirmationCodeRecord(Record):
    """A code sent to the applicant's mobile, kept as a keyed hash."""

    __tablename__ = "confirmation_code"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    # What it signs: an offer, or an amendment.
    offer_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("offer.id"))
    amendment_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("amendment.id"))
    negotiation_id: Mapped[str] = mapped_column(Id)
    bank_code: Mapped[str] = mapped_column(BankCode)
    digest: Mapped[bytes]
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(sa.Integer)
    used_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index("ix_confirmation_code_offer", "offer_id", "sent_at"),
        sa.Index("ix_confirmation_code_amendment", "amendment_id", "sent_at"),
        sa.Index("ix_confirmation_code_negotiation", "negotiation_id", "sent_at"),
        sa.Index("ix_confirmation_code_bank_code", "bank_code"),
    )


class AgreementRecord(Record):
    """An accepted offer, signed by both sides."""

    __tablename__ = "agreement"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(32), unique=True)
    negotiation_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("negotiation.id"))
    bank_code: Mapped[str] = mapped_column(BankCode)
    offer_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("offer.id"), unique=True)
    status: Mapped[str] = mapped_column(Word)
    contents_sealed: Mapped[bytes]
    signed_at: Mapped[datetime]
    # From this moment the bank and its agents do not collect.
    collection_held_at: Mapped[datetime]
    # When it is looked at whether everybody has confirmed that; null once it was.
    hold_check_at: Mapped[datetime | None]
    # When it is known whether a plan of one payment has failed; null where it is paid in parts, or was judged.
    judged_at: Mapped[datetime | None]
    # When the person is told of the next payment; null where none lies ahead.
    remind_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(Word)
    # From when the end counts, and what was said of it; null in what ended before that was kept.
    end_effective_at: Mapped[datetime | None]
    end_note_sealed: Mapped[bytes | None]
    # By what lists find and order it, of `domain.payment_standing`, and no sum; worked out at `followed_at`, null while
    # that has to be done.
    next_due_on: Mapped[date] = mapped_column(server_default=sa.text("'9999-01-01'"))
    missed_rows: Mapped[int] = mapped_column(sa.Integer, server_default=sa.text("0"))
    part_paid_rows: Mapped[int] = mapped_column(sa.Integer, server_default=sa.text("0"))
    followed_at: Mapped[datetime | None]

    __table_args__ = (
        *(
            sa.Index(name, *columns, sqlite_where=sa.text(which), postgresql_where=sa.text(which))
            for name, columns, which in FOLLOWED_BY
        ),
        sa.Index(
            "uq_agreement_in_force",
            "negotiation_id",
            unique=True,
            sqlite_where=sa.text("status = 'in_force'"),
            postgresql_where=sa.text("status = 'in_force'"),
        ),
        # Each page of a case asks for its agreements, in force or over.
        sa.Index("ix_agreement_negotiation", "negotiation_id", "signed_at"),
        sa.Index("ix_agreement_bank_code", "bank_code", "status"),
        sa.Index("ix_agreement_signed", "signed_at"),
        sa.Index(
            "ix_agreement_over",
            "ended_at",
            "negotiation_id",
            sqlite_where=sa.text("ended_at IS NOT NULL"),
            postgresql_where=sa.text("ended_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_agreement_judged_at",
            "judged_at",
            sqlite_where=sa.text("judged_at IS NOT NULL"),
            postgresql_where=sa.text("judged_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_agreement_remind_at",
            "remind_at",
            sqlite_where=sa.text("remind_at IS NOT NULL"),
            postgresql_where=sa.text("remind_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_agreement_hold_check_at",
            "hold_check_at",
            sqlite_where=sa.text("hold_check_at IS NOT NULL"),
            postgresql_where=sa.text("hold_check_at IS NOT NULL"),
        ),
    )


class PaymentRecord(Record):
    """What the bank said of one row at one time: money came, it was missed, or that is taken back. Never changed."""

    __tablename__ = "payment"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    agreement_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("agreement.id"))
    bank_code: Mapped[str] = mapped_column(BankCode)
    number: Mapped[int] = mapped_column(sa.Integer)
    said_sealed: Mapped[bytes]
    recorded_at: Mapped[datetime]

    __table_args__ = (
        sa.Index("ix_payment_agreement", "agreement_id", "number"),
        sa.Index("ix_payment_bank_code", "bank_code", "agreement_id"),
    )
