"""Reminders of bills: how many days before its day a person wants to be told, and when in their hours that is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from hub.domain.china import CHINA, china_day, china_instant
from hub.domain.errors import Fault, Refused
from hub.domain.preferences import NoticeChannel
from hub.domain.reminders import FIRST_HOUR, LAST_HOUR

DAYS_BEFORE: Final = (7, 3, 1, 0)
"""How many days before its day a bill can be told of; 0 is the day itself."""
TOLD_AT: Final = time(9, 0)
"""The time of the day in China, for hours that hold it. Whoever is late tells it in the person's next hours."""


class ReminderHours(StrEnum):
    """When on a day a person wants to be told, in China time."""

    DAY = "day"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"

    @property
    def bounds(self) -> tuple[time, time]:
        """The first moment, and the one before which they end."""
        return _BOUNDS[self]

    @property
    def told_at(self) -> time:
        """When it is told on its day: at nine, or with the first of the hours where that is later."""
        return max(TOLD_AT, self.bounds[0])

    def next_slot(self, at: datetime) -> datetime:
        """`at`, or the next first moment of the hours where it lies outside."""
        first, last = self.bounds
        local = at.astimezone(CHINA)
        if local.time() < first:
            return china_instant(local.date(), first)
        return china_instant(local.date() + timedelta(days=1), first) if local.time() >= last else at


_BOUNDS: Final = {
    ReminderHours.DAY: (FIRST_HOUR, LAST_HOUR),
    ReminderHours.MORNING: (FIRST_HOUR, time(12, 0)),
    ReminderHours.AFTERNOON: (time(12, 0), time(18, 0)),
    ReminderHours.EVENING: (time(18, 0), LAST_HOUR),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BillReminder:
    """What a person wants to be told of one bill: on which days before, when on those days, and where to.

    Without days nothing is told. Raises `Refused` `required` where there is no address for the channel.
    """

    days_before: tuple[int, ...]
    channel: NoticeChannel = NoticeChannel.MAIL
    hours: ReminderHours = ReminderHours.DAY
    email: str | None = field(default=None, repr=False)
    mobile: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.days_before and self.address is None:
            raise Refused(Fault("/email" if self.channel is NoticeChannel.MAIL else "/mobile", "required"))

    @property
    def address(self) -> str | None:
        """Where it goes by the channel that was chosen; text messages only where they were."""
        return self.email if self.channel is NoticeChannel.MAIL else self.mobile


def told_at(due_on: date, days_before: int, hours: ReminderHours = ReminderHours.DAY) -> datetime:
    """When a bill of that day is told so many days before."""
    return china_instant(due_on - timedelta(days=days_before), hours.told_at)


def next_at(
    due_on: date, days_before: Iterable[int], *, after: datetime, hours: ReminderHours = ReminderHours.DAY
) -> datetime | None:
    """The next time to tell of the bill that is later than `after`; None where none is left."""
    return min((at for each in days_before if (at := told_at(due_on, each, hours)) > after), default=None)


def first_at(
    due_on: date, days_before: Iterable[int], *, now: datetime, hours: ReminderHours = ReminderHours.DAY
) -> datetime | None:
    """The first time to tell of a bill that is put down or moved `now`: what is due today is told today still."""
    times = (told_at(due_on, each, hours) for each in days_before)
    return min((at for at in times if china_day(at) >= china_day(now)), default=None)


def stage_due(
    due_on: date,
    days_before: Iterable[int],
    *,
    since: datetime,
    now: datetime,
    hours: ReminderHours = ReminderHours.DAY,
) -> int | None:
    """How many days before the bill is told now, of what came due from `since` on; None where its day has passed.

    Of several only the last still says something true.
    """
    if china_day(now) > due_on:
        return None
    return min((each for each in days_before if since <= told_at(due_on, each, hours) <= now), default=None)
