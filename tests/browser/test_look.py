"""How a cardholder's page looks to everybody: in the dark, in large print, with larger letters, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from hub.domain.bank import Bank
from tests.browser.conftest import (
    BROWSER_ARGS,
    CHROMIUM,
    PATIENCE_MS,
    BrowserPage,
    LiveHub,
    assert_accessible,
    assert_fits,
    open_menu,
    submit,
)

pytestmark = pytest.mark.slow

SMALL = {"width": 320, "height": 640}
PHONE = {"width": 390, "height": 844}
PAGES = ("/apply/", "/apply/steps", "/apply/cards", "/apply/reason", "/apply/money", "/apply/evidence", "/my/")
FINGER = 48
LARGE_BUTTON = 60
# Links that stand in a sentence are as high as its line.
TARGETS = ".button, .menu-button, .chevron-row, .option, .header-back, .text-switch, select, summary, input[type=text]"
WORDS_APART = """
for (const it of document.querySelectorAll('body *')) {
  it.style.setProperty('line-height', '1.5', 'important');
  it.style.setProperty('letter-spacing', '0.12em', 'important');
  it.style.setProperty('word-spacing', '0.16em', 'important');
}
"""


def height(page: Page, selector: str) -> float:
    """How high the first of those is, in px."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["height"]


@pytest.fixture
def phone(banks: dict[str, Bank], live: LiveHub, browser_page: BrowserPage) -> Page:
    """The small phone of somebody who is signed in."""
    return browser_page(javascript=True, size=SMALL, person="cardholder-1")


def test_in_the_dark_and_in_forced_colours_everything_can_be_read(phone: Page) -> None:
    phone.emulate_media(color_scheme="dark")
    for path in PAGES:
        phone.goto(path)
        open_menu(phone)
        assert_accessible(phone)
    phone.emulate_media(forced_colors="active")
    phone.goto("/apply/reason")
    assert_accessible(phone)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_large_print_fits_the_smallest_phone(phone: Page, language: str) -> None:
    phone.goto(f"/sign-in/?lang={language}&text=large")
    for path in PAGES:
        phone.goto(path)
        assert_fits(phone)
        assert_accessible(phone)
        assert height(phone, ".site-header-inner") <= 64, path
    assert phone.evaluate("getComputedStyle(document.body).fontSize") == "21px"
    phone.goto("/apply/reason")
    assert height(phone, ".action-bar .button:last-child") >= LARGE_BUTTON


@pytest.fixture
def large_lettered(chromium: Browser) -> Iterator[Browser]:
    """A browser whose own letters are twice as large."""
    twice = [*BROWSER_ARGS, "--blink-settings=defaultFontSize=32"]
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=twice, timeout=PATIENCE_MS)
    yield browser
    browser.close()


def test_text_follows_the_browser(banks: dict[str, Bank], live: LiveHub, large_lettered: Browser) -> None:
    page = large_lettered.new_page(base_url=live.url, viewport={"width": 320, "height": 640})
    page.set_default_timeout(PATIENCE_MS)
    page.goto("/demo/")
    submit(page.locator('button[value="cardholder-1"]'))
    for path in PAGES:
        page.goto(path)
        assert page.evaluate("getComputedStyle(document.body).fontSize") == "34px"
        assert_fits(page)


def test_letters_and_lines_may_be_set_apart(phone: Page) -> None:
    for path in PAGES:
        phone.goto(path)
        phone.evaluate(WORDS_APART)
        assert_fits(phone)


def test_what_one_presses_is_as_large_as_a_finger(phone: Page) -> None:
    for path in PAGES:
        phone.goto(path)
        for each in phone.locator(TARGETS).all():
            if each.is_visible():
                box = each.bounding_box()
                assert box is not None
                assert box["height"] >= FINGER, (path, each.inner_text())


def test_focus_is_never_hidden_under_the_bar(phone: Page) -> None:
    phone.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a plain mapping of the same form
    phone.goto("/apply/reason")
    bar = phone.locator(".action-bar").bounding_box()
    assert bar is not None
    assert bar["y"] + bar["height"] == PHONE["height"]
    reached = 0
    for _ in range(40):
        phone.keyboard.press("Tab")
        lower, is_elsewhere = phone.evaluate(
            "[document.activeElement.getBoundingClientRect().bottom,"
            " document.activeElement.closest('main form') === null || "
            " document.activeElement.closest('.action-bar') !== null]"
        )
        if not is_elsewhere:
            reached += 1
            assert lower <= bar["y"]
    assert reached > 12


def test_with_a_keyboard_open_the_bar_gives_its_room_away(phone: Page) -> None:
    phone.set_viewport_size({"width": 390, "height": 400})
    phone.goto("/apply/reason")
    assert phone.evaluate("getComputedStyle(document.querySelector('.action-bar')).position") == "static"


def test_an_error_takes_the_focus_without_a_script(
    banks: dict[str, Bank], live: LiveHub, browser_page: BrowserPage
) -> None:
    page = browser_page(javascript=False, size=PHONE, person="cardholder-1")
    page.goto("/apply/reason")
    page.get_by_role("button", name="保存并继续").click()
    expect(page.locator("#error-summary")).to_be_focused()
    assert page.title().startswith("需要修改：")


def test_on_paper_there_is_nothing_to_press(phone: Page) -> None:
    phone.goto("/apply/reason")
    phone.emulate_media(media="print")
    expect(phone.locator(".action-bar")).to_be_hidden()
    expect(phone.locator(".site-header")).to_be_hidden()
    expect(phone.locator("h1")).to_be_visible()


def test_on_a_wide_screen_a_page_is_one_column(phone: Page) -> None:
    phone.set_viewport_size({"width": 1440, "height": 900})
    for path in PAGES:
        phone.goto(path)
        box = phone.locator("main").bounding_box()
        assert box is not None
        assert box["width"] <= 640
        assert abs(box["x"] * 2 + box["width"] - 1440) <= 1
