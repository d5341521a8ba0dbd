"""Entries at the credit register by API, as a host app asks about them for its person."""

from flask import Response

from hub.services.negotiations import credit_notes
from hub.services.negotiations.locking import lock_for_client
from hub.services.transaction import HubTransaction
from hub.web.access import WRITE, ApiCaller, needs
from hub.web.api.describing import described, noun
from hub.web.idempotency import Reply
from schemas.credit_notes import CreditNoteSchema, load_credit_note
from schemas.offer_answers import CreditNoteAnswerSchema

blueprint = noun(
    "credit notes",
    "A settled or wrong entry at the credit register",
    below="/negotiations/<id:negotiation_id>/credit-notes",
)


@blueprint.route("", methods=["POST"])
@described(
    {201: CreditNoteAnswerSchema},
    body=CreditNoteSchema,
    key=True,
    about=(
        "Free, and without anybody's help. The bank's answer is due in 20 calendar days. A true entry stays: nothing "
        "here has it deleted."
    ),
)
@needs(WRITE)
def ask(caller: ApiCaller, negotiation_id: str) -> Response:
    """Ask the bank to check an entry that is settled or wrong."""
    read = load_credit_note(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_client(tx, negotiation_id, client_id=caller.client_id)
        made = credit_notes.ask(tx, negotiation_id, read.value_or_refuse(), client_id=caller.client_id)
        return Reply(status=201, body=credit_notes.note_view(tx, made))

    return caller.once(keep)
