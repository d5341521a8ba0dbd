"""When people are written to: the ladder of reminders before and after a due time, and a cardholder's hours.

Instants are UTC and aware; days are China's. Nothing here knows a mail.
"""

from collections.abc import Sequence
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

# People at banks are written to from the first of these on and before the second, but where an answer is late.
STAFF_FIRST_HOUR = time(8, 0)
STAFF_LAST_HOUR = time(20, 0)

# Of what customers do one reader at a bank gets so many mails in so long; what is more goes together in the next.
MOST_NEWS = 3
NEWS_WITHIN = timedelta(minutes=30)

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


def in_staff_hours(at: datetime) -> datetime:
    """`at`, or the next 08:00 in China where it is before 08:00, or 20:00 or later."""
    return _within(at, STAFF_FIRST_HOUR, STAFF_LAST_HOUR)


def digest_at(at: datetime, calendar: Calendar) -> datetime | None:
    """When the list of the China day of `at` is due; None where nobody works on it."""
    today = china_day(at)
    return china_instant(today, REMINDED_AT) if calendar.is_working_day(today) else None


def is_first_working_day(day: date, calendar: Calendar) -> bool:
    """Whether `day` is the first of its week, Monday to Sunday, on which people work."""
    earlier = (day - timedelta(days=back) for back in range(1, day.weekday() + 1))
    return calendar.is_working_day(day) and not any(calendar.is_working_day(each) for each in earlier)


def news_after(sent: Sequence[datetime]) -> datetime | None:
    """From when on a reader is told more of what customers did, who got mails at `sent`; None: at once."""
    newest = sorted(sent, reverse=True)[:MOST_NEWS]
    return newest[-1] + NEWS_WITHIN if len(newest) == MOST_NEWS else None


def in_a_cardholders_hours(at: datetime) -> datetime:
    """`at`, or the next 08:30 in China where it is before 08:30, or 20:00 or later."""
    return _within(at, FIRST_HOUR, LAST_HOUR)


def _within(at: datetime, first: time, last: time) -> datetime:
    local = at.astimezone(CHINA)
    if local.time() < first:
        return china_instant(local.date(), first)
    if local.time() >= last:
        return china_instant(local.date() + _ONE_DAY, first)
    return at
