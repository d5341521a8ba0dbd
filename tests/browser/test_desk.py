"""A desk by the keyboard: rows to move along and open, the row kept, keys that can be switched off; and its frame."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from hub.domain.actor import HUB
from hub.domain.staff import Role
from hub.services.accounts import staff_preferences
from hub.services.accounts.demo_accounts import find_demo
from tests.applications import ICBC
from tests.browser.conftest import PHONE, SCREEN, BrowserPage, LiveHub, assert_accessible, assert_fits, submit
from tests.conftest import Submit

pytestmark = pytest.mark.slow

CLERK = f"reviewer-{ICBC}"
ROWS = 3


@pytest.fixture
def desk(live: LiveHub, submitted: Submit, browser_page: BrowserPage) -> Page:
    """A clerk's screen with a few cases in the queue."""
    for _ in range(ROWS):
        submitted(ICBC)
    live.drain()
    page = browser_page(javascript=True, size=SCREEN, person=CLERK)
    page.goto("/portal/")
    return page


def current(page: Page) -> int:
    """Which row is the current one, from 0; -1 where none is."""
    found: int = page.evaluate(
        "[...document.querySelectorAll('[data-row]')].findIndex((row) => row.hasAttribute('aria-current'))"
    )
    return found


def test_the_rows_are_walked_and_opened_by_keys(desk: Page) -> None:
    assert current(desk) == -1
    for key, row in (("j", 0), ("j", 1), ("j", 2), ("j", 2), ("k", 1)):
        desk.keyboard.press(key)
        assert current(desk) == row, key
    reference = desk.locator("[data-row][aria-current] [data-open]").inner_text()
    desk.keyboard.press("Enter")
    expect(desk.locator("h1")).to_contain_text(reference)


def test_the_row_is_kept_when_one_comes_back_and_its_place_where_it_has_gone(desk: Page) -> None:
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    desk.goto("/portal/")
    assert current(desk) == 1
    desk.evaluate("sessionStorage.setItem('desk-row', JSON.stringify({here: '/portal/', id: 'gone', index: 9}))")
    desk.reload()
    assert current(desk) == ROWS - 1


def test_without_a_script_the_address_marks_the_row(live: LiveHub, desk: Page, browser_page: BrowserPage) -> None:
    row = desk.locator("[data-row]").nth(1).get_attribute("id")
    plain = browser_page(javascript=False, size=SCREEN, person=CLERK)
    plain.goto(f"/portal/#{row}")
    marked = plain.locator("[data-row]:target")
    assert marked.get_attribute("id") == row
    shade = "(row) => getComputedStyle(row).backgroundColor"
    assert marked.evaluate(shade) != plain.locator("[data-row]:not(:target)").first.evaluate(shade)


def test_keys_do_nothing_while_one_types_or_together_with_others(desk: Page) -> None:
    desk.keyboard.press("/")
    expect(desk.locator("[name=q]")).to_be_focused()
    desk.keyboard.type("jx?")
    expect(desk.locator("[name=q]")).to_have_value("jx?")
    assert current(desk) == -1
    desk.locator("h1").click()
    for keys in ("Control+j", "Alt+j", "Meta+j", "Shift+j"):
        desk.keyboard.press(keys)
    assert current(desk) == -1
    expect(desk.locator("dialog#keys")).to_be_hidden()


def test_the_list_of_keys_opens_by_its_key_and_by_its_button(desk: Page) -> None:
    desk.keyboard.press("?")
    expect(desk.locator("dialog#keys")).to_be_visible()
    assert_accessible(desk)
    desk.keyboard.press("Escape")
    expect(desk.locator("dialog#keys")).to_be_hidden()
    desk.get_by_role("button", name="快捷键").click()
    expect(desk.locator("dialog#keys")).to_be_visible()
    desk.get_by_role("button", name="关闭窗口").click()
    expect(desk.locator("dialog#keys")).to_be_hidden()


def test_single_keys_can_be_switched_off(live: LiveHub, desk: Page) -> None:
    with live.hub.writing(HUB) as tx:
        person = find_demo(tx, role=Role.REVIEWER, bank_code=ICBC)
        assert person is not None
        staff_preferences.choose(tx, person, keyboard=False)
    desk.reload()
    for key in ("j", "x", "?", "/"):
        desk.keyboard.press(key)
    assert current(desk) == -1
    expect(desk.locator("dialog#keys")).to_be_hidden()
    expect(desk.locator("[name=q]")).not_to_be_focused()


