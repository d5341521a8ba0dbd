"""Months of paying a card debt: an example worked by hand, a second implementation, and what holds for every debt."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.card_debt import MOST_MONTHS, CardTerms, Course, End, fixed_sum, minimum_alone
from hub.domain.errors import InvalidValue

FIRST = date(2026, 12, 31)
USUAL = CardTerms()


def percents(most: int, decimals: int) -> st.SearchStrategy[Decimal]:
    return st.integers(0, most * 10**decimals).map(lambda n: Decimal(n).scaleb(-decimals))


card_terms = st.builds(
    CardTerms,
    minimum_percent=percents(100, 2),
    floor_fen=st.integers(0, 100_000),
    daily_rate_percent=percents(1, 4),
    late_fee_percent=percents(100, 2),
)
debts = st.integers(1, 100_000_000)


def rounded(amount: Fraction) -> int:
    return floor(amount + Fraction(1, 2))


def second_implementation(debt: int, terms: CardTerms, monthly: int | None) -> Iterator[tuple[int, int, int, int]]:
    """(interest, late fee, paid, left) of each month, by fractions and without a line of the hub's.

    `monthly` None pays the minimum. It goes on for as long as it is asked.
    """
    a_months_rate = Fraction(terms.daily_rate_percent) / 100 * 365 / 12
    left = debt
    while left > 0:
        interest = rounded(left * a_months_rate)
        share = rounded(left * Fraction(terms.minimum_percent) / 100)
        minimum = min(left + interest, max(terms.floor_fen, share + interest))
        wanted = minimum if monthly is None else monthly
        lacking = minimum - wanted if wanted < minimum else 0
        late_fee = rounded(lacking * Fraction(terms.late_fee_percent) / 100)
        owed = left + interest + late_fee
        paid = min(wanted, owed)
        left = owed - paid
        yield interest, late_fee, paid, left


def rows_of(course: Course) -> list[tuple[int, int, int, int]]:
    return [(row.interest_fen, row.fee_fen, row.total_fen, row.remaining_fen) for row in course.schedule.rows]


def test_the_minimum_alone_on_ten_thousand_yuan_worked_by_hand() -> None:
    """10,000.00 at 0.05 % a day: a month's rate is 0.05 % x 365 / 12 = 1.520833… %."""
    course = minimum_alone(1_000_000, USUAL, first_due_on=FIRST)
    assert rows_of(course)[:4] == [
        # 10,000.00 x 1.520833… % = 152.083…, and a tenth of 10,000.00
        (15_208, 0, 115_208, 900_000),
        # 9,000.00 x 1.520833… % = 136.875, half up
        (13_688, 0, 103_688, 810_000),
        # 8,100.00 x 1.520833… % = 123.1875, half up
        (12_319, 0, 93_319, 729_000),
        # 7,290.00 x 1.520833… % = 110.86875, half up
        (11_087, 0, 83_987, 656_100),
    ]
    assert (course.end, len(course.schedule.rows)) == (End.PAID_OFF, 33)
    assert course.schedule.total_fen - 1_000_000 == 145_883
    assert course.schedule.annual_cost is not None
    # 0.05 % a day is 18.25 % a year.
    assert course.schedule.annual_cost.nominal_percent == Decimal("18.25")


def test_near_the_end_the_floor_is_paid_and_then_the_rest() -> None:
    course = minimum_alone(25_000, USUAL, first_due_on=FIRST)
    assert rows_of(course) == [(380, 0, 10_000, 15_380), (234, 0, 10_000, 5_614), (85, 0, 5_699, 0)]


def test_a_sum_below_the_minimum_costs_the_late_fee_too() -> None:
    # The minimum is 1,152.08; 652.08 lack to it, of which 5 % are 32.60.
    first = rows_of(fixed_sum(1_000_000, 50_000, USUAL, first_due_on=FIRST))[0]
    assert first == (15_208, 3_260, 50_000, 968_468)


def test_a_sum_of_at_least_the_minimum_costs_no_late_fee() -> None:
    course = fixed_sum(1_000_000, 115_208, USUAL, first_due_on=FIRST)
    assert {row.fee_fen for row in course.schedule.rows} == {0}


def test_payments_are_a_month_apart_on_one_day() -> None:
    days = [row.due_on for row in fixed_sum(1_000_000, 300_000, USUAL, first_due_on=FIRST).schedule.rows]
    assert days == [date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)]


@pytest.mark.parametrize("monthly_fen", [1, 15_207, 15_208])
@pytest.mark.parametrize("late_fee", ["0", "5.00"])
def test_a_sum_not_above_the_months_interest_never_ends(monthly_fen: int, late_fee: str) -> None:
    terms = CardTerms(late_fee_percent=Decimal(late_fee))
    course = fixed_sum(1_000_000, monthly_fen, terms, first_due_on=FIRST)
    assert (course.end, len(course.schedule.rows)) == (End.NEVER, 1)
    assert (course.schedule.total_fen, course.schedule.annual_cost) == (0, None)
    assert course.schedule.rows[0].principal_fen <= 0


