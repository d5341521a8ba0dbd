"""What is owed against what is offered: nothing is lost between plan, waivers and what is left out."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hub.domain import balances
from hub.domain.balances import Balance, Planned
from hub.domain.repayment import row_faults
from hub.domain.terms import Kind, Method, Terms, Waived

TODAY = date(2026, 11, 21)
CARDS = ["6222100000000007", "6222110000000007", "6222100000000015"]
BALANCE = Balance(
    card_last4="0015",
    currency="CNY",
    principal_fen=10_000,
    interest_fen=2_000,
    fees_fen=300,
    penalty_fen=500,
    as_of=TODAY,
)
TERMS = Terms(
    kind=Kind.INSTALMENTS,
    principal_fen=10_000,
    first_due_on=date(2026, 12, 20),
    instalments=10,
    annual_rate_percent=Decimal("0.00"),
    method=Method.INTEREST_FREE,
)


@pytest.mark.parametrize(
    ("principal_fen", "waived", "left_out_fen", "planned"),
    [
        (10_000, Waived(), 2_800, (10_000, 0, 0, 0)),
        (9_000, Waived(principal_fen=1_000), 2_800, (9_000, 0, 0, 0)),
        (9_500, Waived(principal_fen=1_000), 2_300, (9_000, 500, 0, 0)),
        (12_800, Waived(), 0, (10_000, 2_000, 300, 500)),
        (10_300, Waived(interest_fen=2_000, penalty_fen=500), 0, (10_000, 0, 300, 0)),
    ],
)
def test_every_fen_is_planned_waived_or_left_out(
    principal_fen: int, waived: Waived, left_out_fen: int, planned: tuple[int, ...]
) -> None:
    terms = replace(TERMS, principal_fen=principal_fen, waived=waived)
    assert balances.amount_faults(terms, [BALANCE]) == []
    assert balances.left_out_fen(terms, [BALANCE]) == left_out_fen
    names = ("principal_fen", "interest_fen", "fees_fen", "penalty_fen")
    found = balances.planned_of(terms, [BALANCE])
    assert found == Planned(**dict(zip(names, planned, strict=True)))
    assert found.is_principal_alone == (planned[1:] == (0, 0, 0))


@pytest.mark.parametrize(
    ("principal_fen", "waived", "pointers"),
    [
        (12_801, Waived(), ["/principal_fen"]),
        (10_001, Waived(interest_fen=2_000, penalty_fen=500, fees_fen=300), ["/principal_fen"]),
        (1, Waived(interest_fen=2_001), ["/waived/interest_fen"]),
        (1, Waived(fees_fen=301, penalty_fen=501), ["/waived/fees_fen", "/waived/penalty_fen"]),
        (1, Waived(principal_fen=10_001), ["/waived/principal_fen"]),
        (12_801, Waived(fees_fen=301), ["/waived/fees_fen", "/principal_fen"]),
    ],
)
def test_no_more_is_offered_on_than_is_owed(principal_fen: int, waived: Waived, pointers: list[str]) -> None:
    terms = replace(TERMS, principal_fen=principal_fen, waived=waived)
    found = balances.amount_faults(terms, [BALANCE])
    assert [(fault.pointer, fault.code) for fault in found] == [(each, "more_than_owed") for each in pointers]


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, []),
        ({"card_first6": "622210"}, []),
        ({"card_last4": "0007", "card_first6": "622211"}, []),
        ({"card_last4": "9999"}, [("/0/card_last4", "card_unknown")]),
        ({"card_first6": "400000"}, [("/0/card_first6", "card_unknown")]),
        ({"card_last4": "0007"}, [("/0/card_first6", "required")]),
        ({"as_of": date(2026, 11, 22)}, [("/0/as_of", "date_in_future")]),
        ({"as_of": date(2026, 10, 21)}, []),
        ({"as_of": date(2026, 10, 20)}, [("/0/as_of", "balance_too_old")]),
    ],
)
def test_a_balance_is_of_a_card_of_the_application_and_of_late(
    changes: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    found = balances.balance_faults([replace(BALANCE, **changes)], CARDS, today=TODAY)
    assert [(fault.pointer, fault.code) for fault in found] == faults


def test_a_card_is_named_once() -> None:
    found = balances.balance_faults([BALANCE, replace(BALANCE, card_first6="622210")], CARDS, today=TODAY)
    assert [(fault.pointer, fault.code) for fault in found] == [("/1/card_last4", "listed_twice")]


def test_cards_that_end_alike_are_told_apart_by_their_beginnings() -> None:
    owed = [replace(BALANCE, card_last4=card[-4:]) for card in CARDS]
    assert [each.card_first6 for each in balances.distinguished(owed, CARDS)] == ["622210", "622211", None]


@pytest.mark.parametrize(
    ("principal_fen", "down_payment_fen", "rate", "method", "refused"),
    [
        (59, 0, "0.00", Method.INTEREST_FREE, True),
        (60, 0, "0.00", Method.INTEREST_FREE, False),
        (100, 95, "0.00", Method.INTEREST_FREE, True),
        (100, 0, "24.00", Method.EQUAL_INSTALMENT, True),
        (1, 0, "24.00", Method.EQUAL_PRINCIPAL, True),
        (1_850_000, 0, "3.60", Method.EQUAL_INSTALMENT, False),
    ],
)
def test_no_row_asks_for_nothing(
    principal_fen: int, down_payment_fen: int, rate: str, method: Method, refused: bool
) -> None:
    terms = replace(
        TERMS,
        principal_fen=principal_fen,
        down_payment_fen=down_payment_fen,
        annual_rate_percent=Decimal(rate),
        method=method,
        instalments=60,
    )
    assert [(fault.pointer, fault.code) for fault in row_faults(terms)] == (
        [("/instalments", "instalment_too_small")] if refused else []
    )
