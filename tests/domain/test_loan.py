"""Loans: whose they are, how several lenders' shares add up, and what they are told from others by."""

from decimal import Decimal
from typing import Any

import pytest

from hub.domain.amounts import AMOUNT_NAMES
from hub.domain.errors import Fault, InvalidValue
from hub.domain.loan import CoLender, LoanAccount, contract_end, lender_faults, places_listed_twice, share_of, shares_of

ICBC, CMB, CITIC, CITIC_CARDS = "01020000", "03080000", "03020000", "63020000"


def loan(*lenders: tuple[str, str], **changes: Any) -> LoanAccount:
    """A loan of ICBC's, or of those who lend together."""
    values: dict[str, Any] = {
        "creditor_code": lenders[0][0] if lenders else ICBC,
        "contract_last4": "80A6",
        "product": "消费贷款",
        "co_lenders": tuple(CoLender(creditor_code=code, share_percent=Decimal(share)) for code, share in lenders),
        "principal_fen": 820_001,
        "interest_fen": 13_103,
        "fees_fen": 1,
        "penalty_fen": 2_407,
        **changes,
    }
    return LoanAccount(**values)


@pytest.mark.parametrize(
    "lenders",
    [
        [(ICBC, "50.00"), (CMB, "50.00")],
        [(ICBC, "33.33"), (CMB, "33.33"), (CITIC, "33.34")],
        [(ICBC, "0.01"), (CMB, "99.99")],
    ],
)
def test_the_shares_of_a_loan_add_up_to_all_of_it_to_the_fen(lenders: list[tuple[str, str]]) -> None:
    whole = loan(*lenders)
    for name in AMOUNT_NAMES:
        assert sum(getattr(share, name) for share in shares_of(whole)) == getattr(whole, name)


def test_a_share_says_nothing_of_the_others() -> None:
    share = share_of(loan((ICBC, "70.00"), (CMB, "30.00")), CMB)
    assert share is not None
    assert (share.creditor_code, share.co_lenders, share.is_share, share.principal_fen) == (CMB, (), True, 246_000)


def test_a_loan_of_one_lender_is_whole() -> None:
    assert share_of(loan(), ICBC) == loan()
    assert share_of(loan(), CMB) is None


def test_either_code_of_a_bank_finds_its_share() -> None:
    whole = loan((ICBC, "70.00"), (CITIC, "30.00"))
    assert share_of(whole, CITIC_CARDS) == share_of(whole, CITIC)


@pytest.mark.parametrize(
    ("creditor", "lenders", "expected"),
    [
        (ICBC, [], []),
        (ICBC, [(ICBC, "70"), (CMB, "30")], []),
        (ICBC, [(ICBC, "70"), (CMB, "29.99")], [("/co_lenders", "shares_do_not_add_up")]),
        (ICBC, [(CITIC, "70"), (CMB, "30")], [("/co_lenders", "creditor_not_among_lenders")]),
        (CITIC, [(CITIC, "70"), (CITIC_CARDS, "30")], [("/co_lenders/1/creditor_code", "listed_twice")]),
        (ICBC, [(ICBC, "100"), (CMB, "0")], [("/co_lenders/1/share_percent", "too_small")]),
        # What could not be read has a fault of its own.
        (None, [(None, "70"), (CMB, None)], []),
    ],
)
def test_who_lends_together_is_named_once_and_lends_all_of_it(
    creditor: str | None, lenders: list[tuple[str | None, str | None]], expected: list[tuple[str, str]]
) -> None:
    read = [(code, None if share is None else Decimal(share)) for code, share in lenders]
    assert [(fault.pointer, fault.code) for fault in lender_faults(creditor, read)] == expected


def test_shares_that_do_not_add_up_say_their_sum() -> None:
    [fault] = lender_faults(ICBC, [(ICBC, Decimal("70.00")), (CMB, Decimal("20.5"))])
    assert fault == Fault("/co_lenders", "shares_do_not_add_up", {"sum": "90.50"})


@pytest.mark.parametrize(("typed", "end"), [("80a6", "80A6"), (" ８０a6 ", "80A6"), ("0007", "0007")])
def test_the_end_of_a_contract_is_four_letters_or_digits(typed: str, end: str) -> None:
    assert contract_end(typed) == end


@pytest.mark.parametrize("typed", ["", "80A", "80A67", "80-6", "合同80", "HT2026110980A6"])
def test_more_or_less_of_it_is_not_taken(typed: str) -> None:
    with pytest.raises(InvalidValue, match="contract_last4_form"):
        contract_end(typed)


def test_the_same_contract_of_a_lender_stands_there_once() -> None:
    assert places_listed_twice([(CITIC, "80A6"), (ICBC, "80A6"), (CITIC_CARDS, "80A6"), (CITIC, ""), (CITIC, "")]) == [
        2
    ]


def test_a_loan_is_told_from_every_card() -> None:
    assert not loan().key.isdigit()
