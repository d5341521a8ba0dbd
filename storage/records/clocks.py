"""Clocks, one a bank turn, and what many of them come to in a week."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from storage.records.base import BankCode, Id, Record, Word

RUNNING_SQL = "answered_at IS NULL AND ended_at IS NULL"
UNNOTED_SQL = f"{RUNNING_SQL} AND breach_noted_at IS NULL"
PAUSED_SQL = f"{RUNNING_SQL} AND paused_on IS NOT NULL AND resumed_on IS NULL"
PROVISIONAL_SQL = f"{RUNNING_SQL} AND provisional"
# Who asks for another calendar says so much; who asks for what is due does not, and has an index that ends at now.
OF_A_CALENDAR_SQL = f"{RUNNING_SQL} AND calendar_version IS NOT NULL"
UNEXPLAINED_SQL = "outcome = 'late' AND cause IS NULL"
"""Late, and nobody has said why; spelt as the index has it."""


class ClockRecord(Record):
    """One bank turn: from the message's arrival in the bank's system to the answer."""

    __tablename__ = "clock"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    negotiation_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("negotiation.id"))
    bank_code: Mapped[str] = mapped_column(BankCode)
    # The delivery whose arrival opened it, so that one arrival never opens two.
    delivery_id: Mapped[str] = mapped_column(Id, unique=True)
    opened_at: Mapped[datetime]
    response_days: Mapped[int] = mapped_column(sa.Integer)
    closes_at: Mapped[str] = mapped_column(sa.String(5))
    paused_on: Mapped[date | None]
    resumed_on: Mapped[date | None]
    due_at: Mapped[datetime]
    calendar_version: Mapped[str] = mapped_column(sa.String(64))
    provisional: Mapped[bool]
    answered_at: Mapped[datetime | None]
    # Set where the turn ended without an answer: withdrawn, lapsed, agreed on an earlier offer.
    ended_at: Mapped[datetime | None]
    breach_noted_at: Mapped[datetime | None]
    # When the bank's desk is reminded next; null where no step of the ladder is left, or the clock is paused.
    remind_at: Mapped[datetime | None]
    # How the turn came out, by `domain.answers`, and when that was known: at an answer in time, or at the due time.
    outcome: Mapped[str | None] = mapped_column(Word)
    outcome_at: Mapped[datetime | None]
    # What stood then: to what the bank answers, its owner's team, and the reasons of the person as keyed hashes.
    stage: Mapped[str | None] = mapped_column(Word)
    team_id: Mapped[str | None] = mapped_column(Id)
    reason_marks: Mapped[str | None] = mapped_column(sa.String(120))
    # Working days from the arrival to the answer; null while there is none, and in turns of before this was kept.
    days_taken: Mapped[int | None] = mapped_column(sa.Integer)
    # Why it is late, in a supervisor's word; null while nobody has said so.
    cause: Mapped[str | None] = mapped_column(Word)
    cause_sealed: Mapped[bytes | None]
    cause_by: Mapped[str | None] = mapped_column(sa.String(80))
    cause_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index("ix_clock_negotiation", "negotiation_id", "opened_at"),
        sa.Index(
            "ix_clock_remind",
            "remind_at",
            "id",
            sqlite_where=sa.text("remind_at IS NOT NULL"),
            postgresql_where=sa.text("remind_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_clock_running",
            "due_at",
            "id",
            sqlite_where=sa.text(UNNOTED_SQL),
            postgresql_where=sa.text(UNNOTED_SQL),
        ),
        sa.Index(
            "ix_clock_unanswered",
            "due_at",
            "id",
            sqlite_where=sa.text(RUNNING_SQL),
            postgresql_where=sa.text(RUNNING_SQL),
        ),
        # What operators count: at one bank, and what is rare among all that run.
        *(
            sa.Index(name, *columns, sqlite_where=sa.text(which), postgresql_where=sa.text(which))
            for name, columns, which in (
                ("ix_clock_unanswered_of_bank", ("bank_code", "due_at", "id"), RUNNING_SQL),
                ("ix_clock_paused", ("id",), PAUSED_SQL),
                ("ix_clock_provisional", ("id",), PROVISIONAL_SQL),
            )
        ),
        sa.Index("ix_clock_bank_code", "bank_code", "due_at", "id"),
        sa.Index(
            "ix_clock_calendar",
            "calendar_version",
            sqlite_where=sa.text(OF_A_CALENDAR_SQL),
            postgresql_where=sa.text(OF_A_CALENDAR_SQL),
        ),
        sa.Index(
            "ix_clock_answered",
            "bank_code",
            "answered_at",
            "due_at",
            sqlite_where=sa.text("answered_at IS NOT NULL"),
            postgresql_where=sa.text("answered_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_clock_outcome",
            "bank_code",
            "outcome_at",
            "id",
            sqlite_where=sa.text("outcome_at IS NOT NULL"),
            postgresql_where=sa.text("outcome_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_clock_unexplained",
            "bank_code",
            "outcome_at",
            "id",
            sqlite_where=sa.text(UNEXPLAINED_SQL),
            postgresql_where=sa.text(UNEXPLAINED_SQL),
        ),
    )


class AnsweredWeekRecord(Record):
    """How many turns of a bank came out so in a week that is over: all of them, and by team, reason, stage and days.

    Only ever a sum of `clock`, made anew where a turn of the week changed: none of its rows is there then.
    """

    __tablename__ = "answered_week"

    bank_code: Mapped[str] = mapped_column(BankCode, primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    by: Mapped[str] = mapped_column(Word, primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    in_time: Mapped[int] = mapped_column(sa.Integer)
    late: Mapped[int] = mapped_column(sa.Integer)
