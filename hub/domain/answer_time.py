"""How long a bank has to answer: due times, pauses, what is left, and how each day was counted.

Instants are UTC and aware; days are China's. The day of receipt is never counted (Civil Code, Article 201).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from hub.domain.china import china_day, china_instant
from hub.domain.clauses import CERTIFICATE_WORKING_DAYS
from hub.domain.credit_note import ANSWER_DAYS
from hub.domain.errors import InvalidValue
from hub.domain.working_days import Calendar, CountedDay

PAUSE_WORKING_DAYS = 5
"""How far a request for evidence moves the due time on while unanswered, and the time it leaves to answer."""
REPORT_WORKING_DAYS = 3
"""How long a bank has to answer a report of collection that went on."""
HOLD_WORKING_DAYS = 2
"""How long all who collect for a bank have to stop after a signing."""

MAX_DAYS = 366
_ONE_DAY = timedelta(days=1)

SOON_DAYS = 2
"""With so few working days left an answer is urgent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTime:
    """One clock of a negotiation: what its due time follows from.

    `opened_at` is when the packet or counter-offer entered the bank's system. `paused_on` is the day in China
    on which evidence was asked for, `resumed_on` the day of the answer. Raises InvalidValue.
    """

    opened_at: datetime
    response_days: int
    closes_at: time
    paused_on: date | None = None
    resumed_on: date | None = None

    def __post_init__(self) -> None:
        _check_aware(self.opened_at)
        _check_days("response_days_out_of_range", self.response_days)
        if self.paused_on is not None and self.paused_on < china_day(self.opened_at):
            raise InvalidValue("paused_before_opened", paused_on=str(self.paused_on))
        if self.resumed_on is not None and (self.paused_on is None or self.resumed_on < self.paused_on):
            raise InvalidValue("resumed_before_paused", resumed_on=str(self.resumed_on))

    @property
    def is_paused(self) -> bool:
        """Evidence was asked for and the answer is still out."""
        return self.paused_on is not None and self.resumed_on is None


def due_at(answer_time: AnswerTime, calendar: Calendar) -> datetime:
    """The instant by which the bank answers: `closes_at` on its last working day, moved on by a pause."""
    opened_on = china_day(answer_time.opened_at)
    last_day = calendar.nth_working_day_after(opened_on, _working_days(answer_time, calendar))
    return china_instant(last_day, answer_time.closes_at)


def explain(answer_time: AnswerTime, calendar: Calendar) -> tuple[CountedDay, ...]:
    """Every day from the one after receipt to the due day, counted or skipped, and why."""
    return calendar.explain(china_day(answer_time.opened_at), _working_days(answer_time, calendar))


def is_provisional(answer_time: AnswerTime, calendar: Calendar) -> bool:
    """The due time rests on a year for which no official notice is known yet."""
    due_on = china_day(due_at(answer_time, calendar))
    return calendar.provisional_between(china_day(answer_time.opened_at), due_on)


def working_days_left(due: datetime, now: datetime, calendar: Calendar) -> int:
    """The working days after today up to the day of `due`: 0 on that day and ever after."""
    return calendar.working_days_between(china_day(now), china_day(due))


