"""Applications, the negotiations they opened, their submitted versions, clocks, requests and deliveries."""

from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from hub.domain.lifecycle import OPEN, OVER
from storage.records.base import BankCode, Id, Record, Word

# Stands for "no clock runs", so that the queue's order needs no special case: behind every real due time.
NO_CLOCK = datetime(9999, 1, 1, tzinfo=UTC)

# Stands for a clock that is paused: behind those that run, before "no clock runs".
PAUSED = datetime(9998, 1, 1, tzinfo=UTC)

# SQLite uses a partial index only when the statuses are literal SQL, in the index and in the query alike.
OPEN_STATUSES_SQL = "status IN (" + ", ".join(f"'{status}'" for status in sorted(OPEN)) + ")"
UNINDEXED = -1
UNINDEXED_SQL = f"owed_hundreds = {UNINDEXED}"
UNNOTED_SQL = "NOT consents_noted"
OVER_SQL = "status IN (" + ", ".join(f"'{status}'" for status in sorted(OVER)) + ") AND erased_at IS NULL"
OVER_WITH_FILES_SQL = f"{OVER_SQL} AND files_erased_at IS NULL"
UNDATED_SQL = f"{OVER_SQL} AND over_at IS NULL"
UNCOVERED_SQL = "log_covered < log_length"
QUEUE_SQL = f"reached_bank_at IS NOT NULL AND {OPEN_STATUSES_SQL}"

# The queue in each of its orders. What a filter asks of a row stands in the index too, so that a page of a few among
# very many is found without reading the rows.
_ORDERS = {
    "ix_negotiation_queue": "due_at",
    "ix_negotiation_owed": "owed_hundreds",
    "ix_negotiation_reached": "reached_bank_at",
}
_SHOWN = ("status", "owner_id", "owed_hundreds", "last_word", "reason_marks", "due_at", "reached_bank_at")


class ApplicationRecord(Record):
    """What a cardholder submitted once, whole and sealed."""

    __tablename__ = "application"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(32), unique=True)
    client_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("client.id"))
    person_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32), index=True)
    subject_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    mobile_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    body_sealed: Mapped[bytes]
    submitted_at: Mapped[datetime]


