"""What is left a month, what to offer of it, and each bank's share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.affordability import (
    Finances,
    IncomeKind,
    IncomeLine,
    SpendingKind,
    SpendingLine,
    Strain,
    left_fen,
    percent_of,
    shares,
    strain_of,
    strain_of_plan,
    suggested,
)
from hub.domain.errors import Fault, InvalidValue, Refused


def finances(income_fen: int = 620_000, spending_fen: int = 410_000, other_fen: int = 90_000) -> Finances:
    return Finances(
        monthly_income_fen=income_fen,
        monthly_essential_spending_fen=spending_fen,
        other_debt_payments_fen=other_fen,
    )


def test_what_is_left_is_income_without_spending_and_other_debts() -> None:
    assert left_fen(finances()) == 120_000
    assert left_fen(finances(income_fen=400_000)) == -100_000


@pytest.mark.parametrize(
    ("payment_fen", "left", "percent", "strain"),
    [
        (0, 1_000, 0.0, None),
        (800, 1_000, 80.0, None),
        (801, 1_000, 80.1, Strain.TOO_HIGH),
        (1_500, 1_000, 150.0, Strain.TOO_HIGH),
        (1, 0, None, Strain.NOTHING_LEFT),
        (1, -5, None, Strain.NOTHING_LEFT),
    ],
)
def test_a_payment_is_held_against_what_is_left(
    payment_fen: int, left: int, percent: float | None, strain: Strain | None
) -> None:
    assert percent_of(payment_fen, left) == pytest.approx(percent)
    assert strain_of(payment_fen, left) == strain


@pytest.mark.parametrize(
    ("payments_fen", "left", "strain"),
    [
        ([80_000, 80_000], 100_000, None),
        # The dearest month counts, wherever it stands.
        ([80_000, 80_001], 100_000, Strain.TOO_HIGH),
        ([80_001, 100], 100_000, Strain.TOO_HIGH),
        ([1, 1], 0, Strain.NOTHING_LEFT),
        # What is paid once is no strain on every month.
        ([5_000_000], 100_000, None),
        ([5_000_000], -1, None),
        ([], 0, None),
    ],
)
def test_a_plan_is_too_much_where_a_month_of_it_is(payments_fen: list[int], left: int, strain: Strain | None) -> None:
    assert strain_of_plan(payments_fen, left) == strain


@pytest.mark.parametrize(
    ("left", "expected"),
    [(120_000, (60_000, 72_000)), (0, (0, 0)), (-1, (0, 0)), (1, (0, 0)), (3, (1, 1)), (99, (49, 59))],
)
def test_half_to_three_fifths_is_suggested_and_nothing_of_nothing(left: int, expected: tuple[int, int]) -> None:
    assert suggested(left) == expected


@pytest.mark.parametrize(
    ("total_fen", "owed", "expected"),
    [
        pytest.param(
            200_000,
            {"01020000": 3_000_000, "01030000": 5_000_000, "01040000": 2_000_000},
            {"01020000": 60_000, "01030000": 100_000, "01040000": 40_000},
            id="even",
        ),
        pytest.param(100, {"B": 1, "A": 1, "C": 1}, {"A": 34, "B": 33, "C": 33}, id="tie-to-the-lower-code"),
        pytest.param(101, {"B": 1, "A": 1, "C": 1}, {"A": 34, "B": 34, "C": 33}, id="two-fen-left-over"),
        pytest.param(10, {"A": 1, "B": 2}, {"A": 3, "B": 7}, id="largest-remainder-first"),
        pytest.param(0, {"A": 1, "B": 2}, {"A": 0, "B": 0}, id="nothing-to-share"),
        pytest.param(5, {"A": 0, "B": 2}, {"A": 0, "B": 5}, id="nothing-owed-to-one"),
    ],
)
def test_each_bank_has_its_share(total_fen: int, owed: dict[str, int], expected: dict[str, int]) -> None:
    assert list(shares(total_fen, owed).items()) == list(expected.items())


OWED = st.dictionaries(st.text("0123456789", min_size=8, max_size=8), st.integers(1, 10**12), min_size=1)


@given(total_fen=st.integers(0, 10**12), owed=OWED)
def test_shares_add_up_and_none_is_a_fen_off(total_fen: int, owed: dict[str, int]) -> None:
    shared = shares(total_fen, owed)
    assert sum(shared.values()) == total_fen
    assert shared.keys() == owed.keys()
    assert all(
        abs(part * sum(owed.values()) - total_fen * owed[code]) < sum(owed.values()) for code, part in shared.items()
    )


@given(total_fen=st.integers(0, 10**12), owed=OWED)
def test_shares_do_not_depend_on_the_order_of_the_banks(total_fen: int, owed: dict[str, int]) -> None:
    assert shares(total_fen, owed) == shares(total_fen, dict(reversed(owed.items())))


@pytest.mark.parametrize(
    ("total_fen", "owed", "code"),
    [
        (1, {}, "nothing_owed"),
        (1, {"A": 0}, "nothing_owed"),
        (-1, {"A": 1}, "amount_negative"),
        (1, {"A": -1, "B": 2}, "amount_negative"),
    ],
)
def test_what_cannot_be_shared_is_refused(total_fen: int, owed: dict[str, int], code: str) -> None:
    with pytest.raises(InvalidValue, match=code):
        shares(total_fen, owed)


def test_lines_that_add_up_are_taken() -> None:
    taken = Finances(
        monthly_income_fen=300,
        monthly_essential_spending_fen=200,
        other_debt_payments_fen=0,
        dependants=2,
        household_size=4,
        income=(
            IncomeLine(kind=IncomeKind.WAGE, amount_fen=250),
            IncomeLine(kind=IncomeKind.RENT, amount_fen=50),
        ),
        spending=(SpendingLine(kind=SpendingKind.FOOD, amount_fen=200),),
    )
    assert left_fen(taken) == 100


def test_every_fault_of_the_finances_is_named_at_once() -> None:
    with pytest.raises(Refused) as refused:
        Finances(
            monthly_income_fen=300,
            monthly_essential_spending_fen=-1,
            other_debt_payments_fen=10**12 + 1,
            dependants=-1,
            household_size=0,
            income=(IncomeLine(kind=IncomeKind.WAGE, amount_fen=299),),
            spending=(SpendingLine(kind=SpendingKind.FOOD, amount_fen=-1),),
        )
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [
        ("/monthly_essential_spending_fen", "out_of_range"),
        ("/other_debt_payments_fen", "out_of_range"),
        ("/dependants", "out_of_range"),
        ("/household_size", "out_of_range"),
        ("/income", "does_not_add_up"),
        ("/spending/0/amount_fen", "out_of_range"),
    ]
    assert Fault("/income", "does_not_add_up", {"sum_fen": 299, "total_fen": 300}) in refused.value.faults
