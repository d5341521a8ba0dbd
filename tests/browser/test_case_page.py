"""A clerk decides on one screen: everything is in sight, by keyboard as well, and without a script."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from tests.applications import ICBC
from tests.browser.conftest import SCREEN, BrowserPage, assert_accessible, assert_fits
from tests.services.case import OFFER, Case

pytestmark = pytest.mark.slow

NEEDED = ("#applicant", "#accounts", "#hardship", "#affordability", "#evidence", "#log", "#plan .plan-submit")
LONG = "厂里从九月起减了加班，到手少了两千，父亲每周透析三次，自费的部分每月一千多。" * 8


def at_case(browser_page: BrowserPage, case: Case, *, javascript: bool = True, width: int = 1440) -> Page:
    page = browser_page(javascript=javascript, size={**SCREEN, "width": width}, person=f"reviewer-{ICBC}")
    page.goto(f"/portal/negotiations/{case.id}")
    settled(page)
    return page


def settled(page: Page) -> None:
    """The small pictures of the files have come, so that nothing is asked for while the server ends."""
    page.wait_for_load_state("networkidle")


def box(page: Page, selector: str) -> dict[str, float]:
    found = page.locator(selector).bounding_box()
    assert found is not None, selector
    left, top = found["x"], found["y"]
    return {"x": left, "y": top, "right": left + found["width"], "bottom": top + found["height"]}


def test_all_that_a_decision_needs_is_on_one_screen(case: Case, browser_page: BrowserPage) -> None:
    page = at_case(browser_page, case)
    for each in NEEDED:
        assert box(page, each)["bottom"] <= SCREEN["height"], each
    facts, middle, plan = (box(page, each) for each in (".case-facts", ".case-middle", ".case-plan"))
    assert facts["right"] <= middle["x"]
    assert middle["right"] <= plan["x"]
    assert_accessible(page)
    assert_fits(page)


def _add_papers(case: Case) -> None:
    case.ask()
    case.write(LONG, case.upload(), answers=True)


def _counter(case: Case) -> None:
    case.offer()
    case.counter(replace(OFFER, note=LONG))


def _send_many_files(case: Case) -> None:
    for number in range(1, 6):
        case.write("又找到一份。", case.upload(name=f"流水{number}.pdf"))


def _say_much(case: Case) -> None:
    for _ in range(6):
        case.write(LONG)


STATES: dict[str, Callable[[Case], object]] = {
    "asked": Case.ask,
    "papers added": _add_papers,
    "offered": Case.offer,
    "countered": _counter,
    "six files": _send_many_files,
    "much said": _say_much,
}


@pytest.mark.parametrize("state", STATES)
def test_whatever_has_happened_it_is_on_one_screen_with_the_reason_asked_for_too(
    case: Case, browser_page: BrowserPage, state: str
) -> None:
    STATES[state](case)
    case.work_off()
    page = at_case(browser_page, case)
    for each in NEEDED:
        assert box(page, each)["bottom"] <= SCREEN["height"], each
    assert_accessible(page)
    # Above four fifths of what is left the reason is asked for, and the press stays in sight.
    page.get_by_label("期数").fill("12")
    expect(page.locator(".plan-over")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    for each in ("#plan .plan-reason textarea", *NEEDED):
        assert box(page, each)["bottom"] <= SCREEN["height"], each
    assert_accessible(page)
    settled(page)


@pytest.mark.parametrize("state", ["papers added", "countered"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_in_either_language_the_press_is_on_the_first_screen_with_news_and_the_reason(
    case: Case, browser_page: BrowserPage, language: str, state: str
) -> None:
    STATES[state](case)
    case.work_off()
    page = at_case(browser_page, case)
    page.goto(f"/portal/negotiations/{case.id}?lang={language}")
    page.locator("#f-terms-instalments").fill("12")
    expect(page.locator(".plan-over")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    submit, preview = page.locator("#plan .plan-submit"), page.locator("#plan [value=preview]")
    for each in (submit, preview, page.locator(".case-actions .button").last):
        found = each.bounding_box()
        assert found is not None
        assert found["y"] + found["height"] <= SCREEN["height"]
        # Nothing lies over it.
        each.click(trial=True)
        assert page.evaluate("scrollY") == 0
    # What one goes to with the keyboard does not end up below the buttons.
    page.locator(".plan-reason textarea").focus()
    assert box(page, ".plan-reason textarea")["bottom"] <= box(page, "#plan .plan-submit")["y"]
    assert_accessible(page)
    settled(page)


@pytest.mark.parametrize(("width", "columns"), [(1024, 2), (720, 1), (390, 1), (320, 1)])
def test_on_narrower_screens_it_is_two_columns_and_then_one(
    case: Case, browser_page: BrowserPage, width: int, columns: int
) -> None:
    page = at_case(browser_page, case, width=width)
    facts, middle, plan = (box(page, each) for each in (".case-facts", ".case-middle", ".case-plan"))
    assert facts["x"] == middle["x"]
    assert (plan["x"] >= facts["right"]) is (columns == 2)
    assert_fits(page)
    assert_accessible(page)
    assert_accessible(page, only="target-size")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_sum_of_the_plan_is_ever_cut(case: Case, browser_page: BrowserPage, language: str) -> None:
    page = at_case(browser_page, case)
    page.goto(f"/portal/negotiations/{case.id}?lang={language}")
    page.locator("#plan details.plan-more").evaluate("each => each.open = true")
    sums = page.locator(".plan-fields:visible input[name$=_fen]")
    for width in (1920, 1440, 1366, 1280, 1024, 910, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        cut = sums.evaluate_all(
            "all => all.map(each => { each.value = '99,999,999.99'; return each; })"
            ".filter(each => each.scrollWidth > each.clientWidth).map(each => each.name)"
        )
        assert (cut, sums.count() > 6) == ([], True), width
    settled(page)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_rows_of_the_plan_stay_within_their_card(case: Case, browser_page: BrowserPage, language: str) -> None:
    page = at_case(browser_page, case)
    page.goto(f"/portal/negotiations/{case.id}?lang={language}")
    with page.expect_response(re.compile("/plan")):
        page.locator("[name='terms.instalments']").fill("12")
    settled(page)
    page.locator(".table-small").evaluate(
        "(table, sums) => table.querySelectorAll('tbody tr').forEach("
        "row => sums.forEach((sum, at) => { row.cells[2 + at].textContent = sum; }))",
        ["12,345.67", "10,111.11", "2,234.56", "138,000.00"],
    )
    for width in (1920, 1440, 1366, 1280, 1024, 910, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        table, card = box(page, ".table-small"), box(page, ".plan-result")
        assert table["right"] <= card["right"] + 1, width
    settled(page)


def test_the_plan_follows_what_is_typed_and_is_sent_as_it_was_seen(case: Case, browser_page: BrowserPage) -> None:
    page = at_case(browser_page, case)
    page.keyboard.press("p")
    expect(page.get_by_label("列入方案的欠款")).to_be_focused()
    page.get_by_label("期数").fill("48")
    expect(page.get_by_text("展开全部 48 期")).to_be_visible()
    page.get_by_label("年利率").first.fill("3.60")
    month = page.locator(".plan-month strong")
    expect(month).to_have_text("414.41")
    # Above four fifths of the month the reason is asked for at once.
    reason = page.get_by_label("每期还款超过可支配收入 80% 的理由")
    expect(reason).to_be_hidden()
    page.get_by_label("期数").fill("12")
    expect(reason).to_be_visible()
    assert_accessible(page)
    page.get_by_label("期数").fill("48")
    expect(month).to_have_text("414.41")
    page.get_by_role("button", name="提交给客户").click()
    expect(page.get_by_text("方案已发给客户。")).to_be_visible()
    settled(page)
    [offer] = case.view()["offers"]
    assert (offer["schedule"][0]["total_fen"], len(offer["schedule"])) == (41_441, 48)


def test_the_whole_decision_works_without_a_script(case: Case, browser_page: BrowserPage) -> None:
    page = at_case(browser_page, case, javascript=False)
    page.get_by_label("期数").fill("24")
    page.get_by_role("button", name="算一算").last.click()
    expect(page.get_by_text("展开全部 24 期")).to_be_visible()
    page.get_by_label("期数").fill("36")
    # What was not seen is shown first.
    page.get_by_role("button", name="提交给客户").click()
    expect(page.get_by_role("heading", name="客户会看到")).to_be_visible()
    page.get_by_role("button", name="发给客户").click()
    expect(page.get_by_text("方案已发给客户。")).to_be_visible()
    settled(page)


def test_a_name_in_full_counts_down_and_can_be_hidden(case: Case, browser_page: BrowserPage) -> None:
    page = at_case(browser_page, case)
    page.get_by_role("link", name="查看完整的手机号").click()
    assert_accessible(page)
    page.get_by_label("联系客户").check()
    page.get_by_role("button", name="显示 5 分钟").click()
    expect(page.locator("[data-left]")).to_have_text(re.compile(r"^[45]:\d\d$"))
    assert "138****" not in page.locator("#applicant").inner_text()
    assert_accessible(page)
    page.get_by_role("button", name="重新遮住").click()
    expect(page.locator("#applicant")).to_contain_text("138****")
    settled(page)
