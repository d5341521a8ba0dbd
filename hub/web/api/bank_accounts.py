"""Further cards of a person by API, as their bank proposes them."""

from flask import Response

from hub.services.negotiations import further_accounts
from hub.services.negotiations.locking import lock_for_bank
from hub.services.transaction import HubTransaction
from hub.web.access import REVIEW, ApiCaller, needs
from hub.web.api.describing import described, noun
from hub.web.idempotency import Reply
from schemas.offer_answers import ProposedAccountAnswerSchema
from schemas.proposed_accounts import ProposedAccountSchema, load_proposed_account

blueprint = noun(
    "bank accounts", "Further cards of the person", below="/bank/negotiations/<id:negotiation_id>/accounts"
)


@blueprint.route("", methods=["POST"])
@described(
    {201: ProposedAccountAnswerSchema},
    body=ProposedAccountSchema,
    key=True,
    about="Once the person includes it, it counts as one of the application: offers may hold balances of it.",
)
@needs(REVIEW)
def propose(caller: ApiCaller, negotiation_id: str) -> Response:
    """Propose a further card of the person at this bank."""
    read = load_proposed_account(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
        made = further_accounts.propose(tx, negotiation_id, read.value_or_refuse(), bank_code=caller.bank_code)
        return Reply(status=201, body=further_accounts.account_view(tx, made))

    return caller.once(keep)
