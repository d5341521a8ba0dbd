"""What a short counter-offer leaves open, and what comes of it."""

from decimal import Decimal
from typing import Any

import pytest

from hub.domain.terms import MAX_INSTALMENTS, Kind, Method
from hub.domain.wishes import worked_out

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
