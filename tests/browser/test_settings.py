"""A person's own settings in a real browser: one press each without JavaScript, and nothing too wide in large print."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from hub.domain.bank import Bank
from tests.browser.conftest import BrowserPage, LiveHub, assert_accessible, assert_fits, open_menu

pytestmark = pytest.mark.slow


def test_each_setting_is_one_press_without_javascript(
    banks: dict[str, Bank], live: LiveHub, browser_page: BrowserPage
) -> None:
    page = browser_page(person="cardholder-1")
    open_menu(page)
    page.get_by_role("link", name="设置", exact=True).click()
    expect(page).to_have_url(re.compile(r"/my/settings$"))
    page.get_by_role("button", name="大字版").click()
    expect(page.locator("html")).to_have_class(re.compile("text-large"))
    expect(page.locator("p.notice")).to_contain_text("已保存")
    page.get_by_role("button", name="高对比度").click()
    expect(page.locator("html")).to_have_class(re.compile("contrast-high"))
    page.get_by_role("button", name="邮件和短信").click()
    expect(page.get_by_role("button", name="邮件和短信")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("您几号发工资？").select_option("15")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_label("您几号发工资？")).to_have_value("15")
    # Another phone of the same person.
    another = browser_page(person="cardholder-1")
    another.goto("/my/settings")
    expect(another.locator("html")).to_have_class(re.compile("text-large contrast-high|contrast-high.*text-large"))
    expect(another.get_by_label("您几号发工资？")).to_have_value("15")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_fits_a_small_phone_and_stands_in_nobodys_way(
    banks: dict[str, Bank], live: LiveHub, browser_page: BrowserPage, scheme: str, language: str
) -> None:
    page = browser_page(javascript=True, person="cardholder-1")
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"/my/settings?lang={language}")
    assert_fits(page)
    assert_accessible(page)
    page.goto("/my/settings?text=large")
    page.locator('button[name="contrast"][value="high"]').click()
    assert_fits(page)
    assert_accessible(page)
    for button in page.locator(".setting-choice").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 60
