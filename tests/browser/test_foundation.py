"""Signing in, the demo and pages of errors in a real browser: without JavaScript, on a small phone, for everybody."""

import re

import pytest
from playwright.sync_api import expect

from hub.domain.bank import Bank
from tests.applications import ICBC
from tests.browser.conftest import SCREEN, BrowserPage, LiveHub, assert_accessible, assert_fits, open_menu
from tests.conftest import SentMessages

pytestmark = pytest.mark.slow


def test_a_person_signs_in_by_text_message_without_javascript(
    live: LiveHub, browser_page: BrowserPage, sms: SentMessages
) -> None:
    page = browser_page(javascript=False)
    page.goto("/my/")
    expect(page).to_have_url(re.compile(r"/sign-in/\?next=/my/$"))
    page.get_by_label("手机号").fill("123")
    page.get_by_role("button", name="发送验证码").click()
    expect(page.get_by_role("alert")).to_contain_text("有 1 处需要您看一下")
    expect(page.get_by_label("手机号")).to_have_value("123")
    page.get_by_label("手机号").fill("138 0013 8000")
    page.get_by_role("button", name="发送验证码").click()
    page.get_by_label("六位验证码").fill(sms.sent[-1][1][:6])
    page.get_by_role("button", name="登录").click()
    expect(page).to_have_url(re.compile(r"/my/$"))
    open_menu(page)
    page.get_by_role("button", name="退出").click()
    page.goto("/my/")
    expect(page).to_have_url(re.compile(r"/sign-in/"))


def test_everybody_enters_by_the_demo_without_javascript(
    banks: dict[str, Bank], live: LiveHub, browser_page: BrowserPage
) -> None:
    expect(browser_page(person="cardholder-1")).to_have_url(re.compile(r"/my/$"))
    expect(browser_page(person=f"reviewer-{ICBC}", size=SCREEN)).to_have_url(re.compile(r"/portal/$"))
    expect(browser_page(person="operator", size=SCREEN)).to_have_url(re.compile(r"/ops/$"))


@pytest.mark.parametrize(
    "path", ["/demo/", "/demo/mail", "/sign-in/", "/sign-in/staff", "/sign-in/gone", "/launch?code=x", "/no-such-page"]
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_fits_a_small_phone_and_stands_in_nobodys_way(
    banks: dict[str, Bank], live: LiveHub, browser_page: BrowserPage, path: str, language: str
) -> None:
    page = browser_page(javascript=True)
    page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
    assert_fits(page)
    assert_accessible(page)
