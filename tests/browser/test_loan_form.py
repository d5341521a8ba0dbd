"""The first page of the form with a card and a loan on it, on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from hub.domain.bank import Bank
from tests.applications import CMB, ICBC
from tests.browser.conftest import BrowserPage, LiveHub, assert_accessible, assert_fits
from tests.browser.test_application_form import WITH_AND_WITHOUT, Walker, fill_card, sign_in
from tests.conftest import SentMessages

pytestmark = pytest.mark.slow


@WITH_AND_WITHOUT
def test_a_loan_beside_a_card_fits_a_phone_and_says_at_its_fields_what_is_wrong(
    banks: dict[str, Bank], live: LiveHub, browser_page: BrowserPage, sms: SentMessages, javascript: bool
) -> None:
    walker = Walker(browser_page(javascript=javascript, size={"width": 390, "height": 844}))
    sign_in(walker, sms)
    fill_card(walker, 0, ICBC)
    walker.go_on("添加一笔贷款")
    walker.choose("loans.0.creditor_code", CMB)
    walker.type("loans.0.contract_last4", "8")
    walker.type("loans.0.product", "消费贷款")
    walker.go_on("保存并继续")
    page = walker.page
    for language in ("zh", "en"):
        page.goto(f"{page.url.partition('#')[0].partition('&lang')[0]}&lang={language}")
        expect(page.locator("#f-loans-0-contract_last4-error")).to_be_visible()
        expect(page.locator("#f-loans-0-principal_fen-error")).to_be_visible()
        assert_fits(page)
        if javascript:
            assert_accessible(page)
