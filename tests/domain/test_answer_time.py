"""Due times at the borders of days, through holidays, pauses, and a year without a notice."""

from datetime import UTC, date, datetime, time

import pytest

from hub.domain.answer_time import (
    AnswerTime,
    Countdown,
    due_at,
    explain,
    is_breached,
    is_provisional,
    offer_valid_until,
    request_due_at,
    working_days_left,
    working_time,
)
from hub.domain.china import CHINA, china_day
from hub.domain.errors import InvalidValue
from hub.domain.notices import Notice
from hub.domain.working_days import Calendar, DayCode

CALENDAR = Calendar.of()
SIX_PM = time(18, 0)


def in_china(text: str) -> datetime:
    """The UTC instant of a wall-clock time in China."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC)


def clock(opened_at: str, *, paused_on: str | None = None, resumed_on: str | None = None) -> AnswerTime:
    """A clock of seven working days that closes at six, opened at a wall-clock time in China."""
    return AnswerTime(
        opened_at=in_china(opened_at),
        response_days=7,
        closes_at=SIX_PM,
        paused_on=date.fromisoformat(paused_on) if paused_on else None,
        resumed_on=date.fromisoformat(resumed_on) if resumed_on else None,
    )


@pytest.mark.parametrize(
    ("opened_at", "due"),
    [
        # An ordinary week, to the last second of the day and the first of the next.
        ("2026-11-20 10:00:00", "2026-12-01 18:00"),
        ("2026-11-19 00:00:00", "2026-11-30 18:00"),
        ("2026-11-19 23:59:59", "2026-11-30 18:00"),
        ("2026-11-20 00:00:00", "2026-12-01 18:00"),
        # After the bank closed is still that day: the day of receipt is not counted anyway.
        ("2026-11-20 18:00:01", "2026-12-01 18:00"),
        # On a Sunday, on a holiday, and on the last day of the holidays.
        ("2026-11-22 12:00:00", "2026-12-01 18:00"),
        ("2026-10-01 09:00:00", "2026-10-15 18:00"),
        ("2026-10-07 23:59:59", "2026-10-15 18:00"),
        ("2026-10-08 00:00:00", "2026-10-16 18:00"),
        # On a Saturday that works, whose day is then the receipt's; it counts for the day before.
        ("2026-10-09 23:59:59", "2026-10-19 18:00"),
        ("2026-10-10 00:00:00", "2026-10-20 18:00"),
        ("2026-10-10 23:59:59", "2026-10-20 18:00"),
        ("2026-10-11 00:00:00", "2026-10-20 18:00"),
        # The seventh day is itself a Saturday that works.
        ("2026-02-12 10:00:00", "2026-02-28 18:00"),
        # Over a New Year.
        ("2025-12-29 10:00:00", "2026-01-08 18:00"),
        ("2026-12-22 10:00:00", "2026-12-31 18:00"),
        ("2026-12-23 10:00:00", "2027-01-04 18:00"),
    ],
)
def test_the_due_time_by_hand_from_the_notices(opened_at: str, due: str) -> None:
    assert due_at(clock(opened_at), CALENDAR) == in_china(due)


def test_a_due_time_is_utc() -> None:
    assert due_at(clock("2026-11-20 10:00"), CALENDAR) == datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
    assert due_at(clock("2026-11-20 10:00"), CALENDAR).tzinfo is UTC


def test_the_bank_chooses_its_days_and_its_hour() -> None:
    quick = AnswerTime(opened_at=in_china("2026-09-30 16:00"), response_days=1, closes_at=time(17, 30))
    assert due_at(quick, CALENDAR) == in_china("2026-10-08 17:30")


@pytest.mark.parametrize(
    ("paused_on", "resumed_on", "due"),
    [
        ("2026-11-23", None, "2026-12-08 18:00"),
        ("2026-11-23", "2026-11-23", "2026-12-01 18:00"),
        ("2026-11-23", "2026-11-24", "2026-12-02 18:00"),
        ("2026-11-23", "2026-11-27", "2026-12-07 18:00"),
        # Answered at the weekend: Friday is the last working day waited for.
        ("2026-11-23", "2026-11-29", "2026-12-07 18:00"),
        ("2026-11-23", "2026-11-30", "2026-12-08 18:00"),
        # Asked on the due day itself.
        ("2026-12-01", None, "2026-12-08 18:00"),
        ("2026-12-01", "2026-12-03", "2026-12-03 18:00"),
    ],
)
def test_a_pause_moves_the_due_time_on(paused_on: str, resumed_on: str | None, due: str) -> None:
    paused = clock("2026-11-20 10:00", paused_on=paused_on, resumed_on=resumed_on)
    assert due_at(paused, CALENDAR) == in_china(due)


def test_a_pause_over_holidays_counts_working_days_alone() -> None:
    opened = "2026-09-18 10:00"
    assert due_at(clock(opened, paused_on="2026-09-29"), CALENDAR) == in_china("2026-10-12 18:00")
    resumed = clock(opened, paused_on="2026-09-29", resumed_on="2026-10-10")
    assert due_at(resumed, CALENDAR) == in_china("2026-10-10 18:00")


def test_the_explanation_goes_the_whole_way_to_the_moved_due_day() -> None:
    paused = clock("2026-11-20 10:00", paused_on="2026-11-23")
    explained = explain(paused, CALENDAR)
    assert (explained[0].day, explained[-1].day) == (date(2026, 11, 21), date(2026, 12, 8))
    assert explained[-1].number == 12
    assert explained[0].reason.code is DayCode.WEEKEND


@pytest.mark.parametrize(("opened_at", "provisional"), [("2026-12-22 23:59:59", False), ("2026-12-23 00:00:00", True)])
def test_a_due_time_in_a_year_without_a_notice_is_provisional(opened_at: str, provisional: bool) -> None:
    assert is_provisional(clock(opened_at), CALENDAR) is provisional


def test_an_imported_notice_moves_the_due_time() -> None:
    notice = Notice(
        year=2027,
        notice="国办发明电〔2026〕9号",
        published_on=date(2026, 11, 25),
        off=frozenset({date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3), date(2027, 1, 4)}),
        work=frozenset({date(2027, 1, 9)}),
    )
    calendar = Calendar.of([notice])
    late = clock("2026-12-23 10:00")
    assert due_at(late, calendar) == in_china("2027-01-05 18:00")
    assert not is_provisional(late, calendar)


@pytest.mark.parametrize(
    ("now", "left"),
    [
        ("2026-11-20 10:00", 7),
        ("2026-11-20 23:59:59", 7),
        ("2026-11-21 00:00:00", 7),
        ("2026-11-22 23:59:59", 7),
        ("2026-11-23 00:00:00", 6),
        ("2026-11-30 12:00", 1),
        ("2026-12-01 00:00:00", 0),
        ("2026-12-01 18:00:01", 0),
        ("2026-12-05 10:00", 0),
    ],
)
def test_the_working_days_left_after_today(now: str, left: int) -> None:
    assert working_days_left(in_china("2026-12-01 18:00"), in_china(now), CALENDAR) == left


@pytest.mark.parametrize("now", ["2026-11-20 10:00", "2026-11-22 23:59:59", "2026-12-01 00:00:00", "2026-10-03 09:30"])
@pytest.mark.parametrize("hour", [0, 10, 18])
def test_a_countdown_to_many_due_times_says_what_each_alone_would(now: str, hour: int) -> None:
    start = in_china(now)
    countdown = Countdown(start, CALENDAR)
    for day in range(1, 31):
        for month in (9, 10, 11, 12):
            due = datetime(2026, month, day, hour, 15, tzinfo=CHINA).astimezone(UTC)
            expected = working_days_left(due, start, CALENDAR), working_time(start, due, CALENDAR)
            assert countdown.to(due, china_day(due)) == expected, due


@pytest.mark.parametrize(
    ("answered_at", "paused", "now", "breached"),
    [
        (None, False, "2026-12-01 17:59:59", False),
        (None, False, "2026-12-01 18:00:00", False),
        (None, False, "2026-12-01 18:00:01", True),
        (None, True, "2026-12-09 10:00", False),
        ("2026-12-01 18:00:00", False, "2026-12-09 10:00", False),
        ("2026-12-01 18:00:01", False, "2026-12-09 10:00", True),
        ("2026-12-01 09:00:00", False, "2026-12-01 10:00", False),
    ],
)
def test_a_clock_is_breached_after_its_due_instant(
    answered_at: str | None, paused: bool, now: str, breached: bool
) -> None:
    due = in_china("2026-12-01 18:00")
    answered = in_china(answered_at) if answered_at else None
    assert is_breached(due, answered_at=answered, paused=paused, now=in_china(now)) is breached


@pytest.mark.parametrize(
    ("asked_at", "due"),
    [
        ("2026-11-20 10:00", "2026-11-27 18:00"),
        ("2026-11-20 23:59:59", "2026-11-27 18:00"),
        ("2026-11-21 00:00:00", "2026-11-27 18:00"),
        ("2026-09-30 10:00", "2026-10-13 18:00"),
    ],
)
def test_evidence_is_due_on_the_fifth_working_day(asked_at: str, due: str) -> None:
    assert request_due_at(in_china(asked_at), SIX_PM, CALENDAR) == in_china(due)


@pytest.mark.parametrize(
    ("opened_at", "valid_until"),
    [
        ("2026-09-28 10:00", "2026-10-05 18:00"),
        ("2026-11-20 23:59:59", "2026-11-27 18:00"),
        ("2026-11-21 00:00:00", "2026-11-28 18:00"),
    ],
)
def test_an_offer_is_valid_for_calendar_days(opened_at: str, valid_until: str) -> None:
    assert offer_valid_until(in_china(opened_at), 7, SIX_PM) == in_china(valid_until)


def test_a_clock_is_paused_until_the_answer() -> None:
    assert not clock("2026-11-20 10:00").is_paused
    assert clock("2026-11-20 10:00", paused_on="2026-11-23").is_paused
    assert not clock("2026-11-20 10:00", paused_on="2026-11-23", resumed_on="2026-11-24").is_paused


@pytest.mark.parametrize(
    ("paused_on", "resumed_on", "code"),
    [
        ("2026-11-19", None, "paused_before_opened"),
        ("2026-11-24", "2026-11-23", "resumed_before_paused"),
        (None, "2026-11-23", "resumed_before_paused"),
    ],
)
def test_a_pause_in_the_wrong_order_is_refused(paused_on: str | None, resumed_on: str | None, code: str) -> None:
    with pytest.raises(InvalidValue, match=code):
        clock("2026-11-20 10:00", paused_on=paused_on, resumed_on=resumed_on)


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_number_of_days_has_bounds(days: int) -> None:
    with pytest.raises(InvalidValue, match="response_days_out_of_range"):
        AnswerTime(opened_at=in_china("2026-11-20 10:00"), response_days=days, closes_at=SIX_PM)
    with pytest.raises(InvalidValue, match="offer_days_out_of_range"):
        offer_valid_until(in_china("2026-11-20 10:00"), days, SIX_PM)


def test_a_time_without_an_offset_is_refused() -> None:
    naive = datetime(2026, 11, 20, 10, 0)  # noqa: DTZ001  the very thing that is refused
    with pytest.raises(InvalidValue, match="time_without_offset"):
        AnswerTime(opened_at=naive, response_days=7, closes_at=SIX_PM)
    with pytest.raises(InvalidValue, match="time_without_offset"):
        request_due_at(naive, SIX_PM, CALENDAR)
    with pytest.raises(InvalidValue, match="time_without_offset"):
        offer_valid_until(naive, 7, SIX_PM)
