"""Figures without anybody's negotiation: what terms cost, and what a person could pay a month."""

from flask import Response

from hub.domain.affordability import left_fen, shares, suggested
from hub.domain.bank import BankRules
from hub.domain.plain import to_plain
from hub.services.applications.intake import owed_by_named_bank
from hub.services.negotiations.offer_contents import schedule_when_signed
from hub.services.transaction import HubTransaction
from hub.web.access import READ, REVIEW, WRITE, ApiCaller, needs
from hub.web.api.describing import described, noun
from hub.web.idempotency import Reply
from schemas.affordability import AffordabilitySchema, load_affordability
from schemas.affordability_answers import AffordabilityAnswerSchema
from schemas.offer_answers import QuoteAnswerSchema
from schemas.offers import TermsSchema, load_quote

blueprint = noun("figures", "Sums before anybody commits to them")


@blueprint.route("/quotes", methods=["POST"])
@described({200: QuoteAnswerSchema}, body=TermsSchema, key=True)
@needs(READ, WRITE, REVIEW)
def quote(caller: ApiCaller) -> Response:
    """What terms mean: each payment, their sum, and what they cost a year."""
    read = load_quote(caller.body.value(), today=caller.today)

    def compute(tx: HubTransaction) -> Reply:
        days = BankRules().down_payment_days
        schedule = schedule_when_signed(tx, read.value_or_refuse(), signed_on=caller.today, down_payment_days=days)
        return Reply(
            status=200,
            body={
                "schedule": to_plain(list(schedule.rows)),
                "total_fen": schedule.total_fen,
                "annual_cost": None if schedule.annual_cost is None else to_plain(schedule.annual_cost),
            },
        )

    return caller.once(compute)


@blueprint.route("/affordability", methods=["POST"])
@described({200: AffordabilityAnswerSchema}, body=AffordabilitySchema, key=True)
@needs(READ, WRITE, REVIEW)
def affordability(caller: ApiCaller) -> Response:
    """What a person could pay a month, and each bank's share of it."""
    read = load_affordability(caller.body.value())

    def compute(_: HubTransaction) -> Reply:
        question = read.value_or_refuse()
        left = left_fen(question.finances)
        from_fen, to_fen = suggested(left)
        parts = shares(to_fen, owed_by_named_bank(question.owed))
        return Reply(
            status=200,
            body={
                "left_fen": left,
                "suggested": {"from_fen": from_fen, "to_fen": to_fen},
                "shares": [{"bank_code": code, "monthly_fen": part} for code, part in parts.items()],
            },
        )

    return caller.once(compute)
