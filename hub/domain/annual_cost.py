"""What a plan costs a year: the internal rate of return of its payments, nominal and effective.

Bound by 中国人民银行公告〔2021〕第3号: all interest and fees over the principal that is really in use.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from hub.domain.errors import InvalidValue

_HUNDREDTH = Decimal("0.01")
# Finer than anyone pays, coarser than the last digits of the computation: a cost that lies exactly on half a
# hundredth is seen there, and so goes up as it must.
_SETTLED = Decimal("1e-15")
# Dearer than a hundred million percent a year is told by the other two figures alone.
_MOST_GROWTH = Decimal(10) ** 6
# A nominal rate above this is asked for once more before it is sent.
ASKED_AGAIN_ABOVE_PERCENT = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualCost:
    """Yearly cost in percent, two decimals: a month's rate times twelve, and the same compounded."""

    nominal_percent: Decimal
    effective_percent: Decimal
    # By the days of the payments, where they are not the equal months of the other two.
    by_dates_percent: Decimal | None = None


def annual_cost_of(in_use_fen: int, *, payments_fen: Sequence[int]) -> AnnualCost:
    """The cost of using `in_use_fen` from now on and paying `payments_fen[k]` after k + 1 equal months.

    Raises InvalidValue where nothing is in use, a payment is negative, or less is paid back than was in use.
    """
    if in_use_fen <= 0 or min(payments_fen, default=0) < 0:
        raise InvalidValue("amount_not_positive")
    if sum(payments_fen) < in_use_fen:
        raise InvalidValue("payments_below_principal")
    # A month's growth is at most `sum / in_use`, and its twelfth power must still be exact past the decimals.
    digits = len(str(sum(payments_fen) // in_use_fen))
    with localcontext(Context(prec=28 + 13 * digits, rounding=ROUND_HALF_UP)):
        by_month = {month: Decimal(fen) for month, fen in enumerate(payments_fen, start=1) if fen}
        growth = 1 / _discount(in_use_fen, by_month)
        return AnnualCost(
            nominal_percent=_two_decimals((growth - 1) * 1200),
            effective_percent=_two_decimals((growth**12 - 1) * 100),
        )


def percent_by_dates(in_use_fen: int, payments_fen: Mapping[int, int]) -> Decimal | None:
    """The yearly cost, compounded, of using `in_use_fen` from now on and paying each sum after so many days, by 365.

    Less than `in_use_fen` cannot be paid back. None where it passes what a yearly percent can still tell.
    """
    with localcontext(Context(prec=60, rounding=ROUND_HALF_UP)):
        discount = _discount(in_use_fen, {days: Decimal(fen) for days, fen in payments_fen.items()})
        growth = (1 / discount) ** 365
        return None if growth > _MOST_GROWTH else _two_decimals((growth - 1) * 100)


def worth_fen(in_use_fen: int, payments_fen: Sequence[int], *, later_fen: Sequence[int]) -> int:
    """What `later_fen`, one a month from a month on, is worth now at the cost of `annual_cost_of`, half up to the fen.

    Of the payments that are still to come it is what is owed by money and time really used.
    """
    with localcontext(Context(prec=60, rounding=ROUND_HALF_UP)):
        by_month = {month: Decimal(fen) for month, fen in enumerate(payments_fen, start=1) if fen}
        discount = _discount(in_use_fen, by_month)
        worth = sum((fen * discount**month for month, fen in enumerate(later_fen, start=1)), Decimal(0))
        return int(worth.quantize(_SETTLED).quantize(Decimal(1)))


def _discount(in_use_fen: int, payments_fen: Mapping[int, Decimal]) -> Decimal:
    """The discount x in (0, 1] of one period at which the payments, by their periods, are worth `in_use_fen`.

    The worth, the sum of payment x^k, rises and bends upwards for x > 0 and is not below `in_use_fen` at 1:
    Newton's steps from 1 come down to the root and never pass it, whatever the payments are.
    """
    discount = Decimal(1)
    with localcontext() as context:
        tolerance = Decimal(10) ** (8 - context.prec)
        while True:
            worth, slope = Decimal(-in_use_fen), Decimal(0)
            for period, payment in payments_fen.items():
                at_once = payment * discount ** (period - 1)
                worth += at_once * discount
                slope += at_once * period
            step = worth / slope
            discount -= step
            if step <= discount * tolerance:
                return discount


def _two_decimals(percent: Decimal) -> Decimal:
    return percent.quantize(_SETTLED).quantize(_HUNDREDTH)
