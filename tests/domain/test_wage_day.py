"""Payments laid on the days behind the wages."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain import wage_day

WAGE_DAYS = st.integers(1, 31)
DAYS = st.dates(date(2026, 1, 1), date(2031, 12, 31))


@pytest.mark.parametrize(
    ("wages", "due"), [(1, 3), (5, 7), (15, 17), (26, 28), (27, 1), (28, 2), (29, 2), (30, 2), (31, 2)]
)
def test_a_payment_is_best_due_two_days_after_the_wages(wages: int, due: int) -> None:
    assert wage_day.best_due_day(wages) == due


@given(WAGE_DAYS, DAYS)
def test_in_no_month_is_the_best_day_sooner_than_two_days_after_the_wages(wages: int, earliest: date) -> None:
    due_on = wage_day.first_due_on_after(earliest, wages)
    assert due_on >= earliest
    assert (due_on - earliest).days < 31
    since = wage_day.days_since_wages(due_on, wages)
    assert 2 <= since <= 5
    assert wage_day.is_well_placed(due_on, wages)
    assert wages > 26 or since == 2


@pytest.mark.parametrize(
    ("due_on", "wages", "days", "well"),
    [
        ("2026-12-17", 15, 2, True),
        ("2026-12-15", 15, 0, False),
        ("2026-12-16", 15, 1, False),
        ("2026-12-22", 15, 7, True),
        ("2026-12-23", 15, 8, False),
        ("2026-12-14", 15, 29, False),
        # Wages of the 31st come on the last day of a shorter month.
        ("2027-03-02", 31, 2, True),
        ("2027-02-28", 31, 0, False),
        ("2027-02-27", 31, 27, False),
    ],
)
def test_how_long_before_a_payment_the_wages_came(due_on: str, wages: int, days: int, well: bool) -> None:
    day = date.fromisoformat(due_on)
    assert wage_day.days_since_wages(day, wages) == days
    assert wage_day.is_well_placed(day, wages) is well
