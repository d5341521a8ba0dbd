"""A decision that comes later, levels of approval, a plan negotiated again: in a browser, in nobody's way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hub.domain.actor import HUB
from hub.domain.agreement_end import EndReason
from hub.domain.clock import FixedClock
from hub.wiring import Hub
from storage import banks
from tests.applications import ICBC, application, person
from tests.browser.conftest import SCREEN, BrowserPage, LiveHub, assert_accessible, assert_fits, submit
from tests.conftest import SentMessages, Submit
from tests.services.case import LARGE_OFFER, Case

pytestmark = pytest.mark.slow

MOBILE = str(person(7)["mobile"])
LATER = {"proposal": {**application(ICBC)["proposal"], "first_due_on": "2027-02-20"}}
Open = Callable[..., Case]


@pytest.fixture
def open_case(hub: Hub, clock: FixedClock, submitted: Submit, work_off: Callable[[], int]) -> Open:
    """A way to have a negotiation of one person in the queue of ICBC."""

    def make(**changes: Any) -> Case:
        sent = submitted(ICBC, applicant=person(7), **changes)
        work_off()
        return Case(hub=hub, clock=clock, work_off=work_off, sent=sent, bank_code=ICBC)

    return make


def look(page: Page) -> None:
    """Nothing on the page is in anybody's way, and nothing is wider than the window."""
    assert_accessible(page)
    assert_fits(page)


def signed_in(browser_page: BrowserPage, sms: SentMessages) -> Page:
    """The person's phone, signed in by a text message."""
    page = browser_page(javascript=True, size={"width": 390, "height": 844})
    page.goto("/my/")
    page.get_by_label("手机号").fill(MOBILE)
    page.get_by_role("button", name="发送验证码").click()
    page.get_by_label("六位验证码").fill(sms.sent[-1][1][:6])
    page.get_by_role("button", name="登录").click()
    return page


def test_a_decision_that_comes_later(
    live: LiveHub, browser_page: BrowserPage, sms: SentMessages, open_case: Open
) -> None:
    case = open_case()
    clerk = browser_page(javascript=True, size=SCREEN, person=f"reviewer-{ICBC}")
    clerk.goto(f"/portal/negotiations/{case.id}")
    clerk.locator("summary", has_text="更多").click()
    clerk.get_by_role("link", name="登记，稍后决定").click()
    look(clerk)
    clerk.get_by_label("预计决定日期").fill("2026-12-04")
    clerk.get_by_label("写给客户的话").fill("申请已登记，正在核对您的账户，暂时还不能给出方案。")
    submit(clerk.get_by_role("button", name="预览"))
    look(clerk)
    submit(clerk.get_by_role("button", name="发给客户"))
    look(clerk)
    phone = signed_in(browser_page, sms)
    phone.goto(f"/my/negotiations/{case.id}")
    expect(phone.get_by_text("银行已登记您的申请，还没有作出决定")).to_be_visible()
    look(phone)


def test_levels_of_approval(live: LiveHub, browser_page: BrowserPage, hub: Hub, open_case: Open) -> None:
    case = open_case()
    with hub.writing(HUB) as tx:
        line = "1000000:supervisor,2000000:supervisor,4000000:bank_admin;waived_principal:+1"
        banks.set_settings(tx, ICBC, {"approval_levels": line})
    chief = browser_page(javascript=True, size=SCREEN, person=f"supervisor-{ICBC}")
    chief.goto(f"/portal/negotiations/{case.id}/offer")
    look(chief)
    offer = case.offer(LARGE_OFFER)
    chief.goto(f"/portal/negotiations/{case.id}/offers/{offer}")
    look(chief)
    chief.get_by_role("button", name="通过，交下一级").click()
    chief.goto(f"/portal/negotiations/{case.id}/offers/{offer}")
    look(chief)


def test_a_plan_that_is_negotiated_again(
    live: LiveHub, browser_page: BrowserPage, sms: SentMessages, hub: Hub, open_case: Open
) -> None:
    first = open_case()
    first.accept(first.offer())
    first.at("2027-01-24 10:00")
    first.pay(1, 10_000)
    for number in (1, 2):
        first.miss(number)
    phone = signed_in(browser_page, sms)
    phone.goto(f"/my/negotiations/{first.id}/agreement")
    look(phone)
    first.end(EndReason.DEFAULTED, "连续两期未还，多次联系未获答复。")
    phone.goto(f"/my/negotiations/{first.id}")
    look(phone)
    phone.get_by_role("button", name="申请新的方案").click()
    look(phone)
    phone.goto("/apply/cards")
    look(phone)
    again = open_case(**LATER)
    phone.goto(f"/my/negotiations/{again.id}")
    look(phone)
    clerk = browser_page(javascript=True, size=SCREEN, person=f"reviewer-{ICBC}")
    clerk.goto(f"/portal/negotiations/{again.id}")
    expect(clerk.get_by_text("此前的协议", exact=False).first).to_be_visible()
    look(clerk)
    again.withdraw()
    with hub.writing(HUB) as tx:
        banks.set_settings(tx, ICBC, {"max_renegotiations": "0", "hotline": "95588"})
    for path in ("/apply/cards", f"/my/negotiations/{first.id}/agreement"):
        phone.goto(path)
        expect(phone.get_by_text("重新协商次数有限")).to_be_visible()
        look(phone)
