"""Where partners call the hub: `/partners/{code}/answers`, signed as everything that the hub tells them is."""

from flask import Blueprint, Response, request

from hub.banks.port import Incoming
from hub.domain.errors import HubError
from hub.services.referrals import answering
from hub.web.access import face, public
from hub.web.callbacks import body_of_request
from hub.web.limits import UNSIGNED_CALLS
from hub.web.problems import Problem, problem_of, response_of
from schemas.referrals import load_partner_answer

blueprint = Blueprint("partner_answers", __name__)
_MOST_BYTES = 16 * 1024


@blueprint.route("/partners/<code>/answers", methods=["POST"])
@public
def answer(code: str) -> Response:
    """What the partner says of a referral counts, once, before this answers 204."""
    incoming = Incoming(
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body_of_request(most=_MOST_BYTES),
        content_type=request.mimetype,
    )
    face().limits.count_from_lease(UNSIGNED_CALLS, f"partner/{code[:32]}")
    hub = face().hub
    try:
        answering.take(hub, hub.partners, incoming, partner_code=code, load=load_partner_answer)
    except HubError as error:
        return _refused(error)
    return Response(status=204)


def _refused(error: HubError) -> Response:
    """The error as a program is told of it; one that is none of the partner's business comes out again."""
    problem: Problem | None = problem_of(error)
    if problem is None:
        raise error
    return response_of(problem)
