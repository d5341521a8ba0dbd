"""What a bank's system says, whichever way it came: applied once, in whatever order, or refused and kept."""

from typing import assert_never

from hub.domain.actor import Actor, Channel, Party
from hub.domain.bank_event import MAX_ID_LENGTH, Acknowledged, BankEvent, BankMessage, OfNegotiation, OfRequest
from hub.domain.bill_feed import FeedRow
from hub.domain.claim_transfer import ClaimTransfer
from hub.domain.errors import EventIdReused
from hub.domain.identity import IdentityComparison
from hub.domain.lifecycle import Status
from hub.domain.offer import BankOffer
from hub.domain.review import DecisionDeferral, EvidenceRequest, Rejection
from hub.services.applications import identity
from hub.services.bills import feed
from hub.services.delivery import queueing, request_events
from hub.services.negotiations import claim_transfers, correspondence, offering, review
from hub.services.negotiations.locking import lock_for_bank
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import bank_events, negotiation_locks
from storage.records import NegotiationRecord

_NOT_ARRIVED = frozenset({Status.DELIVERING, Status.UNDELIVERABLE})


def actor_of(bank_code: str) -> Actor:
    """The bank's system as one who acts: what it says is the bank's own decision."""
    return Actor(
        party=Party.BANK,
        id=f"adapter/{bank_code}",
        channel=Channel.ADAPTER,
        decides_alone=True,
        bank_code=bank_code,
    )


def apply_event(tx: HubTransaction, event: BankEvent) -> bool:
    """The event has its effect, once however often it comes; True where this was the first time.

    Raises `NotFound` for an unknown negotiation or request and for another bank's alike, and for a bill of nobody who
    lets the bank tell it, `EventIdReused`, `StatusConflict` where the event comes too late, and what the action behind
    it raises. `tx.actor` must be `actor_of` the bank.
    """
    if isinstance(event.content, FeedRow):
        # Once by what it says and when, under whatever id: a later word about the same bill stands anyway.
        return feed.take_one(tx, event.bank_code, event.content)
    content = event.content
    negotiation_id = request_id = None
    if isinstance(content, OfRequest):
        request_id = request_events.lock(tx, event).id
    else:
        negotiation_id = _lock(tx, event).id
    seen = bank_events.find_digest(tx, event.bank_code, event.id)
    if seen is not None:
        if seen != event.digest:
            raise EventIdReused
        return False
    if isinstance(content, OfRequest):
        request_events.act(tx, event, content)
    else:
        _do(tx, event, content)
    bank_events.add_applied(
        tx,
        bank_code=event.bank_code,
        event_id=event.id,
        negotiation_id=negotiation_id,
        request_id=request_id,
        type_=event.type,
        digest=event.digest,
    )
    return True


def _lock(tx: HubTransaction, event: BankEvent) -> NegotiationRecord:
    """The bank's negotiation, held; one that has not arrived by our notes has, since the bank speaks of it."""
    found = tx.session.get(NegotiationRecord, event.negotiation)
    if found is not None and found.bank_code == event.bank_code and found.status in _NOT_ARRIVED:
        negotiation = negotiation_locks.lock(tx, found.id)
        if negotiation.status in _NOT_ARRIVED:
            # Our own note of the arrival is late, or was lost with the bank's answers until the hub gave up.
            queueing.arrived_by_event(tx, negotiation)
    return lock_for_bank(tx, event.negotiation, bank_code=event.bank_code)


def _do(tx: HubTransaction, event: BankEvent, content: OfNegotiation) -> None:
    negotiation_id, bank_code = event.negotiation, event.bank_code
    match content:
        case Acknowledged():
            review.acknowledge(tx, negotiation_id, bank_code=bank_code)
        case EvidenceRequest() as wanted:
            review.request_evidence(tx, negotiation_id, wanted, bank_code=bank_code)
        case BankOffer() as offer:
            offering.make_offer(tx, negotiation_id, offer, bank_code=bank_code)
        case Rejection() as rejection:
            review.reject(tx, negotiation_id, rejection, bank_code=bank_code)
        case BankMessage(text=text):
            correspondence.write_to_cardholder(tx, negotiation_id, text, bank_code=bank_code)
        case DecisionDeferral() as deferral:
            review.defer_decision(tx, negotiation_id, deferral, bank_code=bank_code)
        case ClaimTransfer() as transferred:
            claim_transfers.transfer(tx, negotiation_id, transferred, bank_code=bank_code)
        case IdentityComparison() as compared:
            identity.confirm(tx, negotiation_id, compared, bank_code=bank_code)
        case _:
            assert_never(content)


def keep_refusal(
    tx: HubTransaction,
    *,
    bank_code: str,
    code: str,
    digest: str,
    event_id: str | None = None,
    negotiation: str | None = None,
    faults: str | None = None,
) -> None:
    """The refusal is on record for the operator, without anything the event said but what it claims to be about.

    `faults` says where it was wrong, in names of fields and codes.
    """
    bank_events.keep_refused(
        tx,
        bank_code=bank_code,
        code=code,
        digest=digest,
        event_id=event_id and event_id[:MAX_ID_LENGTH],
        negotiation_id=negotiation and negotiation[:MAX_ID_LENGTH],
        faults=faults,
    )


def mark_seen(tx: HubTransaction, refused_id: str) -> bool:
    """An operator has looked at the refusal; False where it is not there any more."""
    seen = bank_events.mark_seen(tx, refused_id)
    if seen is None:
        return False
    audit.note(tx, AuditKind.REFUSAL_SEEN, seen.bank_code, code=seen.code)
    return True
