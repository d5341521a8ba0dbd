"""Clerks in browsers: a session ends in the middle of an offer, two are at one case, words come by the keyboard."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hub.domain.clock import FixedClock
from tests.browser.conftest import SCREEN, BrowserPage, LiveHub, assert_accessible, assert_fits
from tests.services.case import LARGE_OFFER, Case

pytestmark = pytest.mark.slow

CLERK, CHIEF = "reviewer-01020000", "supervisor-01020000"
WORDS = "每月存入即可，有困难请先告诉我们。"
NOTE = "terms.note"


@pytest.fixture
def real_clock(live: LiveHub) -> FixedClock:
    """The clock of sessions, which stands until a test moves it."""
    made = FixedClock(live.hub.real_clock.now())
    live.hub.real_clock = made
    return made


def at_desk(browser_page: BrowserPage, person: str, *, javascript: bool = True) -> Page:
    return browser_page(javascript=javascript, size=SCREEN, person=person)


def address_of(case: Case, below: str = "") -> str:
    return f"/portal/negotiations/{case.id}{below}"


def sign_in_again(page: Page, person: str) -> None:
    page.goto("/demo/")
    page.locator(f'button[value="{person}"]').click()


def write_note(page: Page) -> None:
    page.locator("summary", has_text="其他减免").click()
    page.locator(f"textarea[name='{NOTE}']").fill(WORDS)


def test_a_session_that_ends_in_the_middle_of_an_offer_loses_no_word(
    case: Case, browser_page: BrowserPage, real_clock: FixedClock
) -> None:
    page = at_desk(browser_page, CLERK)
    page.clock.install()
    page.goto(address_of(case))
    soon, over = page.locator("#session-soon"), page.locator("#session-over")
    page.clock.fast_forward("13:30")
    expect(soon).to_be_visible()
    assert_accessible(page)
    soon.get_by_role("button", name="继续工作").click()
    expect(soon).to_be_hidden()
    # Told again, and passed over; what is typed then is held for the same account alone.
    real_clock.at += timedelta(minutes=16)
    page.clock.fast_forward("16:00")
    expect(over).to_be_visible()
    with page.expect_response(lambda answer: answer.status == 401 and answer.url.endswith("/offer")):
        write_note(page)
        page.clock.fast_forward("00:02")
    sign_in_again(page, CHIEF)
    page.goto(address_of(case))
    expect(page.locator(f"textarea[name='{NOTE}']")).to_have_value("")
    page.goto("/sign-in/staff")
    clerk = at_desk(browser_page, CLERK)
    clerk.goto(address_of(case))
    expect(clerk.locator(f"textarea[name='{NOTE}']")).to_have_value("")


def test_the_same_account_comes_back_to_the_same_words(
    case: Case, browser_page: BrowserPage, real_clock: FixedClock
) -> None:
    page = at_desk(browser_page, CLERK)
    page.goto(address_of(case))
    real_clock.at += timedelta(minutes=16)
    write_note(page)
    expect(page.locator("#session-over")).to_be_visible()
    sign_in_again(page, CLERK)
    page.goto(address_of(case))
    expect(page.locator(f"textarea[name='{NOTE}']")).to_have_value(WORDS)
    expect(page.get_by_text("草稿已保存").first).to_be_visible()


def test_two_clerks_at_one_case_see_each_other(case: Case, browser_page: BrowserPage) -> None:
    clerk, chief = at_desk(browser_page, CLERK), at_desk(browser_page, CHIEF)
    clerk.goto(address_of(case, "/reject"))
    chief.clock.install()
    chief.goto(address_of(case))
    expect(chief.locator(".presence")).to_contain_text("周敏 正在写不予同意的答复")
    assert_accessible(chief)
    # What the other does is told on the page that is open.
    clerk.goto(address_of(case, "/messages"))
    clerk.locator("#f-text").fill("您好，正在看您的材料。")
    clerk.get_by_role("button", name="发给客户").click()
    expect(clerk).to_have_url(re.compile("done=written"))
    chief.clock.run_for(31_000)
    expect(chief.locator(".presence-changed")).to_contain_text("您打开页面之后，周敏")


def test_a_canned_reply_comes_by_the_keyboard_and_a_note_is_another_press(
    case: Case, browser_page: BrowserPage
) -> None:
    page = at_desk(browser_page, CLERK)
    page.goto(address_of(case, "/messages"))
    box = page.locator("#f-text")
    box.focus()
    page.keyboard.type("/已")
    rows = page.locator("#replies [role=option]:visible")
    expect(rows.first).to_have_text("已收到")
    expect(box).to_have_attribute("aria-activedescendant", re.compile("reply-"))
    assert_accessible(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(box).to_have_value(re.compile(r"^.+，您好。您的申请（XS-\d+-\d+）我们已经收到"))
    expect(rows).to_have_count(0)
    page.keyboard.type("见 1/2 页")
    expect(rows).to_have_count(0)
    page.get_by_role("button", name="记为内部备注").click()
    expect(page).to_have_url(re.compile("done=noted"))
    assert [each.header.kind for each in case.log()][-1] != "message"
    assert_accessible(page)


def test_without_a_script_a_reply_is_chosen_from_the_list(case: Case, browser_page: BrowserPage) -> None:
    page = at_desk(browser_page, CLERK, javascript=False)
    page.goto(address_of(case, "/messages"))
    page.locator("#f-reply").select_option(label="约电话")
    page.get_by_role("button", name="插入").click()
    expect(page.locator("#f-text")).to_have_value(re.compile("大约十分钟"))


def test_pages_of_words_plans_and_reviews_are_for_everybody(case: Case, browser_page: BrowserPage) -> None:
    offer = case.offer(LARGE_OFFER)
    page = at_desk(browser_page, CHIEF)
    for path in (
        "/portal/replies",
        "/portal/replies/default-received",
        "/portal/offer-templates",
        "/portal/offer-templates/new",
        "/portal/reviews",
        address_of(case, f"/offers/{offer}"),
        address_of(case, "/notes"),
    ):
        page.goto(path)
        assert_accessible(page)
        for width in (1440, 720):
            page.set_viewport_size({"width": width, "height": 900})
            assert_fits(page)
            if os.environ.get("SHOTS"):
                name = re.sub(r"\W+", "-", path.replace(case.id, "case"))[-40:]
                page.screenshot(path=Path(os.environ["SHOTS"]) / f"{name}-{width}.png", full_page=True)
