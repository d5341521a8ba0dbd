"""What a person asks for, at the form and against an offer, and who helps them: in a browser, in nobody's way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hub.domain.clock import FixedClock
from hub.wiring import Hub
from tests.applications import ICBC, card, id_number, person
from tests.browser.conftest import PHONE, SCREEN, BrowserPage, LiveHub, assert_accessible, assert_fits, submit
from tests.conftest import SentMessages, Submit
from tests.services.case import Case

pytestmark = pytest.mark.slow

MOBILE = str(person(7)["mobile"])
HELPER = {"name": "李雷", "relation": "某某法务公司", "mobile": "13700137000"}


def signed_in(browser_page: BrowserPage, sms: SentMessages, *, javascript: bool = True) -> Page:
    """The person's phone, signed in by a text message."""
    page = browser_page(javascript=javascript, size=PHONE)
    page.goto("/my/")
    page.get_by_label("手机号").fill(MOBILE)
    page.get_by_role("button", name="发送验证码").click()
    page.get_by_label("六位验证码").fill(sms.sent[-1][1][:6])
    page.get_by_role("button", name="登录").click()
    return page


def look(page: Page) -> None:
    """Nothing on the page is in anybody's way, and nothing is wider than the window."""
    assert_accessible(page)
    assert_fits(page)


def save(page: Page) -> None:
    submit(page.get_by_role("button", name="保存并继续"))


@pytest.fixture
def case(hub: Hub, clock: FixedClock, submitted: Submit, work_off: Callable[[], int]) -> Case:
    """A negotiation of somebody whom an agency helps, with an open offer."""
    asked = {"kind": "settlement", "settlement_fen": 1_200_000, "first_due_on": "2026-12-20", "note": "卖车还款"}
    sent = submitted(ICBC, applicant=person(7), representative=HELPER, proposal=asked)
    work_off()
    made = Case(hub=hub, clock=clock, work_off=work_off, sent=sent, bank_code=ICBC)
    made.offer()
    return made


def test_every_kind_of_proposal_and_somebody_who_helps(
    live: LiveHub, browser_page: BrowserPage, sms: SentMessages, banks: object
) -> None:
    page = signed_in(browser_page, sms)
    page.goto("/apply/cards")
    page.locator('[name="accounts.0.bank_code"]').select_option(ICBC)
    page.locator('[name="accounts.0.card_number"]').fill(card(ICBC))
    page.locator('[name="accounts.0.principal_fen"]').fill("18500")
    save(page)
    for kind in ("own", "deferral", "reduction", "settlement", "lower_minimum"):
        page.goto(f"/apply/plan?kind={kind}")
        look(page)
    page.goto("/apply/plan?kind=reduction")
    page.get_by_label("减免后每月还多少").fill("1500")
    save(page)
    expect(page.locator("#f-reduction-waived-error")).to_be_visible()
    look(page)
    page.get_by_label("全部利息和违约金").check()
    save(page)
    page.locator('[name="applicant.name"]').fill("王小明")
    page.locator('[name="applicant.id_number"]').fill(id_number(7))
    page.locator("main summary").click()
    page.locator('[name="representative.name"]').fill(HELPER["name"])
    page.locator('[name="representative.relation"]').fill("儿子")
    page.locator('[name="representative.mobile"]').fill(MOBILE)
    for each in page.locator('[name^="consents."]').all():
        each.check()
    save(page)
    expect(page.locator("#f-representative-mobile-error")).to_be_visible()
    look(page)
    page.locator('[name="representative.mobile"]').fill(HELPER["mobile"])
    save(page)
    page.goto("/apply/check")
    expect(page.get_by_text("137****7000")).to_be_visible()
    look(page)


def test_a_counter_offer_is_seen_before_it_is_sent(
    live: LiveHub, browser_page: BrowserPage, sms: SentMessages, case: Case
) -> None:
    page = signed_in(browser_page, sms)
    for kind in ("instalments", "deferral", "settlement", "lower_minimum"):
        page.goto(f"/my/negotiations/{case.id}/counter?kind={kind}")
        look(page)
    page.goto(f"/my/negotiations/{case.id}/counter?kind=instalments")
    submit(page.get_by_role("button", name="看一遍再发送"))
    look(page)
    page.get_by_label("我每月能还").fill("300")
    page.get_by_text("更多", exact=True).click()
    page.get_by_label("分多少期").fill("24")
    submit(page.get_by_role("button", name="看一遍再发送"))
    expect(page.get_by_text("现在还没有发给银行")).to_be_visible()
    look(page)
    page.goto(f"/my/negotiations/{case.id}")
    page.locator("summary", has_text="您申请时写的").click()
    expect(page.get_by_text("其余全部欠款")).to_be_visible()
    look(page)


def test_without_javascript_it_is_two_steps_and_sent_once(
    live: LiveHub, browser_page: BrowserPage, sms: SentMessages, case: Case
) -> None:
    page = signed_in(browser_page, sms, javascript=False)
    page.goto(f"/my/negotiations/{case.id}/counter?kind=instalments")
    page.get_by_label("我每月能还").fill("300")
    submit(page.get_by_role("button", name="看一遍再发送"))
    page.get_by_role("button", name="发给银行").click()
    expect(page.get_by_text("您的方案已经发给银行")).to_be_visible()
    assert case.kinds().count("countered") == 1


def test_the_bank_sees_who_helps_and_what_was_asked_for(live: LiveHub, browser_page: BrowserPage, case: Case) -> None:
    clerk = browser_page(javascript=True, size=SCREEN, person=f"reviewer-{ICBC}")
    for path in ("/portal/", f"/portal/negotiations/{case.id}"):
        clerk.goto(path)
        expect(clerk.get_by_text("协助人可能是代理机构").first).to_be_visible()
        look(clerk)
