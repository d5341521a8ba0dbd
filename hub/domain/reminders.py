"""When people are written to: the ladder of reminders before and after a due time, and a cardholder's hours.

Instants are UTC and aware; days are China's. Nothing here knows a mail.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from hub.domain.china import CHINA, china_day, china_instant
from hub.domain.working_days import Calendar

# When a bank's desk is reminded: early enough for the whole working day to be left.
REMINDED_AT = time(8, 45)
# A bank that closes sooner than this after that time is reminded at the day's first minute instead.
_LEAST_NOTICE = timedelta(hours=1)

# Cardholders are written to from the first of these on and before the second, in China time.
FIRST_HOUR = time(8, 30)
LAST_HOUR = time(20, 0)

# An offer's end is told this long before.
OFFER_ENDING_BEFORE = timedelta(days=2)
# So is the end of the time for a correction.
CORRECTION_ENDING_BEFORE = timedelta(days=7)
# A payment's day is told this many days before.
PAYMENT_DUE_BEFORE = timedelta(days=3)

_ONE_DAY = timedelta(days=1)


class Stage(StrEnum):
    """A step of the ladder before a due time."""

    TWO_DAYS_BEFORE = "two_days_before"
    ONE_DAY_BEFORE = "one_day_before"
    ON_THE_DAY = "on_the_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTime:
    """A step and the instant it is due."""

    stage: Stage
    at: datetime


def ladder(due_at: datetime, calendar: Calendar) -> tuple[StageTime, ...]:
    """The steps before `due_at`, the earliest first: at 08:45 on the working days two, one and none before its day.

    On the day itself it is 00:00 where the bank closes before 09:45.
    """
    due_day = china_day(due_at)
    on_the_day = china_instant(due_day, REMINDED_AT)
    if due_at - on_the_day < _LEAST_NOTICE:
        on_the_day = china_instant(due_day, time(0))
    one_before = _working_day_before(due_day, calendar)
    two_before = _working_day_before(one_before, calendar)
    return (
        StageTime(stage=Stage.TWO_DAYS_BEFORE, at=china_instant(two_before, REMINDED_AT)),
        StageTime(stage=Stage.ONE_DAY_BEFORE, at=china_instant(one_before, REMINDED_AT)),
        StageTime(stage=Stage.ON_THE_DAY, at=on_the_day),
    )


def _working_day_before(day: date, calendar: Calendar) -> date:
    day -= _ONE_DAY
    while not calendar.is_working_day(day):
        day -= _ONE_DAY
    return day


def first_step_after(at: datetime, due_at: datetime, calendar: Calendar) -> datetime | None:
    """When the first step of the ladder that is later than `at` is due; None where none is left."""
    return next((step.at for step in ladder(due_at, calendar) if step.at > at), None)


def escalation_at(due_at: datetime, calendar: Calendar) -> datetime:
    """One working day after `due_at`, at the same time of the day."""
    next_day = calendar.nth_working_day_after(china_day(due_at), 1)
    return china_instant(next_day, due_at.astimezone(CHINA).time())


def payment_told_at(due_on: date) -> datetime:
    """When a person is told of a payment: at the first of their hours, three days before its day."""
    return china_instant(due_on - PAYMENT_DUE_BEFORE, FIRST_HOUR)


def in_a_cardholders_hours(at: datetime) -> datetime:
    """`at`, or the next 08:30 in China where it is before 08:30, or 20:00 or later."""
    local = at.astimezone(CHINA)
    if local.time() < FIRST_HOUR:
        return china_instant(local.date(), FIRST_HOUR)
    if local.time() >= LAST_HOUR:
        return china_instant(local.date() + _ONE_DAY, FIRST_HOUR)
    return at
