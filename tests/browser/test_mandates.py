"""Mandates in a real browser: put down, revoked with a code, answered by a clerk, and a deduction that is reported."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import Page

from hub.domain.bank import Bank
from hub.wiring import Hub
from tests.applications import CMB, ICBC
from tests.browser.conftest import SCREEN, BrowserPage, LiveHub, look_at
from tests.conftest import SentMessages
from tests.services.mandates.revoked import switch_on

pytestmark = pytest.mark.slow

SIZES: Final = {"phone": {"width": 390, "height": 844}, "screen": SCREEN}
PERSON, CLERK = "cardholder-1", f"reviewer-{ICBC}"
TYPED = {
    "use": "还贷款",
    "account_last4": "4401",
    "cap_fen": "5000",
    "valid_from": "2026-01-01",
    "next_on": "2026-12-15",
    "source_doc": "借款合同第八条",
}


@pytest.fixture(autouse=True)
def offered(hub: Hub, banks: dict[str, Bank]) -> None:
    """Both banks take revocations."""
    switch_on(hub, ICBC, CMB)


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def put_down(page: Page) -> None:
    page.goto("/my/mandates/new")
    page.check("input[name=payee_kind][value=creditor]")
    page.select_option("[name=payee_code]", ICBC)
    page.select_option("[name=account_bank]", CMB)
    page.check("[name=is_own_account]")
    page.check("input[name=frequency][value=monthly]")
    for name, value in TYPED.items():
        page.fill(f"[name={name}]", value)
    press(page, "保存")
    page.wait_for_selector("text=已经记下")


def revoke(page: Page, sms: SentMessages) -> None:
    page.get_by_role("link", name="撤回这项授权").click()
    press(page, "发送确认码")
    page.wait_for_selector("text=10 分钟内有效")
    page.fill("[name=holder_name]", "王小明")
    page.fill("[name=confirmation_code]", sms.sent[-1][1][:6])
    press(page, "撤回这项授权")
    page.wait_for_selector("text=撤回通知已经发出")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("size", sorted(SIZES))
def test_a_person_revokes_and_a_clerk_confirms(
    browser_page: BrowserPage, live: LiveHub, sms: SentMessages, size: str, javascript: bool
) -> None:
    page = browser_page(javascript=javascript, size=SIZES[size], person=PERSON)
    put_down(page)
    address = page.url.partition("?")[0]
    for name, here in (("new", "/my/mandates/new"), ("revoke", f"{address}/revoke"), ("list", "/my/mandates")):
        page.goto(here)
        look_at(page, f"mandates-{name}-{size}-{javascript}", with_script=javascript)
    page.goto(address)
    revoke(page, sms)
    live.drain()
    page.goto(address)
    look_at(page, f"mandates-sent-{size}-{javascript}", with_script=javascript)
    clerk = browser_page(javascript=javascript, size=SIZES[size], person=CLERK)
    clerk.goto("/portal/mandates")
    look_at(clerk, f"mandates-desk-{size}-{javascript}", with_script=javascript)
    clerk.locator("main a[href^='/portal/mandates/']").first.click()
    clerk.wait_for_selector("text=确认不再扣款")
    look_at(clerk, f"mandates-case-{size}-{javascript}", with_script=javascript)
    press(clerk, "确认不再扣款")
    clerk.wait_for_selector("text=客户会收到通知")
    page.goto(address)
    assert "已确认" in page.inner_text("main")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("size", sorted(SIZES))
def test_a_person_reports_a_deduction_and_a_clerk_answers(
    browser_page: BrowserPage, live: LiveHub, size: str, javascript: bool
) -> None:
    page = browser_page(javascript=javascript, size=SIZES[size], person=PERSON)
    page.goto("/my/deductions/new")
    look_at(page, f"mandates-deduction-{size}-{javascript}", with_script=javascript)
    page.select_option("[name=creditor_code]", ICBC)
    for name, value in {"at": "2026-11-20 10:00", "amount_fen": "1234.56", "account_last4": "4401"}.items():
        page.fill(f"[name={name}]", value)
    press(page, "提交")
    page.wait_for_selector("text=已经记下")
    live.drain()
    page.goto("/my/deductions")
    look_at(page, f"mandates-deductions-{size}-{javascript}", with_script=javascript)
    clerk = browser_page(javascript=javascript, size=SIZES[size], person=CLERK)
    clerk.goto("/portal/mandates")
    clerk.locator("main a[href^='/portal/deductions/']").first.click()
    clerk.wait_for_selector("[name=text]")
    look_at(clerk, f"mandates-report-{size}-{javascript}", with_script=javascript)
    clerk.fill("[name=text]", "已经查到，多扣的部分今天退回原账户。")
    press(clerk, "答复客户")
    clerk.wait_for_selector("text=客户看得到")
    page.goto("/my/deductions")
    assert "多扣的部分今天退回原账户" in page.inner_text("main")
