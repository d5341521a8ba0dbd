"""Requests beside negotiations, each one person's matter with one bank, and their logs."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, OfOnePerson, Record, Word
from storage.records.log import ContentOfEntry, EntryOfChain
from storage.records.negotiations import UNCOVERED_SQL

# SQLite uses a partial index only when the condition is literal SQL, in the index and in the query alike.
RUNNING_SQL = "clock_opened_at IS NOT NULL AND answered_at IS NULL"
# As of a clock.
OF_A_CALENDAR_SQL = f"{RUNNING_SQL} AND calendar_version IS NOT NULL"
PROVISIONAL_SQL = f"{RUNNING_SQL} AND provisional"
UNNOTED_SQL = f"{RUNNING_SQL} AND breach_noted_at IS NULL"
TO_REMIND_SQL = "remind_at IS NOT NULL"
TO_LOOK_AT_SQL = "look_at IS NOT NULL"
OPEN_SQL = "closed_at IS NULL AND reached_bank_at IS NOT NULL"


def _index(name: str, *columns: str, where: str) -> sa.Index:
    return sa.Index(name, *columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


class ServiceRequestRecord(OfOnePerson, Record):
    """One request. `status` is written by `storage.service_requests` alone."""

    __tablename__ = "service_request"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    # The matter that it is about, by the noun's own id; one that concerns several banks has a request with each.
    matter_id: Mapped[str] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(Word)
    # What people call the matter on the phone, the same with each of its banks.
    reference: Mapped[str] = mapped_column(sa.String(32))
    bank_code: Mapped[str] = mapped_column(BankCode, sa.ForeignKey("bank.code"))
    # The negotiation that it came up in; null for most.
    negotiation_id: Mapped[str | None] = mapped_column(Id)
    status: Mapped[str] = mapped_column(Word)
    contents_sealed: Mapped[bytes]
    # Where the person is told of it; null where nowhere.
    contact_sealed: Mapped[bytes | None]
    # Whose case it is at the bank; null where it is nobody's.
    owner_id: Mapped[str | None] = mapped_column(Id)
    opened_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    # When it first entered the bank's system; before that the bank cannot see it.
    reached_bank_at: Mapped[datetime | None]
    # When nothing could happen to it any more; null while something can.
    closed_at: Mapped[datetime | None]
    # The clock that runs, or ran last.
    clock_opened_at: Mapped[datetime | None]
    response_days: Mapped[int | None] = mapped_column(sa.Integer)
    closes_at: Mapped[str | None] = mapped_column(sa.String(5))
    # NO_CLOCK where none runs.
    due_at: Mapped[datetime]
    calendar_version: Mapped[str | None] = mapped_column(sa.String(64))
    provisional: Mapped[bool] = mapped_column(server_default=sa.false())
    answered_at: Mapped[datetime | None]
    breach_noted_at: Mapped[datetime | None]
    remind_at: Mapped[datetime | None]
    # When its kind looks at it by itself, as at the end of a quote; null where nothing happens by itself.
    look_at: Mapped[datetime | None]
    # The end of the log, kept here so that the next entry is chained under this row's lock.
    log_length: Mapped[int] = mapped_column(sa.Integer)
    log_head: Mapped[str] = mapped_column(sa.String(64))
    log_mac: Mapped[str | None] = mapped_column(sa.String(48))
    # As in a negotiation.
    log_covered: Mapped[int] = mapped_column(sa.Integer, server_default="0")
    erased_at: Mapped[datetime | None]

    __table_args__ = (
        sa.UniqueConstraint("matter_id", "bank_code"),
        sa.Index("ix_service_request_owner", "owner_index", "client_id", "opened_at"),
        sa.Index("ix_service_request_reference", "reference"),
        _index("ix_service_request_queue", "bank_code", "due_at", "id", "kind", "status", where=OPEN_SQL),
        sa.Index("ix_service_request_bank", "bank_code", "id"),
        _index("ix_service_request_running", "due_at", "id", where=RUNNING_SQL),
        _index("ix_service_request_running_of_bank", "bank_code", "due_at", "id", where=RUNNING_SQL),
        _index("ix_service_request_provisional", "id", where=PROVISIONAL_SQL),
        _index("ix_service_request_breach", "due_at", where=UNNOTED_SQL),
        _index("ix_service_request_remind_at", "remind_at", where=TO_REMIND_SQL),
        _index("ix_service_request_calendar", "calendar_version", where=OF_A_CALENDAR_SQL),
        _index("ix_service_request_uncovered", "id", where=UNCOVERED_SQL),
        _index("ix_service_request_look_at", "kind", "look_at", where=TO_LOOK_AT_SQL),
    )


class RequestFileRecord(Record):
    """A file as it was given with one request, to its bank alone."""

    __tablename__ = "request_file"

    request_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("service_request.id"), primary_key=True)
    evidence_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("evidence.id"), primary_key=True)
    bank_code: Mapped[str] = mapped_column(BankCode)
    given_at: Mapped[datetime]

    __table_args__ = (
        sa.Index("ix_request_file_bank_code", "bank_code", "request_id"),
        sa.Index("ix_request_file_evidence_id", "evidence_id"),
    )


class RequestEntryRecord(EntryOfChain, Record):
    """One entry of a request's log."""

    __tablename__ = "request_entry"

    request_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("service_request.id"), primary_key=True)

    __table_args__ = (
        sa.PrimaryKeyConstraint("request_id", "sequence"),
        sa.Index("ix_request_entry_bank_code", "bank_code", "request_id", "sequence"),
    )


class RequestContentRecord(ContentOfEntry, Record):
    """The words of an entry of a request's log."""

    __tablename__ = "request_content"

    request_id: Mapped[str] = mapped_column(Id, primary_key=True)

    __table_args__ = (
        sa.PrimaryKeyConstraint("request_id", "sequence"),
        sa.ForeignKeyConstraint(["request_id", "sequence"], ["request_entry.request_id", "request_entry.sequence"]),
        sa.Index("ix_request_content_bank_code", "bank_code", "request_id"),
    )
