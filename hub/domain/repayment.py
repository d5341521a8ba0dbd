"""From terms to the schedule of payments, exact to the fen.

Fractions are kept as two whole numbers until the one rounding that the contract names.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from hub.domain.annual_cost import AnnualCost, annual_cost_of, percent_by_dates
from hub.domain.errors import Fault, InvalidValue
from hub.domain.terms import Kind, Method, Terms, due_dates, given

# A yearly percent with two decimals, times 100, over this number is a month's rate: 100 * 100 * 12.
_MONTHS_RATE_DIVISOR = 120_000
# The cost counts equal months from the signing on; so far off that may be before it is told by dates as well.
MOST_DAYS_OFF = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRow:
    """One payment. `remaining_fen` is the principal still owed after it; number 0 is the down payment."""

    number: int
    due_on: date
    principal_fen: int
    interest_fen: int
    fee_fen: int
    total_fen: int
    remaining_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """All payments, ordered by number, what they come to, and what that costs a year.

    A lowered minimum has no payments of its own: no rows, a total of 0, no cost.
    """

    rows: tuple[ScheduleRow, ...] = ()
    total_fen: int = 0
    annual_cost: AnnualCost | None = None


def schedule_of(terms: Terms, *, signed_on: date, down_payment_on: date | None = None) -> Schedule:
    """The payments that `terms` mean when they are signed on `signed_on`; without a day of its own a down payment too.

    The principal of all rows, row 0 included, adds up to `terms.principal_fen`; waivers are never in it.
    Assumes that `faults_of` found nothing. Raises InvalidValue where a number of the kind is missing.
    """
    match terms.kind:
        case Kind.LOWER_MINIMUM:
            return Schedule()
        case Kind.SETTLEMENT:
            rows = [_only_row(terms, due_on=terms.first_due_on, interest_fen=0)]
            months_before = 0
        case Kind.DEFERRAL:
            months = given(terms.months)
            due_on = terms.first_due_on + relativedelta(months=months)
            interest_fen = _interest_fen(terms.principal_fen, _hundredths(terms), months=months)
            rows = [_only_row(terms, due_on=due_on, interest_fen=interest_fen)]
            months_before = months - 1
        case Kind.INSTALMENTS | Kind.REDUCTION:
            rows = _instalment_rows(terms)
            months_before = 0
    in_use_fen = terms.principal_fen - terms.down_payment_fen
    payments_fen = [row.total_fen for row in rows]
    cost = annual_cost_of(in_use_fen, payments_fen=[0] * months_before + payments_fen)
    supposed_on = signed_on + relativedelta(months=months_before + 1)
    if abs((rows[0].due_on - supposed_on).days) > MOST_DAYS_OFF:
        days = [max(1, (row.due_on - signed_on).days) for row in rows]
        cost = replace(cost, by_dates_percent=percent_by_dates(in_use_fen, dict(zip(days, payments_fen, strict=True))))
    rows = [*_down_payment_rows(terms, down_payment_on or signed_on), *rows]
    return Schedule(rows=tuple(rows), total_fen=sum(row.total_fen for row in rows), annual_cost=cost)


def row_faults(terms: Terms) -> list[Fault]:
    """`instalment_too_small` where a payment would ask for nothing. Assumes that `faults_of` found nothing."""
    if not terms.kind.is_in_parts or all(row.total_fen for row in _instalment_rows(terms)):
        return []
    return [Fault("/instalments", "instalment_too_small")]


def _down_payment_rows(terms: Terms, due_on: date) -> list[ScheduleRow]:
    if terms.down_payment_fen == 0:
        return []
    return [
        ScheduleRow(
            number=0,
            due_on=due_on,
            principal_fen=terms.down_payment_fen,
            interest_fen=0,
            fee_fen=0,
            total_fen=terms.down_payment_fen,
            remaining_fen=terms.principal_fen - terms.down_payment_fen,
        )
    ]


def _only_row(terms: Terms, *, due_on: date, interest_fen: int) -> ScheduleRow:
    return ScheduleRow(
        number=1,
        due_on=due_on,
        principal_fen=terms.principal_fen,
        interest_fen=interest_fen,
        fee_fen=0,
        total_fen=terms.principal_fen + interest_fen,
        remaining_fen=0,
    )


def _instalment_rows(terms: Terms) -> list[ScheduleRow]:
    count = given(terms.instalments)
    hundredths = _hundredths(terms)
    remaining_fen = terms.principal_fen - terms.down_payment_fen
    part_fen, fee_part_fen = remaining_fen // count, terms.fee_fen // count
    level_fen = None
    if terms.method is Method.EQUAL_INSTALMENT:
        level_fen = _level_fen(remaining_fen, hundredths, count=count)
    rows = []
    for number, due_on in enumerate(due_dates(terms.first_due_on, count), start=1):
        interest_fen = _interest_fen(remaining_fen, hundredths)
        principal_fen = part_fen if level_fen is None else level_fen - interest_fen
        fee_fen = fee_part_fen
        if number == count:
            principal_fen = remaining_fen
            fee_fen = terms.fee_fen - fee_part_fen * (count - 1)
        # A level instalment that was rounded up can pay a small principal off before its last row.
        principal_fen = min(principal_fen, remaining_fen)
        remaining_fen -= principal_fen
        rows.append(
            ScheduleRow(
                number=number,
                due_on=due_on,
                principal_fen=principal_fen,
                interest_fen=interest_fen,
                fee_fen=fee_fen,
                total_fen=principal_fen + interest_fen + fee_fen,
                remaining_fen=remaining_fen,
            )
        )
    return rows


def _hundredths(terms: Terms) -> int:
    """The yearly rate in hundredths of a percent."""
    if terms.annual_rate_percent is None:
        raise InvalidValue("required")
    hundredths = terms.annual_rate_percent * Decimal(100)
    if hundredths != int(hundredths):
        raise InvalidValue("too_many_decimals", max=2)
    return int(hundredths)


def _interest_fen(principal_fen: int, hundredths: int, *, months: int = 1) -> int:
    """Interest on `principal_fen` for `months`, a twelfth of the yearly rate a month, not compounded."""
    return half_up(principal_fen * hundredths * months, _MONTHS_RATE_DIVISOR)


def monthly_interest_fen(principal_fen: int, rate_percent: Decimal) -> int:
    """A month's interest on `principal_fen` at that yearly rate, which has at most two decimals."""
    return _interest_fen(principal_fen, int(rate_percent * 100))


