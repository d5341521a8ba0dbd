"""How an agreement is paid, in a few figures: a table."""

from datetime import UTC, date, datetime

import pytest

from hub.domain.payment_standing import NO_PAYMENT, PaymentStanding, standing_of
from hub.domain.payments import DueRow, Reported, rows_of

DAYS = (date(2026, 12, 20), date(2027, 1, 20), date(2027, 2, 20))
AT = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("paid_fen", "missed", "standing"),
    [
        (0, (), (DAYS[0], 1_000, 0, 0, 0)),
        (400, (), (DAYS[0], 600, 400, 0, 1)),
        (1_000, (), (DAYS[1], 1_000, 1_000, 0, 0)),
        # What was called missed is behind; the next is the one that is still to come.
        (0, (1,), (DAYS[1], 1_000, 0, 1, 0)),
        (400, (1, 2), (DAYS[2], 1_000, 400, 2, 0)),
        (3_000, (), (NO_PAYMENT, None, 3_000, 0, 0)),
        (0, (1, 2, 3), (NO_PAYMENT, None, 0, 3, 0)),
    ],
)
def test_the_next_payment_is_the_first_that_is_open_and_not_called_missed(
    paid_fen: int, missed: tuple[int, ...], standing: tuple[date, int | None, int, int, int]
) -> None:
    due = [DueRow(number=number, due_on=day, total_fen=1_000) for number, day in enumerate(DAYS, start=1)]
    told = [Reported(number=1, paid_on=DAYS[0], amount_fen=paid_fen, at=AT)] if paid_fen else []
    next_due_on, next_due_fen, came_fen, missed_rows, part_paid_rows = standing
    assert standing_of(rows_of(due, told, missed, tolerance_fen=0)) == PaymentStanding(
        next_due_on=next_due_on,
        next_due_fen=next_due_fen,
        paid_fen=came_fen,
        missed_rows=missed_rows,
        part_paid_rows=part_paid_rows,
    )


def test_of_bills_whose_sum_nobody_knows_the_day_alone_is_told() -> None:
    due = [DueRow(number=number, due_on=day, total_fen=None) for number, day in enumerate(DAYS, start=1)]
    told = [Reported(number=1, paid_on=DAYS[0], amount_fen=20_000, at=AT)]
    found = standing_of(rows_of(due, told, (), tolerance_fen=0))
    assert (found.next_due_on, found.next_due_fen, found.paid_fen) == (DAYS[1], None, 20_000)
