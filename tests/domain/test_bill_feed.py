"""What a bank tells of a bill, beside what is known of the card already."""

from dataclasses import replace
from datetime import date

import pytest

from hub.domain.bill import BillContents, BillSource
from hub.domain.bill_feed import bill_name, is_changed_statement, takes_place_of

TOLD = BillContents(
    bank_code="01020000",
    card_last4="0007",
    statement_on=date(2026, 12, 5),
    due_on=date(2026, 12, 25),
    statement_fen=100,
    minimum_fen=10,
)


@pytest.mark.parametrize(
    ("changes", "source", "stands_for"),
    [
        ({"statement_on": date(2026, 11, 5), "due_on": date(2026, 11, 25)}, BillSource.TYPED, True),
        ({"statement_on": date(2026, 11, 5), "due_on": date(2026, 11, 25)}, BillSource.BANK_FEED, True),
        # The person noted this very statement, with or without its day.
        ({}, BillSource.TYPED, True),
        ({"statement_on": None}, BillSource.TYPED, True),
        ({"statement_on": None, "due_on": date(2027, 1, 25)}, BillSource.TYPED, False),
        ({}, BillSource.BANK_FEED, False),
        ({"card_last4": "0008"}, BillSource.TYPED, False),
        ({"bank_code": "03080000"}, BillSource.TYPED, False),
        ({"statement_on": date(2027, 1, 5), "due_on": date(2027, 1, 25)}, BillSource.TYPED, False),
    ],
)
def test_no_bill_counts_twice(changes: dict[str, object], source: BillSource, stands_for: bool) -> None:
    assert takes_place_of(TOLD, replace(TOLD, **changes), source) is stands_for  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "is_changed"),
    [
        ({}, False),
        ({"paid_fen": 50}, False),
        ({"is_overdue": True}, False),
        ({"due_on": date(2026, 12, 28)}, True),
        ({"statement_fen": 101}, True),
        ({"minimum_fen": 11}, True),
    ],
)
def test_a_statement_changes_with_its_day_and_sums_alone(changes: dict[str, object], is_changed: bool) -> None:
    assert is_changed_statement(TOLD, replace(TOLD, **changes)) is is_changed  # type: ignore[arg-type]


def test_a_bill_is_called_the_same_for_one_statement_of_one_card_under_one_consent() -> None:
    assert bill_name("a", TOLD) == bill_name("a", replace(TOLD, due_on=date(2026, 12, 26), paid_fen=1))
    others = {
        bill_name("b", TOLD),
        bill_name("a", replace(TOLD, card_last4="0008")),
        bill_name("a", replace(TOLD, statement_on=date(2026, 12, 6))),
    }
    assert bill_name("a", TOLD) not in others
    assert len(others) == 3
