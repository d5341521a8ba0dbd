"""Holding a negotiation for one of its two sides: whoever changes something of it does this first, and once."""

from hub.services.transaction import HubTransaction
from storage import negotiation_locks
from storage.records import NegotiationRecord


def lock_for_bank(tx: HubTransaction, negotiation_id: str, *, bank_code: str) -> NegotiationRecord:
    """The bank's negotiation, held; raises `NotFound` for an unknown one, another bank's, and one not delivered yet."""
    return negotiation_locks.lock_of_bank(tx, negotiation_id, bank_code=bank_code)


def lock_for_client(tx: HubTransaction, negotiation_id: str, *, client_id: str) -> NegotiationRecord:
    """The client's negotiation, held; raises `NotFound` for an unknown one and for another's alike."""
    return negotiation_locks.lock_of_client(tx, negotiation_id, client_id=client_id)
