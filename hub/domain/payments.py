"""What became of an agreement's payments: one status a row, worked out of all that the bank told of them.

A row is what falls due on one day. What came is never moved: which row it pays is worked out anew each time.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from hub.domain.repayment import ScheduleRow
from hub.domain.terms import Kind, Terms, due_dates, given


class PaymentWord(StrEnum):
    """What a bank says of a row of an agreement."""

    PAID = "paid"
    MISSED = "missed"
    NOT_MISSED = "not_missed"  # what was said before is taken back


class RowStatus(StrEnum):
    """Where one row stands."""

    DUE = "due"  # nothing came yet, and nobody says that it should have
    PART_PAID = "part_paid"
    PAID = "paid"
    MISSED = "missed"  # the bank's word, from the end of its days of grace on


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow:
    """What falls due on one day; of a bill that a lowered minimum covers nobody knows the sum beforehand."""

    number: int
    due_on: date
    total_fen: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """The bank's word, at `at`, that money came on `paid_on` for the row `number`."""

    number: int
    paid_on: date
    amount_fen: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRow:
    """One row with what came of it. `paid_fen` counts what an earlier row did not need; `reported` is as told.

    `fails_on` is of the row of an early settlement: the day on which, unpaid, the rows of before take its place.
    """

    number: int
    due_on: date
    total_fen: int | None
    paid_fen: int
    status: RowStatus
    reported: tuple[Reported, ...]
    fails_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether something of it is still owed."""
        return self.status is not RowStatus.PAID

    @property
    def open_fen(self) -> int:
        """What is still owed of it, 0 where it counts as paid or its sum is not known."""
        return 0 if self.total_fen is None or not self.is_open else self.total_fen - self.paid_fen


def due_rows(terms: Terms, schedule: Sequence[ScheduleRow]) -> list[DueRow]:
    """What falls due and when: the rows of the schedule, or the bills that a lowered minimum covers."""
    if terms.kind is Kind.LOWER_MINIMUM:
        days = due_dates(terms.first_due_on, given(terms.months))
        return [DueRow(number=number, due_on=day, total_fen=None) for number, day in enumerate(days, start=1)]
    return [DueRow(number=row.number, due_on=row.due_on, total_fen=row.total_fen) for row in schedule]


def rows_of(
    due: Sequence[DueRow], reported: Sequence[Reported], missed: Collection[int], *, tolerance_fen: int
) -> list[PaymentRow]:
    """Every row with its status. `missed` are the numbers that the bank calls so, and has not taken back.

    What is more than a row goes on to the next, after the last one to the earliest that is open; nothing of it is
    lost: what no row needs stands with the last. A row that is short by at most `tolerance_fen` is paid.
    """
    paid = _spread(due, reported)
    return [
        PaymentRow(
            number=row.number,
            due_on=row.due_on,
            total_fen=row.total_fen,
            paid_fen=paid[row.number],
            status=_status(row, paid[row.number], is_missed=row.number in missed, tolerance_fen=tolerance_fen),
            reported=tuple(each for each in reported if each.number == row.number),
        )
        for row in due
    ]


def _spread(due: Sequence[DueRow], reported: Sequence[Reported]) -> dict[int, int]:
    """What each row, by its number, got of all that came."""
    paid = {row.number: 0 for row in due}
    for each in reported:
        left_fen = each.amount_fen
        later = [row for row in due if row.number >= each.number]
        earlier = [row for row in due if row.number < each.number]
        for row in [*later, *earlier]:
            # A bill of unknown sum takes all that is said to be for it.
            taken = left_fen if row.total_fen is None else min(left_fen, max(0, row.total_fen - paid[row.number]))
            paid[row.number] += taken
            left_fen -= taken
        paid[due[-1].number] += left_fen
    return paid


def _status(row: DueRow, paid_fen: int, *, is_missed: bool, tolerance_fen: int) -> RowStatus:
    if paid_fen > 0 and (row.total_fen is None or row.total_fen - paid_fen <= tolerance_fen):
        return RowStatus.PAID
    if is_missed:
        return RowStatus.MISSED
    return RowStatus.PART_PAID if paid_fen > 0 else RowStatus.DUE


def missed_from(row: PaymentRow, *, grace_days: int) -> date:
    """The first day, in China, on which the bank may say that the row was missed; never its own, which is in time."""
    return row.fails_on or row.due_on + timedelta(days=max(1, grace_days))


def may_be_missed(row: PaymentRow, *, today: date, grace_days: int) -> bool:
    """Whether the bank may say today that the row was missed: something is owed of it, and its grace is over.

    The row of an early settlement never is.
    """
    return row.is_open and row.fails_on is None and today >= missed_from(row, grace_days=grace_days)


def most_payable_fen(rows: Sequence[PaymentRow], *, tolerance_fen: int) -> int | None:
    """The most that one more payment can be: all that lacks, and a little over; None where no sum is known."""
    if any(row.total_fen is None for row in rows):
        return None
    return sum(row.total_fen or 0 for row in rows) - sum(row.paid_fen for row in rows) + tolerance_fen


def judged_on(due_on: date, *, grace_days: int) -> date:
    """From which day on it is known whether a plan of one payment has failed: the bank has its days of grace to tell.

    The failure itself is of the day after `due_on`.
    """
    return due_on + timedelta(days=max(1, grace_days))


def came_by_its_day(row: PaymentRow, *, tolerance_fen: int) -> bool:
    """Whether all of the row was there by its day, but for what is tolerated; when the bank told it does not count."""
    came_fen = sum(each.amount_fen for each in row.reported if each.paid_on <= row.due_on)
    return row.total_fen is not None and row.total_fen - came_fen <= tolerance_fen


def next_open(rows: Sequence[PaymentRow]) -> PaymentRow | None:
    """The earliest row of which something is still owed, or None."""
    return next((row for row in rows if row.is_open), None)


def missed_rows(rows: Sequence[PaymentRow]) -> list[PaymentRow]:
    """The rows that were missed and not made up for."""
    return [row for row in rows if row.status is RowStatus.MISSED]


def rows_before_default(rows: Sequence[PaymentRow], void_after_missed: int) -> int:
    """After how many missed rows the agreement may be ended for default: never more than it has."""
    return min(void_after_missed, len(rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A payment that arrived, for the row `number`; 0 is the down payment."""

    number: int
    paid_on: date
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedWithdrawal:
    """A payment that was not missed after all."""

    number: int
    text: str
