"""Reports of collection by API, as a host app sends them for its person."""

from flask import Response

from hub.services.agreements import collection
from hub.services.negotiations.locking import lock_for_client
from hub.services.transaction import HubTransaction
from hub.web.access import WRITE, ApiCaller, needs
from hub.web.api.describing import described, noun
from hub.web.idempotency import Reply
from schemas.agreements import CollectionReportSchema, load_collection_report
from schemas.offer_answers import CollectionReportAnswerSchema

blueprint = noun(
    "collection reports",
    "Collected from although an agreement is in force",
    below="/negotiations/<id:negotiation_id>/collection-reports",
)


@blueprint.route("", methods=["POST"])
@described(
    {201: CollectionReportAnswerSchema},
    body=CollectionReportSchema,
    key=True,
    about="The operator, the bank's desk and its supervisors are told; an answer is due in three working days.",
)
@needs(WRITE)
def report(caller: ApiCaller, negotiation_id: str) -> Response:
    """Report that the person was collected from although an agreement is in force."""
    read = load_collection_report(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_client(tx, negotiation_id, client_id=caller.client_id)
        made = collection.report(tx, negotiation_id, read.value_or_refuse(), client_id=caller.client_id)
        return Reply(status=201, body=collection.report_view(tx, made))

    return caller.once(keep)
