"""The page on which a supervisor asks for an original, and the viewer beside it, on a wide and on a narrow screen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hub.domain.active_content import ActiveContent
from hub.domain.bank import Bank
from hub.domain.evidence import CleanCopy, MediaType
from tests.applications import ICBC, pdf
from tests.browser.conftest import SCREEN, BrowserPage, OpenCases, assert_accessible, assert_fits
from tests.services.case import Case

pytestmark = pytest.mark.slow

TABLET = {"width": 720, "height": 900}
SENT = pdf("客户自己的文件")
COPY = CleanCopy(
    media_type=MediaType.PDF,
    content=pdf(),
    removed=(ActiveContent.SCRIPT, ActiveContent.ATTACHMENT),
    was_signed=True,
)


@pytest.fixture
def case(banks: dict[str, Bank], open_cases: OpenCases) -> Case:
    """A case of ICBC to which a signed PDF with a script was sent."""
    case = open_cases(ICBC)[0]
    sent = case.upload(content=SENT)
    case.write("流水", sent)
    case.judge(sent.id, COPY)
    case.work_off()
    return case


def picture_of(page: Page, name: str) -> None:
    """The page as a picture, where somebody wants to look at it."""
    if folder := os.environ.get("TEST_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("size", [SCREEN, TABLET], ids=["screen", "tablet"])
def test_a_supervisor_takes_an_original_with_a_reason(
    case: Case, browser_page: BrowserPage, size: dict[str, int]
) -> None:
    page = browser_page(javascript=True, person=f"supervisor-{ICBC}", size=size)
    page.goto(f"/portal/negotiations/{case.id}")
    page.locator(".tile a").last.click()
    assert_accessible(page)
    assert_fits(page)
    picture_of(page, f"viewer-{size['width']}")
    page.get_by_role("link", name="原件…").click()
    expect(page.get_by_role("heading", name="下载原件")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    picture_of(page, f"original-{size['width']}")
    page.get_by_role("button", name="下载原件").click()
    expect(page.locator("#f-why")).to_have_attribute("aria-invalid", "true")
    page.locator("#f-why").fill("核验电子签名")
    with page.expect_download() as saved:
        page.get_by_role("button", name="下载原件").click()
    assert Path(saved.value.path()).read_bytes() == SENT
