"""Offers by API, as a bank makes them."""

from flask import Response

from hub.services.negotiations import offering
from hub.services.negotiations.locking import lock_for_bank
from hub.services.reading import views
from hub.services.transaction import HubTransaction
from hub.web.access import REVIEW, ApiCaller, needs
from hub.web.api.describing import described, noun
from hub.web.idempotency import Reply
from schemas.offer_answers import OwnOfferAnswerSchema
from schemas.offers import BankOfferSchema, load_bank_offer

blueprint = noun("bank offers", "A bank's terms", below="/bank/negotiations/<id:negotiation_id>")


@blueprint.route("/offers", methods=["POST"])
@described(
    {201: OwnOfferAnswerSchema},
    body=BankOfferSchema,
    key=True,
    about="A large offer waits for those who approve it in the portal (`approvals`), and is not open until then.",
)
@needs(REVIEW)
def make(caller: ApiCaller, negotiation_id: str) -> Response:
    """Make an offer."""
    read = load_bank_offer(caller.body.value(), today=caller.today)

    def keep(tx: HubTransaction) -> Reply:
        lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
        made = offering.make_offer(tx, negotiation_id, read.value_or_refuse(), bank_code=caller.bank_code)
        return Reply(status=201, body=views.offer_view(tx, made))

    return caller.once(keep)
