"""A bank's settings: words in, rules out, and a clear no to every other word."""

from datetime import time, timedelta
from decimal import Decimal

import pytest

from hub.domain.bank import BankRules
from hub.domain.bank_settings import check_setting, duration, read_rules
from hub.domain.errors import InvalidValue
from hub.domain.instalment_estimate import DayCount, PartialRefund


def test_the_defaults_are_those_of_the_contract() -> None:
    rules = BankRules()
    assert (rules.response_days, rules.closes_at, rules.offer_days) == (7, time(18, 0), 7)
    assert (rules.max_counter_offers, rules.four_eyes_above_fen, rules.void_after_missed) == (3, 5_000_000, 2)
    assert (rules.pause_on_evidence, rules.annual_fee_during_plan) == (False, False)
    assert rules.give_up_after == timedelta(days=3)
    assert rules.default_clause
    assert rules.payment_instructions


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("hotline", " 95588 ", "95588"),
        ("hotline_hours", "每天 24 小时", "每天 24 小时"),
        ("calls_from", "95588、010-12345678", "95588、010-12345678"),
        ("desk_email", "desk@icbc.example", "desk@icbc.example"),
        ("response_days", "15", 15),
        ("closes_at", "17:30", time(17, 30)),
        ("pause_on_evidence", "true", True),
        ("annual_fee_during_plan", "False", False),
        ("offer_days", "10", 10),
        ("max_counter_offers", "0", 0),
        ("four_eyes_above_fen", "0", 0),
        ("void_after_missed", "1", 1),
        ("give_up_after", "12h", timedelta(hours=12)),
        ("collection_agencies", "甲公司，乙公司, 甲公司、\n丙公司", ("甲公司", "乙公司", "丙公司")),
        ("collection_agencies", "", ()),
        ("card_minimum_percent", "5", Decimal(5)),
        ("card_floor_fen", "10000", 10_000),
        ("card_daily_rate_percent", "0.0475", Decimal("0.0475")),
        ("card_late_fee_percent", "", None),
        ("instalment_day_count", "360", DayCount.BY_360),
        ("instalment_day_count", "", DayCount.BY_365),
        ("instalment_partial_refund", "amount", PartialRefund.AMOUNT),
        ("instalment_response_days", "", 3),
    ],
)
def test_a_word_that_is_such_a_value_is_the_rule(key: str, text: str, value: object) -> None:
    check_setting(key, text, own_settings={})
    assert getattr(read_rules({key: text}), key) == value


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("response_days", "0", "whole_number_between"),
        ("response_days", "seven", "whole_number_between"),
        ("response_days", "7.5", "whole_number_between"),
        ("closes_at", "24:00", "time_of_day"),
        ("instalment_day_count", "366", "unknown_choice"),
        ("instalment_partial_refund", "nothing", "unknown_choice"),
        ("closes_at", "6pm", "time_of_day"),
        ("pause_on_evidence", "yes", "true_or_false"),
        ("offer_days", "2", "whole_number_between"),
        ("offer_days", "31", "whole_number_between"),
        ("give_up_after", "3 days", "duration"),
        ("desk_email", "desk", "email"),
        ("hotline", "955\r88", "text_characters"),
        ("collection_agencies", "甲" * 101, "agencies"),
        ("collection_agencies", ",".join(map(str, range(51))), "agencies"),
        ("card_minimum_percent", "100.01", "too_large"),
        ("card_minimum_percent", "5.001", "fine_percent_form"),
        ("card_daily_rate_percent", "1.0001", "too_large"),
        ("card_daily_rate_percent", "0.05%", "fine_percent_form"),
        ("card_floor_fen", "-1", "whole_number_between"),
        ("colour", "red", "setting_unknown"),
    ],
)
def test_any_other_word_is_refused_and_the_key_is_named(key: str, text: str, code: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        check_setting(key, text, own_settings={})
    assert refused.value.code == code
    assert refused.value.params["key"] == key


def test_an_adapters_own_key_is_read_by_the_adapters_reader() -> None:
    check_setting("url", "https://bank.example", own_settings={"url": str})
    with pytest.raises(InvalidValue):
        check_setting("url", "https://bank.example", own_settings={})


@pytest.mark.parametrize(
    ("text", "length"),
    [("30m", timedelta(minutes=30)), ("12h", timedelta(hours=12)), ("3d", timedelta(days=3)), ("0m", timedelta())],
)
def test_a_length_of_time_is_a_number_and_a_unit(text: str, length: timedelta) -> None:
    assert duration(text) == length


@pytest.mark.parametrize("text", ["", "3", "d", "3w", "-1d", "1.5h", "3d4h"])
def test_no_other_length_of_time_is_taken(text: str) -> None:
    with pytest.raises(InvalidValue):
        duration(text)
