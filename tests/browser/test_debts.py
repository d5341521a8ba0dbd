"""The pages of debts as they are: in court, transferred, held, at the credit register; on a phone and on a screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.credit_note import CreditNote, CreditNoteKind
from hub.domain.legal_stage import LegalStage, LegalStanding
from hub.services.negotiations import credit_notes, legal_stages
from hub.services.operating import banks as bank_settings
from hub.wiring import Hub
from tests.applications import ICBC
from tests.browser.conftest import SCREEN, BrowserPage, LiveHub, OpenCases, assert_accessible, assert_fits
from tests.services.case import Case

pytestmark = pytest.mark.slow

SUED = LegalStanding(legal_stage=LegalStage.SUED, court="北京市朝阳区人民法院", case_number="（2026）京0105民初1234号")
Look = Callable[..., None]


@pytest.fixture
def case(hub: Hub, banks: dict[str, Bank], open_cases: OpenCases) -> Case:
    """A negotiation of the first person of the demo in the queue of ICBC, which has an agency that collects."""
    with hub.writing(HUB) as tx:
        bank_settings.change(tx, ICBC, {"collection_agencies": "甲催收公司"})
    return open_cases(ICBC)[0]


@pytest.fixture
def look(case: Case, live: LiveHub, browser_page: BrowserPage) -> Look:
    """A way to look at pages of both sides: they fit, and stand in nobody's way."""
    phone = browser_page(javascript=True, person="cardholder-1")
    screen = browser_page(javascript=True, person=f"reviewer-{ICBC}", size=SCREEN)

    def at(*below: str, of_bank: bool = False) -> None:
        page = screen if of_bank else phone
        for path in below:
            answer = page.goto(f"/{'portal' if of_bank else 'my'}/negotiations/{case.id}{path}")
            assert answer is not None
            assert answer.ok, f"{page.url}: {answer.status}"
            assert_accessible(page)
            assert_fits(page)

    return at


def test_a_debt_that_was_sued_for(case: Case, look: Look) -> None:
    look("/legal-stage", of_bank=True)
    with case.hub.writing(case.REVIEWER) as tx:
        legal_stages.state(tx, case.id, SUED, bank_code=case.bank_code)
    look("", "/offer", of_bank=True)
    offer = case.offer()
    look("", f"/offers/{offer}", f"/offers/{offer}/accept")


def test_a_claim_that_was_transferred(case: Case, look: Look) -> None:
    look("/transfer", of_bank=True)
    case.transfer()
    look("")
    look("", of_bank=True)


def test_an_agreement_with_its_holds_and_a_question_about_the_credit_register(case: Case, look: Look) -> None:
    case.accept(case.offer())
    case.transfer("招商银行")
    look("/agreement/hold-applied", of_bank=True)
    look("/agreement", "/credit-note")
    with case.hub.writing(case.cardholder) as tx:
        asked = CreditNote(kind=CreditNoteKind.SETTLED, text="已于十月结清，请核对。")
        note_id = credit_notes.ask(tx, case.id, asked, client_id=case.client_id).id
    look("")
    look("", f"/credit-notes/{note_id}/answer", of_bank=True)
