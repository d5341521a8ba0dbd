"""The settings of a bank, its people and its calendar in a real browser: without a script, and in nobody's way."""

from __future__ import annotations

import os

import pytest

from hub.domain.bank import Bank
from tests.applications import ICBC
from tests.browser.conftest import BrowserPage, LiveHub, assert_accessible, assert_fits

pytestmark = pytest.mark.slow

ADMIN = f"bank-admin-{ICBC}"
PAGES = ("/portal/bank", "/portal/staff", "/portal/calendar", "/portal/settings")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 720, 390])
def test_every_page_of_settings_fits_and_is_accessible(
    banks: dict[str, Bank], live: LiveHub, browser_page: BrowserPage, width: int, scheme: str
) -> None:
    page = browser_page(javascript=True, person=ADMIN, size={"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for address in PAGES:
        page.goto(address)
        assert_fits(page)
        assert_accessible(page)
        if folder := os.environ.get("TEST_PICTURES"):
            page.screenshot(path=f"{folder}/{address.replace('/', '-')}-{width}-{scheme}.png", full_page=True)
