"""What a person takes back, has erased and is told of readings, in a real browser, in both languages."""

from __future__ import annotations

import os
import re

import pytest

from tests.browser.conftest import BrowserPage, LiveHub, assert_accessible, assert_fits
from tests.services.case import Case

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("width", [1440, 720, 390])
def test_the_pages_of_ones_own_data_fit_and_stand_in_nobodys_way(
    case: Case, live: LiveHub, browser_page: BrowserPage, width: int
) -> None:
    page = browser_page(javascript=True, person="cardholder-1", size={"width": width, "height": 900})
    here = f"/my/negotiations/{case.id}"
    for language in ("zh", "en"):
        for address in (
            "/my/erasure",
            f"{here}/rights",
            f"{here}/readings",
            f"{here}/consents/share_with_bank",
            f"{here}/consents/sensitive_data",
        ):
            page.goto(f"{address}?lang={language}")
            assert page.locator("h1").count() == 1
            if folder := os.environ.get("TEST_PICTURES"):
                name = re.sub(r"\W+", "-", address.replace(case.id, "").strip("/"))
                page.screenshot(path=f"{folder}/{name}-{width}-{language}.png", full_page=True)
            assert_fits(page)
            assert_accessible(page)
