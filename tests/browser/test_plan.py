"""How a person says what they could pay: in a browser, on the smallest phone, with and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.applications import CMB, ICBC, card, person
from tests.browser.conftest import PHONE, BrowserPage, LiveHub, assert_accessible, assert_fits, submit
from tests.conftest import SentMessages

pytestmark = pytest.mark.slow

MOBILE = str(person(7)["mobile"])


def at_the_plan(
    browser_page: BrowserPage,
    sms: SentMessages,
    *,
    javascript: bool,
    size: dict[str, int] = PHONE,
    income: str = "6500",
) -> Page:
    """The page of somebody who owes two banks and has told their month."""
    page = browser_page(javascript=javascript, size=size)
    page.goto("/my/")
    page.get_by_label("手机号").fill(MOBILE)
    page.get_by_role("button", name="发送验证码").click()
    page.get_by_label("六位验证码").fill(sms.sent[-1][1][:6])
    page.get_by_role("button", name="登录").click()
    page.goto("/apply/cards")
    for place, bank in enumerate((ICBC, CMB)):
        if place:
            submit(page.get_by_role("button", name="添加一张"))
        page.locator(f'[name="accounts.{place}.bank_code"]').select_option(bank)
        page.locator(f'[name="accounts.{place}.card_number"]').fill(card(bank))
        page.locator(f'[name="accounts.{place}.principal_fen"]').fill("18500")
    save(page)
    page.goto("/apply/money")
    page.locator('[name="finances.income.0.amount_fen"]').fill(income)
    page.locator('[name="finances.spending.0.amount_fen"]').fill("3900")
    save(page)
    page.goto("/apply/plan")
    return page


def save(page: Page) -> None:
    submit(page.get_by_role("button", name="保存并继续"))


def look(page: Page) -> None:
    """Nothing on the page is in anybody's way, and nothing is wider than the window."""
    assert_accessible(page)
    assert_fits(page)


def test_each_choice_asks_for_its_own_fields_alone(
    live: LiveHub, browser_page: BrowserPage, sms: SentMessages, banks: object
) -> None:
    page = at_the_plan(browser_page, sms, javascript=True)
    look(page)
    amounts = page.locator('[name="own.monthly_payment_fen"]')
    months = page.locator('[name="deferral.months"]')
    expect(amounts).to_be_hidden()
    page.get_by_label("自己定每月的金额").check()
    expect(amounts).to_be_visible()
    expect(months).to_be_hidden()
    look(page)
    page.get_by_label("先缓一缓").check()
    expect(months).to_be_visible()
    expect(amounts).to_be_hidden()
    expect(page.get_by_text("自己定各家银行的份额")).to_be_hidden()
    look(page)
    for choice in ("只减免息费", "一次还清", "降低最低还款额"):
        page.get_by_label(choice).first.check()
        look(page)


def test_without_scripts_an_amount_is_worked_out_on_the_page_and_kept_by_one_press(
    live: LiveHub, browser_page: BrowserPage, sms: SentMessages, banks: object
) -> None:
    page = at_the_plan(browser_page, sms, javascript=False)
    page.locator("#f-option-own").check()
    page.locator('[name="own.monthly_payment_fen"]').fill("1,000")
    page.get_by_role("button", name="算一算").click()
    assert page.url.endswith("#preview")
    expect(page.get_by_role("heading", name="这样算下来")).to_be_in_viewport()
    expect(page.locator(".plan-preview").get_by_text("40 期", exact=True)).to_be_visible()
    assert_fits(page)
    save(page)
    page.wait_for_url("**/apply/contact**")


def test_the_preview_stands_below_the_choice_on_a_phone_and_beside_it_on_a_wide_window(
    live: LiveHub, browser_page: BrowserPage, sms: SentMessages, banks: object
) -> None:
    page = at_the_plan(browser_page, sms, javascript=False)
    page.locator("#f-option-1").check()
    first, second, preview = (page.locator(each) for each in (".place-1", ".place-2", ".plan-preview"))
    boxes = [each.bounding_box() for each in (first, preview, second)]
    tops = [box["y"] for box in boxes if box]
    assert tops == sorted(tops)
    page.set_viewport_size({"width": 1440, "height": 900})
    choice, beside = first.bounding_box(), preview.bounding_box()
    assert choice
    assert beside
    assert beside["x"] >= choice["x"] + choice["width"]
    assert_fits(page)


def test_who_has_nothing_left_is_met_calmly(
    live: LiveHub, browser_page: BrowserPage, sms: SentMessages, banks: object
) -> None:
    page = at_the_plan(browser_page, sms, javascript=True, income="0")
    expect(page.get_by_text("现在没有余钱也可以申请")).to_be_visible()
    page.get_by_label("先缓一缓").check()
    expect(page.locator('[name="deferral.months"]')).to_have_value("3")
    look(page)
    save(page)
    page.wait_for_url("**/apply/contact**")


def test_parts_by_hand_that_do_not_fit_are_evened_out(
    live: LiveHub, browser_page: BrowserPage, sms: SentMessages, banks: object
) -> None:
    page = at_the_plan(browser_page, sms, javascript=True)
    page.get_by_label("自己定每月的金额").check()
    page.locator('[name="own.monthly_payment_fen"]').fill("1000")
    page.get_by_text("自己定各家银行的份额").click()
    page.locator('[name="parts.0.part_fen"]').fill("400")
    page.locator('[name="parts.1.part_fen"]').fill("300")
    save(page)
    expect(page.locator("#f-parts-error")).to_be_visible()
    look(page)
    submit(page.get_by_role("button", name="其余按欠款分").first)
    expect(page.locator('[name="parts.0.part_fen"]')).to_have_value("550.00")
    save(page)
    page.goto("/apply/check")
    expect(page.get_by_text("每月 550.00 元")).to_be_visible()
    look(page)


def test_with_scripts_the_figures_follow_what_is_typed(
    live: LiveHub, browser_page: BrowserPage, sms: SentMessages, banks: object
) -> None:
    page = at_the_plan(browser_page, sms, javascript=True)
    preview = page.locator(".plan-preview")
    page.get_by_label("自己定每月的金额").check()
    page.locator('[name="own.monthly_payment_fen"]').fill("1000")
    expect(preview.get_by_text("40 期", exact=True)).to_be_visible()
    page.locator('[name="own.monthly_payment_fen"]').fill("2600.01")
    expect(preview.get_by_text("这比您每月剩下的钱多")).to_be_visible()
    page.locator("#f-option-1").check()
    expect(preview.get_by_text("36 期", exact=True)).to_be_visible()
    look(page)
