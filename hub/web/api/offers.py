"""Offers by API, as a host app handles them: the person's counter-offer, the code, the yes and the no."""

from flask import Response
from marshmallow import fields

from hub.services.agreements import acceptance, confirmation_codes
from hub.services.mandates import warnings
from hub.services.negotiations import counter_offers, offering
from hub.services.negotiations.locking import lock_for_client
from hub.services.reading import views
from hub.services.transaction import HubTransaction
from hub.web.access import WRITE, ApiCaller, needs, refuse
from hub.web.api.code_sending import CodeSentSchema, code_sent
from hub.web.api.describing import described, noun
from hub.web.api.negotiations import whole
from hub.web.idempotency import Reply
from schemas.actions import (
    AcceptanceSchema,
    NothingSchema,
    WordsSchema,
    load_confirmation_code,
    load_nothing,
    load_words,
)
from schemas.answers import NegotiationAnswerSchema
from schemas.offer_answers import OfferAnswerSchema
from schemas.offers import ShortCounterOfferSchema, load_short_counter_offer

blueprint = noun("offers", "Terms of one side or the other", below="/negotiations/<id:negotiation_id>/offers")


class OfferCodeSentSchema(CodeSentSchema):
    """Where the code went, with what its person should know before they sign."""

    mandates_above = fields.List(fields.String())


@blueprint.route("", methods=["POST"])
@described({201: OfferAnswerSchema}, body=ShortCounterOfferSchema, key=True)
@needs(WRITE)
def counter(caller: ApiCaller, negotiation_id: str) -> Response:
    """Make a counter-offer."""
    body = caller.body.value()

    def keep(tx: HubTransaction) -> Reply:
        basis = counter_offers.counter_basis(tx, negotiation_id, client_id=caller.client_id)
        read = load_short_counter_offer(
            body,
            today=caller.today,
            owed_fen=basis.owed.total_fen,
            rate_of_bank=basis.rate_of_bank,
            instalments_fen=basis.instalments_fen,
        )
        offer = counter_offers.counter(tx, negotiation_id, read.value_or_refuse(), client_id=caller.client_id)
        return Reply(status=201, body=views.offer_view(tx, offer))

    return caller.once(keep)


@blueprint.route("/<id:offer_id>/confirmation-codes", methods=["POST"])
@described({202: OfferCodeSentSchema}, body=NothingSchema, body_optional=True, key=True)
@needs(WRITE)
def send_code(caller: ApiCaller, negotiation_id: str, offer_id: str) -> Response:
    """Send a six-digit code to the applicant's mobile."""
    faults = load_nothing(caller.body.value_if_any())

    def keep(tx: HubTransaction) -> Reply:
        negotiation = lock_for_client(tx, negotiation_id, client_id=caller.client_id)
        refuse(faults)
        message = confirmation_codes.send(tx, negotiation_id, offer_id, client_id=caller.client_id)
        above = [each.id for each in warnings.of_offer(tx, negotiation, offer_id)]
        return code_sent(caller, tx, message, mandates_above=above)

    return caller.once(keep)


@blueprint.route("/<id:offer_id>/accept", methods=["POST"])
@described({200: NegotiationAnswerSchema}, body=AcceptanceSchema, key=True)
@needs(WRITE)
def accept(caller: ApiCaller, negotiation_id: str, offer_id: str) -> Response:
    """Accept the offer with the code: the agreement is made."""
    read = load_confirmation_code(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_client(tx, negotiation_id, client_id=caller.client_id)
        wrong = acceptance.accept(tx, negotiation_id, offer_id, read.value_or_refuse(), client_id=caller.client_id)
        if wrong is not None:
            return Reply(status=422, body=None, refusal=wrong)
        return whole(tx, caller, negotiation_id)

    return caller.once(keep)


@blueprint.route("/<id:offer_id>/decline", methods=["POST"])
@described({200: NegotiationAnswerSchema}, body=WordsSchema, body_optional=True, key=True)
@needs(WRITE)
def decline(caller: ApiCaller, negotiation_id: str, offer_id: str) -> Response:
    """Decline the offer: the bank's turn again."""
    read = load_words(caller.body.value_if_any(), required=False)

    def keep(tx: HubTransaction) -> Reply:
        lock_for_client(tx, negotiation_id, client_id=caller.client_id)
        offering.decline(tx, negotiation_id, offer_id, read.value_or_refuse(), client_id=caller.client_id)
        return whole(tx, caller, negotiation_id)

    return caller.once(keep)
