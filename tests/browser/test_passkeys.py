"""Passkeys in a real browser: a virtual authenticator makes one, signs in with it alone and as a second step."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.domain.staff import Role
from hub.services.accounts import staff
from hub.settings import Settings
from hub.wiring import Hub
from tests.applications import ICBC
from tests.browser.conftest import SCREEN, BrowserPage, LiveHub, assert_accessible, assert_fits
from tests.web.pages.colleague import PASSWORD, key_shown

pytestmark = pytest.mark.slow

EMAIL = "clerk@bank.example"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The hub has a name: browsers know no passkeys of numbers."""
    return replace(settings, public_url=f"http://localhost:{urlsplit(settings.public_url).port}")


@pytest.fixture
def real_clock(hub: Hub) -> FixedClock:
    """The hub's real clock, which stands until the test moves it."""
    hub.real_clock = FixedClock(hub.real_clock.now())
    return hub.real_clock


def with_authenticator(page: Page) -> None:
    """The browser has a device that knows its owner and keeps keys."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def looked_at(page: Page) -> None:
    assert_accessible(page)
    assert_fits(page)


def test_a_clerk_enrols_adds_a_passkey_and_signs_in_with_it(
    live: LiveHub, banks: dict[str, Bank], real_clock: FixedClock, browser_page: BrowserPage
) -> None:
    with live.hub.writing(HUB) as tx:
        _, token = staff.add(tx, role=Role.SUPERVISOR, email=EMAIL, bank_code=ICBC, at=real_clock.at, name="周敏")
    page = browser_page(javascript=True, size=SCREEN)
    with_authenticator(page)
    page.goto(f"/sign-in/enrol/{token}")
    looked_at(page)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_label("再输入一次密码").fill(PASSWORD)
    page.get_by_role("button", name="下一步").click()
    device = key_shown(page.content())
    looked_at(page)
    page.get_by_label("六位数字").fill(device.generate(real_clock.at).token)
    page.get_by_role("button", name="完成设置并登录").click()
    page.locator(".recovery-codes").wait_for()
    assert page.locator(".recovery-codes code").count() == 10
    looked_at(page)
    page.get_by_role("link", name="已经保存好，继续").click()
    page.get_by_role("link", name="登录与安全").click()
    looked_at(page)
    page.get_by_label("给它起个名字").fill("办公电脑")
    page.get_by_role("button", name="添加通行密钥").click()
    page.get_by_text("通行密钥已添加").wait_for()
    assert page.locator("bdi", has_text="办公电脑").is_visible()
    looked_at(page)
    page.get_by_role("button", name="退出").click()
    # Alone.
    page.goto("/sign-in/staff")
    looked_at(page)
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url("**/portal/")
    assert page.get_by_text("上次登录").is_visible()
    # Confirming again, with what was typed at hand.
    real_clock.at += timedelta(minutes=11)
    page.goto("/portal/security")
    page.get_by_role("button", name="重新生成恢复码").click()
    assert page.get_by_role("heading", name="请确认是您本人").is_visible()
    looked_at(page)
    page.get_by_role("button", name="用通行密钥确认").click()
    page.locator(".recovery-codes").wait_for()
    page.goto("/portal/sessions")
    looked_at(page)
    page.get_by_role("button", name="退出", exact=True).click()
    # After the password.
    page.goto("/sign-in/staff")
    page.get_by_label("工作邮箱").fill(EMAIL)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="下一步").click()
    looked_at(page)
    page.get_by_role("button", name="用通行密钥继续").click()
    page.wait_for_url("**/portal/")


def test_a_device_that_does_not_know_its_owner_is_told_so_and_the_rest_of_the_page_stays(
    live: LiveHub, banks: dict[str, Bank], browser_page: BrowserPage
) -> None:
    page = browser_page(javascript=True, size=SCREEN)
    with_authenticator(page)
    page.goto("/sign-in/staff")
    page.get_by_role("button", name="用通行密钥登录").click()
    page.get_by_text("没有完成。可以再试一次，或改用其他方式。").wait_for()
    assert page.get_by_label("工作邮箱").is_visible()


def test_without_a_script_no_passkey_is_offered_and_everything_else_is(
    live: LiveHub, banks: dict[str, Bank], browser_page: BrowserPage
) -> None:
    page = browser_page(javascript=False, size=SCREEN)
    page.goto("/sign-in/staff")
    assert not page.get_by_role("button", name="用通行密钥登录").is_visible()
    assert page.get_by_role("button", name="下一步").is_visible()
