"""Loans of an application: what is read, and what is refused where."""

from typing import Any

import pytest

from schemas.affordability import load_affordability
from schemas.application import load_application, load_correction
from tests.schemas.bodies import APPLICATION, GIVEN_AT, NOW, TODAY

LOAN: dict[str, Any] = {
    "creditor_code": "01020000",
    "contract_last4": "80a6",
    "product": "消费贷款",
    "platform_name": "某购物 App",
    "principal_fen": 820000,
    "interest_fen": 13100,
    "fees_fen": 0,
    "penalty_fen": 2400,
    "annual_rate_percent": "14.60",
}
TOGETHER = [
    {"creditor_code": "01020000", "share_percent": "70.00"},
    {"creditor_code": "03080000", "share_percent": "30.00"},
]


def consent(code: str) -> dict[str, str]:
    """The consent that the lender of that code is given the file."""
    return {"purpose": "share_with_bank", "bank_code": code, "version": "2026-11", "given_at": GIVEN_AT}


def body(*loans: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The application of the contract over these loans beside its card."""
    return {**APPLICATION, "loans": list(loans), **changes}


def faults(data: dict[str, Any]) -> list[tuple[str, str]]:
    """(pointer, code) of every fault."""
    return [(fault.pointer, fault.code) for fault in load_application(data, now=NOW).faults]


def test_a_loan_stands_beside_the_cards() -> None:
    read = load_application(body(LOAN), now=NOW)
    assert read.faults == []
    assert read.value is not None
    assert [(each.creditor_code, each.contract_last4) for each in read.value.loans] == [("01020000", "80A6")]
    assert ("/loans/0/creditor_code", "01020000") in read.references.bank_codes


def test_an_application_over_loans_alone_is_taken() -> None:
    assert faults(body(LOAN, accounts=[])) == []


def test_without_a_card_or_a_loan_there_is_nothing_to_apply_for() -> None:
    assert faults(body(accounts=[])) == [("/accounts", "required")]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"contract_last4": "1"}, ("/loans/0/contract_last4", "contract_last4_form")),
        ({"principal_fen": -1}, ("/loans/0/principal_fen", "too_small")),
        ({"overdue_since": "2026-11-22"}, ("/loans/0/overdue_since", "date_in_future")),
        ({"product": ""}, ("/loans/0/product", "text_required")),
        ({"annual_rate_percent": 14.6}, ("/loans/0/annual_rate_percent", "percent_form")),
        (
            {"principal_fen": 0, "interest_fen": 0, "penalty_fen": 0},
            ("/loans/0/principal_fen", "loan_owes_nothing"),
        ),
        (
            {"co_lenders": [TOGETHER[0], {**TOGETHER[1], "share_percent": "29.00"}]},
            ("/loans/0/co_lenders", "shares_do_not_add_up"),
        ),
        ({"contract_number": "HT202680A6"}, ("/loans/0/contract_number", "unknown_field")),
    ],
)
def test_a_broken_rule_is_the_one_fault_at_its_place(change: dict[str, Any], expected: tuple[str, str]) -> None:
    consents = [*APPLICATION["consents"], consent("03080000")]
    assert faults(body({**LOAN, **change}, consents=consents)) == [expected]


@pytest.mark.parametrize(
    "name", ["app_login", "login_password", "payment_password", "pay_pwd", "支付密码", "登录密码", "sms_code", "cvn2"]
)
def test_what_opens_an_app_or_pays_from_it_is_refused_by_name(name: str) -> None:
    assert faults(body({**LOAN, name: "x"})) == [(f"/loans/0/{name}", "card_secret_refused")]


def test_all_faults_of_several_loans_are_told_at_once() -> None:
    wrong = [{**LOAN, "contract_last4": "x"}, {**LOAN, "interest_fen": "1"}, LOAN, LOAN]
    assert faults(body(*wrong)) == [
        ("/loans/0/contract_last4", "contract_last4_form"),
        ("/loans/1/interest_fen", "type_whole_number"),
        ("/loans/2/contract_last4", "loan_listed_twice"),
        ("/loans/3/contract_last4", "loan_listed_twice"),
    ]


def test_each_lender_needs_a_consent_of_its_own() -> None:
    told = load_application(body({**LOAN, "co_lenders": TOGETHER}), now=NOW).faults
    assert [(fault.code, fault.params["bank_code"]) for fault in told] == [("consent_missing_for_bank", "03080000")]


def test_a_share_that_comes_to_nothing_is_nobodys() -> None:
    cent = {"principal_fen": 1, "interest_fen": 0, "fees_fen": 0, "penalty_fen": 0}
    data = body({**LOAN, **cent, "co_lenders": TOGETHER}, consents=[*APPLICATION["consents"], consent("03080000")])
    assert faults(data) == [("/loans/0/co_lenders/1/share_percent", "loan_owes_nothing")]


def test_a_minimum_is_not_lowered_where_loans_alone_are_owed() -> None:
    proposal = {"kind": "lower_minimum", "minimum_percent": "5.00", "months": 12, "first_due_on": "2026-12-20"}
    assert faults(body(LOAN, accounts=[], proposal=proposal)) == [("/proposal/kind", "not_for_this_creditor")]
    assert faults(body(LOAN, proposal=proposal)) == []


def test_each_lender_can_have_a_proposal_of_its_own() -> None:
    consents = [*APPLICATION["consents"], consent("03080000")]
    of_one = {**APPLICATION["proposal"], "bank_code": "01020000"}
    data = body({**LOAN, "co_lenders": TOGETHER}, consents=consents, proposal=None, proposals=[of_one])
    assert faults(data) == [("/proposals", "proposal_missing_for_bank")]
    both = [of_one, {**of_one, "bank_code": "03080000"}]
    assert faults({**data, "proposals": both}) == []


def test_a_settlement_is_judged_by_cards_and_loans_together() -> None:
    settled = {"kind": "settlement", "settlement_fen": 2_700_000, "first_due_on": "2026-12-20"}
    assert faults(body(LOAN, proposal=settled)) == []
    assert faults(body(proposal=settled)) == [("/proposal/settlement_fen", "more_than_owed")]


def test_a_correction_can_be_over_loans_alone() -> None:
    data = {"loans": [LOAN], "finances": APPLICATION["finances"], "evidence": []}
    assert load_correction(data, today=TODAY).faults == []
    assert [each.code for each in load_correction({**data, "loans": []}, today=TODAY).faults] == ["required"]


def test_what_can_be_paid_a_month_is_asked_over_loans_too() -> None:
    loan = {"creditor_code": "03080000", "principal_fen": 500_000}
    read = load_affordability({"finances": APPLICATION["finances"], "loans": [loan]})
    assert read.value is not None
    assert read.value.owed == (("03080000", 500_000),)
