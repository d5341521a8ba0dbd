"""The closing of a negotiation: whatever ends it, this is all that the end brings with it."""

from collections.abc import Mapping, Sequence

from hub.domain.actor import HUB
from hub.domain.entry_kind import EntryKind
from hub.domain.lifecycle import Status
from hub.domain.offer import UNDECIDED, OfferBy, OfferEvent, OfferStatus
from hub.services.negotiations import negotiation_log
from hub.services.negotiations.entries import entry
from hub.services.transaction import HubTransaction
from storage import clocks, deliveries, evidence_requests, offers
from storage.records import NegotiationRecord, OfferRecord

# What becomes of an offer that nobody has decided over when the negotiation ends there.
_UNDECIDED_OFFERS: Mapping[Status, Mapping[OfferBy, OfferEvent]] = {
    Status.AGREED: {OfferBy.BANK: OfferEvent.SUPERSEDED, OfferBy.CARDHOLDER: OfferEvent.SUPERSEDED},
    Status.REJECTED: {OfferBy.BANK: OfferEvent.SUPERSEDED, OfferBy.CARDHOLDER: OfferEvent.DECLINED},
    Status.WITHDRAWN: {OfferBy.BANK: OfferEvent.DECLINED, OfferBy.CARDHOLDER: OfferEvent.DECLINED},
    Status.LAPSED: {OfferBy.BANK: OfferEvent.SUPERSEDED, OfferBy.CARDHOLDER: OfferEvent.SUPERSEDED},
}


def close(tx: HubTransaction, negotiation: NegotiationRecord) -> None:
    """Nothing of a negotiation that has just ended is open any more: clock, request, offers, time for a correction.

    What it has yet to tell the bank still goes out, unless the person withdrew. The row must be locked.
    """
    ended = Status(negotiation.status)
    negotiation.correct_by = None
    clocks.end(tx, negotiation)
    evidence_requests.close(tx, negotiation.id)
    decide_offers(tx, negotiation, ended)
    if ended is Status.WITHDRAWN:
        deliveries.cancel_waiting(tx, negotiation.id)


def decide_offers(
    tx: HubTransaction, negotiation: NegotiationRecord, end: Status, *, but_for: Sequence[OfferRecord] = ()
) -> None:
    """No offer waits for a decision any more, `but_for` these: the others go as they do at that end."""
    for offer in offers.list_offers(tx, negotiation.id):
        if offer.status not in UNDECIDED or offer in but_for:
            continue
        if end is Status.REJECTED and offer.by == OfferBy.BANK and offer.status == OfferStatus.OPEN:
            # A bank cannot take an open offer back: the time of this one is over, and it was only not noted yet.
            offers.apply_event(tx, offer, OfferEvent.LAPSED, by=HUB)
            negotiation_log.note(tx, negotiation, entry(EntryKind.OFFER_LAPSED, HUB))
        else:
            offers.apply_event(tx, offer, _UNDECIDED_OFFERS[end][OfferBy(offer.by)], by=tx.actor)
