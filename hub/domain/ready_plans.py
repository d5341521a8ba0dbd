"""Plans ready to be chosen that fit what a household has left, and what an amount by the month comes to.

No bank is bound by them. Interest is by the one assumed rate, which is told beside every figure made with it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from dateutil.relativedelta import relativedelta

from hub.domain.affordability import strain_of, suggested
from hub.domain.amounts import Amounts
from hub.domain.repayment import Schedule, level_instalment_fen, monthly_interest_fen, payable_fen, schedule_of
from hub.domain.terms import MAX_INSTALMENTS, MAX_YEARS, Kind, Method, Terms
from hub.domain.wage_day import first_due_on_after

ASSUMED_RATE: Final = Decimal("3.60")
"""Percent a year."""

MOST_READY: Final = 3
# Numbers of instalments that banks usually offer.
_USUAL: Final = (1, 2, 3, 6, 9, 12, 18, 24, 30, 36, 42, 48, 54, 60)
# What is shown while nobody knows what is left.
_WITHOUT_MONTH: Final = (60, 36, 24)
_YUAN: Final = 100
# Seven working days for the bank and a week to decide.
_DAYS_TO_AGREE: Final = 14


class Fit(StrEnum):
    """How a payment every month stands to what is left a month."""

    LIGHT = "light"  # below what is suggested
    SUGGESTED = "suggested"
    TIGHT = "tight"  # above what is suggested, not above what is left
    ABOVE = "above"  # more than is left


def fit_of(monthly_fen: int, left_fen: int) -> Fit:
    """How `monthly_fen` stands to what is left a month."""
    from_fen, to_fen = suggested(left_fen)
    if monthly_fen > left_fen:
        return Fit.ABOVE
    if monthly_fen > to_fen:
        return Fit.TIGHT
    return Fit.SUGGESTED if monthly_fen >= from_fen else Fit.LIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyPlan:
    """What paying by the month comes to, in fen. `monthly_fen` is the most of a month, but for fen in the last.

    `total_fen` and the `interest_fen` in it are an estimate; `short_fen` is what of the debt it does not repay.
    `fit` is None while nobody knows what is left.
    """

    instalments: int
    monthly_fen: int
    total_fen: int
    interest_fen: int
    short_fen: int
    last_due_on: date
    schedule: Schedule
    fit: Fit | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanBasis:
    """For what a plan is: the debt to repay, what is left a month (None where unknown), and its days.

    `debt_fen` is more than 0. With a `rate` of 0 no interest is estimated.
    """

    debt_fen: int
    left_fen: int | None
    first_due_on: date
    today: date
    rate: Decimal = ASSUMED_RATE

    @property
    def longest(self) -> int:
        """The most instalments whose last is due within five years of today; 0 where not even the first is."""
        latest = self.today + relativedelta(years=MAX_YEARS)
        counts = range(MAX_INSTALMENTS, 0, -1)
        if self.first_due_on > latest:
            return 0
        return next(n for n in counts if self.first_due_on + relativedelta(months=n - 1) <= latest)

    @property
    def least_fen(self) -> int:
        """The least a month, in whole yuan, that repays everything in the longest time; needs a `longest` above 0."""
        level = _level_fen(self, self.longest)
        return -(-level // _YUAN) * _YUAN


def basis_of(owed: Amounts, *, down_fen: int, left_fen: int | None, first_due_on: date, today: date) -> PlanBasis:
    """For what a plan is where so much is owed and `down_fen` is paid first, unless that alone repays it.

    The principal is repaid with interest; where none is owed, interest and fees are, without any.
    """
    whole_fen = owed.principal_fen or owed.total_fen
    return PlanBasis(
        debt_fen=max(1, whole_fen - down_fen if down_fen < whole_fen else whole_fen),
        left_fen=left_fen,
        first_due_on=first_due_on,
        today=today,
        rate=ASSUMED_RATE if owed.principal_fen else Decimal("0.00"),
    )


def plan_by_month(monthly_fen: int, basis: PlanBasis) -> MonthlyPlan:
    """The shortest plan of at most `monthly_fen` a month, which is above 0; the longest where it does not suffice.

    Needs a `longest` above 0.
    """
    method = _method(basis)
    counts = range(1, basis.longest + 1)
    repaid = {n: payable_fen(monthly_fen, basis.rate, method, count=n) for n in counts}
    count = next((n for n in counts if repaid[n] >= basis.debt_fen), basis.longest)
    covered_fen = min(basis.debt_fen, max(1, repaid[count]))
    return _plan(monthly_fen, count, covered_fen, basis)


def ready_plans(basis: PlanBasis) -> list[MonthlyPlan]:
    """At most three plans, the lightest first, none of more a month than is left; none where nothing is left.

    The shortest that fits into the suggested amount comes with a quicker and a lighter one. Where the debt is too large
    for that, plans of what can be paid come instead, which do not repay all of it.
    """
    if basis.longest < 1:
        return []
    if basis.left_fen is None:
        return [_of_count(n, basis) for n in _WITHOUT_MONTH if n <= basis.longest and _level_fen(basis, n) > 0]
    if nothing_left(basis.left_fen):
        return []
    return sorted(_that_fit(basis, basis.left_fen), key=lambda each: each.monthly_fen)


def _that_fit(basis: PlanBasis, left_fen: int) -> list[MonthlyPlan]:
    from_fen, to_fen = suggested(left_fen)
    whole = _counts_within(left_fen, basis)
    fitting = [n for n in whole if _level_fen(basis, n) <= to_fen]
    if fitting:
        usual = (n for n in fitting if n in _USUAL and _level_fen(basis, n) >= from_fen)
        return [_of_count(n, basis) for n in _around(next(usual, fitting[0]), whole, basis, left_fen)]
    # The whole debt takes more than is suggested, or more than there is.
    plans = [_of_count(whole[-1], basis)] if whole else []
    for monthly_fen in (to_fen, from_fen, left_fen * 4 // 5):
        in_yuan = monthly_fen // _YUAN * _YUAN
        if in_yuan and len(plans) < MOST_READY and in_yuan not in {each.monthly_fen for each in plans}:
            plans.append(plan_by_month(in_yuan, basis))
    return plans


def _counts_within(left_fen: int, basis: PlanBasis) -> list[int]:
    """The numbers of instalments that repay everything at no more than `left_fen` a month, and no less than a yuan."""
    levels = {n: _level_fen(basis, n) for n in range(1, basis.longest + 1)}
    return [n for n, level in levels.items() if 0 < level <= left_fen and (level >= _YUAN or n == 1)]


def _around(best: int, whole: list[int], basis: PlanBasis, left_fen: int) -> list[int]:
    """`best`, the next quicker one that can be borne, the next lighter one, and others until there are three."""
    level = {n: _level_fen(basis, n) for n in whole if n in _USUAL or n in (best, basis.longest)}
    # Another plan is one that a person feels: a tenth more or less a month.
    lighter = [n for n in level if n > best and level[n] * 11 <= level[best] * 10]
    quicker = [n for n in reversed(level) if n < best and level[n] * 10 >= level[best] * 11]
    borne = [n for n in quicker if strain_of(level[n], left_fen) is None]
    return [best, *borne[:1], *lighter[:1], *lighter[1:], *borne[1:]][:MOST_READY]


def _method(basis: PlanBasis) -> Method:
    return Method.EQUAL_INSTALMENT if basis.rate else Method.INTEREST_FREE


def _level_fen(basis: PlanBasis, count: int) -> int:
    return level_instalment_fen(basis.debt_fen, basis.rate, count=count)


def _of_count(count: int, basis: PlanBasis) -> MonthlyPlan:
    return _plan(_level_fen(basis, count), count, basis.debt_fen, basis)


def _plan(monthly_fen: int, count: int, covered_fen: int, basis: PlanBasis) -> MonthlyPlan:
    terms = Terms(
        kind=Kind.INSTALMENTS,
        principal_fen=covered_fen,
        first_due_on=basis.first_due_on,
        instalments=count,
        annual_rate_percent=basis.rate,
        method=_method(basis),
    )
    schedule = schedule_of(terms, signed_on=basis.today)
    return MonthlyPlan(
        instalments=count,
        monthly_fen=monthly_fen,
        total_fen=schedule.total_fen,
        interest_fen=schedule.total_fen - covered_fen,
        short_fen=basis.debt_fen - covered_fen,
        last_due_on=schedule.rows[-1].due_on,
        schedule=schedule,
        fit=None if basis.left_fen is None else fit_of(monthly_fen, basis.left_fen),
    )


def deferral_interest_fen(principal_fen: int, months: int) -> int:
    """What putting off `principal_fen` for `months` costs in interest, as long as all of it stays owed."""
    return monthly_interest_fen(principal_fen * months, ASSUMED_RATE)


def nothing_left(left_fen: int | None) -> bool:
    """Whether it is known that nothing is left to pay with: not a yuan a month could be suggested."""
    return left_fen is not None and suggested(left_fen)[1] < _YUAN


def first_day(today: date, wage_day: int | None = None) -> date:
    """The day of the first payment that is proposed: the best one after the person's wages of `wage_day`.

    At least two weeks away: time to agree. Without `wage_day` the 20th, or earlier, of the month after, at most a month
    away, so that 60 months end within five years.
    """
    if wage_day is None:
        in_a_month = today + relativedelta(months=1)
        return min(in_a_month, in_a_month.replace(day=20))
    return first_due_on_after(today + timedelta(days=_DAYS_TO_AGREE), wage_day)
