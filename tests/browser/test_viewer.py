"""The viewer of files by keys alone, and without a script by its links."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from hub.domain.bank import Bank
from tests.applications import ICBC
from tests.browser.conftest import SCREEN, BrowserPage, OpenCases, assert_accessible, assert_fits
from tests.services.case import Case

pytestmark = pytest.mark.slow

TABLET = {"width": 720, "height": 900}


@pytest.fixture
def case(banks: dict[str, Bank], open_cases: OpenCases) -> Case:
    """A case of ICBC with two files."""
    one = open_cases(ICBC)[0]
    more = one.upload()
    one.write("流水补上了", more)
    one.work_off()
    return one


def _go(page: Page, key: str) -> None:
    """`key` has led to another page, whose scripts listen."""
    with page.expect_navigation():
        page.keyboard.press(key)


def test_a_clerk_reads_files_and_checks_them_by_the_keyboard(case: Case, browser_page: BrowserPage) -> None:
    page = browser_page(javascript=True, person=f"reviewer-{ICBC}", size=SCREEN)
    page.goto(f"/portal/negotiations/{case.id}")
    _go(page, "e")
    picture = page.locator(".view-picture")
    expect(picture).to_have_attribute("data-zoomed", "fit")
    first = page.url
    page.keyboard.press("+")
    expect(page.locator('[data-zoom="100"]')).to_have_attribute("aria-current", "true")
    page.keyboard.press("+")
    expect(picture).to_have_attribute("width", "32")
    page.keyboard.press("r")
    expect(picture).to_have_attribute("width", "46")
    expect(picture).to_have_attribute("viewBox", "0 0 23 16")
    assert "zoom=200&turn=90" in page.url
    page.keyboard.press("-")
    expect(picture).to_have_attribute("width", "23")
    # What is typed is text, and no key.
    page.locator("#f-text").fill("")
    page.locator("#f-text").press("r")
    expect(picture).to_have_attribute("viewBox", "0 0 23 16")
    assert_accessible(page)
    page.locator("#f-text").press("Tab")
    _go(page, "Enter")
    expect(page.locator(".view-checks .check-good")).to_be_visible()
    _go(page, "n")
    expect(page.locator(".view-place").first).to_have_text("第 2 份，共 2 份")
    assert page.url != first
    _go(page, "p")
    expect(page.locator(".view-place").first).to_have_text("第 1 份，共 2 份")
    page.goto(f"/portal/negotiations/{case.id}")
    # The next one to open is the one that nobody has checked.
    expect(page.locator("#evidence .check-good")).to_have_count(1)
    _go(page, "e")
    expect(page.locator(".view-place").first).to_have_text("第 2 份，共 2 份")


@pytest.mark.parametrize("size", [SCREEN, TABLET], ids=["screen", "tablet"])
def test_all_of_it_works_without_a_script(case: Case, browser_page: BrowserPage, size: dict[str, int]) -> None:
    page = browser_page(person=f"reviewer-{ICBC}", size=size)
    page.goto(f"/portal/negotiations/{case.id}")
    assert_fits(page)
    page.get_by_role("link", name="全部打开").click()
    page.get_by_role("link", name="200%").click()
    page.get_by_role("link", name="转 90°").click()
    picture = page.locator(".view-picture")
    expect(picture).to_have_attribute("width", "46")
    expect(picture).to_have_attribute("viewBox", "0 0 23 16")
    assert_fits(page)
    page.locator("#f-amount_fen").fill("5800")
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_text("已记下材料显示的金额。")).to_be_visible()
    page.locator("#f-text").fill("金额与流水不符")
    page.get_by_role("button", name="存疑").click()
    expect(page.locator(".view-checks")).to_contain_text("金额与流水不符")
    page.get_by_role("link", name="全部各项").click()
    expect(page.locator(".figures-table")).to_contain_text("5,800.00")
    assert_fits(page)
    page.goto(f"/portal/negotiations/{case.id}")
    expect(page.locator("#affordability")).to_contain_text(re.compile("1 项已核对 · 1 项待核对"))
