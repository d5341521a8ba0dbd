"""A bank's answers counted: in time or late, in which week, at which stage, and why one was late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from hub.domain.china import china_day, china_instant
from hub.domain.errors import InvalidValue
from hub.domain.people import free_text, says_nothing

WEEKS: Final = 12
"""So many weeks are looked back on, the present one among them."""
FEW: Final = 5
"""A share of fewer answers than this says little, and pages say so."""


class Outcome(StrEnum):
    """How a bank turn came out. A late one stays so, answered or not."""

    IN_TIME = "in_time"
    LATE = "late"


class AnswerStage(StrEnum):
    """To what a bank answers."""

    FIRST = "first"
    EVIDENCED = "evidenced"  # after papers that the bank had asked for
    COUNTERED = "countered"  # a counter-offer


class BreachCause(StrEnum):
    """Why an answer was late, in a supervisor's word."""

    STAFFING = "staffing"
    OVERLOOKED = "overlooked"
    WAITING_FOR_REVIEW = "waiting_for_review"
    WAITING_FOR_OTHERS = "waiting_for_others"
    HARD_CASE = "hard_case"
    SYSTEM = "system"
    OTHER = "other"


class CaseAge(StrEnum):
    """How many days ago an open case reached the bank."""

    WEEK = "week"
    FORTNIGHT = "fortnight"
    MONTH = "month"
    TWO_MONTHS = "two_months"
    OLDER = "older"


# From and below how many days; None where there is no end.
_AGES: Final[Mapping[CaseAge, tuple[int, int | None]]] = {
    CaseAge.WEEK: (0, 7),
    CaseAge.FORTNIGHT: (7, 14),
    CaseAge.MONTH: (14, 30),
    CaseAge.TWO_MONTHS: (30, 60),
    CaseAge.OLDER: (60, None),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedBreach:
    """The cause of a late answer, with words where the cause alone says nothing; raises `InvalidValue`."""

    cause: BreachCause
    text: str = ""

    LIMIT = 500

    def __post_init__(self) -> None:
        free_text(self.text, limit=self.LIMIT)
        if self.cause is BreachCause.OTHER and says_nothing(self.text):
            raise InvalidValue("text_required")


def week_of(at: datetime) -> date:
    """The Monday of the week in China in which `at` lies."""
    day = china_day(at)
    return day - timedelta(days=day.weekday())


def span_of(week: date) -> tuple[datetime, datetime]:
    """From when and until before when the week of that Monday goes."""
    return china_instant(week, time()), china_instant(week + timedelta(days=7), time())


def weeks_until(now: datetime) -> list[date]:
    """The Mondays of the weeks that are looked back on, the oldest first and the present one last."""
    return [week_of(now) - timedelta(days=7 * back) for back in reversed(range(WEEKS))]


def reached_between(age: CaseAge, now: datetime) -> tuple[datetime | None, datetime]:
    """After when, None where long ago, and until when a case of that age reached the bank."""
    from_days, below_days = _AGES[age]
    return None if below_days is None else now - timedelta(days=below_days), now - timedelta(days=from_days)


def median_of(counted: Mapping[int, int]) -> float | None:
    """The median of values that come so often each; None where there are none."""
    total, seen = sum(counted.values()), 0
    lower: int | None = None
    for value in sorted(counted):
        seen += counted[value]
        if lower is None and 2 * seen >= total and counted[value]:
            lower = value
        if 2 * seen > total and lower is not None:
            return (lower + value) / 2
    return None
