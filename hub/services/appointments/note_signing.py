"""Signing the note of a visit: by the person, with a code to their mobile, once; the bank is told."""

from dataclasses import replace

from hub.domain.delivery import MessageKind
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import Fault, NotFound, Refused, StatusConflict, WrongConfirmationCode
from hub.domain.plain import instant
from hub.services import matter_codes
from hub.services.accounts.subjects import Subject
from hub.services.appointments import notes
from hub.services.appointments.persons_steps import lock_own
from hub.services.appointments.views import get_own
from hub.services.codes import CodeMessage
from hub.services.negotiations import negotiation_log
from hub.services.negotiations.entries import entry
from hub.services.requests import moving, sending
from hub.services.transaction import HubTransaction
from storage import appointments, negotiation_locks, service_requests
from storage.records import AppointmentRecord, ServiceRequestRecord

_WHAT_ZH = "签署一份见面记录"


def send_code(tx: HubTransaction, subject: Subject, appointment_id: str) -> CodeMessage:
    """A fresh code is on its way to the person's mobile, with which the note is signed.

    Raises `NotFound`, `StatusConflict` where there is no note or it is signed, `Refused` without a mobile, and
    `TooManyTries`.
    """
    record, request = _lock_unsigned(tx, subject, appointment_id)
    mobile = mobile_of(tx, subject, request)
    if mobile is None:
        raise Refused(Fault("/mobile", "mobile"))
    return matter_codes.send(tx, subject, record.id, mobile=mobile, what_zh=_WHAT_ZH)


def sign(tx: HubTransaction, subject: Subject, appointment_id: str, code: str) -> WrongConfirmationCode | None:
    """The note is signed, by the digest that stands on it; signing twice is signing once.

    A wrong code is given back as an error for the face to raise after the commit, because its try must count. Raises
    `NotFound`, and `StatusConflict` where there is no note.
    """
    if get_own(tx, subject, appointment_id).contents.note_signed_at is not None:
        return None
    record, request = _lock_unsigned(tx, subject, appointment_id)
    wrong = matter_codes.use(tx, record.id, code)
    if wrong is not None:
        return wrong
    digest = notes.note_of(tx, get_own(tx, subject, appointment_id)).sha256
    contents = replace(appointments.contents_of(tx, record), note_signed_at=tx.now)
    appointments.save_contents(tx, record, contents)
    signed = entry(EntryKind.VISIT_NOTE_SIGNED, tx.actor, digest=digest)
    moving.note(tx, request, signed)
    if record.negotiation_id is not None:
        negotiation = negotiation_locks.lock(tx, record.negotiation_id)
        negotiation_log.note(tx, negotiation, entry(EntryKind.VISIT_NOTE_SIGNED, tx.actor, digest=digest))
    told = {"appointment": record.id, "note_signed_at": instant(tx.now), "sha256": digest}
    sending.queue(tx, request, MessageKind.REQUEST_MESSAGE, told)
    return None


def mobile_of(tx: HubTransaction, subject: Subject, request: ServiceRequestRecord) -> str | None:
    """Where the code goes: the mobile that was named with the appointment, else that of who is signed in."""
    contact = service_requests.contact_of(tx, request) or {}
    signed_in = None if subject.cardholder is None else subject.cardholder.mobile
    return contact.get("mobile") or signed_in


def _lock_unsigned(
    tx: HubTransaction, subject: Subject, appointment_id: str
) -> tuple[AppointmentRecord, ServiceRequestRecord]:
    record, request = lock_own(tx, subject, appointment_id)
    if record.report_sealed is None or appointments.contents_of(tx, record).note_signed_at is not None:
        raise StatusConflict(request.status, "note_signed")
    if request.erased_at is not None:
        raise NotFound
    return record, request
