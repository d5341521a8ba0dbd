"""What passes between the hub and other systems: events of banks, what was refused, batches, notices to host apps."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, Record, Word

# SQLite uses a partial index only when the condition is literal SQL, in the index and in the query alike.
GIVEN_UP_SQL = "status = 'given_up'"


class BankEventRecord(Record):
    """An event of a bank's system that was applied, so that its second coming is known for what it is."""

    __tablename__ = "bank_event"

    bank_code: Mapped[str] = mapped_column(BankCode, sa.ForeignKey("bank.code"), primary_key=True)
    event_id: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    # It is about a negotiation or about a request, one of the two.
    negotiation_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("negotiation.id"))
    request_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("service_request.id"))
    type: Mapped[str] = mapped_column(Word)
    digest: Mapped[str] = mapped_column(sa.String(64))
    applied_at: Mapped[datetime]

    __table_args__ = (
        sa.CheckConstraint("(negotiation_id IS NULL) <> (request_id IS NULL)", name="of_one"),
        sa.Index("ix_bank_event_negotiation", "negotiation_id"),
        sa.Index(
            "ix_bank_event_request",
            "request_id",
            sqlite_where=sa.text("request_id IS NOT NULL"),
            postgresql_where=sa.text("request_id IS NOT NULL"),
        ),
    )


class RefusedEventRecord(Record):
    """An event that was refused, and why; the same bytes again only count. Nothing it said is kept."""

    __tablename__ = "refused_event"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    bank_code: Mapped[str] = mapped_column(BankCode, sa.ForeignKey("bank.code"))
    code: Mapped[str] = mapped_column(Word)
    digest: Mapped[str] = mapped_column(sa.String(64))
    # What the event claimed of itself: true only where its signature was.
    event_id: Mapped[str | None] = mapped_column(sa.String(64))
    negotiation_id: Mapped[str | None] = mapped_column(sa.String(64))
    # The first faults of what it said, as `/data/terms/instalments: too_large`.
    faults: Mapped[str | None] = mapped_column(sa.String(300))
    times: Mapped[int] = mapped_column(sa.Integer)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]

    __table_args__ = (
        sa.UniqueConstraint("bank_code", "digest", "code"),
        sa.Index("ix_refused_event_last_at", "last_at", "id"),
    )


class BatchRecord(Record):
    """Messages that travel to a bank together, under a name that stays the same in every attempt."""

    __tablename__ = "batch"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    bank_code: Mapped[str] = mapped_column(BankCode, sa.ForeignKey("bank.code"))
    day: Mapped[date]
    number: Mapped[int] = mapped_column(sa.Integer)
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    __table_args__ = (sa.UniqueConstraint("bank_code", "day", "number"),)


class BankLineRecord(Record):
    """How the line to a bank is: failures in a row, until when nothing is tried, and when it is next asked."""

    __tablename__ = "bank_line"

    bank_code: Mapped[str] = mapped_column(BankCode, sa.ForeignKey("bank.code"), primary_key=True)
    failures: Mapped[int] = mapped_column(sa.Integer)
    closed_until: Mapped[datetime | None]
    # Where the bank lays out what it says: when the hub looks again, and how often in a row it could not.
    collect_at: Mapped[datetime | None]
    collect_failures: Mapped[int] = mapped_column(sa.Integer, default=0, server_default="0")


class ClientNoticeRecord(Record):
    """A change that a host app is told of: ids and a status, nothing of the person."""

    __tablename__ = "client_notice"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    client_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("client.id"))
    # What changed: a negotiation, or a request beside one.
    negotiation_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("negotiation.id"))
    request_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("service_request.id"))
    bank_code: Mapped[str] = mapped_column(BankCode)
    # The status that it had at that moment, in the column of when there were negotiations alone: a version before this
    # one writes it there while the two run side by side.
    reached: Mapped[str] = mapped_column("negotiation_status", Word)
    changed_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(Word)
    attempts: Mapped[int] = mapped_column(sa.Integer)
    next_try_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    detail: Mapped[str | None] = mapped_column(sa.String(300))

    __table_args__ = (
        sa.Index(
            "ix_client_notice_waiting",
            "next_try_at",
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        ),
        sa.Index("ix_client_notice_client", "client_id", "id"),
        sa.Index(
            "ix_client_notice_given_up",
            "client_id",
            "id",
            sqlite_where=sa.text(GIVEN_UP_SQL),
            postgresql_where=sa.text(GIVEN_UP_SQL),
        ),
        sa.Index("ix_client_notice_bank_code", "bank_code", "id"),
        sa.Index("ix_client_notice_negotiation", "negotiation_id"),
        sa.Index(
            "ix_client_notice_request",
            "request_id",
            sqlite_where=sa.text("request_id IS NOT NULL"),
            postgresql_where=sa.text("request_id IS NOT NULL"),
        ),
        sa.CheckConstraint("(negotiation_id IS NULL) <> (request_id IS NULL)", name="of_one"),
    )


class MerchantRecord(Record):
    """A client that comes through the gateway, by the number that its messages carry and the key that signs them."""

    __tablename__ = "merchant"

    mer_id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    client_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("client.id"), unique=True)
    sign_method: Mapped[str] = mapped_column(sa.String(2))
    public_key: Mapped[str] = mapped_column(sa.Text)
    added_at: Mapped[datetime]


class GatewayOrderRecord(Record):
    """An order that made an application; a used number is never free again."""

    __tablename__ = "gateway_order"

    mer_id: Mapped[str] = mapped_column(sa.String(32), sa.ForeignKey("merchant.mer_id"), primary_key=True)
    order_id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    digest: Mapped[str] = mapped_column(sa.String(64))
    application_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("application.id"))
    taken_at: Mapped[datetime]


class SigningKeyRecord(Record):
    """A key of the hub's own, with which it signs what the gateway answers."""

    __tablename__ = "signing_key"

    cert_id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    sign_method: Mapped[str] = mapped_column(sa.String(2))
    private_key_sealed: Mapped[bytes]
    public_key: Mapped[str] = mapped_column(sa.Text)
    made_at: Mapped[datetime]


class OperatorTaskRecord(Record):
    """Something that a machine cannot settle: an operator looks into it and says when it is done."""

    __tablename__ = "operator_task"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    # Says what it is about, so that the same thing is one task however often it is found.
    key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    kind: Mapped[str] = mapped_column(Word)
    bank_code: Mapped[str | None] = mapped_column(BankCode, sa.ForeignKey("bank.code"))
    negotiation_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("negotiation.id"))
    # What its sentence needs: counts, times, codes; nothing of a person.
    params: Mapped[dict[str, Any]]
    raised_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(sa.String(100))
    # When the operators were mailed of it.
    told_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index(
            "ix_operator_task_open",
            "raised_at",
            "id",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        ),
    )