def test_a_fen_more_than_the_interest_is_paid_off_where_nothing_is_charged_for_it() -> None:
    terms = CardTerms(late_fee_percent=Decimal(0))
    assert fixed_sum(100, 2 + 1, terms, first_due_on=FIRST).end is End.PAID_OFF


def test_a_minimum_of_nothing_never_ends() -> None:
    nothing = CardTerms(minimum_percent=Decimal(0), floor_fen=0)
    assert minimum_alone(1_000_000, nothing, first_due_on=FIRST).end is End.NEVER


def test_what_takes_more_than_thirty_years_is_not_worked_out_to_its_end() -> None:
    slow = CardTerms(minimum_percent=Decimal("1.00"), floor_fen=0)
    course = minimum_alone(1_000_000, slow, first_due_on=FIRST)
    assert (course.end, len(course.schedule.rows)) == (End.TOO_LONG, MOST_MONTHS)
    assert course.schedule.annual_cost is None


@given(debts, card_terms, st.none() | st.integers(1, 200_000_000))
def test_both_implementations_agree_to_the_fen(debt_fen: int, terms: CardTerms, monthly_fen: int | None) -> None:
    if monthly_fen is None:
        course = minimum_alone(debt_fen, terms, first_due_on=FIRST)
    else:
        course = fixed_sum(debt_fen, monthly_fen, terms, first_due_on=FIRST)
    second = second_implementation(debt_fen, terms, monthly_fen)
    for mine in rows_of(course):
        assert mine == next(second)
    assert (course.end is End.PAID_OFF) == (next(second, None) is None)


@given(debts, card_terms, st.integers(1, 200_000_000))
def test_what_is_called_never_does_not_end_in_hundred_years(debt_fen: int, terms: CardTerms, monthly_fen: int) -> None:
    course = fixed_sum(debt_fen, monthly_fen, terms, first_due_on=FIRST)
    if course.end is End.NEVER:
        months = second_implementation(debt_fen, terms, monthly_fen)
        lefts = [next(months)[3] for _ in range(1200)]
        before = course.schedule.rows[-1].remaining_fen
        assert min(lefts[len(course.schedule.rows) - 1 :]) >= before > 0


@given(debts, card_terms, st.integers(1, 200_000_000))
def test_the_parts_of_the_principal_are_the_debt(debt_fen: int, terms: CardTerms, monthly_fen: int) -> None:
    for course in (
        minimum_alone(debt_fen, terms, first_due_on=FIRST),
        fixed_sum(debt_fen, monthly_fen, terms, first_due_on=FIRST),
    ):
        rows = course.schedule.rows
        assert sum(row.principal_fen for row in rows) == debt_fen - rows[-1].remaining_fen
        assert all(row.total_fen == row.principal_fen + row.interest_fen + row.fee_fen for row in rows)
        if course.end is End.PAID_OFF:
            assert rows[-1].remaining_fen == 0
            assert course.schedule.total_fen >= debt_fen


@given(debts, card_terms, st.integers(1, 100_000_000), st.integers(1, 100_000_000))
def test_paying_more_a_month_never_costs_more_nor_takes_longer(
    debt_fen: int, terms: CardTerms, less_fen: int, more_by_fen: int
) -> None:
    less = fixed_sum(debt_fen, less_fen, terms, first_due_on=FIRST)
    more = fixed_sum(debt_fen, less_fen + more_by_fen, terms, first_due_on=FIRST)
    if less.end is End.PAID_OFF:
        assert more.end is End.PAID_OFF
        assert more.schedule.total_fen <= less.schedule.total_fen
        assert len(more.schedule.rows) <= len(less.schedule.rows)


@given(debts, debts, card_terms)
def test_who_owes_less_has_no_higher_minimum(one_fen: int, other_fen: int, terms: CardTerms) -> None:
    less, more = sorted((one_fen, other_fen))
    assert terms.minimum_fen(less) <= terms.minimum_fen(more)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"minimum_percent": Decimal("100.01")}, "out_of_range"),
        ({"minimum_percent": Decimal("NaN")}, "out_of_range"),
        ({"late_fee_percent": Decimal("-0.01")}, "out_of_range"),
        ({"daily_rate_percent": Decimal("1.0001")}, "out_of_range"),
        ({"daily_rate_percent": Decimal("0.00005")}, "too_many_decimals"),
        ({"minimum_percent": Decimal("0.001")}, "too_many_decimals"),
        ({"floor_fen": -1}, "amount_negative"),
    ],
)
def test_terms_out_of_bounds_are_none(wrong: dict[str, Decimal], code: str) -> None:
    with pytest.raises(InvalidValue) as error:
        CardTerms(**wrong)  # type: ignore[arg-type]
    assert error.value.code == code


def test_nothing_owed_is_no_debt() -> None:
    with pytest.raises(InvalidValue):
        minimum_alone(0, USUAL, first_due_on=FIRST)
