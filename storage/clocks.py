"""Clocks: one row a bank turn, with the due time that its calendar gave."""

from collections.abc import Sequence
from datetime import datetime, time

import sqlalchemy as sa

from hub.domain import answer_time, reminders
from hub.domain.answer_time import AnswerTime
from hub.domain.bank import BankRules
from hub.domain.working_days import Calendar
from storage import answers
from storage.reading_ahead import known_of
from storage.records import ClockRecord, NegotiationRecord, new_id
from storage.records.clocks import OF_A_CALENDAR_SQL, UNNOTED_SQL
from storage.records.negotiations import NO_CLOCK, PAUSED
from storage.transaction import Transaction

RUNNING = (ClockRecord.answered_at.is_(None), ClockRecord.ended_at.is_(None))
"""Of a clock that runs: neither answered nor over; a paused one runs too."""


def answer_time_of(clock: ClockRecord) -> AnswerTime:
    """What the clock's due time follows from."""
    return AnswerTime(
        opened_at=clock.opened_at,
        response_days=clock.response_days,
        closes_at=time.fromisoformat(clock.closes_at),
        paused_on=clock.paused_on,
        resumed_on=clock.resumed_on,
    )


def open_clock(
    tx: Transaction, negotiation: NegotiationRecord, *, delivery_id: str, rules: BankRules, calendar: Calendar
) -> ClockRecord:
    """A clock runs from now on, due by `calendar` under the bank's `rules` of today."""
    clock = ClockRecord(
        id=new_id(),
        negotiation_id=negotiation.id,
        bank_code=negotiation.bank_code,
        delivery_id=delivery_id,
        opened_at=tx.now,
        response_days=rules.response_days,
        closes_at=rules.closes_at.isoformat("minutes"),
    )
    compute(tx, negotiation, clock, calendar)
    tx.session.add(clock)
    tx.session.flush()
    return clock


def compute(tx: Transaction, negotiation: NegotiationRecord, clock: ClockRecord, calendar: Calendar) -> None:
    """The clock's due time, and the queue's with it, is what `calendar` gives; nothing else writes a due time."""
    turn = answer_time_of(clock)
    clock.due_at = answer_time.due_at(turn, calendar)
    clock.provisional = answer_time.is_provisional(turn, calendar)
    clock.calendar_version = calendar.version
    # A step that lay before the clock was opened is nobody's reminder: the arrival itself was told just then.
    clock.remind_at = None if turn.is_paused else reminders.first_step_after(clock.opened_at, clock.due_at, calendar)
    negotiation.due_at = place_of(clock)
    negotiation.updated_at = tx.now


def place_of(clock: ClockRecord | None) -> datetime:
    """Where in the queue a negotiation with this running clock stands: one that is paused behind all that run."""
    if clock is None:
        return NO_CLOCK
    return PAUSED if answer_time_of(clock).is_paused else clock.due_at


def answer(tx: Transaction, negotiation: NegotiationRecord) -> None:
    """The running clock, if there is one, is answered now."""
    for clock in running_of(tx, negotiation.id):
        clock.answered_at = tx.now
        clock.remind_at = None
        answers.note_answer(tx, negotiation, clock)
    negotiation.due_at = NO_CLOCK


def end(tx: Transaction, negotiation: NegotiationRecord) -> None:
    """No clock runs any more, without an answer of the bank."""
    for clock in running_of(tx, negotiation.id):
        clock.ended_at = tx.now
        clock.remind_at = None
    negotiation.due_at = NO_CLOCK


def running_of(tx: Transaction, negotiation_id: str) -> list[ClockRecord]:
    """The negotiation's clocks that still run: one or none."""
    return list(
        tx.session.scalars(sa.select(ClockRecord).where(ClockRecord.negotiation_id == negotiation_id, *RUNNING))
    )


def find_running(tx: Transaction, negotiation_id: str) -> ClockRecord | None:
    """The negotiation's running clock."""
    return next(iter(running_of(tx, negotiation_id)), None)


def list_of(tx: Transaction, negotiation_id: str) -> list[ClockRecord]:
    """All clocks of the negotiation, oldest first."""
    known = known_of(tx, ClockRecord, negotiation_id)
    if known is not None:
        return known
    return list(
        tx.session.scalars(
            sa.select(ClockRecord)
            .where(ClockRecord.negotiation_id == negotiation_id)
            .order_by(ClockRecord.opened_at, ClockRecord.id)
        )
    )


def list_running(tx: Transaction) -> list[ClockRecord]:
    """Every running clock of every bank, the one due first at the front."""
    return list(tx.session.scalars(sa.select(ClockRecord).where(*RUNNING).order_by(ClockRecord.due_at, ClockRecord.id)))


def list_behind(tx: Transaction, calendar: Calendar) -> list[str]:
    """The ids of running clocks whose due time was computed by another calendar, the one due first at the front."""
    # In the words of the index; two ranges of it, since none is "not this".
    running, version = sa.text(OF_A_CALENDAR_SQL), ClockRecord.calendar_version
    behind = sa.or_(version < calendar.version, version > calendar.version)
    return list(
        tx.session.scalars(
            sa.select(ClockRecord.id).where(running, behind).order_by(ClockRecord.due_at, ClockRecord.id)
        )
    )


def list_breached(tx: Transaction, at: datetime, limit: int) -> list[ClockRecord]:
    """Running clocks whose due time is past at `at` and whose breach is not in the log yet. A pause is no breach."""
    paused = sa.and_(ClockRecord.paused_on.is_not(None), ClockRecord.resumed_on.is_(None))
    return list(
        tx.session.scalars(
            sa.select(ClockRecord)
            .where(
                sa.text(UNNOTED_SQL),
                ClockRecord.due_at < at,
                sa.not_(paused),
            )
            .order_by(ClockRecord.due_at, ClockRecord.id)
            .limit(limit)
        )
    )


def negotiations_of(tx: Transaction, clock_ids: Sequence[str]) -> list[str]:
    """The ids of the negotiations that have these clocks."""
    return list(tx.session.scalars(sa.select(ClockRecord.negotiation_id).where(ClockRecord.id.in_(clock_ids))))


def list_by_ids(tx: Transaction, clock_ids: Sequence[str]) -> list[ClockRecord]:
    """These clocks as they stand now, whatever was read of them before; the one due first at the front."""
    return list(
        tx.session.scalars(
            sa.select(ClockRecord)
            .where(ClockRecord.id.in_(clock_ids))
            .order_by(ClockRecord.due_at, ClockRecord.id)
            .execution_options(populate_existing=True)
        )
    )


def any_to_remind(tx: Transaction, at: datetime) -> bool:
    """Whether `take_to_remind` would find a clock; asked first, because most of the time there is none."""
    query = sa.select(ClockRecord.id).where(ClockRecord.remind_at.is_not(None), ClockRecord.remind_at <= at)
    return tx.session.scalar(query.limit(1)) is not None


def take_to_remind(tx: Transaction, at: datetime, limit: int) -> list[ClockRecord]:
    """Running clocks whose bank is to be reminded at `at`, held; those that another one holds are left to it."""
    return list(
        tx.session.scalars(
            sa.select(ClockRecord)
            .where(ClockRecord.remind_at.is_not(None), ClockRecord.remind_at <= at)
            .order_by(ClockRecord.remind_at, ClockRecord.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )
