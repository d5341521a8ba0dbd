"""A person lets a bank tell its bills, sees them in the calendar, and takes it back in one press."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.bill import BillContents
from hub.domain.bill_feed import FeedRow
from hub.domain.clock import FixedClock
from hub.services.bills import feed
from hub.services.operating import banks as bank_services
from hub.wiring import Hub
from storage import bill_consents
from storage.records import BillConsentRecord, BillRecord
from tests.applications import BANK_NAMES, CMB, ICBC
from tests.web.pages.reader import Reader
from tests.web.pages.reading_aloud import foreign, said_in

HERE = f"/my/calendar/banks/{ICBC}"


@pytest.fixture
def offering(reader: Reader, hub: Hub) -> Reader:
    """A person's browser, where one bank takes part."""
    with hub.writing(HUB) as tx:
        bank_services.change(tx, ICBC, {"services": "reminders"})
    return reader


def told(hub: Hub, clock: FixedClock) -> None:
    contents = BillContents(
        bank_code=ICBC,
        card_last4="0007",
        statement_on=date(2026, 12, 1),
        due_on=date(2026, 12, 21),
        statement_fen=120_000,
        minimum_fen=12_000,
    )
    with hub.writing(HUB) as tx:
        [consent] = bill_consents.list_of_bank(tx, ICBC, limit=5)
        token = bill_consents.contact_of(tx, consent).token
        feed.take(tx, ICBC, [FeedRow(token=token, contents=contents, as_of=clock.now())])


def test_a_consent_is_given_and_taken_back_in_one_press_each(offering: Reader, hub: Hub, clock: FixedClock) -> None:
    assert HERE in offering.open("/my/calendar/banks").links
    asked = offering.open(HERE)
    assert "看不到其他银行的任何内容" in asked.text
    done = asked.press("同意并开启", {"card_last4": "0007"})
    assert "已开启" in done.text
    told(hub, clock)
    month = offering.open("/my/calendar?month=2026-12")
    for words in ("银行提供", "最低还款 120.00 元", "查看和提醒", "卡号后四位 0007"):
        assert words in month.text.replace("\u00a0", " "), words
    back = month.press("撤回同意")
    assert "已经撤回" in back.text
    with hub.reading(HUB) as tx:
        assert tx.session.scalars(sa.select(BillRecord)).all() == []
        [consent] = tx.session.scalars(sa.select(BillConsentRecord))
        assert (consent.withdrawn_at is not None, consent.contents_sealed) == (True, None)


def test_a_bill_of_the_bank_can_be_told_of_and_not_changed(offering: Reader, hub: Hub, clock: FixedClock) -> None:
    offering.open(HERE).press("同意并开启", {"card_last4": "0007"})
    told(hub, clock)
    address = next(each for each in offering.open("/my/calendar?month=2026-12").links if "/my/calendar/bills/" in each)
    page = offering.open(address)
    assert "不能在这里修改" in page.text
    assert "保存提醒" in page.text
    again = page.press("保存提醒", {"days_before": ["3"], "email": "xm@example.com", "hours": "evening"})
    assert "下一次提醒：" in again.text
    assert "18:00" in again.text


def test_another_card_is_named_on_the_same_page(offering: Reader, hub: Hub) -> None:
    offering.open(HERE).press("同意并开启", {"card_last4": "0007"})
    offering.open(HERE).press("同意并加上", {"card_last4": "7391"})
    assert "卡号后四位 0007、7391" in offering.open(HERE).text
    assert "卡号后四位 0007、7391" in offering.open("/my/calendar/banks").text
    again = offering.open(HERE).press("同意并加上", {"card_last4": "739"})
    assert (again.status, "请填写卡号的后四位数字" in again.text) == (422, True)


def test_what_is_wrong_is_said_and_nothing_is_agreed(offering: Reader, hub: Hub) -> None:
    again = offering.open(HERE).press("同意并开启", {"card_last4": "6222020000000007"})
    assert (again.status, "请填写卡号的后四位数字" in again.text) == (422, True)
    with hub.reading(HUB) as tx:
        assert tx.session.scalars(sa.select(BillConsentRecord)).all() == []


def test_a_bank_that_does_not_offer_it_has_no_page(offering: Reader) -> None:
    assert offering.open(f"/my/calendar/banks/{CMB}").status == 404
    assert f"/my/calendar/banks/{CMB}" not in offering.open("/my/calendar/banks").links


def test_the_pages_speak_english(offering: Reader, hub: Hub, clock: FixedClock) -> None:
    offering.open(HERE).press("同意并开启", {"card_last4": "0007"})
    told(hub, clock)
    month = "/my/calendar?month=2026-12"
    bill = next(each for each in offering.open(month).links if "/my/calendar/bills/" in each)
    names = {name for pair in BANK_NAMES.values() for name in pair}
    for path in (f"{month}&lang=en", f"{HERE}?lang=en", "/my/calendar/banks?lang=en", f"{bill}?lang=en"):
        html = offering.open(path).html
        assert list(foreign(said_in(html, "en"), "en", frozenset(names))) == [], path
