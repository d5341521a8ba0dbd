"""API clients, their tokens, their idempotency keys and the launches they made."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, Record


class ClientRecord(Record):
    """A program that may call the API. The secret is 256 random bits, so its SHA-256 is enough."""

    __tablename__ = "client"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100), unique=True)
    secret_digest: Mapped[bytes]
    # The one before, after a renewal, for as long as it is good beside the new one.
    previous_secret_digest: Mapped[bytes | None]
    previous_secret_ends_at: Mapped[datetime | None]
    scopes: Mapped[list[str]]
    bank_code: Mapped[str | None] = mapped_column(BankCode, sa.ForeignKey("bank.code"))
    added_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    # Where it is told of changes, and the secret that signs what it is told.
    notify_url: Mapped[str | None] = mapped_column(sa.String(500))
    notify_secret_sealed: Mapped[bytes | None]


class AccessTokenRecord(Record):
    """A bearer token, known by its digest only."""

    __tablename__ = "access_token"

    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    client_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("client.id"))
    scopes: Mapped[list[str]]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class AnsweredCallRecord(Record):
    """The first answer to a call with an idempotency key, written in the same transaction as its effect."""

    __tablename__ = "answered_call"

    client_id: Mapped[str] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    status: Mapped[int] = mapped_column(sa.Integer)
    location: Mapped[str | None] = mapped_column(sa.String(200))
    body_sealed: Mapped[bytes]
    answered_at: Mapped[datetime] = mapped_column(index=True)


class LaunchRecord(Record):
    """A one-time way in for one person, made by a host app."""

    __tablename__ = "launch"

    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    client_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("client.id"))
    person_sealed: Mapped[bytes]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
