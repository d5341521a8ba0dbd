"""Showing a bank's people in full whom a request is about: each time is a line of its log, which the person reads."""

from hub.domain.entry_kind import EntryKind
from hub.domain.service_request import RequestKind
from hub.services.negotiations.entries import entry
from hub.services.transaction import HubTransaction
from storage import service_requests


def note_shown(tx: HubTransaction, matter_id: str, why: str, *, bank_code: str, kind: RequestKind) -> None:
    """The log says that somebody of the bank has name and number in full, and why; raises `NotFound`."""
    record = service_requests.lock_of_bank(tx, matter_id, bank_code=bank_code, kind=kind)
    # The bank said nothing by it, so no host app is told of a change.
    service_requests.append(tx, record, entry(EntryKind.REQUEST_PERSON_SHOWN, tx.actor, text=why))
