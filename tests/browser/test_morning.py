"""A clerk's morning: ten cases by the keyboard alone, from the first look at the queue to the last answer."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.applications import ICBC
from tests.browser.conftest import SCREEN, BrowserPage, LiveHub, assert_accessible
from tests.conftest import Submit

pytestmark = pytest.mark.slow

CASES = 10
MOST_PRESSES_OF_AN_OFFER = 60
"""A press a second: an offer with its evidence read takes less than a minute."""
QUEUE = "/portal/?sort=opened"


class Keyboard:
    """The only thing that the clerk touches; it counts what is pressed, and looks at each page that comes."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.presses += 1
            self.page.keyboard.press(key)

    def go(self, *keys: str) -> None:
        """The last of `keys` leads to another page, which everybody can use."""
        self.press(*keys[:-1])
        with self.page.expect_navigation():
            self.press(keys[-1])
        self.page.wait_for_load_state("networkidle")
        assert_accessible(self.page)

    def type(self, text: str) -> None:
        self.presses += len(text)
        self.page.keyboard.type(text)

    def tab_to(self, selector: str) -> None:
        """The focus is on the first of `selector`; from the top of the page past the sidebar at once."""
        target = self.page.locator(selector).first
        if self.page.evaluate("document.activeElement === document.body"):
            self.press("Tab", "Enter")
        for _ in range(60):
            if target.evaluate("(it) => it === document.activeElement"):
                return
            self.press("Tab")
        pytest.fail(f"{selector} is not within sixty presses of the Tab key on {self.page.url}")

    def next(self) -> str:
        """The next case is open; gives its reference."""
        self.go("j")
        return reference_of(self.page)


def reference_of(page: Page) -> str:
    found = re.search(r"XS-\d+-\d+", page.locator("h1").inner_text())
    assert found is not None
    return found[0]


def notice(page: Page, words: str) -> None:
    expect(page.locator(".notice-good").first).to_contain_text(words)


@pytest.fixture
def desk(live: LiveHub, submitted: Submit, browser_page: BrowserPage) -> Page:
    """A clerk's screen at the queue of ten cases, the oldest first."""
    for _ in range(CASES):
        submitted(ICBC)
    live.drain()
    page = browser_page(javascript=True, size=SCREEN, person=f"reviewer-{ICBC}")
    page.goto(QUEUE)
    assert_accessible(page)
    return page


def test_an_offer_with_its_evidence_read_takes_less_than_a_minute_and_three_pages(desk: Page) -> None:
    keys, pages = Keyboard(desk), [desk.url]
    desk.on("framenavigated", lambda frame: pages.append(frame.url))
    keys.press("j")
    keys.go("Enter")
    keys.go("e")
    keys.go("c")
    notice(desk, "核对无误")
    keys.go("b")
    expect(desk.locator("#affordability .check-good, #evidence .check-good").first).to_be_visible()
    keys.press("p")
    keys.go("Control+Enter")
    notice(desk, "方案已发给客户。")
    assert keys.presses <= MOST_PRESSES_OF_AN_OFFER
    # The queue, the case and its file; the file and the case come back once each, with what was done there.
    kinds = {re.sub(r"[0-9a-f]{32}", "*", each.partition("?")[0].partition("#")[0]) for each in pages}
    assert len(kinds) == 3, kinds


def test_ten_cases_of_a_morning_by_the_keyboard_alone(live: LiveHub, desk: Page) -> None:
    keys = Keyboard(desk)
    order = desk.locator("[data-row] [data-open]").all_inner_texts()
    keys.press("j")
    keys.go("Enter")
    assert reference_of(desk) == order[0]
    _accept(keys)
    assert keys.next() == order[1]
    _read_evidence(keys)
    assert keys.next() == order[2]
    _agree_as_asked(keys)
    assert keys.next() == order[3]
    _offer_of_ones_own(keys)
    assert keys.next() == order[4]
    _reject(keys)
    assert keys.next() == order[5]
    _ask_for_papers(keys)
    assert keys.next() == order[6]
    _write_a_canned_reply(keys)
    assert keys.next() == order[7]
    _note(keys)
    assert keys.next() == order[8]
    _give_to_a_colleague(keys)
    assert _current(desk) == order[8]
    keys.press("j")
    keys.go("Enter")
    assert reference_of(desk) == order[9]
    keys.tab_to(".case-crumbs a")
    keys.go("Enter")
    assert _current(desk) == order[9]
    live.drain()


