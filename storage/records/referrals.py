"""Licensed partners, referrals of people to them, what partners were told and answered, and the ledger of consents."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import Id, OfOnePerson, Record, Word

PartnerCode = sa.String(32)


class ReferralPartnerRecord(Record):
    """One licensed lender, as an operator keeps it."""

    __tablename__ = "referral_partner"

    code: Mapped[str] = mapped_column(PartnerCode, primary_key=True)
    name_zh: Mapped[str] = mapped_column(sa.String(100))
    name_en: Mapped[str] = mapped_column(sa.String(100))
    licence_no: Mapped[str] = mapped_column(sa.String(80))
    kinds: Mapped[list[str]]
    # Percent with two decimals, as text: both databases read the same.
    max_annual_percent: Mapped[str] = mapped_column(sa.String(8))
    example_principal_fen: Mapped[int]
    example_cost_fen: Mapped[int]
    example_months: Mapped[int] = mapped_column(sa.Integer)
    url: Mapped[str] = mapped_column(sa.String(500))
    handover_url: Mapped[str] = mapped_column(sa.String(500))
    # Signs what both sides say; null until it was made.
    secret_sealed: Mapped[bytes | None]
    added_at: Mapped[datetime]
    off_at: Mapped[datetime | None]


class ReferralRecord(OfOnePerson, Record):
    """One person shown one partner. It goes with its person, and by itself some time after its last change."""

    __tablename__ = "referral"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    partner_code: Mapped[str] = mapped_column(PartnerCode, sa.ForeignKey("referral_partner.code"))
    status: Mapped[str] = mapped_column(Word)
    shown_at: Mapped[datetime]
    consented_at: Mapped[datetime | None]
    # When the partner had it, by when it answers, and when it did.
    arrived_at: Mapped[datetime | None]
    answer_due_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    # When it is over by itself; null once it is over.
    lapses_at: Mapped[datetime | None]
    # What the person named: for the partner, and where they are told. Null where nothing, and again once revoked.
    contents_sealed: Mapped[bytes | None]

    __table_args__ = (
        sa.Index("ix_referral_owner", "owner_index", "client_id", "id"),
        sa.Index("ix_referral_partner_code", "partner_code", "status"),
        sa.Index(
            "ix_referral_lapses_at",
            "lapses_at",
            sqlite_where=sa.text("lapses_at IS NOT NULL"),
            postgresql_where=sa.text("lapses_at IS NOT NULL"),
        ),
    )


class ReferralMessageRecord(Record):
    """What a partner is told of a referral, which may be gone by then. The body goes once it needs no more sending."""

    __tablename__ = "referral_message"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    referral_id: Mapped[str] = mapped_column(Id, index=True)
    partner_code: Mapped[str] = mapped_column(PartnerCode, sa.ForeignKey("referral_partner.code"))
    kind: Mapped[str] = mapped_column(Word)
    status: Mapped[str] = mapped_column(Word)
    # The same bytes in every attempt.
    body_sealed: Mapped[bytes | None]
    attempts: Mapped[int] = mapped_column(sa.Integer)
    queued_at: Mapped[datetime]
    first_tried_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    # What the last attempt came to; never anything of a person.
    detail: Mapped[str | None] = mapped_column(sa.String(300))

    __table_args__ = (
        sa.Index(
            "ix_referral_message_waiting",
            "next_try_at",
            "id",
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        ),
    )


class ReferralAnswerRecord(Record):
    """One answer of a partner, taken once by the id that it gave it."""

    __tablename__ = "referral_answer"

    partner_code: Mapped[str] = mapped_column(PartnerCode, sa.ForeignKey("referral_partner.code"), primary_key=True)
    event_id: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    referral_id: Mapped[str] = mapped_column(Id)
    digest: Mapped[str] = mapped_column(sa.String(64))
    applied_at: Mapped[datetime]


class ReferralConsentRecord(Record):
    """The consent to one referral, append-only by trigger. It names nobody, so it outlives the referral."""

    __tablename__ = "referral_consent"

    referral_id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[str] = mapped_column(sa.String(32))
    # Of the text that was shown, in both languages.
    sha256: Mapped[str] = mapped_column(sa.String(64))
    given_at: Mapped[datetime]
    noted_at: Mapped[datetime]
    door: Mapped[str] = mapped_column(Word)


class ReferralRevocationRecord(Record):
    """The revocation of a consent to a referral, append-only by trigger as well."""

    __tablename__ = "referral_revocation"

    referral_id: Mapped[str] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime]
    door: Mapped[str] = mapped_column(Word)
    actor: Mapped[str] = mapped_column(sa.String(80))
