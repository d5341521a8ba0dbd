"""Which days are working days in China, why, and counting by them.

A year is taken from its notice; a past year from the library's copy of its notice; a year that nobody has
arranged yet from the statutory days alone, and is then provisional. Due times live in `answer_time`.
"""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from hub.domain.errors import InvalidValue
from hub.domain.notices import PUBLISHED, Notice
from hub.domain.statutory_days import (
    FIRST_ARRANGED_YEAR,
    FIRST_YEAR,
    LAST_YEAR,
    festivals_on,
    last_arranged_year,
    library_year,
)

_ONE_DAY = timedelta(days=1)
_UNNAMED_HOLIDAY = ("放假", "holiday")


class DayCode(StrEnum):
    """Why a day works or does not."""

    WORKING_DAY = "working_day"
    MAKE_UP_WORKING_DAY = "make_up_working_day"  # a Saturday or Sunday that works for a holiday elsewhere
    WEEKEND = "weekend"
    PUBLIC_HOLIDAY = "public_holiday"  # any day off of a holiday's run, weekend days that a notice names too


_PLAIN_NAMES = {
    DayCode.WORKING_DAY: ("工作日", "working day"),
    DayCode.MAKE_UP_WORKING_DAY: ("调休上班", "make-up working day"),
    DayCode.WEEKEND: ("周末", "weekend"),
}


class YearBasis(StrEnum):
    """What a year's working days rest on."""

    NOTICE = "notice"
    PAST_NOTICE = "past_notice"  # arranged by a notice that is known through the library's copy only
    PROVISIONAL = "provisional"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReason:
    """Why `day` works or does not; `notice` is the number of the notice that says so, where one does."""

    day: date
    works: bool
    code: DayCode
    name_zh: str
    name_en: str
    notice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedDay:
    """A day on the way to a due day: the `number`th that counts, or None where it is skipped."""

    number: int | None
    reason: DayReason

    @property
    def day(self) -> date:
        """The day itself."""
        return self.reason.day


