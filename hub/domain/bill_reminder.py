"""Reminders of bills: how many days before its day a person wants to be told, and when in their hours that is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from hub.domain.china import china_day, china_instant
from hub.domain.errors import Fault, Refused
from hub.domain.preferences import NoticeChannel

DAYS_BEFORE: Final = (7, 3, 1, 0)
"""How many days before its day a bill can be told of; 0 is the day itself."""
TOLD_AT: Final = time(9, 0)
"""The time of the day in China. Whoever is late tells it in the person's next hours (`reminders`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillReminder:
    """What a person wants to be told of one bill: on which days before, and where to.

    Without days nothing is told. Raises `Refused` `required` where there is no address for the channel.
    """

    days_before: tuple[int, ...]
    channel: NoticeChannel = NoticeChannel.MAIL
    email: str | None = field(default=None, repr=False)
    mobile: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.days_before and self.address is None:
            raise Refused(Fault("/email" if self.channel is NoticeChannel.MAIL else "/mobile", "required"))

    @property
    def address(self) -> str | None:
        """Where it goes by the channel that was chosen; text messages only where they were."""
        return self.email if self.channel is NoticeChannel.MAIL else self.mobile


def told_at(due_on: date, days_before: int) -> datetime:
    """When a bill of that day is told so many days before."""
    return china_instant(due_on - timedelta(days=days_before), TOLD_AT)


def next_at(due_on: date, days_before: Iterable[int], *, after: datetime) -> datetime | None:
    """The next time to tell of the bill that is later than `after`; None where none is left."""
    return min((at for each in days_before if (at := told_at(due_on, each)) > after), default=None)


def first_at(due_on: date, days_before: Iterable[int], *, now: datetime) -> datetime | None:
    """The first time to tell of a bill that is put down or moved `now`: what is due today is told today still."""
    times = (told_at(due_on, each) for each in days_before)
    return min((at for at in times if china_day(at) >= china_day(now)), default=None)


def stage_due(due_on: date, days_before: Iterable[int], *, since: datetime, now: datetime) -> int | None:
    """How many days before the bill is told now, of what came due from `since` on; None where its day has passed.

    Of several only the last still says something true.
    """
    if china_day(now) > due_on:
        return None
    return min((each for each in days_before if since <= told_at(due_on, each) <= now), default=None)
