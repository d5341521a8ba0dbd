"""A loan is negotiated and signed like a card, with a lender's own terms: no lowered minimum, no law of cards."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from hub.documents import application_form
from hub.domain.actor import HUB, Party
from hub.domain.creditor import Regulator
from hub.domain.errors import Refused
from hub.domain.loan_wording import CARD_LAW_ZH
from hub.domain.terms import Kind, Method, Terms, Waived
from hub.services.agreements import acceptance
from hub.services.documents import printing
from hub.services.negotiations import counter_offers
from hub.services.operating import banks as bank_deeds
from hub.services.operating import invariants
from hub.wiring import Hub
from storage import agreements, offers
from tests import applications
from tests.applications import ICBC
from tests.lenders import LENDER, add_lender
from tests.services.case import OFFER, Case
from tests.services.conftest import OpenCase

LOAN_OFFER = Terms(
    kind=Kind.DEFERRAL,
    principal_fen=820_000,
    first_due_on=OFFER.first_due_on,
    waived=Waived(interest_fen=13_100, penalty_fen=2_400),
    months=6,
    annual_rate_percent=Decimal("7.20"),
)
LOWER = Terms(
    kind=Kind.LOWER_MINIMUM,
    principal_fen=820_000,
    first_due_on=OFFER.first_due_on,
    months=6,
    annual_rate_percent=Decimal("14.60"),
    minimum_percent=Decimal("2.50"),
)


@pytest.fixture
def lender_case(hub: Hub, banks: object, open_case: OpenCase) -> Case:
    """A negotiation over one loan, with a lender that is no bank."""
    add_lender(hub)
    return open_case(LENDER, accounts=[], loans=[applications.loan(LENDER)])


def spelt(plain: object) -> str:
    return json.dumps(plain, ensure_ascii=False, default=str)


def test_the_printed_form_calls_a_lender_by_what_it_is(lender_case: Case) -> None:
    with lender_case.row() as (tx, row):
        html = application_form.html_of(printing.form_of(tx, row))
    assert "给贷款机构的提示：" in html
    assert "提交申请不代表贷款机构已经同意" in html


def test_what_is_offered_signed_and_printed_never_names_the_law_of_cards(lender_case: Case) -> None:
    offer = lender_case.offer(LOAN_OFFER)
    pages: list[str] = []
    lender_case.accept(offer)

    def printer(html: str) -> bytes:
        pages.append(html)
        return applications.pdf()

    acceptance.print_agreement(lender_case.hub, printer, lender_case.hub.store, lender_case.id)
    with lender_case.hub.reading(HUB) as tx:
        agreement = agreements.find_agreement(tx, lender_case.id)
        assert agreement is not None
        signed = agreements.contents_of(tx, agreement)
        assert list(invariants.breaches(tx, lender_case.hub.store)) == []
    seen = [spelt(lender_case.view()), spelt(lender_case.view(Party.BANK)), spelt(signed), *pages]
    assert len(pages) == 1
    assert [words for each in seen for words in CARD_LAW_ZH if words in each] == []
    assert "贷款展期协议" in pages[0]
    assert (signed["promise_zh"], signed["clauses"]["for_loans"]) == ("", True)


def test_a_banks_cards_and_its_loans_are_agreed_on_apart(open_case: OpenCase) -> None:
    case = open_case(ICBC, loans=[applications.loan(ICBC)])
    with pytest.raises(Refused, match="cards_and_loans_apart"):
        case.offer(replace(OFFER, principal_fen=820_000))


@pytest.mark.parametrize("turn", ["bank", "person"])
def test_a_minimum_cannot_be_lowered_with_a_creditor_of_no_card(lender_case: Case, turn: str) -> None:
    lender_case.offer(LOAN_OFFER)
    with lender_case.hub.reading(HUB) as tx:
        before = len(offers.list_offers(tx, lender_case.id))
    with pytest.raises(Refused) as refused:
        lender_case.offer(LOWER) if turn == "bank" else lender_case.counter(LOWER)
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("/terms/kind", "not_for_this_creditor")]
    with lender_case.hub.reading(HUB) as tx:
        assert len(offers.list_offers(tx, lender_case.id)) == before


def set_words(hub: Hub, **words: str) -> None:
    with hub.writing(HUB) as tx:
        bank_deeds.change(tx, LENDER, words)


def test_a_loan_is_put_off_no_further_than_the_creditor_set(lender_case: Case) -> None:
    set_words(lender_case.hub, extension_months="6")
    with pytest.raises(Refused) as refused:
        lender_case.offer(LOAN_OFFER)
    [fault] = refused.value.faults
    assert (fault.pointer, fault.code, fault.params["months"]) == ("/terms/first_due_on", "beyond_extension", 6)
    lender_case.offer(replace(LOAN_OFFER, months=5))


@pytest.mark.parametrize(("most", "rate", "code"), [("24", "24.00", ""), ("23.99", "24.00", "rate_above_limit")])
def test_a_loan_costs_no_more_a_year_than_the_creditor_set(lender_case: Case, most: str, rate: str, code: str) -> None:
    set_words(lender_case.hub, max_annual_percent=most)
    terms = Terms(
        kind=Kind.INSTALMENTS,
        principal_fen=820_000,
        first_due_on=OFFER.first_due_on,
        instalments=12,
        annual_rate_percent=Decimal(rate),
        method=Method.EQUAL_PRINCIPAL,
    )
    try:
        lender_case.offer(terms, reason_over_80="已和客户核对")
        found = ""
    except Refused as error:
        found = error.faults[0].code
    assert found == code


def test_a_bank_cannot_type_the_law_of_cards_into_a_loans_plan(lender_case: Case) -> None:
    with pytest.raises(Refused, match="words_of_cards"):
        lender_case.offer(replace(LOAN_OFFER, note="依第七十条办理"))


def test_disputes_of_a_small_loan_company_go_to_the_local_authority(lender_case: Case) -> None:
    set_words(lender_case.hub, regulator=Regulator.LOCAL)
    shown = lender_case.offer_of(lender_case.offer(LOAN_OFFER))
    assert "地方金融管理局" in shown["clauses"]["disputes_clause"]
    assert "12378" not in spelt(shown["clauses"])


def test_what_a_person_can_choose_from_knows_that_it_is_a_loan(lender_case: Case) -> None:
    with lender_case.hub.reading(lender_case.cardholder) as tx:
        basis = counter_offers.counter_basis(tx, lender_case.id, client_id=lender_case.client_id)
    assert (basis.is_over_loans, basis.owed.principal_fen) == (True, 820_000)
