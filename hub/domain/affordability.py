"""What a person can pay a month, and how that is shared fairly between the banks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hub.domain.errors import Fault, InvalidValue, Refused
from hub.domain.terms import MAX_FEN, range_faults

# No household is larger; a bound keeps slips of the finger out.
_MAX_PEOPLE = 99
_SUGGESTED_FROM_PERCENT, _SUGGESTED_TO_PERCENT = 50, 60
# Who pays more than this of what is left is likely to fall behind again.
_BEARABLE_PERCENT = 80


class IncomeKind(StrEnum):
    """Where income comes from."""

    WAGE = "wage"
    FAMILY = "family"
    BENEFITS = "benefits"
    RENT = "rent"
    OTHER = "other"


class Strain(StrEnum):
    """Why a payment every month is likely to be too much."""

    TOO_HIGH = "too_high"  # more than four fifths of what is left
    NOTHING_LEFT = "nothing_left"  # nothing is left at all


class Band(StrEnum):
    """How much of what is left a month a plan takes, in the three bands that a bank looks by."""

    BEARABLE = "bearable"  # up to what is suggested
    TIGHT = "tight"  # up to four fifths
    TOO_HIGH = "too_high"  # more than that, or nothing is left


class SpendingKind(StrEnum):
    """What essential spending is for."""

    HOUSING = "housing"
    FOOD = "food"
    MEDICAL = "medical"
    CHILDREN = "children"
    ELDERS = "elders"
    TRANSPORT = "transport"
    COMMUNICATION = "communication"
    INSURANCE = "insurance"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomeLine:
    """One source of income, a month."""

    kind: IncomeKind
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingLine:
    """One kind of essential spending, a month."""

    kind: SpendingKind
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finances:
    """A household's month, in fen. The lines are optional; where given, they add up to their total.

    Raises Refused with every fault, pointers relative to the finances.
    """

    monthly_income_fen: int
    monthly_essential_spending_fen: int
    other_debt_payments_fen: int
    dependants: int = 0
    household_size: int | None = None
    income: tuple[IncomeLine, ...] = ()
    spending: tuple[SpendingLine, ...] = ()

    def __post_init__(self) -> None:
        faults = [*_finances_faults(self)]
        if faults:
            raise Refused(*faults)


def left_fen(finances: Finances) -> int:
    """What is left a month after essential spending and other debts; negative where it does not suffice."""
    return finances.monthly_income_fen - finances.monthly_essential_spending_fen - finances.other_debt_payments_fen


def percent_of(payment_fen: int, left: int | None) -> float | None:
    """How much of what is left a month the payment takes, in percent; None where nothing is left or nobody may know."""
    return payment_fen * 100 / left if left is not None and left > 0 else None


def strain_of(payment_fen: int, left: int) -> Strain | None:
    """Why paying so much each month is likely to fail; None where it can be borne."""
    if left <= 0:
        return Strain.NOTHING_LEFT
    return Strain.TOO_HIGH if payment_fen * 100 > left * _BEARABLE_PERCENT else None


def strain_of_plan(payments_fen: Sequence[int], left: int | None) -> Strain | None:
    """Why a plan of those payments, the down payment not among them, is likely to fail: the dearest month counts.

    None where it can be borne, for what is paid once, which is no strain on every month, and where the bank is no
    longer given what is `left`: it must not find that out by trying plans.
    """
    return strain_of(max(payments_fen), left) if left is not None and len(payments_fen) > 1 else None


def band_of_plan(payments_fen: Sequence[int], left: int | None) -> Band | None:
    """The band of a plan of those payments, the down payment not among them: the dearest month counts.

    None as in `strain_of_plan`.
    """
    if left is None or len(payments_fen) < 2:
        return None
    if strain_of_plan(payments_fen, left) is not None:
        return Band.TOO_HIGH
    return Band.TIGHT if max(payments_fen) * 100 > left * _SUGGESTED_TO_PERCENT else Band.BEARABLE


def suggested(left: int) -> tuple[int, int]:
    """From and to how many fen a month to offer: 50 to 60 % of `left`, rounded down, or (0, 0)."""
    left = max(left, 0)
    return left * _SUGGESTED_FROM_PERCENT // 100, left * _SUGGESTED_TO_PERCENT // 100


def shares(total_fen: int, owed_by_bank: Mapping[str, int]) -> dict[str, int]:
    """`total_fen` split by what is owed to each bank, summing exactly, in ascending order of bank code.

    Fen that do not divide go to the largest remainders, at a tie to the lower bank code.
    Raises InvalidValue where an amount is negative, or nothing is owed to anyone.
    """
    if total_fen < 0 or min(owed_by_bank.values(), default=0) < 0:
        raise InvalidValue("amount_negative")
    owed_fen = sum(owed_by_bank.values())
    if owed_fen == 0:
        raise InvalidValue("nothing_owed")
    parts = {code: divmod(total_fen * owed_by_bank[code], owed_fen) for code in sorted(owed_by_bank)}
    shared = {code: whole for code, (whole, _) in parts.items()}
    left_over = total_fen - sum(shared.values())
    by_remainder = sorted(parts, key=lambda code: (-parts[code][1], code))
    for code in by_remainder[:left_over]:
        shared[code] += 1
    return shared


def _finances_faults(finances: Finances) -> Iterator[Fault]:
    for name in ("monthly_income_fen", "monthly_essential_spending_fen", "other_debt_payments_fen"):
        yield from range_faults(f"/{name}", getattr(finances, name), 0, MAX_FEN)
    yield from range_faults("/dependants", finances.dependants, 0, _MAX_PEOPLE)
    if finances.household_size is not None:
        yield from range_faults("/household_size", finances.household_size, 1, _MAX_PEOPLE)
    yield from _line_faults("/income", finances.income, finances.monthly_income_fen)
    yield from _line_faults("/spending", finances.spending, finances.monthly_essential_spending_fen)


def _line_faults(pointer: str, lines: Sequence[IncomeLine | SpendingLine], total_fen: int) -> Iterator[Fault]:
    for place, line in enumerate(lines):
        yield from range_faults(f"{pointer}/{place}/amount_fen", line.amount_fen, 0, MAX_FEN)
    sum_fen = sum(line.amount_fen for line in lines)
    if lines and sum_fen != total_fen:
        yield Fault(pointer, "does_not_add_up", {"sum_fen": sum_fen, "total_fen": total_fen})
