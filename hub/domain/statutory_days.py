"""What the `holidays` library knows of a year in China: statutory days, their names, past arrangements.

The library copied the State Council's notices from 2001 on. For a year without one it answers all the same,
from the statutory days alone, so `is_arranged` is asked first. Which days work is decided in `working_days`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from hub.domain.errors import InvalidValue

FIRST_YEAR = 1950
LAST_YEAR = 2100
"""The years that the library answers for."""

FIRST_ARRANGED_YEAR = 2001
"""The first year whose notice made weekends work."""

LATE_DECEMBER = (12, 20)
"""From here on the next year's notice, which arranges the New Year, may move a day; so far from the 29th."""

_FESTIVALS = {
    "元旦": ("元旦", "New Year's Day"),
    "除夕": ("春节", "Spring Festival"),
    "春节": ("春节", "Spring Festival"),
    "清明": ("清明节", "Qingming Festival"),
    "劳动": ("劳动节", "Labour Day"),
    "端午": ("端午节", "Dragon Boat Festival"),
    "国庆": ("国庆节", "National Day"),
    "中秋": ("中秋节", "Mid-Autumn Festival"),
    "抗日战争": ("抗战胜利纪念日", "Victory Day"),
}
"""Names in Chinese and English by the words that the library's names for them hold."""

_NOT_STATUTORY = ("调休", "补假", "延长")
"""Marks in a name: swapped for a weekend, in place of a weekend, and the extension of 2020."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryYear:
    """One year as the library knows it.

    `off` is every day it gives as a holiday, by name; `made_up` the weekend days that work; `statutory` the
    days that the decree on festivals names. `is_arranged` says that a notice for the year was copied.
    """

    off: Mapping[date, str]
    made_up: frozenset[date]
    statutory: frozenset[date]
    is_arranged: bool


@lru_cache(maxsize=LAST_YEAR - FIRST_YEAR + 1)
def library_year(year: int) -> LibraryYear:
    """The year in the library. Raises InvalidValue for one it does not answer for."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidValue("year_beyond_calendar", min=FIRST_YEAR, max=LAST_YEAR)
    import holidays  # noqa: PLC0415 - half a tenth of a second that only a year of no notice of ours is worth

    known = holidays.country_holidays("CN", years=year, language="zh_CN")
    off = {day: name for day, name in known.items() if day.year == year}
    made_up = frozenset(day for day in known.weekend_workdays if day.year == year)
    return LibraryYear(
        off=off,
        made_up=made_up,
        statutory=frozenset(day for day, name in off.items() if not any(mark in name for mark in _NOT_STATUTORY)),
        # Every notice since 2001 made a weekend work; one in late December says nothing of its own year.
        is_arranged=any((day.month, day.day) < LATE_DECEMBER for day in made_up),
    )


def last_arranged_year(since: int) -> int:
    """The last year from `since` on whose notice the installed library knows; library updates move it."""
    year = since
    while year < LAST_YEAR and library_year(year + 1).is_arranged:
        year += 1
    return year


def festivals_on(day: date) -> tuple[tuple[str, str], ...]:
    """The festivals that give `day` its own name, in Chinese and English; none for a swapped day off."""
    name = library_year(day.year).off.get(day, "")
    if "调休" in name:
        return ()
    return tuple(dict.fromkeys(festival for words, festival in _FESTIVALS.items() if words in name))
