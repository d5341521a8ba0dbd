"""Complaints by API: a host app notes that its person has sent one."""

from flask import Response

from hub.services.negotiations import complaints
from hub.services.negotiations.locking import lock_for_client
from hub.services.reading import views
from hub.services.transaction import HubTransaction
from hub.web.access import WRITE, ApiCaller, needs
from hub.web.api.describing import described, noun
from hub.web.idempotency import Reply
from schemas.agreements import ComplaintSchema, load_complaint
from schemas.answers import CommunicationAnswerSchema

blueprint = noun(
    "complaints",
    "A complaint about the bank, which its person sends",
    below="/negotiations/<id:negotiation_id>/complaints",
)


@blueprint.route("", methods=["POST"])
@described(
    {201: CommunicationAnswerSchema},
    body=ComplaintSchema,
    key=True,
    about="It is noted in the log. The hub sends nothing: the person did, to the bank's complaint channel.",
)
@needs(WRITE)
def note(caller: ApiCaller, negotiation_id: str) -> Response:
    """Note that the person has sent a complaint to the bank."""
    read = load_complaint(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_client(tx, negotiation_id, client_id=caller.client_id)
        entry = complaints.note_sent(tx, negotiation_id, read.value_or_refuse(), client_id=caller.client_id)
        return Reply(status=201, body=views.communication_view(tx, entry))

    return caller.once(keep)