def _current(page: Page) -> str:
    return page.locator("[data-row][aria-current] [data-open]").inner_text()


def _accept(keys: Keyboard) -> None:
    keys.tab_to("button:has-text('受理')")
    keys.go("Enter")
    notice(keys.page, "受理")


def _read_evidence(keys: Keyboard) -> None:
    keys.go("e")
    keys.go("c")
    notice(keys.page, "核对无误")
    keys.go("b")
    expect(keys.page.locator("#evidence .check-good")).to_be_visible()


def _agree_as_asked(keys: Keyboard) -> None:
    keys.tab_to("button:has-text('按客户诉求同意')")
    keys.go("Enter")
    notice(keys.page, "方案已发给客户。")


def _offer_of_ones_own(keys: Keyboard) -> None:
    keys.press("p")
    keys.tab_to("[name='terms.instalments']")
    keys.press("Control+a")
    keys.type("48")
    expect(keys.page.get_by_text("展开全部 48 期")).to_be_visible()
    keys.go("Control+Enter")
    notice(keys.page, "方案已发给客户。")


def _reject(keys: Keyboard) -> None:
    keys.tab_to("a:has-text('不予同意')")
    keys.go("Enter")
    keys.tab_to("[name='reason_code']")
    keys.press("ArrowUp")
    keys.tab_to("textarea")
    keys.type("这次没有达成一致，收入有变化时欢迎再来。")
    keys.tab_to("button:has-text('预览')")
    keys.go("Enter")
    keys.tab_to("button[value='send']")
    keys.go("Enter")
    expect(keys.page.locator("h1")).to_contain_text("未同意")


def _ask_for_papers(keys: Keyboard) -> None:
    keys.go("m")
    keys.tab_to("[name='kinds']")
    keys.press("Space")
    keys.tab_to("button:has-text('预览')")
    keys.go("Enter")
    keys.tab_to("button[value='send']")
    keys.go("Enter")
    expect(keys.page.locator("h1")).to_contain_text("等待补充材料")


def _write_a_canned_reply(keys: Keyboard) -> None:
    keys.press("r")
    expect(keys.page.locator("#reply-text")).to_be_focused()
    keys.type("/")
    keys.press("Enter")
    expect(keys.page.locator("#reply-text")).not_to_have_value("/")
    said = keys.page.locator("#reply-text").input_value()
    keys.go("Control+Enter")
    expect(keys.page.locator("#log")).to_contain_text(said.split("\n")[0][:12])


def _note(keys: Keyboard) -> None:
    keys.press("r")
    keys.type("已电话核对收入，等流水。")
    keys.tab_to(".button-note")
    keys.go("Enter")
    expect(keys.page.locator("#log .case-log .timeline-note")).to_contain_text("已电话核对收入")


def _give_to_a_colleague(keys: Keyboard) -> None:
    keys.go("a")
    keys.tab_to("[name='to']")
    keys.press("ArrowUp")
    keys.tab_to("button:has-text('先看结果')")
    keys.go("Enter")
    keys.tab_to("button:has-text('确认分派')")
    keys.go("Enter")
    expect(keys.page.locator(".notice")).to_contain_text("改动了 1 件")
    keys.tab_to("button:has-text('撤销')")
    keys.go("Enter")
    expect(keys.page.locator(".notice")).to_contain_text("已撤销：1 件恢复原样")
    keys.tab_to("a:has-text('回到待办队列')")
    keys.go("Enter")


def test_the_same_decision_by_mouse_and_without_a_script(
    live: LiveHub, submitted: Submit, browser_page: BrowserPage
) -> None:
    submitted(ICBC)
    live.drain()
    page = browser_page(javascript=False, size=SCREEN, person=f"reviewer-{ICBC}")
    page.goto(QUEUE)
    page.locator("[data-open]").first.click()
    page.get_by_role("link", name="全部打开").click()
    page.get_by_role("button", name="已核对").click()
    notice(page, "核对无误")
    page.get_by_role("link", name="回到这宗协商").first.click()
    expect(page.locator("#evidence .check-good")).to_be_visible()
    page.get_by_label("期数").fill("48")
    page.get_by_role("button", name="算一算").last.click()
    expect(page.get_by_text("展开全部 48 期")).to_be_visible()
    page.get_by_role("button", name="提交给客户").click()
    notice(page, "方案已发给客户。")
    page.wait_for_load_state("networkidle")
