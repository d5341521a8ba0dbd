"""What becomes of payments: one status a row, whatever came in which order."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain import payments
from hub.domain.payments import DueRow, PaymentRow, Reported, RowStatus

DAYS = [date(2026, 12, 20), date(2027, 1, 20), date(2027, 2, 20)]
DUE = [DueRow(number=number, due_on=day, total_fen=50_000) for number, day in enumerate(DAYS, start=1)]
BILLS = [DueRow(number=number, due_on=day, total_fen=None) for number, day in enumerate(DAYS, start=1)]


def came(number: int, amount_fen: int) -> Reported:
    return Reported(number=number, paid_on=DAYS[0], amount_fen=amount_fen, at=datetime(2026, 12, 20, tzinfo=UTC))


def rows(*reported: Reported, missed: tuple[int, ...] = (), tolerance_fen: int = 1_000) -> list[PaymentRow]:
    return payments.rows_of(DUE, reported, missed, tolerance_fen=tolerance_fen)


@pytest.mark.parametrize(
    ("reported", "missed", "expected"),
    [
        ((), (), [("due", 0), ("due", 0), ("due", 0)]),
        (((1, 1),), (), [("part_paid", 1), ("due", 0), ("due", 0)]),
        (((1, 20_000), (1, 30_000)), (), [("paid", 50_000), ("due", 0), ("due", 0)]),
        (((1, 20_000), (1, 20_000)), (), [("part_paid", 40_000), ("due", 0), ("due", 0)]),
        # Short by as much as is let go, and by one fen more.
        (((1, 49_000),), (), [("paid", 49_000), ("due", 0), ("due", 0)]),
        (((1, 48_999),), (), [("part_paid", 48_999), ("due", 0), ("due", 0)]),
        # More than the row goes on to the next, and after the last to the first that is open.
        (((1, 120_000),), (), [("paid", 50_000), ("paid", 50_000), ("part_paid", 20_000)]),
        (((3, 70_000),), (), [("part_paid", 20_000), ("due", 0), ("paid", 50_000)]),
        (((1, 150_400),), (), [("paid", 50_000), ("paid", 50_000), ("paid", 50_400)]),
        # Missed, and made up for.
        ((), (1,), [("missed", 0), ("due", 0), ("due", 0)]),
        (((1, 100),), (1,), [("missed", 100), ("due", 0), ("due", 0)]),
        (((1, 50_000),), (1,), [("paid", 50_000), ("due", 0), ("due", 0)]),
    ],
)
def test_each_row_has_the_status_of_what_came(
    reported: tuple[tuple[int, int], ...], missed: tuple[int, ...], expected: list[tuple[str, int]]
) -> None:
    found = rows(*(came(*each) for each in reported), missed=missed)
    assert [(row.status, row.paid_fen) for row in found] == expected
    assert [[(each.number, each.amount_fen) for each in row.reported] for row in found] == [
        [each for each in reported if each[0] == number] for number in (1, 2, 3)
    ]


def test_a_row_smaller_than_what_is_let_go_is_not_paid_by_nothing() -> None:
    [row] = payments.rows_of([DueRow(number=1, due_on=DAYS[0], total_fen=500)], [], (), tolerance_fen=1_000)
    assert row.status is RowStatus.DUE


def test_a_bill_of_unknown_sum_is_paid_by_what_is_said_to_be_for_it() -> None:
    found = payments.rows_of(BILLS, [came(2, 10_000)], (3,), tolerance_fen=1_000)
    assert [row.status for row in found] == ["due", "paid", "missed"]
    assert [row.open_fen for row in found] == [0, 0, 0]
    assert payments.most_payable_fen(found, tolerance_fen=0) is None


@pytest.mark.parametrize(
    ("today", "grace_days", "may"),
    [
        ("2026-12-22", 3, False),
        ("2026-12-23", 3, True),
        ("2027-06-01", 3, True),
        ("2026-12-20", 0, False),
        ("2026-12-21", 0, True),
    ],
)
def test_a_row_can_be_missed_from_the_end_of_its_grace_on(today: str, grace_days: int, may: bool) -> None:
    [first, *_] = rows()
    assert payments.may_be_missed(first, today=date.fromisoformat(today), grace_days=grace_days) is may
    [paid, *_] = rows(came(1, 50_000))
    assert not payments.may_be_missed(paid, today=date(2027, 6, 1), grace_days=3)


def test_what_one_more_payment_can_be_is_what_lacks_and_a_little() -> None:
    assert payments.most_payable_fen(rows(came(1, 60_000)), tolerance_fen=1_000) == 91_000


def test_default_never_takes_more_missed_rows_than_there_are() -> None:
    assert [payments.rows_before_default(rows(), number) for number in (1, 2, 12)] == [1, 2, 3]


def test_the_next_open_row_is_the_earliest() -> None:
    found = payments.next_open(rows(came(1, 50_000)))
    assert found is not None
    assert found.number == 2
    assert payments.next_open(rows(came(1, 150_000))) is None
    assert [row.number for row in payments.missed_rows(rows(missed=(2, 3)))] == [2, 3]


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 200_000)), max_size=8))
def test_nothing_that_came_is_lost_and_no_row_but_the_last_has_more_than_it_asks(told: list[tuple[int, int]]) -> None:
    found = rows(*(came(*each) for each in told))
    assert sum(row.paid_fen for row in found) == sum(amount for _, amount in told)
    assert all(row.paid_fen <= (row.total_fen or 0) for row in found[:-1])


@st.composite
def ledgers(draw: st.DrawFn) -> tuple[list[DueRow], list[tuple[int, int]], set[int], int]:
    """Rows of any sums, what came for which, the bank's marks, and how little may lack."""
    totals = draw(st.lists(st.integers(1, 100_000), min_size=1, max_size=8))
    numbers = st.integers(1, len(totals))
    due = [DueRow(number=number, due_on=DAYS[0], total_fen=total) for number, total in enumerate(totals, start=1)]
    told = draw(st.lists(st.tuples(numbers, st.integers(1, 150_000)), max_size=10))
    return due, told, draw(st.sets(numbers)), draw(st.integers(0, 5_000))


