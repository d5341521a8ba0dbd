"""Moving a request by what happened to it; the row must be locked (`storage.service_requests.lock_of_…`)."""

from collections.abc import Mapping
from typing import Any

from hub.domain.actor import Party
from hub.domain.request_kinds import rules_of
from hub.services.transaction import HubTransaction
from storage import client_notices, request_clocks, service_requests
from storage.communications import Entry, NewEntry
from storage.records import ServiceRequestRecord


def move(
    tx: HubTransaction,
    record: ServiceRequestRecord,
    event: str,
    entry: NewEntry,
    *,
    contents: Mapping[str, Any] | None = None,
) -> str:
    """The request stands where its kind's table says, which it gives, and the log says why; raises `StatusConflict`.

    Where it is not the bank's turn any more, the clock stops. `contents` take the place of what the request said.
    """
    after = service_requests.apply_event(tx, record, event, entry)
    client_notices.note_change(tx, record)
    if contents is not None:
        service_requests.save_contents(tx, record, contents)
    if not rules_of(record.kind).is_banks_turn(after):
        request_clocks.stop(tx, record)
    tx.session.flush()
    return after


def note(tx: HubTransaction, record: ServiceRequestRecord, entry: NewEntry) -> Entry:
    """The entry stands in the log, and the status stays as it is; the host app is told where the bank said it."""
    written = service_requests.append(tx, record, entry)
    if entry.actor.party == Party.BANK:
        client_notices.note_change(tx, record)
    return written
