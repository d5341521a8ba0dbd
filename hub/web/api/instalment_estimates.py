"""What ending an instalment deal early comes to: for everybody, without a token, and nothing of it is kept."""

from flask import Response

from hub.domain.actor import HUB
from hub.domain.instalment_estimate import estimate
from hub.services.instalments import estimates
from hub.web import idempotency
from hub.web.access import face, public
from hub.web.api.describing import described, noun
from hub.web.bodies import JsonBody
from hub.web.idempotency import json_response
from hub.web.limits import CALCULATIONS, caller_address
from schemas.instalment_estimates import InstalmentEstimateAnswerSchema, InstalmentEstimateSchema, load_estimate

blueprint = noun("instalments", "Instalment deals: cancelled, settled early or shortened")


@blueprint.route("/instalment-estimates", methods=["POST"])
@described({200: InstalmentEstimateAnswerSchema}, body=InstalmentEstimateSchema, key=True, needs_token=False)
@public
def estimate_instalments() -> Response:
    """What ending an instalment deal early comes to: no token is needed, and nothing of it is kept.

    By money and time really used: the principal that is left, interest for the days since the last paid instalment at
    the deal's own yearly cost, no fee of a later instalment; of an upfront fee what was not used goes back, beside what
    unused terms alone would give back. It is the hub's own estimate, and no bank is bound by it. A deal of which an
    instalment is overdue is answered with `overdue`: that is what an application is for.
    """
    at = face()
    at.limits.count_from_lease(CALCULATIONS, caller_address())
    idempotency.key_of_request()
    body = JsonBody().value()
    with at.hub.reading(HUB) as tx:
        known = estimates.reckonings(tx)
    asked = load_estimate(body, today=at.today, reckonings=known).value_or_refuse()
    return json_response(estimates.view(estimate(asked.deal, asked.wish, asked.reckoning)))