@pytest.mark.parametrize("width", [320, 720, 1024, 1440])
def test_the_frame_fits_every_window_and_can_be_read_by_everybody(desk: Page, width: int) -> None:
    desk.set_viewport_size({"width": width, "height": 900})
    for path in ("/portal/", "/portal/settings", "/portal/sessions"):
        desk.goto(path)
        if width < 900:
            expect(desk.locator(".side-body")).to_be_hidden()
            desk.locator(".side-menu summary").click()
        expect(desk.locator(".side-body")).to_be_visible()
        assert_fits(desk)
        for scheme in ("light", "dark"):
            desk.emulate_media(color_scheme=scheme)
            assert_accessible(desk)


def test_the_menu_opens_without_a_script(live: LiveHub, desk: Page, browser_page: BrowserPage) -> None:
    page = browser_page(javascript=False, size=PHONE, person=CLERK)
    page.goto("/portal/")
    page.locator(".side-menu summary").click()
    page.get_by_role("link", name="我的设置").click()
    expect(page.locator("h1")).to_have_text("我的设置")
    assert_fits(page)


def test_in_forced_colours_the_frame_can_be_read(desk: Page) -> None:
    desk.emulate_media(forced_colors="active")
    assert_accessible(desk)


def test_rows_are_selected_and_given_away_by_keys_and_that_is_undone(desk: Page) -> None:
    bar = desk.locator(".bulk-bar")
    expect(bar).to_be_hidden()
    for key in ("j", "x", "j", "x"):
        desk.keyboard.press(key)
    expect(bar).to_contain_text("已选 2 件")
    assert_accessible(desk)
    desk.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    desk.locator("[data-all]").check()
    expect(bar).to_contain_text(f"已选 {ROWS} 件")
    desk.locator("[data-all]").uncheck()
    desk.keyboard.press("k")
    with desk.expect_navigation():
        desk.keyboard.press("a")
    expect(desk.get_by_role("heading", name="所选的 1 件")).to_be_visible()
    assert_accessible(desk)
    desk.get_by_label("手上最少的人").check()
    desk.get_by_role("button", name="先看结果").click()
    expect(desk.locator("main")).to_contain_text("将改动 1 件，0 件不动")
    assert_accessible(desk)
    desk.get_by_role("button", name="确认分派").click()
    expect(desk.locator(".notice")).to_contain_text("改动了 1 件")
    assert_accessible(desk)
    desk.get_by_role("button", name="撤销").click()
    expect(desk.locator(".notice")).to_contain_text("已撤销：1 件恢复原样。")


def test_without_a_script_boxes_and_buttons_are_a_form(desk: Page, browser_page: BrowserPage) -> None:
    page = browser_page(javascript=False, size=SCREEN, person=CLERK)
    page.goto("/portal/")
    for box in page.locator("[name=case]").all()[:2]:
        box.check()
    page.get_by_role("button", name="受理", exact=True).click()
    expect(page.locator("main")).to_contain_text("将改动 2 件，0 件不动")
    page.get_by_role("button", name="确认受理").click()
    expect(page.locator(".notice")).to_contain_text("改动了 2 件")


def test_from_inside_a_case_the_keys_lead_on_and_the_row_is_there_on_the_way_back(desk: Page) -> None:
    desk.goto("/portal/?tab=unassigned&sort=-opened")
    references = desk.locator("[data-row] [data-open]").all_inner_texts()
    desk.keyboard.press("j")
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    for key, reference in (("j", references[1]), ("j", references[2]), ("k", references[1])):
        expect(desk.locator("[data-key=j]")).to_be_visible()
        with desk.expect_navigation():
            desk.keyboard.press(key)
        expect(desk.locator("h1")).to_contain_text(reference)
    desk.locator(".case-crumbs a").first.click()
    assert "tab=unassigned&sort=-opened#row-" in desk.url
    assert current(desk) == 1


def test_after_a_decision_the_next_case_opens_by_a_tick(desk: Page) -> None:
    first, second, _ = desk.locator("[data-row] [data-open]").all_inner_texts()
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    expect(desk.locator("h1")).to_contain_text(first)
    desk.get_by_role("link", name="不予同意").click()
    desk.get_by_label("其他").check()
    desk.locator("textarea").first.fill("这次没有达成一致，欢迎再来。")
    submit(desk.get_by_role("button", name="预览"))
    desk.get_by_label("完成后打开下一件").check()
    desk.locator("button[value=send]").click()
    expect(desk.locator("h1")).to_contain_text(second)
    expect(desk.locator(".notice-good")).to_contain_text(f"上一件 {first}")