@dataclass(frozen=True, slots=True, kw_only=True)
class YearStatus:
    """What is known of one year; `notice` is None unless `basis` is a notice."""

    year: int
    basis: YearBasis
    notice: Notice | None
    working_days: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days that follow from `notices`, at most one a year, ordered by year. Build it with `of`.

    `version` is a short digest of all that the days follow from: equal versions give equal days.
    """

    notices: tuple[Notice, ...]
    version: str = field(init=False)
    _years: dict[int, "_Year"] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "version", _digest(self.notices))

    @classmethod
    def of(cls, notices: Iterable[Notice] = ()) -> "Calendar":
        """The calendar of the official notices and `notices`, in the order they were imported.

        An imported notice takes the place of the official one for its year, and of one imported before it.
        """
        by_year = {notice.year: notice for notice in (*PUBLISHED, *notices)}
        return cls(tuple(by_year[year] for year in sorted(by_year)))

    def is_working_day(self, day: date) -> bool:
        """Whether banks work on `day`."""
        return day in self._year(day.year).working_set

    def why(self, day: date) -> DayReason:
        """Why `day` works or does not, with the holiday's name and the notice's number."""
        year = self._year(day.year)
        works = day in year.working_set
        if day in year.off:
            name_zh, name_en = self._holiday_name(day)
            code, notice = DayCode.PUBLIC_HOLIDAY, year.off[day]
        else:
            code, notice = _plain_code(year, day), year.made_up.get(day)
            name_zh, name_en = _PLAIN_NAMES[code]
        return DayReason(day=day, works=works, code=code, name_zh=name_zh, name_en=name_en, notice=notice)

    def nth_working_day_after(self, day: date, n: int) -> date:
        """The `n`th working day after `day`, which is not counted itself; `day` when `n` is 0.

        Raises InvalidValue when `n` is negative or the days run past LAST_YEAR.
        """
        if n < 0:
            raise InvalidValue("days_negative")
        if n == 0:
            return day
        year = day.year
        working = self._year(year).working
        place = bisect_right(working, day) + n - 1
        while place >= len(working):
            place -= len(working)
            year += 1
            working = self._year(year).working
        return working[place]

    def working_days_between(self, after: date, until: date) -> int:
        """How many working days d there are with after < d <= until; 0 when `until` is not later."""
        if until <= after:
            return 0
        passed = sum(len(self._year(year).working) for year in range(after.year, until.year))
        in_last_year = bisect_right(self._year(until.year).working, until)
        return passed + in_last_year - bisect_right(self._year(after.year).working, after)

    def explain(self, day: date, n: int) -> tuple[CountedDay, ...]:
        """Every day after `day` up to the `n`th working day: counted or skipped, and why."""
        last = self.nth_working_day_after(day, n)
        counted: list[CountedDay] = []
        number = 0
        while day < last:
            day += _ONE_DAY
            reason = self.why(day)
            number += reason.works
            counted.append(CountedDay(number=number if reason.works else None, reason=reason))
        return tuple(counted)

    def is_provisional(self, year: int) -> bool:
        """No notice for `year` is known: its days are computed and may still move.

        The last days of December of any year may move once more, with the notice for the next.
        """
        return self._basis(year) is YearBasis.PROVISIONAL

    def provisional_between(self, after: date, until: date) -> bool:
        """Any day d with after < d <= until lies in a provisional year."""
        if until <= after:
            return False
        return any(self.is_provisional(year) for year in range((after + _ONE_DAY).year, until.year + 1))

    def years_status(self, *, through: int | None = None) -> tuple[YearStatus, ...]:
        """What each year rests on, from the first notice's to the first without, or to `through` if later."""
        known = [notice.year for notice in self.notices]
        first = min(known, default=FIRST_ARRANGED_YEAR)
        after_known = range(max(known, default=first), LAST_YEAR)
        first_open = next((year for year in after_known if self.is_provisional(year)), LAST_YEAR)
        years = range(first, min(max(first_open, through or 0), LAST_YEAR) + 1)
        return tuple(self._status_of(year) for year in years)

    def _status_of(self, year: int) -> YearStatus:
        working_days = len(self._year(year).working)
        return YearStatus(year=year, basis=self._basis(year), notice=self._notice_of(year), working_days=working_days)

    def _basis(self, year: int) -> YearBasis:
        if self._notice_of(year) is not None:
            return YearBasis.NOTICE
        return YearBasis.PAST_NOTICE if library_year(year).is_arranged else YearBasis.PROVISIONAL

    def _notice_of(self, year: int) -> Notice | None:
        return next((notice for notice in self.notices if notice.year == year), None)

    def _year(self, year: int) -> "_Year":
        found = self._years.get(year)
        if found is None:
            # Two threads may both build it; they build the same.
            found = self._years[year] = _build_year(year, self._notice_of(year), self._notice_of(year + 1))
        return found

    def _holiday_name(self, day: date) -> tuple[str, str]:
        """The festival on `day`, else all those of the run of days off around it, in Chinese and English."""
        festivals = festivals_on(day)
        if not festivals:
            run = sorted((*self._days_off_from(day, -_ONE_DAY), *self._days_off_from(day, _ONE_DAY)))
            festivals = tuple(dict.fromkeys(festival for each in run for festival in festivals_on(each)))
        if not festivals:
            return _UNNAMED_HOLIDAY
        return "、".join(zh for zh, _ in festivals), " and ".join(en for _, en in festivals)

    def _days_off_from(self, day: date, step: timedelta) -> Iterator[date]:
        day += step
        while FIRST_YEAR <= day.year <= LAST_YEAR and not self.is_working_day(day):
            yield day
            day += step


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layer:
    """Days that one source moves; `notice` is its number, None when it is not a notice."""

    off: frozenset[date]
    made_up: frozenset[date] = frozenset()
    notice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Year:
    """One year's working days, in order and as a set, and the days moved, with the notice's number.

    `off` and `made_up` may hold days of the years beside it, which are asked of their own year.
    """

    working: tuple[date, ...]
    working_set: frozenset[date]
    off: Mapping[date, str | None]
    made_up: Mapping[date, str | None]


def _build_year(year: int, notice: Notice | None, following: Notice | None) -> _Year:
    library = library_year(year)
    if notice:
        # The statutory days are off by decree, also where an imported list forgot one.
        layers = [_Layer(off=library.statutory), _notice_layer(notice)]
    else:
        layers = [_Layer(off=frozenset(library.off), made_up=library.made_up)]
    if following:
        layers.append(_notice_layer(following))
    off: dict[date, str | None] = {}
    made_up: dict[date, str | None] = {}
    for layer in layers:
        for day in layer.off:
            off[day] = layer.notice
            made_up.pop(day, None)
        for day in layer.made_up:
            made_up[day] = layer.notice
            off.pop(day, None)
    working = tuple(day for day in days_of_year(year) if day in made_up or (day.weekday() < 5 and day not in off))
    return _Year(working=working, working_set=frozenset(working), off=off, made_up=made_up)


def days_of_year(year: int) -> Iterator[date]:
    """Each day of that year, in order."""
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += _ONE_DAY


def _plain_code(year: _Year, day: date) -> DayCode:
    if day in year.made_up:
        return DayCode.MAKE_UP_WORKING_DAY
    return DayCode.WORKING_DAY if day in year.working_set else DayCode.WEEKEND


def _digest(notices: tuple[Notice, ...]) -> str:
    # The library is part of it: an update that knows another year moves days as an imported notice does.
    stated = [
        [
            each.year,
            each.notice,
            str(each.published_on),
            sorted(map(str, each.off)),
            sorted(map(str, each.work)),
        ]
        for each in notices
    ]
    text = json.dumps([last_arranged_year(PUBLISHED[-1].year), stated], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _notice_layer(notice: Notice) -> _Layer:
    return _Layer(off=notice.off, made_up=notice.work, notice=notice.notice)
