"""When a bank's people may be met, by the calendar; and what a place is."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest

from hub.domain.appointment_kind import AppointmentKind, AppointmentPurpose
from hub.domain.china import china_instant
from hub.domain.errors import InvalidValue, Refused
from hub.domain.visiting_hours import PlaceDetails, SlotTime, require_all_bookable
from hub.domain.working_days import Calendar

BRANCH, VIDEO, HOME = AppointmentKind
NOW = china_instant(date(2026, 9, 20), time(12))
CALENDAR = Calendar.of()


def slot(day: str, begins: str, ends: str, **more: Any) -> SlotTime:
    on = date.fromisoformat(day)
    times = [china_instant(on, time.fromisoformat(each)) for each in (begins, ends)]
    return SlotTime(starts_at=times[0], ends_at=times[1], **more)


def refused(kind: AppointmentKind, wanted: SlotTime, now: datetime = NOW) -> str | None:
    try:
        wanted.require_bookable(kind, CALENDAR, now=now)
    except InvalidValue as error:
        return error.code
    return None


@pytest.mark.parametrize(
    ("kind", "day", "begins", "ends", "code"),
    [
        # National Day, a Thursday.
        (HOME, "2026-10-01", "10:00", "11:00", "outside_hours"),
        # The Saturday on which banks work for a day of that holiday.
        (HOME, "2026-10-10", "10:00", "11:00", None),
        (BRANCH, "2026-10-10", "10:00", "11:00", None),
        # Any other Saturday, and a Sunday.
        (HOME, "2026-10-17", "10:00", "11:00", "outside_hours"),
        (VIDEO, "2026-10-18", "10:00", "11:00", "outside_hours"),
        (BRANCH, "2026-10-12", "08:30", "09:00", None),
        (VIDEO, "2026-10-12", "08:30", "09:00", None),
        (HOME, "2026-10-12", "08:30", "09:30", "outside_hours"),
        (HOME, "2026-10-12", "09:00", "10:00", None),
        (BRANCH, "2026-10-12", "08:29", "09:00", "outside_hours"),
        (HOME, "2026-10-12", "17:30", "18:00", None),
        (HOME, "2026-10-12", "17:30", "18:01", "outside_hours"),
        (BRANCH, "2026-10-12", "17:00", "23:00", "outside_hours"),
        (BRANCH, "2026-09-18", "10:00", "11:00", "slot_passed"),
        (BRANCH, "2026-12-24", "10:00", "11:00", "slot_too_far"),
    ],
)
def test_the_hours_of_every_kind(kind: AppointmentKind, day: str, begins: str, ends: str, code: str | None) -> None:
    assert refused(kind, slot(day, begins, ends)) == code


def test_a_time_over_two_days_is_outside_hours() -> None:
    over_night = SlotTime(
        starts_at=china_instant(date(2026, 10, 12), time(10)), ends_at=china_instant(date(2026, 10, 13), time(10))
    )
    assert refused(BRANCH, over_night) == "outside_hours"


@pytest.mark.parametrize(("ends", "code"), [("09:59", "slot_ends_before"), ("10:05", "slot_too_short")])
def test_a_time_that_is_none(ends: str, code: str) -> None:
    with pytest.raises(InvalidValue, match=code):
        slot("2026-10-12", "10:00", ends)


def test_every_wrong_time_of_a_list_is_named() -> None:
    wrong = [slot("2026-10-12", "10:00", "11:00"), slot("2026-10-01", "10:00", "11:00")]
    with pytest.raises(Refused) as caught:
        require_all_bookable(HOME, wrong, CALENDAR, now=NOW)
    assert [(each.pointer, each.code) for each in caught.value.faults] == [("/slots/1/from", "outside_hours")]


def test_a_time_serves_what_it_is_for_and_everything_where_nothing_is_said() -> None:
    signing = slot("2026-10-12", "10:00", "11:00", purposes=(AppointmentPurpose.SIGN,))
    assert signing.serves(AppointmentPurpose.SIGN)
    assert not signing.serves(AppointmentPurpose.PAPERS)
    assert all(slot("2026-10-12", "10:00", "11:00").serves(each) for each in AppointmentPurpose)


@pytest.mark.parametrize(
    ("kind", "address", "code"),
    [
        (BRANCH, "", "required"),
        (BRANCH, "\u200b", "required"),
        (VIDEO, "长安街 1 号", "address_of_branch_only"),
        (BRANCH, "长安街 1 号", None),
    ],
)
def test_a_branch_has_an_address_and_nothing_else_has(kind: AppointmentKind, address: str, code: str | None) -> None:
    if code is None:
        assert PlaceDetails(kind=kind, name="一号", address=address).address == address
        return
    with pytest.raises(Refused, match=code):
        PlaceDetails(kind=kind, name="一号", address=address)
