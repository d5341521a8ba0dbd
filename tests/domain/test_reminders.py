"""The ladder of reminders over weekends and make-up days, and the hours in which cardholders are written to."""

from datetime import UTC, datetime

import pytest

from hub.domain.china import CHINA
from hub.domain.reminders import escalation_at, first_step_after, in_a_cardholders_hours, ladder
from hub.domain.working_days import Calendar

CALENDAR = Calendar.of()


def china(text: str) -> datetime:
    """The instant of a wall-clock time in China."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC)


@pytest.mark.parametrize(
    ("due", "steps", "escalated"),
    [
        ("2026-11-25 18:00", ["2026-11-23 08:45", "2026-11-24 08:45", "2026-11-25 08:45"], "2026-11-26 18:00"),
        # A weekend before, and one after.
        ("2026-11-23 18:00", ["2026-11-19 08:45", "2026-11-20 08:45", "2026-11-23 08:45"], "2026-11-24 18:00"),
        ("2026-11-27 18:00", ["2026-11-25 08:45", "2026-11-26 08:45", "2026-11-27 08:45"], "2026-11-30 18:00"),
        # Saturday, 10 October 2026 works for the National Day holiday; the days from the 1st to the 7th are off.
        ("2026-10-12 18:00", ["2026-10-09 08:45", "2026-10-10 08:45", "2026-10-12 08:45"], "2026-10-13 18:00"),
        ("2026-10-10 18:00", ["2026-10-08 08:45", "2026-10-09 08:45", "2026-10-10 08:45"], "2026-10-12 18:00"),
        ("2026-09-30 18:00", ["2026-09-28 08:45", "2026-09-29 08:45", "2026-09-30 08:45"], "2026-10-08 18:00"),
        # A bank that closes early is reminded at the first minute of the day.
        ("2026-11-25 09:44", ["2026-11-23 08:45", "2026-11-24 08:45", "2026-11-25 00:00"], "2026-11-26 09:44"),
        ("2026-11-25 09:45", ["2026-11-23 08:45", "2026-11-24 08:45", "2026-11-25 08:45"], "2026-11-26 09:45"),
    ],
)
def test_the_ladder_stands_on_working_days(due: str, steps: list[str], escalated: str) -> None:
    assert [step.at for step in ladder(china(due), CALENDAR)] == [china(each) for each in steps]
    assert escalation_at(china(due), CALENDAR) == china(escalated)


@pytest.mark.parametrize(
    ("at", "first"),
    [
        ("2026-11-20 12:00", "2026-11-23 08:45"),
        ("2026-11-23 08:44", "2026-11-23 08:45"),
        ("2026-11-23 08:45", "2026-11-24 08:45"),
        ("2026-11-25 08:45", None),
    ],
)
def test_the_next_step_is_later_than_now(at: str, first: str | None) -> None:
    found = first_step_after(china(at), china("2026-11-25 18:00"), CALENDAR)
    assert found == (None if first is None else china(first))


@pytest.mark.parametrize(
    ("at", "told_at"),
    [
        ("2026-11-21 08:30", "2026-11-21 08:30"),
        ("2026-11-21 19:59", "2026-11-21 19:59"),
        ("2026-11-21 20:00", "2026-11-22 08:30"),
        ("2026-11-21 23:59", "2026-11-22 08:30"),
        ("2026-11-22 00:00", "2026-11-22 08:30"),
        ("2026-11-22 08:29", "2026-11-22 08:30"),
    ],
)
def test_cardholders_are_written_to_between_half_past_eight_and_eight(at: str, told_at: str) -> None:
    assert in_a_cardholders_hours(china(at)) == china(told_at)
