"""The body that asks what repaying a card debt costs by each way, and the answer. Nothing of either is kept."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from marshmallow import fields

from hub.domain.calculation import AssumedDeal, AssumedPlan, Question, WayKind, terms_by_way
from hub.domain.card_debt import MAX_DAILY_PERCENT, MOST_MONTHS, RATE_DECIMALS, CardTerms, End
from hub.domain.errors import Fault
from hub.domain.issuers import same_bank
from hub.domain.repayment import row_faults
from hub.domain.terms import MAX_FEN, MAX_INSTALMENTS, faults_of
from schemas.base import Found, Read, Schema, read
from schemas.fields import MOST_EXACT, Choice, Day, Fen, Part, Percent, Whole
from schemas.identifiers import BankCode
from schemas.offer_answers import AnnualCostAnswerSchema, TermsAnswerSchema


class CardTermsSchema(Schema):
    """How the bank reckons with what is owed on the card; what is left out is assumed."""

    minimum_percent = Percent()
    floor_fen = Fen()
    daily_rate_percent = Percent(most=MAX_DAILY_PERCENT, decimals=RATE_DECIMALS)
    late_fee_percent = Percent()


class AssumedDealSchema(Schema):
    """An ordinary instalment deal of the bank; what is left out is assumed."""

    instalments = Whole(least=1, most=MAX_INSTALMENTS)
    annual_rate_percent = Percent()
    term_fee_percent = Percent()


class AssumedPlanSchema(Schema):
    """A plan as the bank might agree to it; what is left out is assumed."""

    instalments = Whole(least=1, most=MAX_INSTALMENTS)
    annual_rate_percent = Percent()


class CalculationSchema(Schema):
    """What is owed, and what is assumed. A `monthly_fen` asks for the fixed sum too.

    With a `bank_code`, what its bank publishes is taken before what is assumed.
    """

    debt_fen = Fen(required=True, least=1)
    bank_code = BankCode(load_default=None, allow_none=True)
    monthly_fen = Fen(least=1, allow_none=True)
    card = Part(CardTermsSchema)
    deal = Part(AssumedDealSchema)
    plan = Part(AssumedPlanSchema)


CALCULATION = CalculationSchema()


Published = Mapping[str, Mapping[str, Decimal | int]]
"""By the code of each bank what it publishes, under the names of `CardTerms`."""


def load_calculation(data: object, *, today: date, published: Published) -> Read[Question]:
    """The question that `data` holds, or None and every fault."""
    found, faults = read(CALCULATION, data)
    code = found.get("bank_code")
    of_bank = next((terms for known, terms in published.items() if code and same_bank(known, code)), None)
    if code and of_bank is None:
        faults.append(Fault("/bank_code", "bank_unknown", {"bank_code": code}))
    deal = found.get("deal") or {}
    if deal.get("annual_rate_percent") == 0:
        faults.append(Fault("/deal/annual_rate_percent", "not_above_zero"))
    if faults:
        return Read(None, faults)
    question = _question(found, of_bank or {})
    faults = [*_terms_faults(question, today)]
    return Read.of(faults, lambda: question)


def _question(found: Found, of_bank: Mapping[str, Decimal | int]) -> Question:
    card: dict[str, Any] = {**of_bank, **found.get("card", {})}
    return Question(
        debt_fen=found["debt_fen"],
        monthly_fen=found.get("monthly_fen"),
        card=CardTerms(**card),
        deal=AssumedDeal(**found.get("deal", {})),
        plan=AssumedPlan(**found.get("plan", {})),
    )


def _terms_faults(question: Question, today: date) -> Iterable[Fault]:
    """What keeps the instalments or the plan from being quoted, once at each place."""
    found: dict[tuple[str, str], Fault] = {}
    for kind, terms in terms_by_way(question, today=today).items():
        below = "/plan" if kind is WayKind.PLAN else "/deal"
        for fault in faults_of(terms, today=today) or row_faults(terms):
            # The fee of all terms together is worked out from that of one.
            pointer = fault.pointer.replace("/fee_fen", "/term_fee_percent")
            found.setdefault((below + pointer, fault.code), Fault(below + pointer, fault.code, fault.params))
    return found.values()


class AssumptionsAnswerSchema(Schema):
    """All that the figures rest on: what was sent, and what was assumed for the rest. No bank is bound by it."""

    first_due_on = Day()
    card = Part(CardTermsSchema)
    deal = Part(AssumedDealSchema)
    plan = Part(AssumedPlanSchema)


class CalculatedMonthAnswerSchema(Schema):
    """One month's payment. `principal_fen` is 0 or below in the month from which on a debt is never paid off."""

    number = Whole(least=1, most=MOST_MONTHS)
    due_on = Day()
    principal_fen = Whole(least=-MOST_EXACT, most=MAX_FEN)
    interest_fen = Fen(most=MOST_EXACT)
    fee_fen = Fen(most=MOST_EXACT)
    total_fen = Fen(most=MOST_EXACT)
    remaining_fen = Fen(most=MOST_EXACT)


class WayAnswerSchema(Schema):
    """One way to repay. What is not paid off has no sums."""

    way = Choice(WayKind)
    end = Choice(End)
    months = Whole(least=1, most=MOST_MONTHS, allow_none=True)
    first_payment_fen = Fen(most=MOST_EXACT)
    interest_fen = Fen(most=MOST_EXACT, allow_none=True)
    fees_fen = Fen(most=MOST_EXACT, allow_none=True)
    cost_fen = Fen(most=MOST_EXACT, allow_none=True)
    total_fen = Fen(most=MOST_EXACT, allow_none=True)
    annual_cost = fields.Nested(AnnualCostAnswerSchema, allow_none=True)
    terms = fields.Nested(TermsAnswerSchema, allow_none=True)
    schedule = fields.List(fields.Nested(CalculatedMonthAnswerSchema))


class CalculationAnswerSchema(Schema):
    """The ways side by side, and what they rest on."""

    assumptions = fields.Nested(AssumptionsAnswerSchema)
    ways = fields.List(fields.Nested(WayAnswerSchema))
