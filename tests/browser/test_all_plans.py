"""The pages that hold everything at once: all plans, the record, what can be kept; small, large and for everybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from tests.applications import CITIC, ICBC
from tests.browser.conftest import BrowserPage, OpenCases, assert_accessible, assert_fits
from tests.services.case import OFFER, Case

pytestmark = pytest.mark.slow

WIDTHS = (320, 390)


@pytest.fixture
def cases(open_cases: OpenCases, work_off: Callable[[], int]) -> list[Case]:
    """An agreement with ICBC and two open offers of CITIC, of the first person of the demo."""
    signed, offered = made = open_cases(ICBC, CITIC)
    signed.accept(signed.offer())
    offered.offer(replace(OFFER, first_due_on=date(2027, 1, 5)))
    offered.offer(replace(OFFER, instalments=24, first_due_on=date(2027, 1, 5), note="利率更低。"))
    work_off()
    return made


def test_every_page_fits_and_stands_in_nobodys_way(cases: list[Case], browser_page: BrowserPage) -> None:
    signed = f"/my/negotiations/{cases[0].id}"
    below = ("/record", "/downloads", "/readings", "/rights", "/complaint")
    paths = ["/my/months", "/my/offers", *(f"{signed}{each}" for each in below)]
    for width in WIDTHS:
        page = browser_page(javascript=True, size={"width": width, "height": 740}, person="cardholder-1")
        page.goto("/my/months")
        page.get_by_label("工资每月几号到账").fill("25")
        page.get_by_role("button", name="比一比").click()
        for name in ("标准字", "大字版"):
            # What was chosen on the other screen is kept.
            if page.get_by_role("link", name=name).count():
                page.get_by_role("link", name=name).click()
            for path in paths:
                page.goto(path)
                assert_accessible(page)
                assert_fits(page)


def test_in_english_they_fit_and_say_so_too(cases: list[Case], browser_page: BrowserPage) -> None:
    page = browser_page(javascript=True, person="cardholder-1")
    signed = f"/my/negotiations/{cases[0].id}"
    for path in ("/my/months", "/my/offers", f"{signed}/downloads", f"{signed}/rights", f"{signed}/complaint"):
        page.goto(f"{path}?lang=en")
        assert_accessible(page)
        assert_fits(page)
