"""What a plan costs a year: the internal rate of return of its payments, nominal and effective.

Bound by 中国人民银行公告〔2021〕第3号: all interest and fees over the principal that is really in use.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from hub.domain.errors import InvalidValue

_HUNDREDTH = Decimal("0.01")
# Finer than anyone pays, coarser than the last digits of the computation: a cost that lies exactly on half a
# hundredth is seen there, and so goes up as it must.
_SETTLED = Decimal("1e-15")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualCost:
    """Yearly cost in percent, two decimals: a month's rate times twelve, and the same compounded."""

    nominal_percent: Decimal
    effective_percent: Decimal


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
        growth = 1 / _discount(in_use_fen, payments_fen)
        return AnnualCost(
            nominal_percent=_two_decimals((growth - 1) * 1200),
            effective_percent=_two_decimals((growth**12 - 1) * 100),
        )


def _discount(in_use_fen: int, payments_fen: Sequence[int]) -> Decimal:
    """The monthly discount x in (0, 1] at which the payments are worth `in_use_fen`.

    The worth, the sum of payment x^k, rises and bends upwards for x > 0 and is not below `in_use_fen` at 1:
    Newton's steps from 1 come down to the root and never pass it, whatever the payments are.
    """
    coefficients = [Decimal(payment) for payment in reversed(payments_fen)]
    coefficients.append(Decimal(-in_use_fen))
    discount = Decimal(1)
    with localcontext() as context:
        tolerance = Decimal(10) ** (8 - context.prec)
        while True:
            worth, slope = Decimal(0), Decimal(0)
            for coefficient in coefficients:
                slope = slope * discount + worth
                worth = worth * discount + coefficient
            step = worth / slope
            discount -= step
            if step <= discount * tolerance:
                return discount


def _two_decimals(percent: Decimal) -> Decimal:
    return percent.quantize(_SETTLED).quantize(_HUNDREDTH)
