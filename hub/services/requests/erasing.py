"""Erasing requests, with their person or when their time is over; the log says so."""

from collections.abc import Sequence

from hub.domain.actor import HUB
from hub.domain.delivery import MessageKind
from hub.domain.entry_kind import EntryKind
from hub.domain.log_chain import erasure_of
from hub.domain.retention import Cause, DataClass
from hub.domain.service_request import PERSON_ERASED
from hub.services.erasure import leftovers
from hub.services.erasure.erasing import Leftovers
from hub.services.negotiations.entries import ERASED_BASIS, ERASED_WHAT, entry
from hub.services.requests import moving, sending
from hub.services.transaction import HubTransaction
from storage import request_erasing, request_files, service_requests
from storage.records import ServiceRequestRecord

_TOGETHER = 200


def erase_of_person(tx: HubTransaction, owners: Sequence[bytes], clients: Sequence[str] | None, cause: Cause) -> None:
    """Nothing of the person is left in their requests; those that were open are closed, and their banks told."""
    for record in request_erasing.list_of(tx, owners, clients, lock=True):
        was_open = record.closed_at is None
        if was_open:
            moving.move(tx, record, PERSON_ERASED, entry(EntryKind.REQUEST_CLOSED, tx.actor))
            service_requests.look_at(record, None)
        _erase(tx, record, cause)
        # What never reached the bank is nothing that it would have to hear the end of.
        if was_open and record.reached_bank_at is not None:
            sending.queue(tx, record, MessageKind.REQUEST_MESSAGE, {"closed": PERSON_ERASED})


def erase_expired(tx: HubTransaction) -> None:
    """Requests whose time is over hold nothing of their person any more, some at a time."""
    for record in request_erasing.list_expired(tx, _TOGETHER):
        _erase(tx, record, Cause.DUE)


def _erase(tx: HubTransaction, record: ServiceRequestRecord, cause: Cause) -> None:
    gone = [erasure_of(id_, digest) for id_, digest in request_erasing.logged(tx, record.id)]
    leftovers.keep(tx, [Leftovers(store_names=request_files.take(tx, record.id))])
    request_erasing.take_all(tx, record)
    words = {"what": ERASED_WHAT[DataClass.REQUESTS], "basis": ERASED_BASIS[cause], "count": len(gone)}
    moving.note(tx, record, entry(EntryKind.ERASED, HUB if cause is Cause.DUE else tx.actor, gone, **words))
