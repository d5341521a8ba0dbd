"""What a short counter-offer leaves open, and what comes of it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.amounts import Amounts
from hub.domain.repayment import payable_fen, schedule_of
from hub.domain.terms import MAX_INSTALMENTS, Kind, Method, Terms, Waived
from hub.domain.wishes import with_rest_waived, worked_out

FREE, EQUAL = Method.INTEREST_FREE, Method.EQUAL_INSTALMENT
NONE, RATE = Decimal("0.00"), Decimal("3.60")
OWED = 100_000


def parts(principal: int, instalments: int | None, rate: Decimal, method: Method) -> dict[str, Any]:
    count = {} if instalments is None else {"instalments": instalments}
    return {"principal_fen": principal, "annual_rate_percent": rate, "method": method, **count}


@pytest.mark.parametrize(
    ("wish", "rate_of_bank", "expected"),
    [
        ({"kind": Kind.INSTALMENTS, "monthly_payment_fen": 30_000}, RATE, parts(OWED, 4, NONE, FREE)),
        ({"kind": Kind.INSTALMENTS, "monthly_payment_fen": 1}, None, parts(60, MAX_INSTALMENTS, NONE, FREE)),
        (
            {"kind": Kind.INSTALMENTS, "monthly_payment_fen": 10_000, "waived": {"interest_fen": 20_000}},
            None,
            parts(80_000, 8, NONE, FREE),
        ),
        (
            {"kind": Kind.INSTALMENTS, "monthly_payment_fen": 10_000, "instalments": 6, "down_payment_fen": 5_000},
            None,
            {"principal_fen": 65_000, "annual_rate_percent": NONE, "method": FREE},
        ),
        (
            {"kind": Kind.INSTALMENTS, "instalments": 12, "method": EQUAL},
            RATE,
            {"principal_fen": OWED, "annual_rate_percent": RATE},
        ),
        (
            {"kind": Kind.REDUCTION, "instalments": 12, "annual_rate_percent": RATE},
            None,
            {"principal_fen": OWED, "method": EQUAL},
        ),
        ({"kind": Kind.DEFERRAL}, RATE, {"principal_fen": OWED, "annual_rate_percent": NONE}),
        ({"kind": Kind.LOWER_MINIMUM}, RATE, {"principal_fen": OWED, "annual_rate_percent": RATE}),
        ({"kind": Kind.LOWER_MINIMUM}, None, {"principal_fen": OWED}),
        ({"kind": Kind.SETTLEMENT, "principal_fen": 50_000}, RATE, {}),
        ({"waived": None}, RATE, {"principal_fen": OWED}),
    ],
)
def test_what_a_wish_leaves_open_is_worked_out_and_what_it_says_stays(
    wish: dict[str, Any], rate_of_bank: Decimal | None, expected: dict[str, Any]
) -> None:
    assert worked_out(wish, owed_fen=OWED, rate_of_bank=rate_of_bank) == expected


@given(
    monthly_fen=st.integers(1, 10**9),
    count=st.integers(1, MAX_INSTALMENTS),
    hundredths=st.integers(1, 10_000),
    method=st.sampled_from([EQUAL, Method.EQUAL_PRINCIPAL]),
)
def test_no_instalment_but_the_last_is_above_what_can_be_paid_and_a_fen_more_would_be(
    monthly_fen: int, count: int, hundredths: int, method: Method
) -> None:
    rate = Decimal(hundredths) / 100
    principal = payable_fen(monthly_fen, rate, method, count=count)
    if not 1 <= principal <= 10**11:
        return

    def dearest(amount_fen: int) -> int:
        terms = Terms(
            kind=Kind.INSTALMENTS,
            principal_fen=amount_fen,
            first_due_on=date(2026, 12, 20),
            instalments=count,
            annual_rate_percent=rate,
            method=method,
        )
        return max(row.total_fen for row in schedule_of(terms, signed_on=date(2026, 11, 21)).rows[: count - 1 or 1])

    assert dearest(principal) <= monthly_fen + (1 if method is not EQUAL else 0)
    if method is EQUAL:
        assert dearest(principal + 2 * count) >= monthly_fen


@pytest.mark.parametrize(("rate", "count"), [(NONE, 4), (Decimal(36), 4), (Decimal(60), 4)])
def test_the_payments_go_on_until_everything_is_repaid(rate: Decimal, count: int) -> None:
    wish = {"kind": Kind.INSTALMENTS, "monthly_payment_fen": 30_000, "annual_rate_percent": rate}
    found = worked_out(wish, owed_fen=OWED, rate_of_bank=None)
    assert (found["instalments"], found["principal_fen"]) == (count, OWED)


def test_with_a_rate_less_is_repaid_by_the_same_payments() -> None:
    wish = {"kind": Kind.INSTALMENTS, "monthly_payment_fen": 1_000, "instalments": 12, "annual_rate_percent": RATE}
    assert worked_out(wish, owed_fen=OWED, rate_of_bank=None)["principal_fen"] == 11_775


def test_where_more_is_waived_than_owed_something_is_left_to_judge_by() -> None:
    wish = {"kind": Kind.SETTLEMENT, "waived": {"principal_fen": OWED + 5}}
    assert worked_out(wish, owed_fen=OWED, rate_of_bank=None) == {"principal_fen": 1}


def test_the_rest_is_waived_beside_what_was_named_penalty_first() -> None:
    owed = Amounts(principal_fen=1_000, interest_fen=50, fees_fen=3, penalty_fen=7)
    terms = Terms(
        kind=Kind.SETTLEMENT, principal_fen=900, first_due_on=date(2026, 12, 20), waived=Waived(interest_fen=40)
    )
    assert with_rest_waived(terms, owed).waived == Waived(penalty_fen=7, fees_fen=3, interest_fen=50, principal_fen=100)
    deferred = replace(terms, kind=Kind.DEFERRAL, months=3)
    assert with_rest_waived(deferred, owed, instalments_fen=100).waived == Waived(
        penalty_fen=7, fees_fen=3, interest_fen=50
    )
    whole = replace(terms, principal_fen=1_020)
    assert with_rest_waived(whole, owed) == whole


@pytest.mark.parametrize(
    ("kind", "waived", "principal_fen"),
    [
        (Kind.INSTALMENTS, {}, OWED),
        (Kind.SETTLEMENT, {}, OWED),
        (Kind.DEFERRAL, {}, OWED - 30_000),
        (Kind.LOWER_MINIMUM, {"interest_fen": 5_000}, OWED - 35_000),
        # What is waived of the principal is taken off what is in instalments first.
        (Kind.LOWER_MINIMUM, {"principal_fen": 10_000}, OWED - 30_000),
        (Kind.LOWER_MINIMUM, {"principal_fen": 40_000}, OWED - 40_000),
    ],
)
def test_what_is_in_instalments_is_wished_for_in_plans_and_settlements_alone(
    kind: Kind, waived: dict[str, int], principal_fen: int
) -> None:
    wish = {"kind": kind, "waived": waived}
    found = worked_out(wish, owed_fen=OWED, rate_of_bank=None, instalments_fen=30_000)
    assert found["principal_fen"] == principal_fen
