"""Writing a negotiation's log, with its status or without, and telling the host app what it should hear of."""

from hub.domain.actor import Party
from hub.domain.lifecycle import Event, Status
from hub.services.transaction import HubTransaction
from storage import client_notices, communications, negotiations
from storage.communications import Entry, NewEntry
from storage.records import NegotiationRecord


def apply_event(
    tx: HubTransaction,
    negotiation: NegotiationRecord,
    event: Event,
    entry: NewEntry,
    *,
    another_offer_open: bool = False,
) -> Status:
    """The negotiation stands where the lifecycle says, and the log says why; raises `StatusConflict` otherwise.

    The host app is told where the status changed, and of all that the bank does. The row must be locked.
    """
    before = negotiation.status
    after = negotiations.apply_event(tx, negotiation, event, entry, another_offer_open=another_offer_open)
    if after != before or entry.actor.party == Party.BANK:
        client_notices.note_change(tx, negotiation)
    return after


def note(tx: HubTransaction, negotiation: NegotiationRecord, entry: NewEntry) -> Entry:
    """The entry stands in the log, and the status stays as it is; the host app is told where the bank said it.

    The row must be locked.
    """
    written = communications.append(tx, negotiation, entry)
    if entry.actor.party == Party.BANK:
        client_notices.note_change(tx, negotiation)
    return written
