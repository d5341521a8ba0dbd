"""Withdrawal: the cardholder ends a negotiation, at any moment while it is open."""

from hub.banks.port import MessageKind
from hub.domain.lifecycle import Event, Status
from hub.domain.offer import OfferStatus
from hub.services.delivery import queueing
from hub.services.negotiations.entries import entry
from hub.services.transaction import HubTransaction
from storage import clocks, deliveries, evidence_requests, negotiations, offers
from storage.records import NegotiationRecord


def withdraw(tx: HubTransaction, negotiation_id: str, text: str, *, client_id: str) -> NegotiationRecord:
    """The negotiation has ended by the person's wish, and a bank that knew of it is told. Twice changes nothing."""
    negotiations.get_of_client(tx, negotiation_id, client_id=client_id)
    negotiation = negotiations.lock(tx, negotiation_id)
    if negotiation.status == Status.WITHDRAWN:
        return negotiation
    negotiations.apply_event(tx, negotiation, Event.WITHDRAWN, entry("withdrawn", tx.actor, text=text))
    negotiation.correct_by = None
    clocks.end(tx, negotiation)
    evidence_requests.close(tx, negotiation.id)
    deliveries.cancel_waiting(tx, negotiation.id)
    for offer in offers.list_offers(tx, negotiation.id):
        if offer.status in (OfferStatus.OPEN, OfferStatus.AWAITING_APPROVAL):
            offers.set_status(tx, offer, OfferStatus.DECLINED, by=str(tx.actor))
    if negotiation.reached_bank_at is not None:
        queueing.queue(tx, negotiation, MessageKind.WITHDRAWN, {"text": text})
    return negotiation
