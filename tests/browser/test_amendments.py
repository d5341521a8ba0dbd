"""Amending an agreement in real browsers without scripts: another pay day, then all of it at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from hub.domain.bank import Bank
from tests.applications import ICBC
from tests.browser.conftest import SCREEN, BrowserPage, LiveHub
from tests.browser.test_whole_way import Look, apply, enter, fill, follow, look, offer, press, sign, tick, work_off
from tests.conftest import SentMessages

__all__ = ["look", "work_off"]

pytestmark = pytest.mark.slow


def sign_amendment(page: Page, sms: SentMessages) -> None:
    """The person has signed what the page shows with the code that came by text message."""
    press(page, "发送确认码")
    [code] = re.findall(r"(?<!\d)\d{6}(?!\d)", sms.sent[-1][1])
    tick(page, "我看过以上内容")
    fill(page, {"六位确认码": code})
    press(page, "同意并签署")


def test_a_pay_day_is_changed_and_a_plan_settled_early_side_by_side(
    browser_page: BrowserPage, look: Look, live: LiveHub, banks: dict[str, Bank], sms: SentMessages
) -> None:
    person, clerk = browser_page(), browser_page(size=SCREEN)
    enter(person, "cardholder-1")
    apply(person, look)
    press(person, "提交给 1 家银行")
    reference = person.get_by_text(re.compile(r"^XS-\d{8}-\d{6}$")).first.inner_text()
    follow(person, "我的协商")
    live.drain()
    enter(clerk, f"reviewer-{ICBC}")
    follow(clerk, reference)
    offer(clerk, look)
    sign(person, look, sms)
    agreement = person.url

    follow(person, "更改还款日")
    look(person)
    fill(person, {"希望每月几号还": "5"})
    press(person, "看看各期的日子")
    expect(person.get_by_text("改日之后")).to_be_visible()
    press(person, "发给银行")
    look(person)
    clerk.goto("/portal/")
    look(clerk)
    follow(clerk, reference)
    look(clerk)
    follow(clerk, "看各期并同意")
    look(clerk)
    press(clerk, "同意更改还款日")
    live.drain()
    look(clerk)
    person.goto(agreement)
    expect(person.get_by_role("link", name=re.compile("下载补充协议"))).to_be_visible()
    look(person)

    follow(person, "提前结清")
    look(person)
    settle_on = person.get_by_label(re.compile("^希望哪一天还清"))
    settle_on.fill("2030-01-01")
    press(person, "请银行报价")
    said = person.locator(".field-error .error").first.inner_text()
    [latest] = re.findall(r"至 (\d+) 年 (\d+) 月 (\d+) 日", said)
    fill(person, {"希望哪一天还清": "-".join(latest)})
    press(person, "请银行报价")
    look(person)
    clerk.reload()
    follow(clerk, "给出报价")
    look(clerk)
    press(clerk, "预览")
    expect(clerk.get_by_text("客户会看到")).to_be_visible()
    press(clerk, "发给客户")
    expect(clerk.get_by_text("报价已发给客户。")).to_be_visible()
    person.reload()
    look(person)
    sign_amendment(person, sms)
    look(person)
    # The row says beside its name how the quote stands.
    person.locator("a[href$='/early-settlement']").first.click()
    look(person)
    clerk.reload()
    look(clerk)
