"""The queue of a desk on its screens: figures, tabs, filters that open without a script, rows by due time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from hub.demo import people as demo_people
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.services.operating import tallies
from storage import banks as bank_rows
from storage import negotiation_locks
from tests.applications import ICBC
from tests.browser.conftest import BrowserPage, LiveHub, assert_accessible, assert_fits
from tests.conftest import Submit
from tests.services.case import LARGE_OFFER, Case

pytestmark = pytest.mark.slow

CLERK = f"reviewer-{ICBC}"
WIDTHS = (1440, 1024, 720)


@pytest.fixture
def cases(live: LiveHub, submitted: Submit, banks: dict[str, Bank], clock: FixedClock) -> list[Case]:
    """Cases of every urgency, some with a word of the person's, one of the clerk's."""
    with live.hub.writing(HUB) as tx:
        bank_rows.set_settings(tx, banks[ICBC].code, {"pause_on_evidence": "true"})
    made = []
    for days in (0, 0, 3, 2, 2, 0, 0):
        clock.at += timedelta(days=days)
        sent = submitted(ICBC)
        live.drain()
        made.append(Case(hub=live.hub, clock=clock, work_off=live.drain, sent=sent, bank_code=ICBC))
    late, countered, written, waiting, returned, paused, _ = made
    clock.at += timedelta(days=6)
    countered.offer()
    countered.counter()
    written.write("请尽快")
    waiting.offer(LARGE_OFFER)
    returned.send_back(returned.offer(LARGE_OFFER))
    paused.ask()
    with live.hub.writing(HUB) as tx:
        demo_people.add_accounts(tx)
        for each, person in ((late, CLERK), (written, CLERK), (countered, f"supervisor-{ICBC}")):
            negotiation_locks.lock(tx, each.id).owner_id = demo_people.account(tx, person).id
    tallies.renew(live.hub)
    return made


@pytest.mark.parametrize("width", WIDTHS)
def test_the_queue_is_read_on_every_screen(cases: list[Case], browser_page: BrowserPage, width: int) -> None:
    page = browser_page(javascript=True, size={"width": width, "height": 900}, person=CLERK)
    page.goto("/portal/")
    expect(page.locator("[data-row]")).to_have_count(len(cases))
    assert_accessible(page)
    assert_fits(page)
    page.goto("/portal/views")
    assert_accessible(page)
    page.goto("/portal/?q=0000")
    assert_accessible(page)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [1280, 1366])
def test_every_column_and_every_count_of_the_queue_is_in_sight(
    cases: list[Case], browser_page: BrowserPage, width: int, language: str
) -> None:
    page = browser_page(javascript=True, size={"width": width, "height": 900}, person=CLERK)
    page.goto(f"/portal/?lang={language}")
    assert page.locator(".tab").count() > 7
    for box in (".tabs", ".table-scroll"):
        assert page.eval_on_selector(box, "each => each.scrollWidth - each.clientWidth") <= 0, box


def test_filters_sorts_and_views_work_without_a_script(cases: list[Case], browser_page: BrowserPage) -> None:
    page: Page = browser_page(javascript=False, size={"width": 1440, "height": 900}, person=CLERK)
    page.goto("/portal/")
    page.locator("summary", has_text="欠款金额").click()
    page.get_by_label("1 万至 3 万元").check()
    page.locator(".filter-of[open]").get_by_role("button", name="筛选").click()
    assert "owed=10k-30k" in page.url
    expect(page.locator("[data-row]")).to_have_count(len(cases))
    page.get_by_role("link", name="本行欠款").click()
    assert "sort=owed" in page.url
    page.locator("summary", has_text="存为视图").click()
    page.get_by_label("视图名称").fill("一到三万")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".frame-side")).to_contain_text("一到三万")
    page.goto("/portal/views")
    page.goto("/portal/")
    # Fewer digits than any number is found by.
    page.get_by_role("textbox", name="查找").fill("000")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("没有找到")


def test_amounts_stand_at_the_right_with_their_unit_once(cases: list[Case], browser_page: BrowserPage) -> None:
    page = browser_page(javascript=False, size={"width": 1440, "height": 900}, person=CLERK)
    page.goto("/portal/")
    amount = page.locator("[data-row] td.number").first
    style = "(cell) => [getComputedStyle(cell).textAlign, getComputedStyle(cell).fontVariantNumeric]"
    assert amount.evaluate(style) == ["right", "tabular-nums"]
    assert amount.inner_text() == "19,082.00"
    assert [each.count("金额单位：元") for each in page.locator(".filters-unit").all_inner_texts()] == [1]
    assert len(cases) == page.locator("[data-row] td.number").count()
