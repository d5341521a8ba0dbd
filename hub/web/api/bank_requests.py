"""What a bank has in hand beside negotiations, of every kind, and whose it is."""

from flask import Response

from hub.domain.errors import Fault, Refused
from hub.domain.service_request import RequestKind
from hub.services.reading import requests
from hub.services.requests import owning
from hub.services.transaction import HubTransaction
from hub.web.access import REVIEW, ApiCaller, needs
from hub.web.api.describing import described, noun, query_of
from hub.web.api.queries import query
from hub.web.idempotency import Reply, json_response
from schemas.desk import CaseOwnerSchema, load_owner
from schemas.requests import BankRequestListSchema, BankRequestSchema

blueprint = noun("bank requests", "What people ask of you beside negotiations, of every kind", below="/bank/requests")

_KIND = {"type": "string", "enum": list(RequestKind)}


@blueprint.route("")
@described(
    {200: BankRequestListSchema},
    query=(query_of("kind", _KIND, "of one kind alone"),),
    about="What reached you and is not over, the first due first, two hundred at most. What a kind says besides, its "
    "own routes tell.",
)
@needs(REVIEW)
def list_bank_requests(caller: ApiCaller) -> Response:
    """Your open requests."""
    asked = query("kind").get("kind")
    if asked is not None and asked not in set(RequestKind):
        raise Refused(Fault("/kind", "unknown_choice", {"choices": ", ".join(RequestKind)}))
    kind = None if asked is None else RequestKind(asked)
    with caller.hub.reading(caller.actor) as tx:
        return json_response({"items": requests.bank_views(tx, caller.bank_code, kind=kind)})


@blueprint.route("/<id:request_id>/owner", methods=["POST"])
@described(
    {200: BankRequestSchema},
    body=CaseOwnerSchema,
    key=True,
    about="An active reviewer or supervisor of yours; null makes it nobody's.",
)
@needs(REVIEW)
def set_request_owner(caller: ApiCaller, request_id: str) -> Response:
    """Give the request to one of your people, or to nobody."""
    read = load_owner(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        email = read.value_or_refuse().email
        record = owning.assign_by_email(tx, request_id, email, bank_code=caller.bank_code)
        return Reply(status=200, body=requests.bank_view(tx, record))

    return caller.once(keep)
