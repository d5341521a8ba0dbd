"""Withdrawal: the cardholder ends a negotiation, at any moment while it is open."""

from hub.domain.delivery import MessageKind
from hub.domain.entry_kind import EntryKind
from hub.domain.lifecycle import Event, Status
from hub.services.delivery import queueing
from hub.services.negotiations import closing, negotiation_log
from hub.services.negotiations.entries import entry
from hub.services.negotiations.locking import lock_for_client
from hub.services.transaction import HubTransaction
from storage.records import NegotiationRecord


def withdraw(tx: HubTransaction, negotiation_id: str, text: str, *, client_id: str) -> NegotiationRecord:
    """The negotiation has ended by the person's wish, and a bank that knew of it is told. Twice changes nothing."""
    negotiation = lock_for_client(tx, negotiation_id, client_id=client_id)
    if negotiation.status == Status.WITHDRAWN:
        return negotiation
    negotiation_log.apply_event(tx, negotiation, Event.WITHDRAWN, entry(EntryKind.WITHDRAWN, tx.actor, text=text))
    closing.close(tx, negotiation)
    if negotiation.reached_bank_at is not None:
        queueing.queue(tx, negotiation, MessageKind.WITHDRAWN, {"text": text})
    return negotiation
