"""Amounts, numbers, days and times as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.amounts import yuan
from hub.domain.errors import InvalidValue
from hub.web.pages.typed_input import typed_date, typed_fen, typed_instant, typed_number, typed_percent

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("1050", 105000),
        ("1,050", 105000),
        ("1，050.5", 105050),
        ("¥1050", 105000),
        ("￥ 1 050", 105000),
        ("1050元", 105000),
        ("约1050元", 105000),
        ("１０５０．５０", 105050),
        ("1.2万", 1200000),
        ("1.2345万元", 1234500),
        ("3千", 300000),
        ("0", 0),
        ("6200.50", 620050),
        ("6200.", 620000),
        ("RMB 6200", 620000),
        ("1,234,567.89", 123456789),
        ("3500人民币", 350000),
        ("3500 CNY", 350000),
        ("3500\u200b", 350000),
        ("3500塊", 350000),
        ("人民幣 3500", 350000),
        ("\u202d3500\u202c", 350000),
    ],
)
def test_an_amount(typed: str, fen: int) -> None:
    assert typed_fen(typed) == fen


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("六千", "money_form"),
        ("-5", "money_form"),
        ("1,05", "money_form"),
        ("10,50.00", "money_form"),
        ("1.2.3", "money_form"),
        ("1e5", "money_form"),
        ("10 000 000 000 000 000", "money_form"),
        ("٣٤", "money_form"),
        ("1050.505", "money_decimals"),
        ("1.23456789万", "money_decimals"),
    ],
)
def test_no_amount(typed: str, code: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        typed_fen(typed)
    assert refused.value.code == code


@given(st.integers(min_value=0, max_value=10**12))
def test_an_amount_that_is_shown_can_be_typed_back(fen: int) -> None:
    assert typed_fen(yuan(fen)) == fen
    assert typed_fen(f"¥{yuan(fen)} 元") == fen


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-12-15", date(2026, 12, 15)),
        ("2026/12/15", date(2026, 12, 15)),
        ("2026.12.5", date(2026, 12, 5)),
        ("20261215", date(2026, 12, 15)),
        ("2026年12月15日", date(2026, 12, 15)),
        ("２０２６－１２－１５", date(2026, 12, 15)),
        ("12月15日", date(2026, 12, 15)),
        ("11月21日", TODAY),
        ("1月5号", date(2027, 1, 5)),
        ("2026年12月15号", date(2026, 12, 15)),
        ("2026-12-15号", date(2026, 12, 15)),
        ("12月15號", date(2026, 12, 15)),
        ("2月29日", date(2028, 2, 29)),
        ("\u200e2026/\u200e12/\u200e15", date(2026, 12, 15)),
    ],
)
def test_a_day(typed: str, day: date) -> None:
    assert typed_date(typed, today=TODAY) == day


def test_a_day_of_the_past_without_its_year_is_the_last_one() -> None:
    assert typed_date("12月15日", today=TODAY, past=True) == date(2025, 12, 15)
    assert typed_date("8月12日", today=TODAY, past=True) == date(2026, 8, 12)
    assert typed_date("2月29日", today=TODAY, past=True) == date(2024, 2, 29)
    assert typed_date("2月29日", today=date(1903, 5, 1), past=True) == date(1896, 2, 29)


@pytest.mark.parametrize("typed", ["2026-06", "2026年6月", "2026/6", "２０２６．６月", "6月", "6月份"])
def test_of_the_past_a_month_will_do(typed: str) -> None:
    assert typed_date(typed, today=TODAY, past=True) == date(2026, 6, 1)
    with pytest.raises(InvalidValue):
        typed_date(typed, today=TODAY)


def test_a_month_without_its_year_is_the_last_one_that_has_begun() -> None:
    assert typed_date("12月", today=TODAY, past=True) == date(2025, 12, 1)
    assert typed_date("11月", today=TODAY, past=True) == date(2026, 11, 1)
    with pytest.raises(InvalidValue):
        typed_date("13月", today=TODAY, past=True)


@pytest.mark.parametrize("typed", ["2026-02-30", "明天", "2026-13-01", "15/12/2026", "2月30日", "2026", "99999999"])
def test_no_day(typed: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        typed_date(typed, today=TODAY)
    assert refused.value.code == "date_typed"


@pytest.mark.parametrize(
    ("typed", "instant"),
    [
        ("2026-11-21T10:00", "2026-11-21T10:00:00+08:00"),
        ("2026-11-21 9:05", "2026-11-21T09:05:00+08:00"),
        ("2026/11/21 10点30分", "2026-11-21T10:30:00+08:00"),
        ("2026年11月21日10点30分", "2026-11-21T10:30:00+08:00"),
        ("2026年11月21日 10点", "2026-11-21T10:00:00+08:00"),
        ("2026年11月21号9时半", "2026-11-21T09:30:00+08:00"),
    ],
)
def test_a_time(typed: str, instant: str) -> None:
    assert typed_instant(typed) == instant


@pytest.mark.parametrize("typed", ["2026-11-21", "10:00", "2026-11-21 25:00", "2026-11-31 10:00", "11月21日 10:00"])
def test_no_time(typed: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        typed_instant(typed)
    assert refused.value.code == "time_typed"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("36", 36),
        ("３６期", 36),
        ("36 期", 36),
        ("2人", 2),
        ("2口人", 2),
        ("2个人", 2),
        ("1名", 1),
        ("\u200e2", 2),
        ("007", 7),
    ],
)
def test_a_number(typed: str, number: int) -> None:
    assert typed_number(typed) == number


@pytest.mark.parametrize("typed", ["三十六", "3.5", "-1", "3e2", ""])
def test_no_number(typed: str) -> None:
    with pytest.raises(InvalidValue):
        typed_number(typed)


@pytest.mark.parametrize(("typed", "text"), [("3.6", "3.6"), ("3.60%", "3.60"), ("３.６％", "3.6"), ("0", "0")])
def test_a_percentage(typed: str, text: str) -> None:
    assert typed_percent(typed) == text
