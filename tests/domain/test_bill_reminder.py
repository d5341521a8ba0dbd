"""When a bill is told of: at nine on the days that were chosen, and never twice."""

from datetime import UTC, date, datetime

import pytest

from hub.domain.bill_reminder import BillReminder, ReminderHours, first_at, next_at, stage_due, told_at
from hub.domain.errors import Refused
from hub.domain.preferences import NoticeChannel
from hub.domain.reminders import in_a_cardholders_hours

DUE = date(2026, 12, 15)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """That time in China in December."""
    return datetime(2026, 12, day, hour - 8, minute, tzinfo=UTC)


def test_it_is_told_at_nine_in_china() -> None:
    assert [told_at(DUE, each) for each in (7, 3, 1, 0)] == [at(8, 9), at(12, 9), at(14, 9), at(15, 9)]


@pytest.mark.parametrize(
    ("now", "first"),
    [
        (at(1, 10), at(12, 9)),
        (at(12, 8), at(12, 9)),
        # What is due today is told today still, though nine has passed.
        (at(12, 18), at(12, 9)),
        (at(13, 18), at(15, 9)),
        (at(15, 23), at(15, 9)),
        (at(16, 9), None),
    ],
)
def test_what_is_due_today_is_told_today_still(now: datetime, first: datetime | None) -> None:
    assert first_at(DUE, (3, 0), now=now) == first


def test_the_next_one_is_later() -> None:
    assert next_at(DUE, (3, 0), after=at(12, 9)) == at(15, 9)
    assert next_at(DUE, (3, 0), after=at(15, 9)) is None


@pytest.mark.parametrize(
    ("since", "now", "days"),
    [
        (at(8, 9), at(8, 9), 7),
        (at(8, 9), at(11, 9), 7),
        # A hub that was down for a week tells the last of them alone.
        (at(8, 9), at(14, 10), 1),
        (at(12, 9), at(15, 9), 0),
        (at(8, 9), at(16, 1 + 8), None),
        (at(13, 9), at(13, 10), None),
    ],
)
def test_of_several_that_are_due_the_last_is_told(since: datetime, now: datetime, days: int | None) -> None:
    assert stage_due(DUE, (7, 3, 1, 0), since=since, now=now) == days


@pytest.mark.parametrize(
    ("now", "slot"),
    [(at(12, 8, 29), at(12, 8, 30)), (at(12, 9), at(12, 9)), (at(12, 20), at(13, 8, 30)), (at(12, 23), at(13, 8, 30))],
)
def test_whoever_is_late_tells_it_in_the_next_hours_of_a_person(now: datetime, slot: datetime) -> None:
    assert in_a_cardholders_hours(now) == slot


@pytest.mark.parametrize(("channel", "pointer"), [(NoticeChannel.MAIL, "/email"), (NoticeChannel.SMS, "/mobile")])
def test_without_an_address_nothing_can_be_told(channel: NoticeChannel, pointer: str) -> None:
    with pytest.raises(Refused) as refused:
        BillReminder(days_before=(1,), channel=channel)
    assert [(each.pointer, each.code) for each in refused.value.faults] == [(pointer, "required")]
    assert BillReminder(days_before=(), channel=channel).address is None


@pytest.mark.parametrize(
    ("hours", "told", "late", "then"),
    [
        (ReminderHours.DAY, at(12, 9), at(12, 20), at(13, 8, 30)),
        (ReminderHours.MORNING, at(12, 9), at(12, 12), at(13, 8, 30)),
        (ReminderHours.AFTERNOON, at(12, 12), at(12, 11, 59), at(12, 12)),
        (ReminderHours.EVENING, at(12, 18), at(12, 20), at(13, 18)),
    ],
)
def test_a_person_is_told_in_the_hours_they_chose(
    hours: ReminderHours, told: datetime, late: datetime, then: datetime
) -> None:
    assert told_at(DUE, 3, hours) == hours.next_slot(told) == told
    assert hours.next_slot(late) == then
    assert first_at(DUE, (3,), now=at(1, 9), hours=hours) == told
