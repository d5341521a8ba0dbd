"""The yearly cost of a plan, against published figures and another library."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import pyxirr
from hypothesis import example, given
from hypothesis import strategies as st

from hub.domain.annual_cost import AnnualCost, annual_cost_of, percent_by_dates
from hub.domain.errors import InvalidValue


def flat_fee(principal_fen: int, monthly_percent: str, months: int) -> list[int]:
    fee = int(principal_fen * Decimal(monthly_percent) / 100)
    return [principal_fen // months + fee] * months


@pytest.mark.parametrize(
    ("in_use_fen", "payments_fen", "nominal", "effective"),
    [
        # Regulation Z, 12 CFR 1026 Appendix J (c)(1)(i) and (2)(i): a month's rate times twelve.
        pytest.param(500_000, [23_000] * 24, "9.69", "10.13", id="reg-z-regular"),
        pytest.param(500_000, [25_000] + [23_000] * 23, "10.08", "10.56", id="reg-z-odd-first-payment"),
        # Flat fees as Chinese instalment offers state them, and what they really cost.
        pytest.param(1_200_000, flat_fee(1_200_000, "0.6", 12), "13.03", "13.84", id="flat-0.6"),
        pytest.param(1_200_000, flat_fee(1_200_000, "0.5", 12), "10.90", "11.46", id="flat-0.5"),
        pytest.param(1_200_000, flat_fee(1_200_000, "0.66", 12), "14.31", "15.29", id="flat-0.66"),
        pytest.param(1_200_000, flat_fee(1_200_000, "0.75", 12), "16.22", "17.48", id="flat-0.75"),
        pytest.param(1_200_000, flat_fee(1_200_000, "0.45", 60), "9.84", "10.29", id="flat-0.45-of-60"),
    ],
)
def test_the_cost_is_the_published_one(in_use_fen: int, payments_fen: list[int], nominal: str, effective: str) -> None:
    assert annual_cost_of(in_use_fen, payments_fen=payments_fen) == AnnualCost(
        nominal_percent=Decimal(nominal), effective_percent=Decimal(effective)
    )


@pytest.mark.parametrize(
    ("in_use_fen", "payments_fen", "monthly"),
    [
        (150_000, [15_000, 25_000, 35_000, 45_000, 60_000], "0.0524"),
        (100, [39, 59, 55, 20], "0.28095"),
    ],
)
def test_a_months_rate_is_that_of_numpy_financials_own_tests(
    in_use_fen: int, payments_fen: list[int], monthly: str
) -> None:
    cost = annual_cost_of(in_use_fen, payments_fen=payments_fen)
    assert (cost.nominal_percent / 1200).quantize(Decimal(monthly)) == Decimal(monthly)


@given(
    in_use_fen=st.integers(1, 10**12),
    parts=st.lists(st.integers(0, 10**11), max_size=59),
)
def test_paying_back_just_what_was_used_costs_nothing(in_use_fen: int, parts: list[int]) -> None:
    payments = [part * in_use_fen // 10**13 for part in parts]
    payments.append(in_use_fen - sum(payments))
    assert annual_cost_of(in_use_fen, payments_fen=payments) == AnnualCost(
        nominal_percent=Decimal("0.00"), effective_percent=Decimal("0.00")
    )


@given(
    in_use_fen=st.integers(10_000, 10**10),
    payments=st.lists(st.integers(0, 10**9), min_size=1, max_size=60),
    surplus_fen=st.integers(0, 10**10),
)
def test_the_cost_agrees_with_another_library(in_use_fen: int, payments: list[int], surplus_fen: int) -> None:
    surplus_fen = surplus_fen % in_use_fen
    payments = [*payments, max(0, in_use_fen - sum(payments)) + surplus_fen]
    monthly = pyxirr.irr([float(-in_use_fen), *map(float, payments)])
    if monthly is None or monthly > 0.5:
        return
    cost = annual_cost_of(in_use_fen, payments_fen=payments)
    assert float(cost.nominal_percent) == pytest.approx(monthly * 1200, abs=0.0051)
    assert float(cost.effective_percent) == pytest.approx(((1 + monthly) ** 12 - 1) * 100, abs=0.0051)


@given(odd=st.integers(0, 5_000).map(lambda half: 2 * half + 1))
@example(odd=5)
def test_a_cost_on_half_a_hundredth_goes_up(odd: int) -> None:
    # One fen on 240,000 for a month is 0.005 % a year, which no decimal discount holds exactly.
    cost = annual_cost_of(240_000, payments_fen=[240_000 + odd])
    assert cost.nominal_percent == Decimal(odd + 1) / 200


@pytest.mark.parametrize(
    ("in_use_fen", "payments_fen", "nominal"),
    [
        (1, [10**12], "1199999999998800.00"),
        (10**12, [0] * 59 + [10**12 + 1], "0.00"),
        (10**12, [10**12 // 60] * 59 + [10**12 - 59 * (10**12 // 60)], "0.00"),
        (1, [0] * 59 + [60], "84.75"),
    ],
)
def test_the_edges_of_what_may_be_asked_have_a_cost(in_use_fen: int, payments_fen: list[int], nominal: str) -> None:
    assert annual_cost_of(in_use_fen, payments_fen=payments_fen).nominal_percent == Decimal(nominal)


@pytest.mark.parametrize(
    ("in_use_fen", "payments_fen", "code"),
    [
        (0, [1], "amount_not_positive"),
        (10, [-1, 20], "amount_not_positive"),
        (10, [], "payments_below_principal"),
        (10, [9], "payments_below_principal"),
    ],
)
def test_payments_without_a_cost_are_refused(in_use_fen: int, payments_fen: list[int], code: str) -> None:
    with pytest.raises(InvalidValue, match=code):
        annual_cost_of(in_use_fen, payments_fen=payments_fen)


@given(
    in_use_fen=st.integers(10_000, 10**9),
    days=st.lists(st.integers(1, 1_900), min_size=1, max_size=20, unique=True),
    share=st.integers(0, 60),
)
def test_the_cost_by_dates_agrees_with_another_library(in_use_fen: int, days: list[int], share: int) -> None:
    each = in_use_fen * (100 + share) // (100 * len(days)) + 1
    found = percent_by_dates(in_use_fen, dict.fromkeys(days, each))
    start = date(2026, 11, 28)
    other = pyxirr.xirr([start, *(start + timedelta(days=day) for day in days)], [-in_use_fen, *[each] * len(days)])
    assert found is None or other is None or abs(float(found) - other * 100) <= 0.006 + abs(other) / 1e6


def test_a_cost_beyond_all_percents_is_not_told_by_dates() -> None:
    assert percent_by_dates(1, {1: 10**12}) is None
