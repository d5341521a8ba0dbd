"""Whose a request is at its bank: one who acts for it, or nobody. Colleagues alone see it.

As with negotiations it is no entry of the log, and the bank's audit has each change.
"""

from hub.domain.errors import Fault, Refused
from hub.domain.request_kinds import rules_of
from hub.services.negotiations import owners
from hub.services.negotiations.owners import OwnerChange
from hub.services.notifications import request_mails
from hub.services.transaction import HubTransaction
from storage import request_queue, service_requests
from storage.records import ServiceRequestRecord, StaffRecord


def assign(
    tx: HubTransaction, matter_id: str, *, bank_code: str, owner_id: str | None, seen_owner: str | None
) -> ServiceRequestRecord:
    """The request is that colleague's, or nobody's; what it is already changes nothing.

    Raises `NotFound` for an unknown one and another bank's alike, and `Refused` for a person who may not have it, and
    where it is over, or is somebody else's than was seen.
    """
    record = service_requests.lock_of_bank(tx, matter_id, bank_code=bank_code)
    if record.owner_id == owner_id:
        return record
    if rules_of(record.kind).is_over(record.status):
        raise Refused(Fault("/owner", "case_has_ended"))
    if record.owner_id != seen_owner:
        raise owners.changed_since(tx, record.owner_id)
    if owner_id is not None:
        owners.require_owner(tx, owner_id, bank_code=bank_code)
    _set(tx, record, owner_id, owners.why_given(tx, owner_id, bank_code=bank_code))
    return record


def assign_by_email(tx: HubTransaction, matter_id: str, email: str | None, *, bank_code: str) -> ServiceRequestRecord:
    """The same as the bank's own system says it: by the colleague's address, None for nobody."""
    record = service_requests.lock_of_bank(tx, matter_id, bank_code=bank_code)
    owner = None if email is None else owners.by_email(tx, email, bank_code=bank_code).id
    return assign(tx, matter_id, bank_code=bank_code, owner_id=owner, seen_owner=record.owner_id)


def release_all(tx: HubTransaction, person: StaffRecord) -> int:
    """The person who has left has no request any more; gives how many there were."""
    if person.bank_code is None:
        return 0
    owned = request_queue.list_owned(tx, person.id, bank_code=person.bank_code)
    for each in owned:
        _set(tx, each, None, OwnerChange.LEFT)
    return len(owned)


def _set(tx: HubTransaction, record: ServiceRequestRecord, owner_id: str | None, why: OwnerChange) -> None:
    before = record.owner_id
    request_queue.set_owner(tx, record, owner_id)
    owners.note_change(tx, record.reference, before, owner_id, why, bank_code=record.bank_code)
    if owner_id is not None and why == OwnerChange.ASSIGNED:
        request_mails.assigned(tx, record, owner_id)
