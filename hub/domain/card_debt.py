"""What a debt on a card comes to, month by month, when the minimum alone is paid, or the same sum each month.

Each amount is rounded half up to the fen. A month has 365/12 days, so that a day's rate of 0.05 % is 18.25 % a year.
How a bank reckons is agreed with its cardholder: the minimum and the 违约金 since 银发〔2016〕111号, the rate since
中国人民银行 abolished its cap (0.05 % a day) and floor from 2021-01-01. The defaults are custom, no bank's word.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from dateutil.relativedelta import relativedelta

from hub.domain.annual_cost import annual_cost_of
from hub.domain.errors import InvalidValue
from hub.domain.repayment import Schedule, ScheduleRow, half_up

MOST_MONTHS: Final = 360
"""What takes longer than thirty years is not worked out to its end."""
RATE_DECIMALS: Final = 4
MAX_DAILY_PERCENT: Final = 1

_PERCENT_DIVISOR = 10_000
# A day's percent with four decimals, times 10,000, over this number is a month's rate: 100 * 10,000 * 12 / 365.
_DAYS, _DAILY_DIVISOR = 365, 100 * 10_000 * 12


@dataclass(frozen=True, slots=True, kw_only=True)
class CardTerms:
    """How a bank reckons with what is owed on a card: percents of at most two decimals, the day's rate of four.

    The minimum of a month is `minimum_percent` of what is owed, and all of the month's interest, but never less than
    `floor_fen`. `late_fee_percent` is charged of what lacks to it. Raises InvalidValue where a number is out of bounds.
    """

    minimum_percent: Decimal = Decimal("10.00")
    floor_fen: int = 10_000
    daily_rate_percent: Decimal = Decimal("0.05")
    late_fee_percent: Decimal = Decimal("5.00")

    def __post_init__(self) -> None:
        for percent, most, decimals in (
            (self.minimum_percent, 100, 2),
            (self.late_fee_percent, 100, 2),
            (self.daily_rate_percent, MAX_DAILY_PERCENT, RATE_DECIMALS),
        ):
            if not (percent.is_finite() and 0 <= percent <= most):
                raise InvalidValue("out_of_range", min=0, max=most)
            if percent != round(percent, decimals):
                raise InvalidValue("too_many_decimals", max=decimals)
        if self.floor_fen < 0:
            raise InvalidValue("amount_negative")

    @property
    def annual_rate_percent(self) -> Decimal:
        """The nominal rate of a year: 365 days of the day's."""
        return self.daily_rate_percent * _DAYS

    def interest_fen(self, owed_fen: int) -> int:
        """A month's interest on what is owed."""
        return half_up(owed_fen * int(self.daily_rate_percent * 10**RATE_DECIMALS) * _DAYS, _DAILY_DIVISOR)

    def minimum_fen(self, owed_fen: int) -> int:
        """The least that the bank asks for in a month at whose beginning so much was owed."""
        interest_fen = self.interest_fen(owed_fen)
        asked_fen = half_up(owed_fen * int(self.minimum_percent * 100), _PERCENT_DIVISOR) + interest_fen
        return min(owed_fen + interest_fen, max(self.floor_fen, asked_fen))

    def late_fee_fen(self, lacking_fen: int) -> int:
        """The 违约金 on what lacks to a month's minimum."""
        return half_up(lacking_fen * int(self.late_fee_percent * 100), _PERCENT_DIVISOR)


class End(StrEnum):
    """How paying by the month ends."""

    PAID_OFF = "paid_off"
    NEVER = "never"  # a month leaves as much owed as there was before, so every later month does
    TOO_LONG = "too_long"  # not within thirty years


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Months of paying, and how they end. Only what is paid off has a total and a cost a year.

    Where it never ends, the last row is the month that leaves as much owed as there was, or more: its `principal_fen`
    is 0 or below.
    """

    end: End
    schedule: Schedule


def minimum_alone(debt_fen: int, terms: CardTerms, *, first_due_on: date) -> Course:
    """What is owed is repaid by the minimum of each month."""
    return _course(debt_fen, terms, terms.minimum_fen, first_due_on)


def fixed_sum(debt_fen: int, monthly_fen: int, terms: CardTerms, *, first_due_on: date) -> Course:
    """What is owed is repaid by `monthly_fen` each month, and the rest in the last one.

    A month below its minimum costs the 违约金 too. Interest and fees that are not paid are owed from then on, and bear
    interest themselves.
    """
    return _course(debt_fen, terms, lambda _: monthly_fen, first_due_on)


def _course(debt_fen: int, terms: CardTerms, payment_of: Callable[[int], int], first_due_on: date) -> Course:
    """The months until nothing is owed. What is left is never more where less was owed before.

    So a month that leaves as much as there was is followed by none that leaves less.
    """
    if debt_fen <= 0:
        raise InvalidValue("amount_not_positive")
    rows: list[ScheduleRow] = []
    owed_fen = debt_fen
    while owed_fen:
        if len(rows) == MOST_MONTHS:
            return Course(end=End.TOO_LONG, schedule=Schedule(rows=tuple(rows)))
        row = _month(owed_fen, terms, payment_of(owed_fen), len(rows), first_due_on)
        rows.append(row)
        if row.remaining_fen >= owed_fen:
            return Course(end=End.NEVER, schedule=Schedule(rows=tuple(rows)))
        owed_fen = row.remaining_fen
    payments_fen = [row.total_fen for row in rows]
    cost = annual_cost_of(debt_fen, payments_fen=payments_fen)
    return Course(end=End.PAID_OFF, schedule=Schedule(rows=tuple(rows), total_fen=sum(payments_fen), annual_cost=cost))


def _month(owed_fen: int, terms: CardTerms, payment_fen: int, months_before: int, first_due_on: date) -> ScheduleRow:
    interest_fen = terms.interest_fen(owed_fen)
    fee_fen = terms.late_fee_fen(max(0, terms.minimum_fen(owed_fen) - payment_fen))
    paid_fen = min(payment_fen, owed_fen + interest_fen + fee_fen)
    principal_fen = paid_fen - interest_fen - fee_fen
    return ScheduleRow(
        number=months_before + 1,
        due_on=first_due_on + relativedelta(months=months_before),
        principal_fen=principal_fen,
        interest_fen=interest_fen,
        fee_fen=fee_fen,
        total_fen=paid_fen,
        remaining_fen=owed_fen - principal_fen,
    )