def _level_fen(principal_fen: int, hundredths: int, *, count: int) -> int:
    """The equal instalment P·i·(1+i)^n / ((1+i)^n − 1), both sides of the fraction as whole numbers."""
    if hundredths == 0:
        raise InvalidValue("equal_instalment_needs_a_rate")
    grown = (_MONTHS_RATE_DIVISOR + hundredths) ** count
    return half_up(
        principal_fen * hundredths * grown,
        _MONTHS_RATE_DIVISOR * (grown - _MONTHS_RATE_DIVISOR**count),
    )


def level_instalment_fen(principal_fen: int, rate_percent: Decimal, *, count: int) -> int:
    """The equal instalment of `count`, but for the last; at a rate of 0 the equal part, rounded up to the fen."""
    hundredths = int(rate_percent * 100)
    return _level_fen(principal_fen, hundredths, count=count) if hundredths else -(-principal_fen // count)


def payable_fen(monthly_fen: int, rate_percent: Decimal, method: Method, *, count: int) -> int:
    """The largest principal of which no instalment but the last, which takes the rest, is above `monthly_fen`.

    `rate_percent` is the yearly rate with at most two decimals; `count` payments, a month apart.
    """
    hundredths = int(rate_percent * 100)
    if not hundredths:
        return monthly_fen * count
    if method is Method.EQUAL_PRINCIPAL:
        return monthly_fen * count * _MONTHS_RATE_DIVISOR // (_MONTHS_RATE_DIVISOR + count * hundredths)
    grown, still = (_MONTHS_RATE_DIVISOR + hundredths) ** count, _MONTHS_RATE_DIVISOR**count
    found_fen: int = monthly_fen * _MONTHS_RATE_DIVISOR * (grown - still) // (hundredths * grown)
    # The instalment is rounded to the nearest fen, so a few fen more may come to the same.
    while _level_fen(found_fen + 1, hundredths, count=count) <= monthly_fen:
        found_fen += 1
    return found_fen


def half_up(numerator: int, denominator: int) -> int:
    """The quotient, rounded half up; neither may be negative."""
    return (2 * numerator + denominator) // (2 * denominator)