def working_time(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """How long it is from `start` to `end`, working days counting 24 hours each and other days none.

    Below zero where `end` is the earlier.
    """
    if end < start:
        return -working_time(end, start, calendar)
    return (
        timedelta(days=calendar.working_days_between(china_day(start), china_day(end)))
        + _into_day(end, calendar)
        - _into_day(start, calendar)
    )


class Countdown:
    """From `now` on to many due times of the same few days: what `working_days_left` and `working_time` give."""

    def __init__(self, now: datetime, calendar: Calendar) -> None:
        self.now, self.today = now, china_day(now)
        self._calendar = calendar
        self._into_today = _into_day(now, calendar)
        self._days: dict[date, tuple[int, datetime | None]] = {}

    def to(self, due: datetime, due_on: date) -> tuple[int, timedelta]:
        """The working days and the working time that are left until `due`, which lies on `due_on` in China."""
        known = self._days.get(due_on)
        if known is None:
            known = self._days[due_on] = self._day(due_on)
        days, starts_at = known
        into = timedelta() if starts_at is None else due - starts_at - _ONE_DAY
        return max(0, days), timedelta(days=days) + into - self._into_today

    def _day(self, due_on: date) -> tuple[int, datetime | None]:
        # Below zero for days before today; the start of a working day alone.
        between = self._calendar.working_days_between
        days = between(self.today, due_on) if due_on >= self.today else -between(due_on, self.today)
        return days, china_instant(due_on, time()) if self._calendar.is_working_day(due_on) else None


def _into_day(at: datetime, calendar: Calendar) -> timedelta:
    # How much of the day that the instant lies in is over, less the whole day that counting days has given it.
    day = china_day(at)
    if not calendar.is_working_day(day):
        return timedelta()
    return at - china_instant(day, time()) - _ONE_DAY


def is_soon(working_days_left: int) -> bool:
    """Whether so few working days are left that an answer is urgent."""
    return working_days_left <= SOON_DAYS


def is_breached(due: datetime, *, answered_at: datetime | None, paused: bool, now: datetime) -> bool:
    """The bank answered after `due`, or has not answered and `due` is past.

    The due instant itself is in time, and a paused clock is never breached.
    """
    return not paused and (answered_at or now) > due


def request_due_at(asked_at: datetime, closes_at: time, calendar: Calendar) -> datetime:
    """The instant by which evidence asked for is due: `closes_at` on the 5th working day after the asking."""
    _check_aware(asked_at)
    return china_instant(calendar.nth_working_day_after(china_day(asked_at), PAUSE_WORKING_DAYS), closes_at)


def report_due_at(reported_at: datetime, closes_at: time, calendar: Calendar) -> datetime:
    """The instant by which a report of collection is answered: `closes_at` on the 3rd working day after it."""
    _check_aware(reported_at)
    return china_instant(calendar.nth_working_day_after(china_day(reported_at), REPORT_WORKING_DAYS), closes_at)


def hold_check_at(signed_at: datetime, closes_at: time, calendar: Calendar) -> datetime:
    """The instant by which all who collect should have stopped: `closes_at` on the 2nd working day after signing."""
    _check_aware(signed_at)
    return china_instant(calendar.nth_working_day_after(china_day(signed_at), HOLD_WORKING_DAYS), closes_at)


def clearance_due_at(opened_at: datetime, closes_at: time, calendar: Calendar) -> datetime:
    """The instant by which a certificate of settlement is issued: `closes_at` on the 7th working day after `opened_at`.

    No statute names a time: it is the one of the clause that agreements have, `clauses.CERTIFICATE_ZH`.
    """
    _check_aware(opened_at)
    return china_instant(calendar.nth_working_day_after(china_day(opened_at), CERTIFICATE_WORKING_DAYS), closes_at)


def credit_note_due_at(asked_at: datetime, closes_at: time) -> datetime:
    """The instant by which a question about the credit register is answered: `closes_at` on the 20th day after it."""
    _check_aware(asked_at)
    return china_instant(china_day(asked_at) + timedelta(days=ANSWER_DAYS), closes_at)


def offer_valid_until(opened_at: datetime, offer_days: int, closes_at: time) -> datetime:
    """The instant an offer lapses: `closes_at` on the `offer_days`th calendar day after it opened."""
    _check_aware(opened_at)
    _check_days("offer_days_out_of_range", offer_days)
    return china_instant(china_day(opened_at) + timedelta(days=offer_days), closes_at)


def _working_days(answer_time: AnswerTime, calendar: Calendar) -> int:
    # The old due day is a working day, so moving on from it is the same as counting further from the receipt.
    if answer_time.paused_on is None:
        return answer_time.response_days
    if answer_time.resumed_on is None:
        return answer_time.response_days + PAUSE_WORKING_DAYS
    waited = calendar.working_days_between(answer_time.paused_on, answer_time.resumed_on)
    return answer_time.response_days + waited


def _check_aware(at: datetime) -> None:
    if at.utcoffset() is None:
        raise InvalidValue("time_without_offset")


def _check_days(code: str, days: int) -> None:
    if not 1 <= days <= MAX_DAYS:
        raise InvalidValue(code, min=1, max=MAX_DAYS)
