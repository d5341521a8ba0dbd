"""A person's calendar of bills: put down, changed, taken away, and taken along."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from hub.domain.actor import HUB
from hub.domain.issuers import ISSUERS
from hub.wiring import Hub
from storage.records import BillRecord
from tests.applications import BANK_NAMES, ICBC
from tests.web.pages.reader import Page, Reader
from tests.web.pages.reading_aloud import foreign, said_in

BILL = {
    "bank_code": ["01050000"],
    "card_last4": "0007",
    "due_on": "2026-12-15",
    "statement_fen": "1,200.00",
    "minimum_fen": "120",
}


def added(reader: Reader, **changes: object) -> Page:
    return reader.open("/my/calendar/new").press("保存", {**BILL, **changes})


def test_a_bill_is_put_down_and_stands_on_its_day(reader: Reader, hub: Hub) -> None:
    assert "这个月还没有记下要还的账单" in reader.open("/my/calendar").text
    done = added(reader)
    for words in (
        "已经记下",
        "2026 年 12 月",
        "中国建设银行",
        "尾号 0007",
        "最低还款 120.00 元，账单金额 1,200.00 元",
        "待还",
    ):
        assert words in done.text.replace("\u00a0", " "), words
    assert "这个月最少要还" in done.text
    assert "中国建设银行" not in reader.open("/my/calendar?month=2027-01").text
    with hub.reading(HUB) as tx:
        [row] = tx.session.scalars(sa.select(BillRecord))
        for clear in (b"01050000", b"2026-12-15", b"minimum_fen"):
            assert clear not in row.contents_sealed


def test_what_is_wrong_is_said_and_nothing_is_kept(reader: Reader, hub: Hub) -> None:
    again = added(reader, card_last4="6222020000000007", minimum_fen="1300")
    assert again.status == 422
    assert "请填写卡号的后四位数字" in again.text
    with hub.reading(HUB) as tx:
        assert tx.session.scalars(sa.select(BillRecord)).all() == []


def test_a_bill_is_changed_and_removed(reader: Reader, hub: Hub) -> None:
    address = next(each for each in added(reader).links if each.startswith("/my/calendar/bills/"))
    form = reader.open(address)
    paid = form.press("保存", {"paid_fen": "1200"})
    assert "已还清" in paid.text
    gone = reader.open(address).press("删除这笔账单")
    assert "已经删除，金额没有保留" in gone.text
    with hub.reading(HUB) as tx:
        assert tx.session.scalars(sa.select(BillRecord)).all() == []
    assert reader.open(address).status == 404


def test_a_payment_of_an_agreement_stands_among_the_bills(reader: Reader, agreed: Page) -> None:
    shown = reader.open("/my/calendar?month=2026-12").text
    assert "协议还款" in shown
    assert "应还 542.91 元" in shown.replace("\u00a0", " ")
    assert "修改或删除" not in shown


def test_the_phones_calendar_has_days_and_neither_banks_nor_sums(reader: Reader) -> None:
    added(reader)
    added(reader, due_on="2026-12-20", paid_fen="1200")
    file = reader.web.get("/my/calendar/due-days.ics")
    [event] = Calendar.from_ical(file.data).walk("VEVENT")
    assert event.decoded("dtstart") == date(2026, 12, 15)
    text = file.get_data(as_text=True)
    for words in ("银行", "120", "1200", "0007", "01050000"):
        assert words not in text.replace(str(event["uid"]), ""), words


def test_the_paper_lists_what_is_owed_by_month(reader: Reader, printed: list[str]) -> None:
    added(reader)
    answer = reader.web.get("/my/calendar/due-days.pdf")
    assert answer.data.startswith(b"%PDF")
    [html] = printed
    for words in ("还款日历", "2026 年 12 月", "中国建设银行", "0007", "1,200.00", "120.00", "不代收、不代还"):
        assert words in html, words


def test_the_way_there_is_on_the_persons_own_page(reader: Reader) -> None:
    assert "/my/calendar" in reader.open("/my/").links


def test_a_month_that_is_none_is_this_one(reader: Reader) -> None:
    for asked in ("2026-13", "x", "9999-12", "0001-01"):
        assert "2026 年 11 月" in reader.open(f"/my/calendar?month={asked}").text


def test_another_persons_bill_is_nobodys(reader: Reader, hub: Hub) -> None:
    added(reader, bank_code=[ICBC])
    with hub.writing(HUB) as tx:
        [row] = tx.session.scalars(sa.select(BillRecord))
        row.owner_index = b"\0" * 32
        name = row.name
    assert reader.open(f"/my/calendar/bills/{name}").status == 404
    assert "0007" not in reader.open("/my/calendar?month=2026-12").text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_page_is_in_one_language(reader: Reader, language: str) -> None:
    done = added(reader, is_overdue=["1"])
    form = next(each for each in done.links if each.startswith("/my/calendar/bills/"))
    banks = frozenset(each.name_zh for each in ISSUERS.values()) | frozenset(each.name_en for each in ISSUERS.values())
    names = banks | {name for each in BANK_NAMES.values() for name in each}
    for path in ("/my/calendar?month=2026-12", "/my/calendar/new", form, "/my/load?month=2026-12"):
        page = reader.open(f"{path}{'&' if '?' in path else '?'}lang={language}")
        html = reader.web.get(path).get_data(as_text=True)
        assert page.status == 200
        assert list(foreign(said_in(html, language), language, frozenset(names))) == [], path


def test_a_reminder_is_chosen_on_the_bills_own_page(reader: Reader, hub: Hub) -> None:
    address = next(each for each in added(reader).links if each.startswith("/my/calendar/bills/"))
    refused = reader.open(address).press("保存提醒", {"days_before": ["3", "0"]})
    assert refused.status == 422
    with hub.reading(HUB) as tx:
        assert tx.session.scalars(sa.select(BillRecord.remind_at)).one() is None
    shown = reader.open(address).press("保存提醒", {"days_before": ["3", "0"], "email": "calendar@example.com"})
    assert "下一次提醒" in shown.text
    assert "2026 年 12 月 12 日（周六）09:00" in shown.text.replace("\u00a0", " ")
    by_text = reader.open(address).press("保存提醒", {"days_before": ["0"], "channel": ["sms"], "email": ""})
    assert "2026 年 12 月 15 日" in by_text.text
    off = reader.open(address).press("保存提醒", {"days_before": []})
    assert "下一次提醒" not in off.text
