"""Schedules to the fen: published figures, and what holds for every plan."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.annual_cost import AnnualCost
from hub.domain.errors import InvalidValue
from hub.domain.repayment import Schedule, ScheduleRow, schedule_of
from hub.domain.terms import Kind, Method, Terms, Waived, due_dates, faults_of

SIGNED = date(2026, 11, 21)
FIRST = date(2026, 12, 21)


def plan(
    principal_fen: int,
    instalments: int,
    rate: str = "0",
    method: Method = Method.EQUAL_INSTALMENT,
    *,
    down_payment_fen: int = 0,
    fee_fen: int = 0,
) -> Terms:
    return Terms(
        kind=Kind.INSTALMENTS,
        principal_fen=principal_fen,
        first_due_on=FIRST,
        instalments=instalments,
        annual_rate_percent=Decimal(rate),
        method=method,
        down_payment_fen=down_payment_fen,
        fee_fen=fee_fen,
    )


def cost(nominal: str, effective: str) -> AnnualCost:
    return AnnualCost(nominal_percent=Decimal(nominal), effective_percent=Decimal(effective))


def test_a_level_plan_of_a_year_is_exact_in_every_row() -> None:
    schedule = schedule_of(plan(1_200_000, 12, "12"), signed_on=SIGNED)
    assert [row.interest_fen for row in schedule.rows] == [
        12000, 11054, 10098, 9133, 8158, 7173, 6179, 5175, 4160, 3136, 2101, 1056,
    ]  # fmt: skip
    assert [row.total_fen for row in schedule.rows] == [106_619] * 11 + [106_614]
    assert schedule.total_fen == 1_279_423
    assert schedule.annual_cost == cost("12.00", "12.68")


@pytest.mark.parametrize(
    ("principal_fen", "instalments", "rate", "level_fen", "last_fen"),
    [
        (3_000_000, 60, "18.25", 76_589, 76_575),
        (1_000_000, 12, "12", 88_849, None),
        (1_500_000, 60, "8", 30_415, None),
        (5_500_000, 60, "10", 116_859, None),
        (250_000, 12, "8.24", 21_775, None),
    ],
)
def test_a_level_instalment_is_the_published_one(
    principal_fen: int, instalments: int, rate: str, level_fen: int, last_fen: int | None
) -> None:
    rows = schedule_of(plan(principal_fen, instalments, rate), signed_on=SIGNED).rows
    assert {row.total_fen for row in rows[:-1]} == {level_fen}
    if last_fen is not None:
        assert rows[-1].total_fen == last_fen


def test_a_long_level_plan_has_the_published_total() -> None:
    schedule = schedule_of(plan(3_000_000, 60, "18.25"), signed_on=SIGNED)
    assert (schedule.rows[0].interest_fen, schedule.rows[0].principal_fen) == (45_625, 30_964)
    assert schedule.total_fen == 4_595_326


def test_equal_principal_has_falling_payments() -> None:
    schedule = schedule_of(plan(1_200_000, 12, "12", Method.EQUAL_PRINCIPAL), signed_on=SIGNED)
    assert [row.total_fen for row in schedule.rows] == list(range(112_000, 100_000, -1_000))
    assert schedule.total_fen - 1_200_000 == 78_000


@pytest.mark.parametrize("method", [Method.INTEREST_FREE, Method.EQUAL_PRINCIPAL])
@pytest.mark.parametrize(
    ("principal_fen", "instalments", "part_fen", "last_fen"),
    [(3_123_456, 60, 52_057, 52_093), (1_000_000, 36, 27_777, 27_805), (3_000_000, 60, 50_000, 50_000)],
)
def test_equal_parts_are_rounded_down_and_the_last_takes_the_rest(
    method: Method, principal_fen: int, instalments: int, part_fen: int, last_fen: int
) -> None:
    schedule = schedule_of(plan(principal_fen, instalments, "0", method), signed_on=SIGNED)
    assert [row.total_fen for row in schedule.rows] == [part_fen] * (instalments - 1) + [last_fen]
    assert schedule.annual_cost == cost("0.00", "0.00")


def test_a_fee_is_charged_in_equal_parts_and_counts_in_the_cost() -> None:
    terms = plan(1_200_000, 12, "0", Method.INTEREST_FREE, fee_fen=86_405)
    schedule = schedule_of(terms, signed_on=SIGNED)
    assert [row.fee_fen for row in schedule.rows] == [7_200] * 11 + [7_205]
    assert [row.total_fen for row in schedule.rows] == [107_200] * 11 + [107_205]
    assert schedule.annual_cost == cost("13.03", "13.84")


def test_a_down_payment_is_row_zero_due_on_signing() -> None:
    terms = plan(1_300_000, 12, "12", down_payment_fen=100_000)
    schedule = schedule_of(terms, signed_on=SIGNED)
    without = schedule_of(plan(1_200_000, 12, "12"), signed_on=SIGNED)
    assert schedule.rows[0] == ScheduleRow(
        number=0,
        due_on=SIGNED,
        principal_fen=100_000,
        interest_fen=0,
        fee_fen=0,
        total_fen=100_000,
        remaining_fen=1_200_000,
    )
    assert schedule.rows[1:] == without.rows
    assert schedule.total_fen == without.total_fen + 100_000
    assert schedule.annual_cost == without.annual_cost


def test_what_is_waived_is_in_no_row() -> None:
    terms = plan(1_200_000, 12, "12")
    waived = replace(terms, kind=Kind.REDUCTION, waived=Waived(interest_fen=46_200, principal_fen=1))
    assert schedule_of(waived, signed_on=SIGNED) == schedule_of(terms, signed_on=SIGNED)


@pytest.mark.parametrize("kind", [Kind.SETTLEMENT, Kind.DEFERRAL])
def test_what_is_waived_is_in_no_single_row(kind: Kind) -> None:
    months = 6 if kind is Kind.DEFERRAL else None
    terms = Terms(
        kind=kind,
        principal_fen=1_200_000,
        first_due_on=FIRST,
        waived=Waived(interest_fen=46_200, principal_fen=650_000),
        months=months,
        annual_rate_percent=None if months is None else Decimal(0),
    )
    [row] = schedule_of(terms, signed_on=SIGNED).rows
    assert (row.principal_fen, row.total_fen) == (1_200_000, 1_200_000)


@pytest.mark.parametrize(
    ("months", "rate", "interest_fen", "due_on", "expected"),
    [
        (6, "0", 0, date(2027, 6, 21), cost("0.00", "0.00")),
        (1, "12", 12_000, date(2027, 1, 21), cost("12.00", "12.68")),
        (6, "12", 72_000, date(2027, 6, 21), cost("11.71", "12.36")),
        (12, "5.41", 64_920, date(2027, 12, 21), cost("5.28", "5.41")),
    ],
)
def test_a_deferral_is_one_row_months_after_the_first_date(
    months: int, rate: str, interest_fen: int, due_on: date, expected: AnnualCost
) -> None:
    terms = Terms(
        kind=Kind.DEFERRAL,
        principal_fen=1_200_000,
        first_due_on=FIRST,
        months=months,
        annual_rate_percent=Decimal(rate),
    )
    made = schedule_of(terms, signed_on=SIGNED)
    assert made.annual_cost is not None
    without_dates = replace(made, annual_cost=replace(made.annual_cost, by_dates_percent=None))
    assert without_dates == Schedule(
        rows=(
            ScheduleRow(
                number=1,
                due_on=due_on,
                principal_fen=1_200_000,
                interest_fen=interest_fen,
                fee_fen=0,
                total_fen=1_200_000 + interest_fen,
                remaining_fen=0,
            ),
        ),
        total_fen=1_200_000 + interest_fen,
        annual_cost=expected,
    )


@pytest.mark.parametrize(
    ("principal_fen", "rate", "months", "interest_fen"),
    [(50, "12", 1, 1), (49, "12", 1, 0), (25, "12", 2, 1), (10**12, "100", 12, 10**12), (1, "6.00", 1, 0)],
)
def test_interest_is_rounded_half_up_once(principal_fen: int, rate: str, months: int, interest_fen: int) -> None:
    terms = Terms(
        kind=Kind.DEFERRAL,
        principal_fen=principal_fen,
        first_due_on=FIRST,
        months=months,
        annual_rate_percent=Decimal(rate),
    )
    assert schedule_of(terms, signed_on=SIGNED).rows[0].interest_fen == interest_fen


def test_a_settlement_is_one_row_on_the_first_date() -> None:
    terms = Terms(kind=Kind.SETTLEMENT, principal_fen=900_000, first_due_on=FIRST, waived=Waived(principal_fen=300_000))
    schedule = schedule_of(terms, signed_on=SIGNED)
    assert [(row.number, row.due_on, row.total_fen, row.remaining_fen) for row in schedule.rows] == [
        (1, FIRST, 900_000, 0)
    ]
    assert (schedule.total_fen, schedule.annual_cost) == (900_000, cost("0.00", "0.00"))


def test_a_lower_minimum_has_no_schedule() -> None:
    terms = Terms(
        kind=Kind.LOWER_MINIMUM,
        principal_fen=900_000,
        first_due_on=FIRST,
        months=6,
        minimum_percent=Decimal(5),
        annual_rate_percent=Decimal("18.25"),
    )
    assert schedule_of(terms, signed_on=SIGNED) == Schedule(rows=(), total_fen=0, annual_cost=None)


def test_a_rounded_up_instalment_never_overpays_a_small_principal() -> None:
    schedule = schedule_of(plan(100, 60, "0.01"), signed_on=SIGNED)
    assert [row.principal_fen for row in schedule.rows] == [2] * 50 + [0] * 10
    assert schedule.total_fen == 100


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"instalments": None}, "required"),
        ({"annual_rate_percent": None}, "required"),
        ({"annual_rate_percent": Decimal("1.005")}, "too_many_decimals"),
        ({"annual_rate_percent": Decimal(0)}, "equal_instalment_needs_a_rate"),
    ],
)
def test_terms_with_faults_have_no_schedule(changes: dict[str, Any], code: str) -> None:
    terms = replace(plan(1_200_000, 12, "12"), **changes)
    with pytest.raises(InvalidValue, match=code):
        schedule_of(terms, signed_on=SIGNED)


@st.composite
def plans(draw: st.DrawFn) -> Terms:
    """Any plan by instalments that may be offered."""
    principal_fen = draw(st.one_of(st.integers(1, 200), st.integers(1, 10**12)))
    method = draw(st.sampled_from(Method))
    least = 1 if method is Method.EQUAL_INSTALMENT else 0
    most = 0 if method is Method.INTEREST_FREE else 10_000
    return plan(
        principal_fen,
        draw(st.integers(1, 60)),
        str(Decimal(draw(st.integers(least, most))) / 100),
        method,
        down_payment_fen=draw(st.integers(0, principal_fen - 1)),
        fee_fen=draw(st.one_of(st.just(0), st.integers(0, 10**12))),
    )


@given(terms=plans())
def test_every_plan_adds_up(terms: Terms) -> None:
    assert faults_of(terms, today=SIGNED) == []
    schedule = schedule_of(terms, signed_on=SIGNED)
    rows = schedule.rows
    assert sum(row.principal_fen for row in rows) == terms.principal_fen
    assert sum(row.fee_fen for row in rows) == terms.fee_fen
    assert sum(row.total_fen for row in rows) == schedule.total_fen
    assert all(row.total_fen == row.principal_fen + row.interest_fen + row.fee_fen for row in rows)
    assert rows[-1].remaining_fen == 0
    assert min(min(row.principal_fen, row.interest_fen, row.fee_fen, row.remaining_fen) for row in rows) >= 0


@given(terms=plans())
def test_in_every_plan_the_balance_only_falls_and_interest_follows_it(terms: Terms) -> None:
    remaining = Fraction(terms.principal_fen)
    for row in schedule_of(terms, signed_on=SIGNED).rows:
        if row.number > 0:
            exact = remaining * Fraction(terms.annual_rate_percent or 0) / 1200
            assert row.interest_fen - Fraction(1, 2) <= exact < row.interest_fen + Fraction(1, 2)
        remaining -= row.principal_fen
        assert row.remaining_fen == remaining


@given(terms=plans())
def test_every_plan_has_numbered_monthly_rows(terms: Terms) -> None:
    assert terms.instalments is not None
    rows = [row for row in schedule_of(terms, signed_on=SIGNED).rows if row.number > 0]
    assert [row.number for row in rows] == list(range(1, terms.instalments + 1))
    assert [row.due_on for row in rows] == due_dates(FIRST, terms.instalments)


@given(
    principal_fen=st.integers(10**4, 10**12),
    instalments=st.integers(2, 60),
    hundredths=st.integers(1, 10_000),
)
def test_the_level_instalment_is_the_annuity_rounded_half_up(
    principal_fen: int, instalments: int, hundredths: int
) -> None:
    rate = Decimal(hundredths) / 100
    rows = schedule_of(plan(principal_fen, instalments, str(rate)), signed_on=SIGNED).rows
    discount = 1 / (1 + Fraction(rate) / 1200)
    exact = principal_fen / sum((discount**month for month in range(1, instalments + 1)), Fraction(0))
    assert rows[0].total_fen - Fraction(1, 2) <= exact < rows[0].total_fen + Fraction(1, 2)


@pytest.mark.parametrize(("first", "expected"), [(date(2026, 12, 24), None), (date(2026, 11, 22), "23.59")])
def test_the_cost_is_told_by_dates_where_the_first_day_is_no_month_away(first: date, expected: str | None) -> None:
    terms = replace(plan(1_200_000, 12, "18"), first_due_on=first)
    made = schedule_of(terms, signed_on=SIGNED).annual_cost
    assert made is not None
    assert made.by_dates_percent == (None if expected is None else Decimal(expected))
