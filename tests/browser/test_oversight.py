"""The pages that look over many cases: nothing in anybody's way, nothing wider than the window, a way to each case."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.applications import ICBC
from tests.browser.conftest import PHONE, SCREEN, BrowserPage, assert_accessible, assert_fits
from tests.services.case import Case

pytestmark = pytest.mark.slow

TABLET = {"width": 720, "height": 900}
PAGES = (
    "/portal/agreements",
    "/portal/agreements?tab=ended",
    "/portal/dashboard",
    "/portal/answers",
    "/portal/exports",
    "/portal/exports/new?kind=queue",
    "/portal/audit",
)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [SCREEN, TABLET, PHONE])
def test_pages_of_many_cases_are_there_for_everybody(
    case: Case, browser_page: BrowserPage, size: dict[str, int], language: str
) -> None:
    case.accept(case.offer())
    page = browser_page(javascript=True, person=f"supervisor-{ICBC}", size=size)
    page.goto(f"/portal/?lang={language}")
    for address in PAGES:
        page.goto(address)
        assert_accessible(page)
        assert_fits(page)


def test_a_table_is_asked_for_waited_for_and_taken_without_a_script(case: Case, browser_page: BrowserPage) -> None:
    page = browser_page(javascript=False, person=f"supervisor-{ICBC}", size=SCREEN)
    page.goto("/portal/exports/new?kind=queue")
    page.get_by_role("button", name="开始导出").click()
    expect(page.locator("main [role=status]")).to_contain_text("正在生成")
    case.work_off()
    # The page comes again by itself.
    expect(page.locator("main [role=status]")).to_contain_text("可以下载")
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载").click()
    assert taken.value.suggested_filename.endswith(".xlsx")
