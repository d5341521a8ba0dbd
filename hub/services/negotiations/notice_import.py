"""What a notice of working days would change, told before it is imported."""

from dataclasses import dataclass
from datetime import date, timedelta

from hub.domain import answer_time
from hub.domain.china import china_day
from hub.domain.notices import Notice, require_published
from hub.domain.working_days import Calendar, YearStatus
from hub.services.transaction import HubTransaction
from storage import calendars, clocks

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedDay:
    """A day that works under one calendar and not under the other."""

    day: date
    works: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What importing a notice would do. `moved` counts the running clocks whose due time changes."""

    before: YearStatus | None
    after: YearStatus | None
    days: list[ChangedDay]
    moved: int
    running: int


def effect_of(tx: HubTransaction, notice: Notice) -> Effect:
    """What importing `notice` would do just now; nothing is changed. Raises `Refused` as importing it would."""
    require_published(notice, china_day(tx.now))
    in_force = tx.calendar()
    would_be = Calendar.of((*calendars.list_imported(tx), notice))
    running = [clocks.answer_time_of(clock) for clock in clocks.list_running(tx)]
    moved = sum(answer_time.due_at(each, in_force) != answer_time.due_at(each, would_be) for each in running)
    return Effect(
        before=_status(in_force, notice.year),
        after=_status(would_be, notice.year),
        days=_changed(in_force, would_be, notice.year),
        moved=moved,
        running=len(running),
    )


def _status(calendar: Calendar, year: int) -> YearStatus | None:
    return next((each for each in calendar.years_status(through=year) if each.year == year), None)


def _changed(before: Calendar, after: Calendar, year: int) -> list[ChangedDay]:
    # The last days of the December before belong to the notice too.
    day, last = date(year - 1, 12, 20), date(year, 12, 31)
    changed = []
    while day <= last:
        works = after.is_working_day(day)
        if works != before.is_working_day(day):
            changed.append(ChangedDay(day=day, works=works))
        day += _ONE_DAY
    return changed
