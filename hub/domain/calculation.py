"""The ways out of a debt on a card side by side: what each takes and costs under assumptions that are told with it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from dateutil.relativedelta import relativedelta

from hub.domain.annual_cost import AnnualCost
from hub.domain.card_debt import CardTerms, Course, End, fixed_sum, minimum_alone
from hub.domain.ready_plans import ASSUMED_RATE
from hub.domain.repayment import Schedule, half_up, schedule_of
from hub.domain.terms import MAX_INSTALMENTS, Kind, Method, Terms

ASSUMED_INSTALMENTS: Final = 12
ASSUMED_INSTALMENT_RATE: Final = Decimal("13.00")
ASSUMED_TERM_FEE: Final = Decimal("0.60")
"""Of twelve instalments with this fee each the yearly cost is 13.03 %, so the three methods cost about the same."""


class WayKind(StrEnum):
    """A way to repay what is owed."""

    MINIMUM = "minimum"  # 只还最低还款额
    FIXED_SUM = "fixed_sum"  # 每月还固定的数
    EQUAL_INSTALMENT = "equal_instalment"  # 账单分期，等额本息
    EQUAL_PRINCIPAL = "equal_principal"  # 账单分期，等额本金
    INTEREST_FREE = "interest_free"  # 账单分期，免息、按期收手续费
    PLAN = "plan"  # 和银行商量的个性化分期


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumedDeal:
    """An ordinary instalment deal as a bank might sell it. `term_fee_percent` is of the debt, each term.

    The fee is that of the interest-free method alone, and the rate, which is above 0, that of the two others.
    """

    instalments: int = ASSUMED_INSTALMENTS
    annual_rate_percent: Decimal = ASSUMED_INSTALMENT_RATE
    term_fee_percent: Decimal = ASSUMED_TERM_FEE


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumedPlan:
    """A plan of Article 70 as a bank might agree to it: equal instalments, without interest where the rate is 0."""

    instalments: int = MAX_INSTALMENTS
    annual_rate_percent: Decimal = ASSUMED_RATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is owed, what could be paid a month (None where that is not asked), and what is assumed of the rest."""

    debt_fen: int
    monthly_fen: int | None = None
    card: CardTerms = field(default_factory=CardTerms)
    deal: AssumedDeal = field(default_factory=AssumedDeal)
    plan: AssumedPlan = field(default_factory=AssumedPlan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way with every month of it. `terms` are those of instalments and the plan, as they could be quoted."""

    kind: WayKind
    end: End
    schedule: Schedule
    terms: Terms | None = None

    @property
    def months(self) -> int | None:
        """After how many months nothing is owed; None where that is never, or not within thirty years."""
        return len(self.schedule.rows) if self.end is End.PAID_OFF else None

    @property
    def first_payment_fen(self) -> int:
        """What the first month takes."""
        return self.schedule.rows[0].total_fen

    @property
    def interest_fen(self) -> int | None:
        """All interest; None where it is not paid off."""
        return sum(row.interest_fen for row in self.schedule.rows) if self.end is End.PAID_OFF else None

    @property
    def fees_fen(self) -> int | None:
        """All fees and 违约金; None where it is not paid off."""
        return sum(row.fee_fen for row in self.schedule.rows) if self.end is End.PAID_OFF else None

    @property
    def cost_fen(self) -> int | None:
        """Interest and fees in all; None where it is not paid off."""
        interest_fen, fees_fen = self.interest_fen, self.fees_fen
        return None if interest_fen is None or fees_fen is None else interest_fen + fees_fen

    @property
    def total_fen(self) -> int | None:
        """All that is paid; None where it is not paid off."""
        return self.schedule.total_fen if self.end is End.PAID_OFF else None

    @property
    def annual_cost(self) -> AnnualCost | None:
        """What it costs a year; None where it is not paid off."""
        return self.schedule.annual_cost


def first_due_on(today: date) -> date:
    """The day of everybody's first payment: a month from today, so that 60 of them end within five years."""
    return today + relativedelta(months=1)


def terms_by_way(question: Question, *, today: date) -> dict[WayKind, Terms]:
    """The terms of the ways that a bank agrees to; each can be quoted as it is."""
    deal, plan = question.deal, question.plan
    fee_fen = half_up(question.debt_fen * int(deal.term_fee_percent * 100) * deal.instalments, 10_000)
    plan_method = Method.EQUAL_INSTALMENT if plan.annual_rate_percent else Method.INTEREST_FREE

    def terms(count: int, rate: Decimal, method: Method, fee_fen: int = 0) -> Terms:
        return Terms(
            kind=Kind.INSTALMENTS,
            principal_fen=question.debt_fen,
            first_due_on=first_due_on(today),
            instalments=count,
            annual_rate_percent=rate,
            method=method,
            fee_fen=fee_fen,
        )

    rate = deal.annual_rate_percent
    return {
        WayKind.EQUAL_INSTALMENT: terms(deal.instalments, rate, Method.EQUAL_INSTALMENT),
        WayKind.EQUAL_PRINCIPAL: terms(deal.instalments, rate, Method.EQUAL_PRINCIPAL),
        WayKind.INTEREST_FREE: terms(deal.instalments, Decimal("0.00"), Method.INTEREST_FREE, fee_fen),
        WayKind.PLAN: terms(plan.instalments, plan.annual_rate_percent, plan_method),
    }


def ways_of(question: Question, *, today: date) -> list[Way]:
    """Every way, in the order of `WayKind`. Assumes that the terms of the ways break no rule of `terms.faults_of`."""
    return [*_card_ways(question, first_due_on(today)), *_agreed_ways(question, today)]


def _card_ways(question: Question, first: date) -> Iterator[Way]:
    yield _of_course(WayKind.MINIMUM, minimum_alone(question.debt_fen, question.card, first_due_on=first))
    if question.monthly_fen is not None:
        course = fixed_sum(question.debt_fen, question.monthly_fen, question.card, first_due_on=first)
        yield _of_course(WayKind.FIXED_SUM, course)


def _of_course(kind: WayKind, course: Course) -> Way:
    return Way(kind=kind, end=course.end, schedule=course.schedule)


def _agreed_ways(question: Question, today: date) -> Iterator[Way]:
    for kind, terms in terms_by_way(question, today=today).items():
        yield Way(kind=kind, end=End.PAID_OFF, schedule=schedule_of(terms, signed_on=today), terms=terms)
