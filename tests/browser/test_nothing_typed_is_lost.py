"""Forms in a real browser while line, session and patience end: what was typed is there afterwards, and sent once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Dialog, Page, Route, expect

from hub.domain.clock import FixedClock
from storage.records import ApplicationRecord
from tests.browser.conftest import BrowserPage, LiveHub, assert_accessible, assert_fits
from tests.conftest import SentMessages
from tests.web.caller import Caller
from tests.web.pages.apply.rows import count
from tests.web.pages.cardholders import filled_in, launched

pytestmark = pytest.mark.slow

REASON = "/apply/reason"
WORDS = "住院三个月，出院后每周复查"
MINE, ANOTHERS = "13800138071", "13800138072"

SignIn = Callable[[Page, str], None]


@pytest.fixture
def real_clock(live: LiveHub) -> FixedClock:
    """The clock of sessions, which stands until a test moves it."""
    made = FixedClock(live.hub.real_clock.now())
    live.hub.real_clock = made
    return made


@pytest.fixture
def sign_in(sms: SentMessages) -> SignIn:
    """A way to sign in by text message, from the page of the sign-in or from any other that leads there."""

    def enter(page: Page, mobile: str) -> None:
        if "/sign-in/" not in page.url:
            page.goto("/sign-in/")
        page.get_by_label("手机号").fill(mobile)
        page.get_by_role("button", name="发送验证码").click()
        page.get_by_label("六位验证码").fill(sms.sent[-1][1][:6])
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page).not_to_have_url(re.compile("/sign-in/"))

    return enter


@pytest.fixture
def form(browser_page: BrowserPage, sign_in: SignIn) -> Page:
    """The form of the reasons, in a browser with scripts."""
    page = browser_page(javascript=True)
    sign_in(page, MINE)
    page.goto(REASON)
    return page


def words(page: Page) -> str:
    return page.locator("textarea[name='hardship.description']").input_value()


def write(page: Page, text: str = WORDS) -> None:
    page.locator("textarea[name='hardship.description']").fill(text)


def tick_a_reason(page: Page) -> None:
    page.locator("input[name='hardship.reasons']").first.check()


def test_what_is_typed_is_kept_by_itself_and_shown_on_another_phone(
    form: Page, browser_page: BrowserPage, sign_in: SignIn
) -> None:
    write(form)
    expect(form.locator("#saved")).to_contain_text(re.compile(r"已保存 \d\d:\d\d"))
    assert_accessible(form)
    other = browser_page(javascript=True)
    sign_in(other, MINE)
    other.goto(REASON)
    assert words(other) == WORDS
    expect(other.get_by_text("您上次写到这里，还没有提交。")).to_be_visible()
    assert_fits(other)
    assert_accessible(other)
    other.get_by_role("button", name="不要了，重新填写").click()
    expect(other.get_by_text("您上次写到这里")).to_have_count(0)
    assert words(other) == ""


def test_what_is_typed_is_kept_when_the_page_is_left_at_once(form: Page) -> None:
    write(form)
    form.goto("/apply/steps")
    # The script's last request outlives its page.
    is_there = "([where, words]) => fetch(where).then((answer) => answer.text()).then((page) => page.includes(words))"
    form.wait_for_function(is_there, arg=[REASON, WORDS])


def test_without_a_line_nothing_is_lost_and_the_form_goes_when_it_is_back(form: Page) -> None:
    form.context.set_offline(True)
    expect(form.locator("#offline")).to_be_visible()
    assert_accessible(form)
    assert_fits(form)
    write(form)
    tick_a_reason(form)
    form.get_by_role("button", name="保存并继续").click()
    expect(form).to_have_url(re.compile(REASON))
    assert words(form) == WORDS
    form.context.set_offline(False)
    expect(form).to_have_url(re.compile("/apply/money"))
    form.goto(REASON)
    assert words(form) == WORDS
    expect(form.get_by_text("您上次写到这里")).to_have_count(0)


def test_a_line_that_is_back_without_a_word_is_found(form: Page) -> None:
    """Some phones never say that the line is back, and some say that it is there while it is not."""
    form.clock.install()
    form.goto(REASON)
    form.route("**/apply/reason", lambda route: route.abort() if is_draft(route) else route.fallback())
    form.route("**/assets/**", lambda route: route.abort())
    write(form)
    form.clock.run_for(2000)
    expect(form.locator("#offline")).to_be_visible()
    form.unroute_all()
    with form.expect_response(lambda each: each.status == 204):
        form.clock.run_for(31_000)
    expect(form.locator("#offline")).to_be_hidden()


def is_draft(route: Route) -> bool:
    return "do=draft" in (route.request.post_data or "")


def test_nobody_is_kept_from_leaving_but_where_words_would_be_lost(form: Page) -> None:
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    form.on("dialog", leave)
    write(form)
    expect(form.locator("#saved")).to_be_visible()
    form.goto("/apply/steps")
    assert asked == []
    form.goto(REASON)
    form.route("**/apply/reason", lambda route: route.fulfill(status=503) if is_draft(route) else route.fallback())
    with form.expect_response(lambda each: each.status == 503):
        form.locator("textarea[name='hardship.description']").press_sequentially("多")
    # The answer is here before the page has read it.
    form.wait_for_function("!dispatchEvent(new Event('beforeunload', { cancelable: true }))")
    form.goto("/apply/steps")
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("javascript", [True, False])
def test_after_the_end_of_the_session_the_same_page_has_the_same_words(
    browser_page: BrowserPage, sign_in: SignIn, real_clock: FixedClock, javascript: bool
) -> None:
    page = browser_page(javascript=javascript)
    sign_in(page, MINE)
    page.goto(REASON)
    write(page)
    real_clock.at += timedelta(hours=3)
    page.get_by_role("button", name="保存并继续").click()
    expect(page).to_have_url(re.compile("/sign-in/"))
    sign_in(page, MINE)
    expect(page).to_have_url(re.compile(REASON))
    assert words(page) == WORDS
    expect(page.get_by_text("您上次写到这里，还没有提交。")).to_be_visible()


def test_nobody_else_who_signs_in_there_sees_those_words(
    browser_page: BrowserPage, sign_in: SignIn, real_clock: FixedClock
) -> None:
    page = browser_page()
    sign_in(page, MINE)
    page.goto(REASON)
    write(page)
    real_clock.at += timedelta(hours=3)
    page.get_by_role("button", name="保存并继续").click()
    sign_in(page, ANOTHERS)
    page.goto(REASON)
    assert words(page) == ""
    expect(page.get_by_text("您上次写到这里")).to_have_count(0)


def test_the_end_of_the_session_is_told_before_and_put_off_by_one_press(form: Page, sign_in: SignIn) -> None:
    form.clock.install()
    form.goto(REASON)
    soon, over = form.locator("#session-soon"), form.locator("#session-over")
    form.clock.fast_forward("01:57:00")
    expect(soon).to_be_hidden()
    form.clock.fast_forward("01:30")
    expect(soon).to_be_visible()
    assert_accessible(form)
    assert_fits(form)
    with form.expect_response("**/sign-in/stay"):
        form.get_by_role("button", name="继续填写").click()
    expect(soon).to_be_hidden()
    form.clock.fast_forward("02:01:00")
    expect(over).to_be_visible()
    assert_accessible(form)
    over.get_by_role("link", name="重新登录").click()
    sign_in(form, MINE)
    expect(form).to_have_url(re.compile(REASON))


def test_a_form_that_is_pressed_twice_is_sent_once_and_can_be_sent_again_after_going_back(form: Page) -> None:
    sent: list[str] = []
    form.on("request", lambda each: sent.extend([each.url] if "do=save" in (each.post_data or "") else []))
    write(form)
    tick_a_reason(form)
    form.get_by_role("button", name="保存并继续").dblclick()
    expect(form).to_have_url(re.compile("/apply/money"))
    assert len(sent) == 1
    form.go_back()
    expect(form).to_have_url(re.compile(REASON))
    assert words(form) == WORDS
    expect(form.get_by_role("button", name="保存并继续")).to_be_enabled()
    form.get_by_role("button", name="保存并继续").click()
    expect(form).to_have_url(re.compile("/apply/money"))


def test_sums_are_said_in_ten_thousands_while_they_are_typed(form: Page) -> None:
    form.goto("/apply/money")
    form.locator("input[name='finances.income.0.amount_fen']").fill("１２，３００元")
    expect(form.locator("output[data-ten-thousands]").first).to_have_text("1.23 万")
    form.locator("input[name='finances.income.0.amount_fen']").fill("9999")
    expect(form.locator("output[data-ten-thousands]").first).to_be_empty()


def test_a_preview_follows_what_is_typed_and_the_newest_alone_counts(form: Page) -> None:
    form.goto("/apply/money")
    amount, target = form.locator("input[name='finances.income.0.amount_fen']"), form.locator("[data-preview-target]")
    first: list[Route] = []
    form.route("**/apply/money/preview", lambda route: route.fallback() if first else first.append(route))
    with form.expect_request("**/apply/money/preview"):
        amount.fill("1000")
    # The first answer is still on its way when more is typed.
    with form.expect_event("requestfailed"), form.expect_response("**/apply/money/preview"):
        amount.fill("2000")
    expect(target).to_contain_text("2,000.00")
    assert "1,000.00" not in target.inner_text()
    assert_accessible(form)


def test_a_lost_answer_leads_to_the_one_application(
    app: Flask, host_app: Caller, live: LiveHub, browser_page: BrowserPage
) -> None:
    reader = launched(app, host_app)
    filled_in(reader)
    page = browser_page(javascript=True)
    cookie = reader.web.get_cookie("hub_session")
    assert cookie is not None
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live.url}])
    page.goto("/apply/check")
    lost: list[int] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch(max_redirects=0).status)
        route.abort("connectionreset")

    page.route("**/apply/check", lose)
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="提交给 2 家银行").click()
    assert lost == [303]
    page.unroute_all()
    page.goto("/apply/check")
    expect(page).to_have_url(re.compile("/apply/done/"))
    assert count(live.hub, ApplicationRecord) == 1
