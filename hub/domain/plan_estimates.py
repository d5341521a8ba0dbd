"""What a plan would come to, before any bank has said anything: ready options, and what a proposal adds up to.

No bank is bound by it. Interest is estimated by one assumed rate, which is told beside every figure made with it.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from dateutil.relativedelta import relativedelta

from hub.domain.proposal import Proposal
from hub.domain.repayment import Schedule, schedule_of
from hub.domain.terms import Kind, Method, Terms

ASSUMED_RATE: Final = Decimal("3.60")
"""Percent a year."""

_READY_TERMS: Final = (6, 12, 18, 24, 36, 48, 60)
_MOST_READY: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Equal instalments with interest by `ASSUMED_RATE`, in fen: what a month costs, and all interest."""

    schedule: Schedule
    monthly_fen: int
    interest_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyOption:
    """A number of instalments with what a month costs without interest, and an estimate with it.

    `is_above`: a month costs more than the household's suggested amount.
    """

    instalments: int
    monthly_fen: int
    estimated_monthly_fen: int
    estimated_interest_fen: int
    is_above: bool

    @property
    def total_fen(self) -> int:
        """What all instalments come to without interest."""
        return self.monthly_fen * self.instalments


def options_for(principal_fen: int, to_fen: int, *, first_due_on: date, today: date) -> list[ReadyOption]:
    """Three numbers of instalments: the shortest that fit into `to_fen` a month first, then the next shorter ones.

    Where none fits they are the three longest, the longest first. None where only interest or fees are owed: what a
    month of those would be, a bank says first.
    """
    if principal_fen == 0:
        return []
    every = [_option(principal_fen, number, to_fen, first_due_on, today) for number in _READY_TERMS]
    fitting = [each for each in every if not each.is_above]
    # One that costs more a month is offered too: somebody may expect better times.
    above = [each for each in reversed(every) if each.is_above]
    chosen = fitting[: _MOST_READY - 1 if above else _MOST_READY]
    return [*chosen, *above[: _MOST_READY - len(chosen)]]


def _option(principal_fen: int, number: int, to_fen: int, first_due_on: date, today: date) -> ReadyOption:
    estimate = _estimate(principal_fen, number, first_due_on, today)
    # In whole yuan, upwards, so that nothing is left over at the end.
    monthly_fen = -(-principal_fen // (number * 100)) * 100
    return ReadyOption(
        instalments=number,
        monthly_fen=monthly_fen,
        is_above=monthly_fen > to_fen,
        estimated_monthly_fen=estimate.monthly_fen,
        estimated_interest_fen=estimate.interest_fen,
    )


def _estimate(principal_fen: int, instalments: int, first_due_on: date, today: date) -> Estimate:
    terms = Terms(
        kind=Kind.INSTALMENTS,
        principal_fen=principal_fen,
        first_due_on=first_due_on,
        instalments=instalments,
        annual_rate_percent=ASSUMED_RATE,
        method=Method.EQUAL_INSTALMENT,
    )
    schedule = schedule_of(terms, signed_on=today)
    return Estimate(
        schedule=schedule,
        monthly_fen=schedule.rows[0].total_fen,
        interest_fen=schedule.total_fen - principal_fen,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class InParts:
    """What a proposal of monthly instalments comes to, in fen.

    `short_fen` is what the instalments and the down payment leave of the principal: the bank is asked to give it up.
    `estimate` is None where nothing of the principal is left to estimate for.
    """

    monthly_fen: int
    instalments: int
    total_fen: int
    short_fen: int
    estimate: Estimate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPreview:
    """What a proposal means. `in_parts` is there for monthly instalments alone.

    `last_due_on` is the day of the last payment, or the one to which everything is put off; None where neither is said.
    """

    kind: Kind
    first_due_on: date
    last_due_on: date | None
    down_fen: int
    months: int | None
    settlement_fen: int | None
    in_parts: InParts | None


def preview_of(proposal: Proposal, *, principal_fen: int, today: date) -> PlanPreview:
    """What the `proposal`, in which nothing is wrong, means for `principal_fen`."""
    in_parts = _in_parts(proposal, principal_fen, today) if proposal.kind.is_in_parts else None
    later = proposal.months if proposal.kind is Kind.DEFERRAL else None
    if in_parts is not None:
        later = in_parts.instalments - 1
    return PlanPreview(
        kind=proposal.kind,
        first_due_on=proposal.first_due_on,
        last_due_on=None if later is None else proposal.first_due_on + relativedelta(months=later),
        down_fen=proposal.down_payment_fen,
        months=proposal.months,
        settlement_fen=proposal.settlement_fen,
        in_parts=in_parts,
    )


def _in_parts(proposal: Proposal, principal_fen: int, today: date) -> InParts | None:
    monthly, number, down = proposal.monthly_payment_fen, proposal.instalments, proposal.down_payment_fen
    if monthly is None or number is None:
        return None
    left_fen = principal_fen - down
    total = down + monthly * number
    return InParts(
        monthly_fen=monthly,
        instalments=number,
        total_fen=total,
        short_fen=max(0, principal_fen - total),
        estimate=_estimate(left_fen, number, proposal.first_due_on, today) if left_fen > 0 else None,
    )


def usual_first_day(on: date) -> date:
    """The 20th of the month after `on`, at most a month away: time to agree, and 60 months end in five years."""
    in_a_month = on + relativedelta(months=1)
    return min(in_a_month, in_a_month.replace(day=20))