class NegotiationRecord(Record):
    """One bank's negotiation. `status` is written by `storage.negotiations` alone."""

    __tablename__ = "negotiation"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(32), unique=True)
    application_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("application.id"), index=True)
    bank_code: Mapped[str] = mapped_column(BankCode, sa.ForeignKey("bank.code"))
    client_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("client.id"))
    # The host app that sent the person over who applied at the hub's own pages; null for all others.
    launch_client_id: Mapped[str | None] = mapped_column(Id)
    person_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    subject_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    mobile_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    # The person's negotiation whose agreement, in force then or ended unsettled, covers a card of this one.
    renegotiation_of: Mapped[str | None] = mapped_column(Id)
    # Who stands up for the person, by `domain.identity`, and its rank: one of a lower rank never blocks a higher.
    identity_level: Mapped[str] = mapped_column(Word, server_default="host")
    identity_rank: Mapped[int] = mapped_column(sa.SmallInteger, server_default="1")
    # What the bank says when it calls the person; null in a row that was over before there were any.
    call_word: Mapped[str | None] = mapped_column(sa.String(20))
    # What the bank said of it; null while it said nothing.
    identity_confirmed: Mapped[bool | None]
    # Whose case it is: an active account of the bank that acts for it; null where it is nobody's.
    owner_id: Mapped[str | None] = mapped_column(Id)
    status: Mapped[str] = mapped_column(Word)
    # The submitted version in force; a correction makes the next.
    version: Mapped[int] = mapped_column(sa.Integer)
    faults: Mapped[list[Any] | None]
    reason_code: Mapped[str | None] = mapped_column(Word)
    reason_sealed: Mapped[bytes | None]
    # By when the bank says that it decides, and its words; null once it has decided.
    decision_by: Mapped[date | None]
    deferral_sealed: Mapped[bytes | None]
    # To whom the bank has transferred its claim; null while it has it.
    transfer_sealed: Mapped[bytes | None]
    # Where the debt stands in court, as the bank said; null while it said nothing.
    legal_sealed: Mapped[bytes | None]
    # When it first entered the bank's system; before that the bank cannot see it.
    reached_bank_at: Mapped[datetime | None]
    # When the running clock is due; PAUSED or NO_CLOCK where none counts down.
    due_at: Mapped[datetime]
    # When a returned negotiation lapses; null otherwise.
    correct_by: Mapped[datetime | None]
    # The end of the log, kept here so that the next entry is chained under this row's lock.
    log_length: Mapped[int] = mapped_column(sa.Integer)
    log_head: Mapped[str] = mapped_column(sa.String(64))
    # Where the chain ends, signed with a key of the hub: whoever has none cannot move it. None until a head covers it
    # in negotiations of before.
    log_mac: Mapped[str | None] = mapped_column(sa.String(48))
    # How long the chain is as far as heads cover it, noted after they were signed: a longer one is found by it.
    log_covered: Mapped[int] = mapped_column(sa.Integer, server_default="0")
    opened_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    # The kind of the person's last word, while nobody at the bank has answered it (`domain.last_word`).
    last_word: Mapped[str | None] = mapped_column(Word)
    # What the queue needs of the submission in force: a row in few words, sealed; what is owed, in steps of a hundred
    # yuan, UNINDEXED until the row has been looked at; the reasons, as keyed hashes.
    summary_sealed: Mapped[bytes | None]
    owed_hundreds: Mapped[int] = mapped_column(sa.BigInteger, server_default="-1")
    reason_marks: Mapped[str | None] = mapped_column(sa.String(120))
    # When it ended without an agreement, as its log says; null while it has not, once it is erased, and until they have
    # been looked at in those that ended before this was kept.
    over_at: Mapped[datetime | None]
    # When its files were erased, and when all of it but statuses, times and digests was; null while they are kept.
    files_erased_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    # The purposes that the person has taken back, with blanks between them, as `consent_withdrawal` has them; null
    # while there is none. And whether what was given stands in the ledger, which those from before it wait for.
    withdrawn_purposes: Mapped[str | None] = mapped_column(sa.String(120))
    consents_noted: Mapped[bool] = mapped_column(server_default=sa.false())

    __table_args__ = (
        sa.Index(
            "uq_negotiation_open_person_bank",
            "person_index",
            "bank_code",
            "identity_rank",
            unique=True,
            sqlite_where=sa.text(OPEN_STATUSES_SQL),
            postgresql_where=sa.text(OPEN_STATUSES_SQL),
        ),
        *(
            sa.Index(
                name,
                "bank_code",
                first,
                "id",
                *(each for each in _SHOWN if each != first),
                sqlite_where=sa.text(QUEUE_SQL),
                postgresql_where=sa.text(QUEUE_SQL),
            )
            for name, first in _ORDERS.items()
        ),
        sa.Index(
            "ix_negotiation_worded",
            "bank_code",
            "due_at",
            "id",
            "last_word",
            sqlite_where=sa.text("last_word IS NOT NULL AND reached_bank_at IS NOT NULL"),
            postgresql_where=sa.text("last_word IS NOT NULL AND reached_bank_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_negotiation_unnoted", "id", sqlite_where=sa.text(UNNOTED_SQL), postgresql_where=sa.text(UNNOTED_SQL)
        ),
        sa.Index(
            "ix_negotiation_unindexed",
            "id",
            sqlite_where=sa.text(UNINDEXED_SQL),
            postgresql_where=sa.text(UNINDEXED_SQL),
        ),
        sa.Index(
            "ix_negotiation_uncovered",
            "id",
            sqlite_where=sa.text(UNCOVERED_SQL),
            postgresql_where=sa.text(UNCOVERED_SQL),
        ),
        # What is to be erased one day, by when its time began.
        *(
            sa.Index(name, *columns, sqlite_where=sa.text(which), postgresql_where=sa.text(which))
            for name, columns, which in (
                ("ix_negotiation_over_at", ("over_at", "id"), OVER_SQL),
                ("ix_negotiation_over_at_files", ("over_at", "id"), OVER_WITH_FILES_SQL),
                ("ix_negotiation_undated", ("id",), UNDATED_SQL),
            )
        ),
        # "Mine" and "nobody's" in the order of the queue: an owner that is null is found by it too.
        sa.Index(
            "ix_negotiation_owner",
            "bank_code",
            "owner_id",
            "due_at",
            "id",
            sqlite_where=sa.text(QUEUE_SQL),
            postgresql_where=sa.text(QUEUE_SQL),
        ),
        sa.Index(
            "ix_negotiation_age",
            "bank_code",
            "reached_bank_at",
            "id",
            sqlite_where=sa.text(QUEUE_SQL),
            postgresql_where=sa.text(QUEUE_SQL),
        ),
        sa.Index("ix_negotiation_bank_status", "bank_code", "status", "due_at", "id"),
        sa.Index("ix_negotiation_client", "client_id", "id"),
        sa.Index("ix_negotiation_subject", "client_id", "subject_index", "id"),
        sa.Index("ix_negotiation_person", "person_index", "id"),
        sa.Index("ix_negotiation_mobile", "mobile_index", "id"),
        sa.Index(
            "ix_negotiation_correct_by",
            "correct_by",
            sqlite_where=sa.text("correct_by IS NOT NULL"),
            postgresql_where=sa.text("correct_by IS NOT NULL"),
        ),
        sa.Index(
            "ix_negotiation_screening",
            "opened_at",
            sqlite_where=sa.text("status = 'screening'"),
            postgresql_where=sa.text("status = 'screening'"),
        ),
    )


class SubmissionRecord(Record):
    """One version of what a bank is told: accounts, proposal, finances and the rest, sealed. Never edited."""

    __tablename__ = "submission"

    negotiation_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("negotiation.id"), primary_key=True)
    version: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    bank_code: Mapped[str] = mapped_column(BankCode)
    body_sealed: Mapped[bytes]
    submitted_at: Mapped[datetime]

    __table_args__ = (sa.Index("ix_submission_bank_code", "bank_code", "negotiation_id"),)


