"""What a card debt costs by each way to repay it: for everybody, without a token, and nothing of it is kept."""

from typing import Any

from flask import Response

from hub.domain.actor import HUB
from hub.domain.calculation import Question, Way, first_due_on, ways_of
from hub.domain.plain import to_plain
from hub.services.negotiations.offer_contents import terms_view
from hub.services.reading.directory import published_cards
from hub.web import idempotency
from hub.web.access import Face, face, public
from hub.web.api.describing import described, noun
from hub.web.bodies import JsonBody
from hub.web.idempotency import json_response
from hub.web.limits import CALCULATIONS, caller_address
from schemas.calculations import CalculationAnswerSchema, CalculationSchema, Published, load_calculation

blueprint = noun("calculations", "What a card debt costs by each way to repay it")


@blueprint.route("/calculations", methods=["POST"])
@described({200: CalculationAnswerSchema}, body=CalculationSchema, key=True, needs_token=False)
@public
def calculate() -> Response:
    """What a card debt costs by each way to repay it: no token is needed, and nothing of it is kept.

    Only the minimum, a fixed sum a month, an instalment deal by each method, and a plan of Article 70, worked month by
    month. A month has 365/12 days. What is left out of `card` is what the bank of `bank_code` publishes, where one is
    named and does; what is left out else is assumed. `assumptions` tells all of it: show it beside the figures, since
    no bank is bound by it. `terms` are fit for `POST /quotes`, which
    says the same of them. An Idempotency-Key is taken and keeps nothing: the same call on the same day has the same
    answer anyway.
    """
    at = face()
    at.limits.count_from_lease(CALCULATIONS, caller_address())
    idempotency.key_of_request()
    body = JsonBody().value()
    names_bank = isinstance(body, dict) and body.get("bank_code") is not None
    published = _published(at) if names_bank else {}
    question = load_calculation(body, today=at.today, published=published).value_or_refuse()
    assumptions = {
        "first_due_on": first_due_on(at.today).isoformat(),
        "card": _card_view(question),
        "deal": to_plain(question.deal),
        "plan": to_plain(question.plan),
    }
    return json_response(
        {"assumptions": assumptions, "ways": [_way_view(each) for each in ways_of(question, today=at.today)]}
    )


def _published(at: Face) -> Published:
    with at.hub.reading(HUB) as tx:
        return {bank.code: bank.terms for bank in published_cards(tx)}


def _card_view(question: Question) -> dict[str, Any]:
    # Percents are spelt with two decimals elsewhere, which a day's rate does not fit into.
    return {**to_plain(question.card), "daily_rate_percent": f"{question.card.daily_rate_percent.normalize():f}"}


def _way_view(way: Way) -> dict[str, Any]:
    return {
        "way": way.kind,
        "end": way.end,
        "months": way.months,
        "first_payment_fen": way.first_payment_fen,
        "interest_fen": way.interest_fen,
        "fees_fen": way.fees_fen,
        "cost_fen": way.cost_fen,
        "total_fen": way.total_fen,
        "annual_cost": None if way.annual_cost is None else to_plain(way.annual_cost),
        "terms": None if way.terms is None else terms_view(way.terms),
        "schedule": to_plain(list(way.schedule.rows)),
    }
