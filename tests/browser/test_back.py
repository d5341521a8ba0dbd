"""Back, forward and reload in a real browser, after a form that was refused or only shown: no error of its own."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import BrowserPage, submit
from tests.services.case import OFFER, Case

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("javascript", [False, True])]

TYPED = "昨天下午"


def there_and_back(page: Page) -> None:
    """The person goes on by a link at the foot, and comes back."""
    page.locator('.footer-row a[href="/my/settings"]').click()
    expect(page.get_by_role("heading", level=1)).to_have_text("设置")
    page.go_back()


def test_a_form_that_was_refused_is_there_again_with_its_faults_and_words(
    case: Case, browser_page: BrowserPage, javascript: bool
) -> None:
    page = browser_page(javascript=javascript, person="cardholder-1")
    page.goto(f"/my/negotiations/{case.id}/call")
    at = page.locator('[name="at"]')
    at.fill(TYPED)
    submit(page.get_by_role("button", name="保存到记录"))
    for step in (None, there_and_back, Page.reload, Page.go_back, Page.go_forward):
        if step is not None:
            step(page)
        if step is Page.go_back:
            continue
        expect(page.get_by_role("alert")).to_be_visible()
        expect(at).to_have_value(TYPED)
    page.locator('[name="text"]').fill("说要打给我的单位。")
    at.fill("2026-11-20 10:00")
    submit(page.get_by_role("button", name="保存到记录"))
    expect(page.get_by_role("alert")).to_have_count(0)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("记下一次通话")


def test_an_offer_that_was_shown_before_it_is_sent_is_there_again_and_can_be_sent(
    case: Case, browser_page: BrowserPage, javascript: bool
) -> None:
    case.offer(OFFER)
    page = browser_page(javascript=javascript, person="cardholder-1")
    page.goto(f"/my/negotiations/{case.id}/counter")
    page.locator('[name="terms.monthly_payment_fen"]').fill("600")
    submit(page.get_by_role("button", name="看一遍再发送"))
    heading = page.get_by_role("heading", level=1)
    for step in (None, Page.reload, there_and_back):
        if step is not None:
            step(page)
        expect(heading).to_contain_text("之前，请看一遍")
    page.go_back()
    expect(heading).to_contain_text("提出您的方案")
    page.go_forward()
    page.locator('button[name="do"][value="send"]').click()
    expect(page).to_have_url(f"{page.url.partition('/my/')[0]}/my/negotiations/{case.id}?done=countered")


def test_a_wrong_code_at_the_sign_in_is_no_dead_end(browser_page: BrowserPage, javascript: bool) -> None:
    page = browser_page(javascript=javascript)
    page.goto("/sign-in/")
    page.get_by_label("手机号").fill("12345")
    page.get_by_role("button", name="发送验证码").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.goto("/apply/")
    page.go_back()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("手机号")).to_have_value("12345")
