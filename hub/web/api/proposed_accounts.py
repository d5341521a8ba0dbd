"""The person's answers to further cards that a bank proposes, by API."""

from flask import Response

from hub.domain.proposed_account import ProposedAccountStatus
from hub.services.negotiations import further_accounts
from hub.services.negotiations.locking import lock_for_client
from hub.services.transaction import HubTransaction
from hub.web.access import WRITE, ApiCaller, needs, refuse
from hub.web.api.describing import described, noun
from hub.web.idempotency import Reply
from schemas.actions import NothingSchema, load_nothing
from schemas.offer_answers import ProposedAccountAnswerSchema

blueprint = noun(
    "accounts",
    "Further cards that a bank proposes",
    below="/negotiations/<id:negotiation_id>/accounts/<id:account_id>",
)


@blueprint.route("/include", methods=["POST"])
@described({200: ProposedAccountAnswerSchema}, body=NothingSchema, body_optional=True, key=True)
@needs(WRITE)
def include(caller: ApiCaller, negotiation_id: str, account_id: str) -> Response:
    """Include the card; the same again changes nothing."""
    return _answered(caller, negotiation_id, account_id, ProposedAccountStatus.INCLUDED)


@blueprint.route("/leave-out", methods=["POST"])
@described({200: ProposedAccountAnswerSchema}, body=NothingSchema, body_optional=True, key=True)
@needs(WRITE)
def leave_out(caller: ApiCaller, negotiation_id: str, account_id: str) -> Response:
    """Leave the card out; the same again changes nothing."""
    return _answered(caller, negotiation_id, account_id, ProposedAccountStatus.LEFT_OUT)


def _answered(caller: ApiCaller, negotiation_id: str, account_id: str, given: ProposedAccountStatus) -> Response:
    faults = load_nothing(caller.body.value_if_any())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_client(tx, negotiation_id, client_id=caller.client_id)
        refuse(faults)
        record = further_accounts.answer(tx, negotiation_id, account_id, given, client_id=caller.client_id)
        return Reply(status=200, body=further_accounts.account_view(tx, record))

    return caller.once(keep)
