"""The clock of a request: it lies in the request's row, and its due time is written here alone."""

from datetime import datetime, time

from hub.domain import answer_time, reminders
from hub.domain.answer_time import AnswerTime
from hub.domain.working_days import Calendar
from storage.records import ServiceRequestRecord
from storage.records.negotiations import NO_CLOCK
from storage.transaction import Transaction


def is_running(record: ServiceRequestRecord) -> bool:
    """Whether the bank's time to answer runs."""
    return record.clock_opened_at is not None and record.answered_at is None


def running_until(record: ServiceRequestRecord) -> datetime | None:
    """When the bank's answer is due; None where no clock runs, since none was opened or the bank has answered."""
    return record.due_at if is_running(record) else None


def answer_time_of(record: ServiceRequestRecord) -> AnswerTime | None:
    """What the due time follows from; None where no clock was ever opened."""
    if record.clock_opened_at is None or record.response_days is None or record.closes_at is None:
        return None
    return AnswerTime(
        opened_at=record.clock_opened_at,
        response_days=record.response_days,
        closes_at=time.fromisoformat(record.closes_at),
    )


def open_clock(
    tx: Transaction, record: ServiceRequestRecord, *, response_days: int, closes_at: time, calendar: Calendar
) -> None:
    """The clock runs from now on; the one before, if there was one, is forgotten but for the log."""
    record.clock_opened_at = tx.now
    record.response_days = response_days
    record.closes_at = closes_at.isoformat("minutes")
    record.answered_at = record.breach_noted_at = None
    compute(tx, record, calendar)


def compute(tx: Transaction, record: ServiceRequestRecord, calendar: Calendar) -> None:
    """The due time of the running clock is what `calendar` gives."""
    turn = answer_time_of(record)
    if turn is None:
        return
    record.due_at = answer_time.due_at(turn, calendar)
    record.provisional = answer_time.is_provisional(turn, calendar)
    record.calendar_version = calendar.version
    record.remind_at = reminders.first_step_after(turn.opened_at, record.due_at, calendar)
    record.updated_at = tx.now


def stop(tx: Transaction, record: ServiceRequestRecord) -> None:
    """No clock runs any more: the bank answered, or need not any more."""
    if is_running(record):
        record.answered_at = tx.now
    record.remind_at = None
    record.due_at = NO_CLOCK
