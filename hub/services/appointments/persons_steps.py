"""What a person does with an appointment of theirs: cancels it, says yes to another time, says what went wrong."""

from dataclasses import replace

from hub.domain import labels
from hub.domain.appointment import AppointmentEvent, AppointmentStatus, may_cancel, require_waited
from hub.domain.appointment_contents import TroubleReport
from hub.domain.delivery import MessageKind
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import Fault, Refused, StatusConflict
from hub.domain.visit import Trouble
from hub.mail.kinds import MailKind
from hub.services.accounts.subjects import Subject
from hub.services.appointments import telling, timing
from hub.services.appointments.views import get_own
from hub.services.appointments.words import said_to_bank, time_words
from hub.services.negotiations.entries import entry
from hub.services.operating import visit_tasks
from hub.services.requests import moving, sending
from hub.services.transaction import HubTransaction
from storage import appointments, service_requests
from storage.records import AppointmentRecord, ServiceRequestRecord

MOST_TROUBLES = 20


def lock_own(
    tx: HubTransaction, subject: Subject, appointment_id: str
) -> tuple[AppointmentRecord, ServiceRequestRecord]:
    """The person's appointment and its request, held; raises `NotFound`."""
    shown = get_own(tx, subject, appointment_id)
    request = service_requests.lock(tx, shown.request.id)
    return appointments.get(tx, appointment_id), request


def cancel(tx: HubTransaction, subject: Subject, appointment_id: str) -> None:
    """The appointment is off, without a reason and without a trace beside that; once, however often it is asked.

    Raises `Refused` `too_late_to_cancel` within the last hour, and `StatusConflict` for one that has begun.
    """
    record, request = lock_own(tx, subject, appointment_id)
    status = AppointmentStatus(request.status)
    if status is AppointmentStatus.CANCELLED:
        return
    if not may_cancel(status, starts_at=record.starts_at, now=tx.now):
        if status in (AppointmentStatus.REQUESTED, AppointmentStatus.CONFIRMED, AppointmentStatus.REMINDED):
            raise Refused(Fault("", "too_late_to_cancel"))
        raise StatusConflict(status, AppointmentEvent.CANCEL)
    timing.cancel(tx, record, request)


def accept_move(tx: HubTransaction, subject: Subject, appointment_id: str) -> None:
    """The person agrees to the time that the bank named; raises `StatusConflict` where it named none."""
    record, request = lock_own(tx, subject, appointment_id)
    if request.status == AppointmentStatus.MOVED and record.starts_at <= tx.now:
        raise StatusConflict(request.status, AppointmentEvent.ACCEPT_MOVE)
    accepted = entry(EntryKind.APPOINTMENT_MOVE_ACCEPTED, tx.actor, what=time_words(record))
    moving.move(tx, request, AppointmentEvent.ACCEPT_MOVE, accepted)
    appointments.draw_pass_code(tx, record)
    timing.plan(tx, record, request)
    said = said_to_bank(tx, record, appointments.contents_of(tx, record))
    sending.queue(tx, request, MessageKind.APPOINTMENT_MOVE_ACCEPTED, said)
    telling.person(tx, record, request, MailKind.APPOINTMENT_CONFIRMED)
    telling.changed_today(tx, record, request)


def report_trouble(tx: HubTransaction, subject: Subject, appointment_id: str, trouble: Trouble, text: str) -> None:
    """What went wrong stands in the log, and an operator looks into it.

    Where nobody came, the bank has missed it. Raises `Refused` `not_yet_begun` before its time, and
    `not_waited_yet` for who says that nobody came before they waited.
    """
    record, request = lock_own(tx, subject, appointment_id)
    if record.starts_at > tx.now:
        raise Refused(Fault("", "not_yet_begun"))
    if trouble is Trouble.NOBODY_CAME:
        require_waited(record.starts_at, record.ends_at, now=tx.now, pointer="/trouble")
    contents = appointments.contents_of(tx, record)
    if len(contents.troubles) >= MOST_TROUBLES:
        raise Refused(Fault("", "too_many", {"most": MOST_TROUBLES}))
    said = TroubleReport(trouble=trouble, text=text, at=tx.now)
    appointments.save_contents(tx, record, replace(contents, troubles=(*contents.troubles, said)))
    words = labels.VISIT_TROUBLES[trouble]
    moving.note(tx, request, entry(EntryKind.VISIT_TROUBLE, tx.actor, trouble=words, text=text))
    visit_tasks.trouble(tx, request, said=trouble, number=len(contents.troubles))
    if trouble is Trouble.NOBODY_CAME and request.status in (AppointmentStatus.CONFIRMED, AppointmentStatus.REMINDED):
        timing.miss(tx, record, request, AppointmentEvent.BANK_ABSENT)
