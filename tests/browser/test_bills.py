"""A person's bills in a real browser: their month, one bill, its reminder and the load, on a phone and on a screen."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from hub.demo import people as demo_people
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.bill import BillContents
from hub.domain.bill_feed import FeedResult, FeedRow
from hub.domain.china import china_day
from hub.domain.clock import FixedClock
from hub.services.accounts import subjects
from hub.services.bills import bills, consents, feed
from hub.services.operating import banks as bank_services
from hub.wiring import Hub
from storage import bill_consents
from tests.applications import CMB, ICBC
from tests.browser.conftest import PHONE, SCREEN, BrowserPage, LiveHub, assert_fits, look_at

pytestmark = pytest.mark.slow

# (bank, days from today, statement, least, paid, overdue): one of each look, with sums as long as they get.
KEPT = (
    (ICBC, 2, 123_456_789, 12_345_678, 0, False),
    (CMB, -3, 98_760, 9_876, 0, True),
    (CMB, 1, 9_000, 900, 9_000, False),
)
FINGER = 24


@pytest.fixture
def person(hub: Hub, banks: dict[str, Bank], clock: FixedClock, live: LiveHub) -> str:
    """Somebody with bills, of this month and around today."""
    today = china_day(clock.at)
    with hub.writing(HUB) as tx:
        client = demo_people.cardholder(tx, "cardholder-1")["client_id"]
        subject = subjects.of_client(tx, client, demo_people.CARDHOLDERS["cardholder-1"].subject)
        for place, (bank_code, days, whole, least, paid, is_overdue) in enumerate(KEPT):
            contents = BillContents(
                bank_code=bank_code,
                card_last4=f"440{place}",
                due_on=today + timedelta(days=days),
                statement_fen=whole,
                minimum_fen=least,
                paid_fen=paid,
                is_overdue=is_overdue,
            )
            bills.put(tx, subject, f"bill-{place}", contents)
        for code in (ICBC, CMB):
            bank_services.change(tx, code, {"services": "reminders"})
        consent = consents.give(tx, subject, ICBC, card_last4="6601", mobile="13900001234")
        token = bill_consents.contact_of(tx, consent).token
        rows = [FeedRow(token=token, contents=told(today), as_of=tx.now - timedelta(days=6))]
        assert feed.take(tx, ICBC, rows) == [FeedResult.TAKEN]
    return "cardholder-1"


def told(today: date) -> BillContents:
    """A bill that a bank told."""
    return BillContents(
        bank_code=ICBC,
        card_last4="6601",
        due_on=today + timedelta(days=2),
        statement_on=today - timedelta(days=19),
        statement_fen=123_456_789,
        minimum_fen=12_345_678,
    )


def pages(page: Page) -> list[str]:
    page.goto("/my/calendar")
    of_bank = page.get_by_role("link", name=re.compile("^(查看和提醒|See it, set reminders)$")).get_attribute("href")
    assert of_bank is not None
    return [
        *("/my/calendar", "/my/calendar/new", "/my/calendar/bills/bill-0", "/my/load", "/my/calendar?month=2027-08"),
        *("/my/calendar/banks", f"/my/calendar/banks/{ICBC}", f"/my/calendar/banks/{CMB}", of_bank),
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [PHONE, SCREEN], ids=["phone", "screen"])
def test_every_page_fits_and_stands_in_nobodys_way(
    person: str, browser_page: BrowserPage, size: dict[str, int], language: str
) -> None:
    page = browser_page(javascript=True, size=size, person=person)
    for scheme, text in (("light", "large"), ("dark", "normal")):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the words it takes
        page.goto(f"/my/?lang={language}&text={text}")
        for number, path in enumerate(pages(page)):
            page.goto(path)
            look_at(page, f"bills-{size['width']}-{language}-{scheme}-{number}")


def test_days_of_a_month_stand_apart_in_large_type_and_lead_to_their_bills(
    person: str, browser_page: BrowserPage
) -> None:
    page = browser_page(person=person)
    page.goto("/my/?text=large")
    page.goto("/my/calendar")
    days = page.locator(".month-due")
    assert days.count() == len(KEPT)
    boxes = [each.bounding_box() for each in page.locator(".month-grid td").all()]
    for each in days.all():
        box, cell = each.bounding_box(), each.locator("..").bounding_box()
        assert box is not None
        assert cell is not None
        assert box["width"] >= FINGER
        assert cell["x"] <= box["x"]
        assert box["x"] + box["width"] <= cell["x"] + cell["width"]
    assert len({round(each["width"]) for each in boxes if each is not None}) <= 2
    # What is settled is marked otherwise, and not by colour alone.
    assert page.locator(".month-settled").evaluate("each => getComputedStyle(each).borderStyle") == "dotted"
    for each in page.locator(".month-head nav a").all():
        box = each.bounding_box()
        assert box is not None
        assert box["height"] >= FINGER
    days.first.click()
    expect(page.locator("section:target")).to_contain_text("招商银行")


def test_no_sum_of_the_load_is_broken_apart(person: str, browser_page: BrowserPage) -> None:
    page = browser_page(person=person)
    for language in ("zh", "en"):
        for size in ({"width": 390, "height": 844}, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain mapping of the same form
            page.goto(f"/my/load?lang={language}")
            for each in page.locator(".load-figures dd").all():
                wide = each.evaluate("each => each.scrollWidth - each.clientWidth")
                assert wide <= 0, each.inner_text()
            # Digits of one number are on one line.
            lines = page.locator(".load-figures dd").evaluate_all(
                "all => all.map(each => each.getBoundingClientRect().height"
                " / parseFloat(getComputedStyle(each).lineHeight))"
            )
            assert max(lines) < 1.5, lines


def test_a_bill_is_put_down_reminded_of_and_removed_without_javascript(
    person: str, clock: FixedClock, browser_page: BrowserPage
) -> None:
    page = browser_page(person=person)
    page.goto("/my/calendar")
    page.get_by_role("link", name="记一笔账单").click()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".error-summary")).to_contain_text("还款日")
    assert_fits(page)
    due_on = china_day(clock.at) + timedelta(days=9)
    page.get_by_label("银行", exact=True).select_option("01050000")
    page.get_by_label("卡号后四位").fill("0007")
    page.get_by_label("还款日").fill(due_on.isoformat())
    page.get_by_label("本期账单金额").fill("1200")
    page.get_by_label("最低还款额").fill("120")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".notice").first).to_contain_text("已经记下")
    page.locator(f"#d-{due_on}").get_by_role("link", name="修改或删除").click()
    page.get_by_label("提前一天").check()
    page.get_by_role("button", name="保存提醒").click()
    expect(page.locator(".error-summary")).to_contain_text("电子邮箱")
    page.get_by_label("发短信").check()
    page.get_by_role("button", name="保存提醒").click()
    told_on = due_on - timedelta(days=1)
    expect(page.locator("#remind")).to_contain_text(
        re.compile(rf"下一次提醒：{told_on.year} 年 {told_on.month} 月 {told_on.day} 日")
    )
    page.get_by_role("button", name="删除这笔账单").click()
    expect(page.locator(".notice").first).to_contain_text("金额没有保留")


def test_a_bill_whose_day_has_passed_offers_no_reminder(person: str, browser_page: BrowserPage) -> None:
    page = browser_page(person=person)
    page.goto("/my/calendar/bills/bill-1")
    expect(page.get_by_role("button", name="删除这笔账单")).to_be_visible()
    assert page.locator("#remind").count() == 0


def test_in_large_print_on_the_smallest_phone_every_day_of_the_week_has_its_own_room(
    browser_page: BrowserPage, live: LiveHub
) -> None:
    page = browser_page(javascript=True, person="cardholder-1")
    page.goto("/my/calendar?lang=en&text=large")
    cut = page.locator(".month-grid thead th").evaluate_all(
        "all => all.filter(each => { const words = document.createRange(); words.selectNodeContents(each);"
        " return words.getBoundingClientRect().width > each.clientWidth; }).length"
    )
    assert (page.locator(".month-grid thead th").count(), cut) == (7, 0)
