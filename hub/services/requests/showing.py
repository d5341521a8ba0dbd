"""Showing a bank's people in full whom a request is about: each time is a line of its log, which the person reads."""

from hub.domain.entry_kind import EntryKind
from hub.domain.service_request import RequestKind
from hub.services.negotiations.entries import entry
from hub.services.notifications import request_mails
from hub.services.operating import audit, many_readings
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import service_requests


def note_shown(
    tx: HubTransaction, matter_id: str, why: str, *, bank_code: str, kind: RequestKind, is_one_too_many: bool = False
) -> None:
    """The log says that somebody of the bank has name and number in full, and why; so does the bank's audit.

    `is_one_too_many`: they looked at so many people lately that their supervisors are told, once an hour. Raises
    `NotFound`.
    """
    record = service_requests.lock_of_bank(tx, matter_id, bank_code=bank_code, kind=kind)
    # The bank said nothing by it, so no host app is told of a change.
    service_requests.append(tx, record, entry(EntryKind.REQUEST_PERSON_SHOWN, tx.actor, text=why))
    audit.note(tx, AuditKind.REQUEST_PERSON_READ, record.reference, bank_code=bank_code)
    many_readings.look_at_cases(tx, bank_code=bank_code)
    if is_one_too_many:
        request_mails.many_reveals(tx, record)
