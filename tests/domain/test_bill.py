"""A bill's statuses, every one against every event, and what a bill says of itself."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from hub.domain.bill import (
    TRANSITIONS,
    Bill,
    BillContents,
    BillEvent,
    BillSource,
    BillStatus,
    last4,
    next_status,
)
from hub.domain.card_secrets import is_card_secret
from hub.domain.errors import InvalidValue, Refused, StatusConflict

NOVEMBER = BillContents(
    bank_code="01020000",
    card_last4="0007",
    statement_on=date(2026, 11, 5),
    due_on=date(2026, 11, 25),
    statement_fen=120_000,
    minimum_fen=12_000,
)
OPEN, PAID, OVERDUE, SUPERSEDED = BillStatus
PAID_IN_FULL, DUE_PASSED, RESTATED, REPLACED = BillEvent
STEPS = {
    (OPEN, PAID_IN_FULL): PAID,
    (OPEN, DUE_PASSED): OVERDUE,
    (OPEN, RESTATED): OPEN,
    (OPEN, REPLACED): SUPERSEDED,
    (OVERDUE, PAID_IN_FULL): PAID,
    (OVERDUE, DUE_PASSED): OVERDUE,
    (OVERDUE, RESTATED): OPEN,
    (OVERDUE, REPLACED): SUPERSEDED,
    (PAID, PAID_IN_FULL): PAID,
    (PAID, DUE_PASSED): OVERDUE,
    (PAID, RESTATED): OPEN,
}


@pytest.mark.parametrize("status", BillStatus)
@pytest.mark.parametrize("event", BillEvent)
def test_every_event_in_every_status(status: BillStatus, event: BillEvent) -> None:
    led_to = STEPS.get((status, event))
    if led_to is None:
        with pytest.raises(StatusConflict):
            next_status(status, event)
    else:
        assert next_status(status, event) is led_to


def test_the_table_has_every_status() -> None:
    assert set(TRANSITIONS) == set(BillStatus)


@pytest.mark.parametrize(
    ("paid_fen", "is_overdue", "event"),
    [
        (0, False, RESTATED),
        (12_000, False, RESTATED),
        (119_999, True, DUE_PASSED),
        (120_000, False, PAID_IN_FULL),
        # What is paid is not overdue, whatever else is said of it.
        (120_000, True, PAID_IN_FULL),
    ],
)
def test_what_the_sums_say_happened(paid_fen: int, *, is_overdue: bool, event: BillEvent) -> None:
    assert replace(NOVEMBER, paid_fen=paid_fen, is_overdue=is_overdue).event is event


def test_a_least_sum_is_no_more_than_the_whole_and_a_statement_comes_before_its_day() -> None:
    with pytest.raises(Refused) as refused:
        replace(NOVEMBER, minimum_fen=120_001, statement_on=date(2026, 11, 26))
    assert [(each.pointer, each.code) for each in refused.value.faults] == [
        ("/minimum_fen", "minimum_above_statement"),
        ("/statement_on", "statement_after_due"),
    ]


@pytest.mark.parametrize(
    ("changes", "is_replaced"),
    [
        ({"statement_on": date(2026, 12, 5), "due_on": date(2026, 12, 25)}, True),
        ({"statement_on": date(2026, 11, 5), "due_on": date(2026, 12, 25)}, False),
        ({"statement_on": None, "due_on": date(2026, 12, 25)}, False),
        ({"statement_on": date(2026, 12, 5), "due_on": date(2026, 12, 25), "card_last4": "0008"}, False),
        ({"statement_on": date(2026, 12, 5), "due_on": date(2026, 12, 25), "bank_code": "03080000"}, False),
    ],
)
def test_a_later_statement_of_the_same_card_replaces_one(changes: dict[str, object], *, is_replaced: bool) -> None:
    assert replace(NOVEMBER, **changes).replaces(NOVEMBER) is is_replaced  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("source", "age", "may"),
    [
        (BillSource.BANK_FEED, timedelta(days=5), False),
        (BillSource.BANK_FEED, timedelta(days=5, seconds=1), True),
        (BillSource.TYPED, timedelta(days=30), False),
        (BillSource.AGREEMENT, timedelta(days=30), False),
    ],
)
def test_figures_of_a_feed_older_than_five_days_may_have_changed(
    source: BillSource, age: timedelta, *, may: bool
) -> None:
    as_of = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
    bill = Bill(id="one", source=source, status=OPEN, contents=NOVEMBER, as_of=as_of)
    assert bill.may_have_changed(as_of + age) is may


@pytest.mark.parametrize("text", ["", "123", "12345", "12a4", "²³⁴⁵", "6222100000000007"])
def test_four_digits_are_four_digits(text: str) -> None:
    with pytest.raises(InvalidValue, match="card_last4_form"):
        last4(text)


@pytest.mark.parametrize("text", [" 1234 ", "１２３４", "\u202a1234\u202c", "12 34"])
def test_four_digits_are_taken_as_they_are_typed_and_pasted(text: str) -> None:
    assert last4(text) == "1234"


@pytest.mark.parametrize(
    "name",
    [
        *("cvn", "CVN2", "cvv", "card_password", "payment-password", "pin", "PIN", "expiry", "expiry_date"),
        *("valid thru", "login", "login_password", "密码"),
    ],
)
def test_a_secret_of_a_card_is_known_by_its_name(name: str) -> None:
    assert is_card_secret(name)


@pytest.mark.parametrize("name", ["card_last4", "expires_at", "spin", "opinion", "currency", "subject"])
def test_what_only_looks_like_one_is_none(name: str) -> None:
    assert not is_card_secret(name)
