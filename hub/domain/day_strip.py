"""The working days of a time to answer as a strip, with today in its place on any day of the week."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class StripDay(StrEnum):
    """How a day of the strip stands to today. `REST`: it is today, and does not count."""

    PAST = "past"
    TODAY = "today"
    REST = "rest"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class DayOfStrip:
    """A day of the strip, and how it stands to today."""

    day: date
    standing: StripDay


def strip_of(counted: Iterable[date], today: date) -> list[DayOfStrip]:
    """The days that count, in order; today stands among them or in front as well where it does not count.

    Behind the last of them it is left out: the time is over.
    """
    days = sorted(set(counted))
    found = [DayOfStrip(day, _standing(day, today)) for day in days]
    if days and today < days[-1] and today not in days:
        found.append(DayOfStrip(today, StripDay.REST))
    return sorted(found, key=lambda each: each.day)


def _standing(day: date, today: date) -> StripDay:
    if day == today:
        return StripDay.TODAY
    return StripDay.PAST if day < today else StripDay.AHEAD
