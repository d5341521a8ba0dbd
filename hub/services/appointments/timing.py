"""What happens to appointments by itself: the reminder, what was missed, a report asked for, an address's end."""

from hub.domain.actor import HUB
from hub.domain.appointment import AppointmentEvent, AppointmentStatus, acts_at
from hub.domain.delivery import MessageKind
from hub.domain.entry_kind import EntryKind
from hub.domain.visit import report_due_at
from hub.mail.kinds import MailKind
from hub.services.appointments import telling
from hub.services.appointments.words import time_words
from hub.services.negotiations.entries import entry
from hub.services.operating import visit_tasks
from hub.services.requests import moving, sending
from hub.services.transaction import HubTransaction
from hub.steps import reached
from storage import appointments, service_requests, slots
from storage.records import AppointmentRecord, ServiceRequestRecord


def plan(tx: HubTransaction, record: AppointmentRecord, request: ServiceRequestRecord) -> None:
    """The appointment is looked at again when something happens to it by itself next."""
    record.act_at = acts_at(AppointmentStatus(request.status), record.starts_at, now=tx.now)
    tx.session.flush()


def request_of(tx: HubTransaction, appointment_id: str) -> ServiceRequestRecord:
    """The appointment's request, held against every other writer."""
    [request] = service_requests.list_of_matter(tx, appointment_id, lock=True)
    return request


def act(tx: HubTransaction, appointment_id: str) -> None:
    """What is due of the appointment by now has happened; a second call does nothing."""
    request = request_of(tx, appointment_id)
    record = appointments.get(tx, appointment_id)
    if record.act_at is None or record.act_at > tx.now or request.erased_at is not None:
        return
    status = AppointmentStatus(request.status)
    if status is AppointmentStatus.CONFIRMED and tx.now < record.starts_at:
        reminded = entry(EntryKind.APPOINTMENT_REMINDED, HUB, what=time_words(record))
        moving.move(tx, request, AppointmentEvent.REMIND, reminded)
        telling.person(tx, record, request, MailKind.APPOINTMENT_TOMORROW)
        reached("appointment.reminded")
    elif status is AppointmentStatus.MOVED:
        cancel(tx, record, request)
    elif status is AppointmentStatus.BEGUN:
        _ask_for_report(tx, record, request)
        return
    elif tx.now >= report_due_at(record.starts_at):
        miss(tx, record, request, AppointmentEvent.BANK_ABSENT)
    plan(tx, record, request)


def _ask_for_report(tx: HubTransaction, record: AppointmentRecord, request: ServiceRequestRecord) -> None:
    telling.desk(tx, request, MailKind.VISIT_REPORT_MISSING)
    visit_tasks.not_reported(tx, request)
    # It is asked for once; the task is open until the report comes.
    record.act_at = None


def cancel(tx: HubTransaction, record: AppointmentRecord, request: ServiceRequestRecord) -> None:
    """There is no appointment any more, and person and bank are told; its part of the slot and its address are free.

    Nobody says why. In the log it is the person's who cancelled, and the hub's where its time came unanswered.
    """
    moving.move(tx, request, AppointmentEvent.CANCEL, entry(EntryKind.APPOINTMENT_CANCELLED, tx.actor))
    if record.holds_slot:
        slots.give_back(tx, record.slot_id)
        record.holds_slot = False
    _forget_address(tx, record, request)
    record.act_at = None
    sending.queue(tx, request, MessageKind.APPOINTMENT_CANCELLED, {"appointment": record.id})
    telling.person(tx, record, request, MailKind.APPOINTMENT_CANCELLED)
    telling.changed_today(tx, record, request)


def miss(tx: HubTransaction, record: AppointmentRecord, request: ServiceRequestRecord, event: AppointmentEvent) -> None:
    """They did not meet, and the log says who was not there; the operator is told where it was the bank."""
    is_bank = event is AppointmentEvent.BANK_ABSENT
    missed = entry(EntryKind.VISIT_MISSED, tx.actor, what=time_words(record), who="银行" if is_bank else "持卡人")
    moving.move(tx, request, event, missed)
    if is_bank:
        visit_tasks.missed(tx, request)
    record.act_at = None


def forget_address(tx: HubTransaction, appointment_id: str) -> None:
    """Nobody can open the appointment's address any more; the log keeps its digest. A second call does nothing."""
    request = request_of(tx, appointment_id)
    record = appointments.get(tx, appointment_id)
    if record.address_ends_at is not None and record.address_ends_at <= tx.now:
        _forget_address(tx, record, request)


def _forget_address(tx: HubTransaction, record: AppointmentRecord, request: ServiceRequestRecord) -> None:
    if record.address_sealed is None:
        return
    digest = appointments.contents_of(tx, record).address_digest
    appointments.destroy_address(record)
    reached("appointment.address_destroyed")
    moving.note(tx, request, entry(EntryKind.ADDRESS_ERASED, HUB, digest=digest))
