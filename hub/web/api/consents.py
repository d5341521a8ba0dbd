"""Consents by API: what the person of a host app agreed to, and taking it back."""

from flask import Response

from hub.domain.plain import Plain, instant
from hub.services.consents import ledger, withdrawal
from hub.services.consents.ledger import ConsentShown
from hub.services.negotiations.locking import lock_for_client
from hub.services.reading import host_app, reading_log
from hub.services.transaction import HubTransaction
from hub.web.access import READ, WRITE, ApiCaller, needs
from hub.web.api.describing import PAGE_QUERY, described, noun
from hub.web.api.negotiations import whole
from hub.web.api.queries import cursors, query
from hub.web.idempotency import Reply, json_response
from hub.web.pagination import cut
from schemas.answers import ConsentPageSchema, NegotiationAnswerSchema
from schemas.consents import WithdrawalSchema, load_withdrawal

blueprint = noun("consents", "What a person agreed to", below="/negotiations/<id:negotiation_id>/consents")


@blueprint.route("")
@described({200: ConsentPageSchema}, query=PAGE_QUERY, about="What was taken back stays listed, with the day.")
@needs(READ)
def list_all(caller: ApiCaller, negotiation_id: str) -> Response:
    """What the person agreed to in this negotiation, a purpose once."""
    given = query("limit", "cursor")
    places = cursors(caller, f"consents/{negotiation_id}")
    with caller.hub.reading(caller.actor) as tx:
        row = host_app.require_negotiation(tx, negotiation_id, client_id=caller.client_id)
        found = [_plain(each) for each in ledger.list_shown(tx, row)]
        glances = reading_log.new_glances(tx, row=row)
    reading_log.note_glances(caller.hub, caller.actor, glances)
    return json_response(cut(found, given, places))


def _plain(shown: ConsentShown) -> Plain:
    return {
        "purpose": shown.purpose,
        "version": shown.version,
        "sha256": shown.sha256,
        "given_at": instant(shown.given_at),
        "door": shown.door,
        "evidence_ids": list(shown.evidence_ids),
        "withdrawn_at": None if shown.withdrawn is None else instant(shown.withdrawn.at),
        "can_be_withdrawn": shown.can_be_withdrawn,
    }


@blueprint.route("/withdraw", methods=["POST"])
@described(
    {200: NegotiationAnswerSchema},
    body=WithdrawalSchema,
    key=True,
    about=(
        "Before the bank has the application, the negotiation is withdrawn; after it the bank is told, and is given "
        "nothing more: no file, no packet, no number in full. `medical_data` and `family_data` keep their files back "
        "and nothing else. An agreement in force stays. Twice is answered as once."
    ),
)
@needs(WRITE)
def withdraw(caller: ApiCaller, negotiation_id: str) -> Response:
    """Take a consent back."""
    read = load_withdrawal(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_client(tx, negotiation_id, client_id=caller.client_id)
        withdrawal.withdraw(tx, negotiation_id, read.value_or_refuse(), client_id=caller.client_id)
        return whole(tx, caller, negotiation_id)

    return caller.once(keep)
