"""Deductions that are reported: what one says, and whether it came during a hold."""

from datetime import UTC, date, datetime

import pytest

from hub.domain.deduction import Deduction, Hold
from hub.domain.errors import Refused
from hub.domain.payments import PaymentRow, RowStatus


def row(number: int, due_on: date, total_fen: int | None) -> PaymentRow:
    return PaymentRow(number=number, due_on=due_on, total_fen=total_fen, paid_fen=0, status=RowStatus.DUE, reported=())


HOLD = Hold(
    held_from=date(2026, 11, 10),
    held_until=date(2027, 1, 31),
    rows=(row(1, date(2026, 12, 15), 54_291), row(2, date(2027, 1, 15), 60_000)),
)


@pytest.mark.parametrize(
    ("day", "amount_fen", "expected"),
    [
        (date(2026, 11, 9), 10**9, False),
        (date(2026, 11, 10), 54_292, True),
        (date(2026, 12, 15), 54_291, False),
        (date(2026, 12, 15), 54_292, True),
        (date(2026, 12, 16), 54_292, False),
        (date(2027, 1, 16), 60_001, True),
        (date(2027, 1, 31), 60_001, True),
        (date(2027, 2, 1), 60_001, False),
    ],
)
def test_above_the_due_row_and_inside_the_hold(day: date, amount_fen: int, expected: bool) -> None:
    assert HOLD.forbids(day, amount_fen) is expected


def test_a_row_whose_sum_nobody_knows_forbids_nothing() -> None:
    assert not Hold(held_from=HOLD.held_from, held_until=None, rows=(row(1, date(2026, 12, 15), None),)).forbids(
        date(2026, 12, 1), 10**9
    )


def faults_of(**changes: object) -> set[tuple[str, str]]:
    said: dict[str, object] = {
        "at": datetime(2026, 11, 28, tzinfo=UTC),
        "amount_fen": 1,
        "account_last4": "4401",
        "mandate_id": "one",
    }
    try:
        Deduction(**{**said, **changes})  # type: ignore[arg-type]
    except Refused as error:
        return {(each.pointer, each.code) for each in error.faults}
    return set()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, set()),
        ({"mandate_id": None, "creditor_code": "01020000"}, set()),
        ({"creditor_code": "01020000"}, {("/creditor_code", "mandate_or_creditor")}),
        ({"mandate_id": None}, {("/creditor_code", "mandate_or_creditor")}),
        ({"amount_fen": 0}, {("/amount_fen", "cap_out_of_range")}),
        ({"text": "从 6222020000000007 扣的"}, {("/text", "full_number_refused")}),
    ],
)
def test_what_a_report_says(changes: dict[str, object], expected: set[tuple[str, str]]) -> None:
    assert faults_of(**changes) == expected
