"""Offers over loans: what they bear on, and that cards and loans are agreed on apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hub.domain.actor import HUB
from hub.domain.balances import Balance
from hub.domain.creditor import CreditorKind, Standing
from hub.domain.errors import Refused
from hub.domain.terms import Kind, Method, Terms, Waived
from hub.services.agreements.signed_contents import debts_signed
from hub.services.negotiations import further_accounts
from hub.services.negotiations.as_asked import as_asked
from storage import agreements, banks
from tests import applications
from tests.applications import CITIC, ICBC
from tests.services.case import FURTHER, OFFER, everything_stored
from tests.services.conftest import OpenCase

OVER_LOAN = Terms(
    kind=Kind.INSTALMENTS,
    principal_fen=820_000,
    first_due_on=date(2026, 12, 20),
    waived=Waived(interest_fen=13_100, penalty_fen=2_400),
    instalments=24,
    annual_rate_percent=Decimal("8.00"),
    method=Method.EQUAL_INSTALMENT,
)
LOAN = Balance(
    contract_last4="80A6",
    currency="CNY",
    principal_fen=820_000,
    interest_fen=13_100,
    fees_fen=0,
    penalty_fen=2_400,
    as_of=date(2026, 11, 21),
)
CARD = Balance(
    card_last4=applications.card(ICBC)[-4:],
    currency="CNY",
    principal_fen=1_850_000,
    interest_fen=46_200,
    fees_fen=0,
    penalty_fen=12_000,
    as_of=date(2026, 11, 21),
)
MIXED: dict[str, Any] = {"loans": [applications.loan(ICBC)]}


def refusals(call: Callable[[], object]) -> list[tuple[str, str]]:
    """(pointer, code) of each fault of what is refused."""
    with pytest.raises(Refused) as refusal:
        call()
    return [(fault.pointer, fault.code) for fault in refusal.value.faults]


def test_an_offer_over_a_loan_bears_on_the_declared_loan(open_case: OpenCase) -> None:
    case = open_case(accounts=[], **MIXED)
    shown = case.offer_of(case.offer(OVER_LOAN))
    assert [(each["contract_last4"], "card_last4" in each) for each in shown["balances"]] == [("80A6", False)]


def test_an_agreement_over_a_loan_is_over_it_alone(open_case: OpenCase) -> None:
    case = open_case(accounts=[], **MIXED)
    case.accept(case.offer(OVER_LOAN))
    with case.row() as (tx, row):
        agreement = agreements.find_agreement(tx, row.id)
        assert agreement is not None
        said = str(agreements.contents_of(tx, agreement))
        assert debts_signed(tx, row, agreement) == ("loan/80A6",)
    for words in ("第七十条", "申领信用卡"):
        assert words not in said


def test_no_offer_is_over_cards_and_loans(open_case: OpenCase) -> None:
    case = open_case(**MIXED)
    before = everything_stored(case.hub)
    expected = ("/balances", "cards_and_loans_apart")
    assert expected in refusals(lambda: case.offer(OFFER))
    assert expected in refusals(lambda: case.offer(OFFER, balances=(CARD, LOAN)))
    assert everything_stored(case.hub) == before


def test_over_the_card_alone_or_the_loan_alone_an_offer_opens(open_case: OpenCase) -> None:
    case = open_case(**MIXED)
    over_card = case.offer_of(case.offer(OFFER, balances=(CARD,)))
    assert over_card["status"] == "open"
    assert [each["card_last4"] for each in over_card["balances"]] == [CARD.card_last4]
    over_loan = case.offer_of(case.offer(OVER_LOAN, balances=(LOAN,)))
    assert over_loan["status"] == "open"


def test_what_was_asked_for_over_both_is_not_agreed_to_in_one_press(open_case: OpenCase) -> None:
    wish = {**applications.application()["proposal"], "monthly_payment_fen": 90_000}
    case = open_case(**MIXED, proposal=wish)
    with case.row() as (tx, row):
        asked = as_asked(tx, row)
    assert not asked.is_lawful
    assert "cards_and_loans_apart" in [fault.code for fault in asked.faults]


def test_a_loan_has_no_minimum_to_lower(open_case: OpenCase) -> None:
    case = open_case(accounts=[], **MIXED)
    lower = Terms(
        kind=Kind.LOWER_MINIMUM,
        principal_fen=820_000,
        first_due_on=date(2026, 12, 20),
        months=12,
        annual_rate_percent=Decimal("8.00"),
        minimum_percent=Decimal("5.00"),
    )
    assert ("/terms/kind", "not_for_this_creditor") in refusals(lambda: case.offer(lower))


def test_a_balance_of_another_loan_or_of_a_card_that_is_not_there_is_refused(open_case: OpenCase) -> None:
    case = open_case(accounts=[], **MIXED)
    assert ("/balances/0/contract_last4", "loan_unknown") in refusals(
        lambda: case.offer(OVER_LOAN, balances=(replace(LOAN, contract_last4="80A7"),))
    )
    assert ("/balances/0/card_last4", "card_unknown") in refusals(lambda: case.offer(OFFER, balances=(CARD,)))


def test_after_an_agreement_over_the_card_the_loan_can_be_applied_for_and_leaves_it_in_force(
    open_case: OpenCase,
) -> None:
    person = applications.person(71)
    first = open_case(applicant=person, **MIXED)
    first.accept(first.offer(OFFER, balances=(CARD,)))
    second = open_case(applicant=person, accounts=[], **MIXED)
    second.accept(second.offer(OVER_LOAN))
    for case in (first, second):
        assert case.view()["agreement"]["status"] == "in_force"


def test_a_second_agreement_over_the_loan_takes_the_firsts_place(open_case: OpenCase) -> None:
    person = applications.person(72)
    first = open_case(applicant=person, accounts=[], **MIXED)
    first.accept(first.offer(OVER_LOAN))
    second = open_case(applicant=person, accounts=[], **MIXED)
    second.accept(second.offer(OVER_LOAN))
    assert (first.view()["agreement"]["status"], first.view()["agreement"]["end_reason"]) == ("ended", "replaced")


def test_a_lender_that_is_no_bank_proposes_no_card(open_case: OpenCase) -> None:
    case = open_case(accounts=[], **MIXED)
    with case.hub.writing(HUB) as tx:
        banks.set_standing(tx, ICBC, Standing(kind=CreditorKind.CONSUMER_FINANCE, licence_no="L0001H1100001"))
    with case.hub.writing(case.REVIEWER) as tx:
        found = refusals(lambda: further_accounts.propose(tx, case.id, FURTHER, bank_code=ICBC))
    assert found == [("/card_last4", "no_cards_of_lenders")]


def test_withdrawing_the_consent_of_one_lender_leaves_the_other_its_share(open_case: OpenCase) -> None:
    together = applications.lenders((ICBC, "70.00"), (CITIC, "30.00"))
    consents = applications.application(ICBC, CITIC)["consents"]
    case = open_case(accounts=[], loans=[applications.loan(ICBC, co_lenders=together)], consents=consents)
    other = replace(case, bank_code=CITIC)
    case.withdraw()
    assert (case.status, other.status) == ("withdrawn", "awaiting_bank")
