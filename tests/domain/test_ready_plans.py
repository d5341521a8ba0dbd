"""Plans that are ready to be chosen: they fit what is left, repay what they say, and are never refused."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.domain.ready_plans import Fit, PlanBasis, first_day, fit_of, nothing_left, plan_by_month, ready_plans
from hub.domain.terms import Kind
from schemas.proposals import proposal_faults

TODAY = date(2026, 11, 23)
DEBT = 3_700_000
DAYS_OF_A_LEAP_YEAR = [date(2028, 1, 1) + timedelta(days=n) for n in range(366)]


def basis(
    debt_fen: int = DEBT, left_fen: int | None = 260_000, today: date = TODAY, first: date | None = None
) -> PlanBasis:
    return PlanBasis(debt_fen=debt_fen, left_fen=left_fen, first_due_on=first or first_day(today), today=today)


@pytest.mark.parametrize(
    ("left_fen", "offered"),
    [
        # The shortest within 60 %; a tenth quicker would be more than can be borne.
        (260_000, [(36, Fit.LIGHT), (30, Fit.LIGHT), (25, Fit.SUGGESTED)]),
        # The longest alone fits; what is quicker stays within four fifths of what is left.
        (115_000, [(60, Fit.SUGGESTED), (54, Fit.TIGHT), (48, Fit.TIGHT)]),
        # Everything is repaid by more than is suggested, so less is on offer too.
        (80_000, [(60, Fit.SUGGESTED), (60, Fit.SUGGESTED), (60, Fit.TIGHT)]),
        # It cannot be repaid in five years.
        (40_000, [(60, Fit.SUGGESTED), (60, Fit.SUGGESTED), (60, Fit.TIGHT)]),
        # All of it at once is a small part of what is left.
        (10_000_000, [(3, Fit.LIGHT), (2, Fit.LIGHT), (1, Fit.LIGHT)]),
        # Nobody knows what is left.
        (None, [(60, None), (36, None), (24, None)]),
        (166, []),
        (0, []),
        (-120_000, []),
    ],
)
def test_three_plans_fit_what_is_left_the_lightest_first(left_fen: int | None, offered: list[tuple[int, Fit]]) -> None:
    assert [(each.instalments, each.fit) for each in ready_plans(basis(left_fen=left_fen))] == offered


def test_a_debt_that_is_too_large_is_repaid_in_part_and_says_what_is_short() -> None:
    plans = ready_plans(basis(left_fen=40_000))
    assert [each.monthly_fen for each in plans] == [20_000, 24_000, 32_000]
    for each in plans:
        assert each.short_fen > 0
        assert each.total_fen - each.interest_fen + each.short_fen == DEBT


@given(
    debt_fen=st.integers(1, 100_000_000),
    left_fen=st.integers(-100_000, 3_000_000),
    today=st.dates(date(2026, 1, 1), date(2031, 12, 31)),
    wage_day=st.none() | st.integers(1, 31),
)
@settings(max_examples=60, deadline=None)
def test_no_plan_asks_for_more_than_is_left_and_its_sums_are_right(
    debt_fen: int, left_fen: int, today: date, wage_day: int | None
) -> None:
    plans = ready_plans(basis(debt_fen, left_fen, today, first_day(today, wage_day)))
    assert len(plans) <= 3
    assert bool(plans) is not nothing_left(left_fen)
    assert [each.monthly_fen for each in plans] == sorted({each.monthly_fen for each in plans})
    for each in plans:
        assert 0 < each.monthly_fen <= left_fen
        assert each.instalments <= basis(debt_fen, left_fen, today, first_day(today, wage_day)).longest
        assert each.last_due_on <= today + relativedelta(years=5)
        assert each.fit is fit_of(each.monthly_fen, left_fen)
        assert each.total_fen == sum(row.total_fen for row in each.schedule.rows)
        assert each.total_fen - each.interest_fen == debt_fen - each.short_fen
        assert each.interest_fen >= 0
        assert each.short_fen >= 0


@pytest.mark.parametrize("today", DAYS_OF_A_LEAP_YEAR)
def test_the_longest_plan_is_refused_on_no_day_of_the_year(today: date) -> None:
    for wage_day in (None, *range(1, 32)):
        first = first_day(today, wage_day)
        proposal = {
            "kind": Kind.INSTALMENTS,
            "instalments": basis(today=today, first=first).longest,
            "monthly_payment_fen": 1,
            "first_due_on": first,
        }
        found: dict[str, object] = {"proposal": proposal, "proposals": None, "accounts": []}
        assert not [*proposal_faults(found, today=today)], wage_day


@pytest.mark.parametrize(
    ("first", "longest"),
    [
        (date(2026, 11, 24), 60),
        (date(2026, 12, 23), 60),
        (date(2026, 12, 24), 59),
        (date(2031, 11, 23), 1),
        (date(2031, 11, 24), 0),
    ],
)
def test_a_later_start_leaves_fewer_months(first: date, longest: int) -> None:
    found = basis(first=first)
    assert found.longest == longest
    assert max((each.instalments for each in ready_plans(found)), default=0) <= longest


@given(monthly_fen=st.integers(1, 5_000_000), debt_fen=st.integers(1, 50_000_000))
@settings(max_examples=80, deadline=None)
def test_an_amount_by_the_month_repays_as_soon_as_it_can(monthly_fen: int, debt_fen: int) -> None:
    plan = plan_by_month(monthly_fen, basis(debt_fen))
    if plan.short_fen:
        assert plan.instalments == 60
    assert all(row.total_fen <= monthly_fen for row in plan.schedule.rows[:-1])
    assert plan.total_fen - plan.interest_fen + plan.short_fen == debt_fen


def test_the_least_amount_repays_everything_in_the_longest_time_and_a_yuan_less_does_not() -> None:
    found = basis()
    assert plan_by_month(found.least_fen, found).short_fen == 0
    assert plan_by_month(found.least_fen - 100, found).short_fen > 0


def test_without_a_rate_no_interest_is_estimated() -> None:
    free = PlanBasis(debt_fen=10_001, left_fen=None, first_due_on=TODAY, today=TODAY, rate=Decimal(0))
    plan = plan_by_month(3_000, free)
    assert (plan.instalments, plan.total_fen, plan.interest_fen) == (4, 10_001, 0)


@pytest.mark.parametrize(
    ("today", "wage_day", "first"),
    [
        # Two days after the wages, and two weeks to agree at least.
        (date(2026, 11, 23), 10, date(2026, 12, 12)),
        (date(2026, 11, 28), 10, date(2026, 12, 12)),
        (date(2026, 11, 29), 10, date(2027, 1, 12)),
        (date(2026, 11, 18), 31, date(2026, 12, 2)),
        # A day that every month has: that of the 27th is the first of the next month.
        (date(2026, 11, 28), 27, date(2027, 1, 1)),
        (date(2027, 1, 30), 31, date(2027, 3, 2)),
        (date(2027, 2, 10), 31, date(2027, 3, 2)),
        # Without one: the 20th, at most a month away.
        (date(2026, 11, 23), None, date(2026, 12, 20)),
        (date(2026, 11, 5), None, date(2026, 12, 5)),
        (date(2027, 1, 31), None, date(2027, 2, 20)),
    ],
)
def test_the_first_payment_is_proposed_for_after_the_wages(today: date, wage_day: int | None, first: date) -> None:
    assert first_day(today, wage_day) == first


@pytest.mark.parametrize("today", DAYS_OF_A_LEAP_YEAR)
def test_a_first_day_can_be_found_for_every_wage_day(today: date) -> None:
    for wage_day in range(1, 32):
        assert timedelta(days=14) <= first_day(today, wage_day) - today <= timedelta(days=48)
