"""Another pay day: which rows move, to when, and what does not."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain import pay_day, payments
from hub.domain.errors import Refused
from hub.domain.payments import DueRow, PaymentRow, Reported
from hub.domain.terms import due_dates

LATEST = date(2031, 12, 1)


def rows(first: date = date(2026, 12, 20), count: int = 3, paid: tuple[int, ...] = ()) -> list[PaymentRow]:
    due = [DueRow(number=n, due_on=day, total_fen=50_000) for n, day in enumerate(due_dates(first, count), start=1)]
    came = [Reported(number=n, paid_on=first, amount_fen=50_000, at=datetime(2026, 12, 20, tzinfo=UTC)) for n in paid]
    return payments.rows_of(due, came, (), tolerance_fen=0)


def days(found: list[PaymentRow], day: int, today: str, latest: date = LATEST) -> list[str]:
    moved = pay_day.moved_days(found, day, today=date.fromisoformat(today), latest=latest)
    return [f"{number}: {on}" for number, on in moved.items()]


@pytest.mark.parametrize(
    ("day", "today", "expected"),
    [
        (28, "2026-12-01", ["1: 2026-12-28", "2: 2027-01-28", "3: 2027-02-28"]),
        (5, "2026-12-02", ["1: 2026-12-05", "2: 2027-01-05", "3: 2027-02-05"]),
        # Less than three days ahead: all move on by a month.
        (5, "2026-12-03", ["1: 2027-01-05", "2: 2027-02-05", "3: 2027-03-05"]),
        # A month without that day is paid on its last.
        (31, "2026-12-01", ["1: 2026-12-31", "2: 2027-01-31", "3: 2027-02-28"]),
        # What is due today or was before does not move.
        (25, "2026-12-20", ["2: 2027-01-25", "3: 2027-02-25"]),
    ],
)
def test_the_rows_that_are_not_due_move_to_the_day(day: int, today: str, expected: list[str]) -> None:
    assert days(rows(), day, today) == expected


def test_at_the_end_of_a_month_two_months_may_pass() -> None:
    assert days(rows(date(2026, 12, 31), 1), 1, "2026-12-30") == ["1: 2027-02-01"]


def test_a_row_paid_ahead_stays() -> None:
    assert days(rows(paid=(2,)), 28, "2026-12-01") == ["1: 2026-12-28", "3: 2027-02-28"]


def test_the_same_day_is_no_change_and_the_last_row_keeps_the_five_years() -> None:
    with pytest.raises(Refused, match="/day: pay_day_same"):
        days(rows(), 20, "2026-12-01")
    assert days(rows(), 28, "2026-12-01", date(2027, 2, 28))
    with pytest.raises(Refused, match="/day: pay_day_beyond_five_years"):
        days(rows(), 28, "2026-12-01", date(2027, 2, 27))


@given(
    first=st.dates(date(2026, 12, 1), date(2027, 12, 31)),
    count=st.integers(1, 60),
    day=st.integers(1, 31),
    ahead=st.integers(-400, 40),
    paid=st.sets(st.integers(1, 60)),
)
def test_rows_keep_their_order_numbers_and_amounts_and_are_never_sooner_than_three_days(
    first: date, count: int, day: int, ahead: int, paid: set[int]
) -> None:
    found = rows(first, count, tuple(number for number in paid if number <= count))
    today = first - timedelta(days=ahead)
    moving = pay_day.rows_to_move(found, today=today)
    if not moving:
        return
    try:
        moved = pay_day.moved_days(found, day, today=today, latest=date(2040, 1, 1))
    except Refused:
        return
    due = [DueRow(number=row.number, due_on=row.due_on, total_fen=row.total_fen) for row in found]
    after = pay_day.moved(due, moved)
    assert list(moved) == [row.number for row in moving]
    assert [(row.number, row.total_fen) for row in after] == [(row.number, row.total_fen) for row in due]
    assert list(moved.values()) == sorted(set(moved.values()))
    assert min(moved.values()) >= today + timedelta(days=3)
    assert all(on.day == day or (on + timedelta(days=1)).day == 1 for on in moved.values())
    assert max(abs((moved[row.number] - row.due_on).days) for row in moving) <= 92
