"""`/verify` in a browser: for everybody, with and without scripts, on a small phone and on a screen."""

import pytest

from tests.browser.conftest import BrowserPage, assert_accessible, assert_fits

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_a_stranger_asks_about_an_agreement(browser_page: BrowserPage, javascript: bool) -> None:
    page = browser_page(javascript=javascript, size={"width": 320, "height": 640})
    page.goto("/verify")
    if javascript:
        assert_accessible(page)
    assert_fits(page)
    page.fill("input[name=number]", "XY-20261121-000042")
    page.fill("input[name=digest]", "0123456789abcdef" * 4)
    page.get_by_role("button", name="查验").click()
    assert page.locator(".notice-warn").count() == 1
    if javascript:
        assert_accessible(page)
    assert_fits(page)
