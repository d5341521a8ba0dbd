"""What a month asks for, in words, and the next step."""

from __future__ import annotations

from tests.web.pages.my.test_calendar import added
from tests.web.pages.reader import Page, Reader


def test_without_an_income_there_is_no_share_and_no_warning(reader: Reader) -> None:
    added(reader, minimum_fen="1200")
    page = reader.open("/my/load?month=2026-12")
    assert "1,200.00" in page.text
    assert "这里不算比例" in page.text
    for words in ("占收入", "%", "一半以上"):
        assert words not in page.text, words


def test_what_is_paid_of_the_least_is_told_beside_it(reader: Reader) -> None:
    added(reader, minimum_fen="1200", paid_fen="500")
    added(reader, minimum_fen="300", paid_fen="400", card_last4="0008")
    for address in ("/my/load?month=2026-12", "/my/calendar?month=2026-12"):
        page = reader.open(address)
        assert "1,500.00" in page.text, address
        assert "其中 800.00 元您已经还了，还差 700.00 元。" in page.text, address


def test_a_light_month_has_no_problem_and_a_heavy_one_leads_to_the_bank(reader: Reader, sent: Page) -> None:
    added(reader)
    light = reader.open("/my/load?month=2026-12")
    assert "暂时没有问题" in light.text
    assert "和银行商量" not in light.text
    added(reader, statement_fen="50000", minimum_fen="5000", card_last4="0008")
    heavy = reader.open("/my/load?month=2026-12")
    assert "比较紧" in heavy.text
    assert "一半以上" in heavy.text
    assert "/apply/" in heavy.links


def test_what_is_overdue_leads_to_the_bank(reader: Reader) -> None:
    added(reader, is_overdue=["1"])
    page = reader.open("/my/load?month=2026-12")
    assert "有一笔已经逾期" in page.text
    assert "和银行商量" in page.text


def test_an_empty_month_says_so(reader: Reader) -> None:
    assert "这个月没有要还的账单" in reader.open("/my/load?month=2026-12").text


def test_an_empty_month_promises_nothing_to_whoever_earns(reader: Reader, sent: Page) -> None:
    page = reader.open("/my/load?month=2026-12")
    for words in ("暂时没有问题", "可以承受", "占收入"):
        assert words not in page.text, words
    assert "没有记下的账单不算在里面" in page.text
