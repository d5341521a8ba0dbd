"""When a bank's people may be met: times of the day, working days alone, and what one free time is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from hub.domain.appointment_kind import AppointmentKind, AppointmentPurpose
from hub.domain.china import CHINA
from hub.domain.errors import Fault, InvalidValue, Refused
from hub.domain.people import says_nothing
from hub.domain.working_days import Calendar

_OPEN: Final = {
    AppointmentKind.BRANCH: (time(8, 30), time(18)),
    AppointmentKind.VIDEO: (time(8, 30), time(18)),
    AppointmentKind.HOME: (time(9), time(18)),
}
MOST_CAPACITY: Final = 50
MOST_AHEAD: Final = timedelta(days=92)
_SHORTEST: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotTime:
    """A stretch of time in which so many people can be met, for these purposes; for all of them where none is named.

    Raises `InvalidValue` `slot_ends_before` or `slot_too_short`. Times are aware.
    """

    starts_at: datetime
    ends_at: datetime
    capacity: int = 1
    purposes: tuple[AppointmentPurpose, ...] = ()

    def __post_init__(self) -> None:
        if self.ends_at <= self.starts_at:
            raise InvalidValue("slot_ends_before")
        if self.ends_at - self.starts_at < _SHORTEST:
            raise InvalidValue("slot_too_short", minutes=_SHORTEST.seconds // 60)

    def require_bookable(self, kind: AppointmentKind, calendar: Calendar, *, now: datetime) -> None:
        """Raises `InvalidValue` `outside_hours` for hours and days on which nobody of a bank is met in that way.

        `slot_passed` and `slot_too_far` for what lies behind, and for what nobody plans yet.
        """
        opens, closes = _OPEN[kind]
        first, last = (each.astimezone(CHINA) for each in (self.starts_at, self.ends_at))
        is_within = first.date() == last.date() and first.time() >= opens and last.time() <= closes
        if not (is_within and calendar.is_working_day(first.date())):
            raise InvalidValue("outside_hours", opens=f"{opens:%H:%M}", closes=f"{closes:%H:%M}")
        if self.starts_at <= now:
            raise InvalidValue("slot_passed")
        if self.starts_at > now + MOST_AHEAD:
            raise InvalidValue("slot_too_far", days=MOST_AHEAD.days)

    def serves(self, purpose: AppointmentPurpose) -> bool:
        """Whether the time is for that purpose."""
        return not self.purposes or purpose in self.purposes


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceDetails:
    """Where a bank's people are met: a branch, a video room, or the area in which they visit at home.

    Raises `Refused` where a branch has no address, or another place has one.
    """

    kind: AppointmentKind
    name: str
    address: str = ""
    hours: str = ""
    step_free: bool = False
    active: bool = True

    def __post_init__(self) -> None:
        if self.kind is AppointmentKind.BRANCH and says_nothing(self.address):
            raise Refused(Fault("/address", "required"))
        if self.kind is not AppointmentKind.BRANCH and self.address:
            raise Refused(Fault("/address", "address_of_branch_only"))


def require_all_bookable(
    kind: AppointmentKind, slots: Sequence[SlotTime], calendar: Calendar, *, now: datetime
) -> None:
    """Raises `Refused` with a fault at each of the times, as a list `slots`, that cannot be offered."""
    faults: list[Fault] = []
    for place, each in enumerate(slots):
        try:
            each.require_bookable(kind, calendar, now=now)
        except InvalidValue as error:
            faults.append(error.at(f"/slots/{place}/from"))
    if faults:
        raise Refused(*faults)