@given(ledgers())
def test_no_ledger_goes_negative_and_each_status_follows_from_sums_and_marks(
    ledger: tuple[list[DueRow], list[tuple[int, int]], set[int], int],
) -> None:
    due, told, missed, tolerance_fen = ledger
    found = payments.rows_of(due, [came(*each) for each in told], missed, tolerance_fen=tolerance_fen)
    assert sum(row.paid_fen for row in found) == sum(amount for _, amount in told)
    for row, asked in zip(found, due, strict=True):
        total = asked.total_fen or 0
        assert row.paid_fen >= 0
        assert 0 <= row.open_fen <= total
        is_paid = row.paid_fen > 0 and total - row.paid_fen <= tolerance_fen
        assert (row.status is RowStatus.PAID) is is_paid
        assert (row.status is RowStatus.MISSED) is (not is_paid and row.number in missed)
        assert row.status is not RowStatus.DUE or row.paid_fen == 0
        # What is said of a row and what is still asked of it never disagree.
        assert row.is_open is (row.open_fen > 0)


@given(ledgers())
def test_a_payment_that_is_taken_leaves_no_more_to_pay_than_there_was(
    ledger: tuple[list[DueRow], list[tuple[int, int]], set[int], int],
) -> None:
    due, told, missed, tolerance_fen = ledger
    reported: list[Reported] = []
    paid: set[int] = set()
    for number, amount_fen in told:
        before = payments.rows_of(due, reported, missed, tolerance_fen=tolerance_fen)
        most_fen = payments.most_payable_fen(before, tolerance_fen=tolerance_fen)
        assert most_fen is not None
        assert most_fen >= 0
        if amount_fen > most_fen:
            continue
        reported.append(came(number, amount_fen))
        after = payments.rows_of(due, reported, missed, tolerance_fen=tolerance_fen)
        assert sum(row.open_fen for row in after) <= sum(row.open_fen for row in before)
        # What was paid once stays paid, whatever comes later.
        now_paid = {row.number for row in after if not row.is_open}
        assert paid <= now_paid
        paid = now_paid
