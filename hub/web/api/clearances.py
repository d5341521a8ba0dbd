"""Certificates of settlement by API, as a host app asks for its person's."""

from flask import Response

from hub.services.agreements import clearances
from hub.services.documents.records import CLEARANCE
from hub.services.negotiations.locking import lock_for_client
from hub.services.reading import host_app
from hub.services.transaction import HubTransaction
from hub.web.access import READ, WRITE, ApiCaller, needs, refuse
from hub.web.api.describing import PDF, described, noun
from hub.web.downloads import download
from hub.web.idempotency import Reply, json_response
from schemas.actions import NothingSchema, load_nothing
from schemas.offer_answers import ClearanceAnswerSchema

blueprint = noun("clearance", "The certificate of settlement", below="/negotiations/<id:negotiation_id>/agreement")


@blueprint.route("/clearance", methods=["POST"])
@described(
    {201: ClearanceAnswerSchema},
    body=NothingSchema,
    body_optional=True,
    key=True,
    about=(
        "The bank has seven working days; asked once more, nothing changes. 409 `rows_open` before everything is paid, "
        "unless the bank has settled the agreement. After a settlement one is due without being asked for."
    ),
)
@needs(WRITE)
def ask(caller: ApiCaller, negotiation_id: str) -> Response:
    """Ask the bank for the certificate of settlement."""
    faults = load_nothing(caller.body.value_if_any())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_client(tx, negotiation_id, client_id=caller.client_id)
        refuse(faults)
        clearances.ask(tx, negotiation_id, client_id=caller.client_id)
        return Reply(status=201, body=clearances.view(tx, negotiation_id))

    return caller.once(keep)


@blueprint.route("/clearance")
@described({200: ClearanceAnswerSchema}, about="All null before it was asked for and before the agreement is settled.")
@needs(READ)
def clearance(caller: ApiCaller, negotiation_id: str) -> Response:
    """How the certificate of settlement stands."""
    with caller.hub.reading(caller.actor) as tx:
        host_app.require_negotiation(tx, negotiation_id, client_id=caller.client_id)
        return json_response(clearances.view(tx, negotiation_id))


@blueprint.route("/clearance.pdf")
@described({200: PDF})
@needs(READ)
def paper(caller: ApiCaller, negotiation_id: str) -> Response:
    """The newest certificate of settlement."""
    with caller.hub.writing(caller.actor) as tx:
        content = host_app.document(tx, caller.hub.store, negotiation_id, CLEARANCE, client_id=caller.client_id)
    return download(content)