class EvidenceRequestRecord(Record):
    """A bank's request for more papers."""

    __tablename__ = "evidence_request"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    negotiation_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("negotiation.id"))
    bank_code: Mapped[str] = mapped_column(BankCode)
    kinds_sealed: Mapped[bytes]
    text_sealed: Mapped[bytes]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    lapsed_at: Mapped[datetime | None]
    # Set where the bank went on without the answer: it made an offer, or the negotiation ended.
    closed_at: Mapped[datetime | None]
    # An answer that waits for the verdict over its files.
    answer_waits: Mapped[bool]

    __table_args__ = (
        sa.Index("ix_evidence_request_negotiation", "negotiation_id", "asked_at"),
        sa.Index(
            "ix_evidence_request_open",
            "due_at",
            sqlite_where=sa.text("answered_at IS NULL AND lapsed_at IS NULL AND closed_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL AND lapsed_at IS NULL AND closed_at IS NULL"),
        ),
        sa.Index("ix_evidence_request_bank_code", "bank_code", "negotiation_id"),
    )


class DeliveryRecord(Record):
    """One message to a bank: frozen bytes under one id, and how far it got.

    It is about a negotiation or about a request, one of the two.
    """

    __tablename__ = "delivery"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    negotiation_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("negotiation.id"))
    request_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("service_request.id"))
    bank_code: Mapped[str] = mapped_column(BankCode)
    kind: Mapped[str] = mapped_column(Word)
    status: Mapped[str] = mapped_column(Word)
    # The kind of adapter an operator chose for it instead of the bank's own.
    through: Mapped[str | None] = mapped_column(Word)
    body_sealed: Mapped[bytes]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    attempts: Mapped[int] = mapped_column(sa.Integer)
    first_tried_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    detail: Mapped[str | None] = mapped_column(sa.String(300))
    queued_at: Mapped[datetime]
    # The bank has not decided whether it takes it: the next attempt asks before it sends.
    in_process: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    # The batch it travels in, where the bank takes batches.
    batch_id: Mapped[str | None] = mapped_column(Id)

    __table_args__ = (
        sa.CheckConstraint("(negotiation_id IS NULL) <> (request_id IS NULL)", name="of_one"),
        sa.Index("ix_delivery_negotiation", "negotiation_id", "queued_at"),
        sa.Index(
            "ix_delivery_request",
            "request_id",
            "queued_at",
            sqlite_where=sa.text("request_id IS NOT NULL"),
            postgresql_where=sa.text("request_id IS NOT NULL"),
        ),
        sa.Index(
            "ix_delivery_batch",
            "batch_id",
            sqlite_where=sa.text("batch_id IS NOT NULL"),
            postgresql_where=sa.text("batch_id IS NOT NULL"),
        ),
        sa.Index(
            "ix_delivery_waiting",
            "next_try_at",
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        ),
        sa.Index("ix_delivery_bank_code", "bank_code", "status"),
    )
