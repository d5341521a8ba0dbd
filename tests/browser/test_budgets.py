"""What a cardholder's page may weigh: counted in bytes and requests as a browser makes them, never in seconds."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page

from hub.domain.bank import Bank
from hub.web.pages.assets import assets
from tests.browser.conftest import BrowserPage, LiveHub
from tests.browser.test_whole_way import apply

pytestmark = pytest.mark.slow

FIRST_VISIT = 70_000
AGAIN = 15_000
REQUESTS = 6
SCRIPTS = {"form.js", "upload.js"}
ALL_SCRIPTS = 9 * 1024
# Those of a desk beside form.js, each with its own most.
DESK_SCRIPTS = {
    "desk.js": 4 * 1024,
    "viewer.js": 3 * 1024,
    "case.js": 1024,
    "passkey.js": 2 * 1024,
    "replies.js": 2 * 1024,
}
ALL_OF_A_DESK = 18 * 1024
MOST_SHIFT = 0.05
PHONE = {"width": 390, "height": 844}
PAGES = ("/apply/", "/apply/steps", "/apply/cards", "/apply/reason", "/apply/money", "/apply/evidence", "/my/")
WATCH_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({type: 'layout-shift', buffered: true});
"""


@dataclass(slots=True)
class Traffic:
    """What one visit asked for over the line: addresses with their compressed bytes."""

    weights: dict[str, int] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        return sum(self.weights.values())


def traffic_of(page: Page, path: str) -> Traffic:
    """What a visit to `path` fetched; what the browser still had is not in it."""
    seen, kept = Traffic(), set[str]()
    addresses: dict[str, str] = {}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def note_response(event: Any) -> None:
        addresses[event["requestId"]] = event["response"]["url"]
        if event["response"].get("fromDiskCache"):
            kept.add(event["requestId"])

    session.on("Network.responseReceived", note_response)
    session.on("Network.requestServedFromCache", lambda event: kept.add(event["requestId"]))
    page.goto(path, wait_until="networkidle")
    for number, address in addresses.items():
        if number not in kept and not address.startswith("data:"):
            body = session.send("Network.getResponseBody", {"requestId": number})["body"]
            seen.weights[address] = len(gzip.compress(body.encode(), 6))
    session.detach()
    return seen


def test_a_visit_is_light_and_the_next_one_lighter(
    banks: dict[str, Bank], live: LiveHub, browser_page: BrowserPage
) -> None:
    signed_in = browser_page(size=PHONE, person="cardholder-1").context.cookies()
    for path in ("/sign-in/", *PAGES):
        page = browser_page(javascript=True, size=PHONE)
        page.context.add_cookies(signed_in)  # type: ignore[arg-type]  # as they were given
        first, again = traffic_of(page, path), traffic_of(page, path)
        assert first.weight <= FIRST_VISIT, (path, first)
        assert len(first.weights) <= REQUESTS, (path, first)
        assert again.weight <= AGAIN, (path, again)
        assert not [each for each in again.weights if "/assets/" in each], (path, again)


def test_scripts_are_two_small_files_that_wait_and_none_where_nothing_is_typed(
    banks: dict[str, Bank], live: LiveHub, browser_page: BrowserPage
) -> None:
    ours = {name: len(each.zipped) for name, each in assets().items() if name.endswith(".js")}
    assert set(ours) == SCRIPTS | set(DESK_SCRIPTS)
    assert sum(ours[name] for name in SCRIPTS) <= ALL_SCRIPTS
    assert all(ours[name] <= most for name, most in DESK_SCRIPTS.items())
    assert ours["form.js"] + sum(ours[name] for name in DESK_SCRIPTS) <= ALL_OF_A_DESK
    page = browser_page(javascript=False, size=PHONE, person="cardholder-1")
    for path in PAGES:
        page.goto(path)
        for script in page.locator("script").all():
            assert script.get_attribute("defer") is not None, path
    page.goto("/apply/")
    assert page.locator("script").count() == 0


def test_no_script_is_on_the_page_after_sending(
    banks: dict[str, Bank], live: LiveHub, browser_page: BrowserPage
) -> None:
    page = browser_page(javascript=False, size=PHONE, person="cardholder-1")
    apply(page, lambda page: None)
    page.get_by_role("button", name="提交给 1 家银行").click()
    assert "/apply/done/" in page.url
    assert page.locator("script").count() == 0


@pytest.mark.parametrize("text", ["normal", "large"])
def test_nothing_jumps_while_a_page_comes(
    banks: dict[str, Bank], live: LiveHub, browser_page: BrowserPage, text: str
) -> None:
    page = browser_page(javascript=True, size=PHONE, person="cardholder-1")
    page.add_init_script(WATCH_SHIFTS)
    for path in PAGES:
        page.goto(f"{path}?text={text}", wait_until="networkidle")
        assert page.evaluate("window.shifted") <= MOST_SHIFT, path
