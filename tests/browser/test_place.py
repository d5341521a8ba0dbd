"""A person's own place in a real browser: every page of it fits a small phone, in large print and in both languages."""

from __future__ import annotations

import pytest

from hub.domain.actor import HUB
from hub.wiring import Hub
from storage import banks as bank_rows
from tests.applications import CITIC, CMB, ICBC
from tests.browser.conftest import BrowserPage, LiveHub, OpenCases, assert_accessible, assert_fits
from tests.services.case import Case

pytestmark = pytest.mark.slow

REACHED_AT = {
    "hotline": "95588",
    "hotline_hours": "每天 8:30 到 21:00",
    "complaint_channel": "拨打 95588 转 9",
    "calls_from": "95588、01066108608",
}


@pytest.fixture
def cases(hub: Hub, open_cases: OpenCases) -> list[Case]:
    """An agreement with ICBC, an offer of CITIC, and CMB that has not answered; of the first person of the demo."""
    signed, offered, _ = made = open_cases(ICBC, CITIC, CMB)
    with hub.writing(HUB) as tx:
        for code in (ICBC, CITIC, CMB):
            bank_rows.set_settings(tx, code, REACHED_AT)
    signed.accept(signed.offer())
    offered.write("您好，我想补充一份材料。", offered.upload())
    offered.offer()
    return made


def pages_of(cases: list[Case]) -> list[str]:
    signed, offered, waiting = (f"/my/negotiations/{case.id}" for case in cases)
    return ["/my/", "/my/phones", signed, f"{signed}/agreement", offered, waiting, f"{waiting}/call"]


@pytest.mark.parametrize(
    ("width", "language", "text"), [(390, "zh", "normal"), (390, "en", "normal"), (320, "zh", "large")]
)
def test_every_page_fits_and_is_open_to_everybody(
    cases: list[Case], live: LiveHub, browser_page: BrowserPage, width: int, language: str, text: str
) -> None:
    page = browser_page(javascript=True, size={"width": width, "height": 740}, person="cardholder-1")
    for name, value in (("hub_lang", language), ("hub_text", text)):
        page.context.add_cookies([{"name": name, "value": value, "url": live.url}])
    for path in pages_of(cases):
        page.goto(path)
        for summary in page.locator("main summary").all():
            if summary.is_visible():
                summary.click()
        assert_accessible(page)
        assert_fits(page)


def test_nothing_scrolls_sideways_in_large_print(cases: list[Case], browser_page: BrowserPage) -> None:
    [offer] = cases[1].view()["offers"]
    page = browser_page(javascript=True, size={"width": 320, "height": 640}, person="cardholder-1")
    here = f"/my/negotiations/{cases[1].id}/offers/{offer['id']}"
    for below in ("", "/accept"):
        page.goto(f"{here}{below}?text=large")
        page.locator("main details").evaluate_all("all => all.forEach(each => each.open = true)")
        wider = page.eval_on_selector_all(
            "main *", "all => all.filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth).map(e => e.className)"
        )
        assert "table-scroll" not in wider
        assert_fits(page)


def test_letters_twice_as_large_make_nothing_wider_than_a_small_phone(
    cases: list[Case], browser_page: BrowserPage
) -> None:
    [offer] = cases[1].view()["offers"]
    page = browser_page(javascript=True, size={"width": 320, "height": 640}, person="cardholder-1")
    here = f"/my/negotiations/{cases[1].id}"
    for path in ("/my/", here, f"{here}/offers/{offer['id']}"):
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        # The header wraps by the size that the browser itself was set to, which no script can change.
        assert page.locator("main").evaluate("it => it.scrollWidth - it.clientWidth") <= 0, path


def test_news_leads_to_its_entry_and_is_gone_after_the_look(cases: list[Case], browser_page: BrowserPage) -> None:
    page = browser_page(javascript=False, size={"width": 390, "height": 740}, person="cardholder-1")
    page.goto("/my/")
    assert page.title().startswith("(")
    page.get_by_role("link", name="中信银行", exact=True).first.click()
    assert page.locator(".chat-entry[data-new]").count() == 1
    page.reload()
    assert page.locator(".chat-entry[data-new]").count() == 0
    for _ in range(2):
        page.goto("/my/phones")
        page.get_by_role("link", name="记下这次通话").first.click()
        page.get_by_role("button", name="保存到记录").wait_for()
