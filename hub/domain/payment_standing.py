"""How an agreement is paid, in the few figures by which a bank follows many of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from hub.domain.payments import PaymentRow, RowStatus

NO_PAYMENT: Final = date(9999, 1, 1)
"""Stands for "no payment lies ahead", so that an order by the next day needs no special case."""
WEEK: Final = timedelta(days=6)
"""Today and the six days after it: what falls due then is due this week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentStanding:
    """Of all rows of an agreement: the next that is open and not called missed, what came, and how many lack what.

    `next_due_fen` is what is still owed of that row, None where its sum is not known or there is none.
    """

    next_due_on: date
    next_due_fen: int | None
    paid_fen: int
    missed_rows: int
    part_paid_rows: int


class Following(StrEnum):
    """Which agreements a bank looks at."""

    IN_FORCE = "in_force"
    THIS_WEEK = "this_week"  # in force, the next payment due within seven days
    GRACE = "grace"  # in force, the day of a payment is over and the bank has not called it missed
    PART_PAID = "part_paid"  # in force, and a row is paid in part
    MISSED = "missed"  # in force, and a row is called missed and not made up for
    CERTIFICATES = "certificates"  # a certificate of settlement is owed
    ENDED = "ended"


def standing_of(rows: Sequence[PaymentRow]) -> PaymentStanding:
    """The standing that `rows` come to."""
    ahead = next((row for row in rows if row.is_open and row.status is not RowStatus.MISSED), None)
    return PaymentStanding(
        next_due_on=NO_PAYMENT if ahead is None else ahead.due_on,
        next_due_fen=None if ahead is None or ahead.total_fen is None else ahead.open_fen,
        paid_fen=sum(row.paid_fen for row in rows),
        missed_rows=sum(row.status is RowStatus.MISSED for row in rows),
        part_paid_rows=sum(row.status is RowStatus.PART_PAID for row in rows),
    )
