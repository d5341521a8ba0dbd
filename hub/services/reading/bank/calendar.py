"""The calendar in force as a bank looks at it: each year's basis, its holidays, and what a notice changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from hub.domain.china import china_day
from hub.domain.working_days import Calendar, DayCode, YearBasis, days_of_year
from hub.services.transaction import HubTransaction
from storage import calendars

_YEARS_AHEAD = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """Days off one after another, from `first` to `last`, and the weekend days that work for them."""

    name_zh: str
    name_en: str
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarYear:
    """One year. `notice` and `published_on` are None where none was published; `before` are notices it replaced."""

    year: int
    is_provisional: bool
    notice: str | None
    published_on: date | None
    working_days: int
    holidays: tuple[Holiday, ...]
    made_up: tuple[date, ...]
    before: tuple[str, ...]


def years(tx: HubTransaction) -> list[CalendarYear]:
    """This year and the next."""
    calendar = tx.calendar()
    this_year = china_day(tx.now).year
    imported = calendars.list_imported(tx)
    found = []
    for status in calendar.years_status(through=this_year + _YEARS_AHEAD):
        if not this_year <= status.year <= this_year + _YEARS_AHEAD:
            continue
        notice = status.notice
        found.append(
            CalendarYear(
                year=status.year,
                is_provisional=status.basis == YearBasis.PROVISIONAL,
                notice=None if notice is None else notice.notice,
                published_on=None if notice is None else notice.published_on,
                working_days=status.working_days,
                holidays=tuple(_holidays(calendar, status.year)),
                made_up=tuple(_made_up(calendar, status.year)),
                before=tuple(each.notice for each in imported if each.year == status.year and each != notice),
            )
        )
    return found


def _holidays(calendar: Calendar, year: int) -> Iterator[Holiday]:
    run: Holiday | None = None
    for day in days_of_year(year):
        reason = calendar.why(day)
        if reason.code != DayCode.PUBLIC_HOLIDAY:
            if run is not None:
                yield run
            run = None
        elif run is None:
            run = Holiday(name_zh=reason.name_zh, name_en=reason.name_en, first=day, last=day)
        else:
            run = Holiday(name_zh=_named(run, calendar)[0], name_en=_named(run, calendar)[1], first=run.first, last=day)
    if run is not None:
        yield run


def _named(run: Holiday, calendar: Calendar) -> tuple[str, str]:
    """The names of all festivals in the run, each once."""
    days = [run.first + timedelta(days=n) for n in range(run.days + 1)]
    reasons = [calendar.why(day) for day in days]
    zh = dict.fromkeys(name for each in reasons for name in each.name_zh.split("、"))
    en = dict.fromkeys(name for each in reasons for name in each.name_en.split(" and "))
    return "、".join(zh), " and ".join(en)


def _made_up(calendar: Calendar, year: int) -> Iterator[date]:
    return (day for day in days_of_year(year) if calendar.why(day).code == DayCode.MAKE_UP_WORKING_DAY)
