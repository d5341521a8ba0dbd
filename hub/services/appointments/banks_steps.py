"""What a bank does with an appointment: names two people, names another time, says that nobody was there."""

from collections.abc import Sequence
from dataclasses import replace

from hub.domain.appointment import ADDRESS_KEPT, AppointmentEvent, AppointmentStatus, require_waited
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import Fault, InvalidValue, Refused, SlotTaken
from hub.domain.service_request import RequestKind
from hub.domain.visit import Move, Visitor, staff_faults
from hub.mail.kinds import MailKind
from hub.services.appointments import telling, timing
from hub.services.appointments.words import staff_words, time_words
from hub.services.negotiations.entries import entry
from hub.services.requests import moving
from hub.services.transaction import HubTransaction
from storage import appointments, service_requests, slots
from storage.records import AppointmentRecord, ServiceRequestRecord


def lock(tx: HubTransaction, appointment_id: str, bank_code: str) -> tuple[AppointmentRecord, ServiceRequestRecord]:
    """The bank's appointment and its request, held; raises `NotFound`."""
    request = service_requests.lock_of_bank(tx, appointment_id, bank_code=bank_code, kind=RequestKind.APPOINTMENT)
    return appointments.get(tx, appointment_id), request


def _visitors(tx: HubTransaction, bank_code: str, numbers: Sequence[str]) -> tuple[Visitor, ...]:
    known = {each.number: each for each in slots.list_visitors(tx, bank_code) if each.active}
    faults = staff_faults(numbers, known=list(known))
    if faults:
        raise Refused(*faults)
    return tuple(slots.visitor_of(tx, known[each]) for each in numbers)


def confirm(tx: HubTransaction, appointment_id: str, staff: Sequence[str], *, bank_code: str) -> AppointmentRecord:
    """Two of the bank's people are named, and the person is told who comes and how to know them.

    Raises `NotFound`, `StatusConflict`, and `Refused` `two_staff_needed` or `staff_unknown`.
    """
    record, request = lock(tx, appointment_id, bank_code)
    visitors = _visitors(tx, bank_code, staff)
    contents = replace(appointments.contents_of(tx, record), staff=visitors)
    confirmed = entry(EntryKind.APPOINTMENT_CONFIRMED, tx.actor, what=time_words(record), staff=staff_words(contents))
    moving.move(tx, request, AppointmentEvent.CONFIRM, confirmed)
    appointments.save_contents(tx, record, contents)
    if appointments.pass_code_of(tx, record) is None:
        appointments.draw_pass_code(tx, record)
    timing.plan(tx, record, request)
    telling.person(tx, record, request, MailKind.APPOINTMENT_CONFIRMED)
    return record


def move(tx: HubTransaction, appointment_id: str, asked: Move, *, bank_code: str) -> AppointmentRecord:
    """The bank names another time of the same kind; it has a part of it, and the person is asked.

    Raises `NotFound`, `StatusConflict`, `SlotTaken`, and `Refused` for who comes and for a time that does not fit.
    """
    record, request = lock(tx, appointment_id, bank_code)
    visitors = _visitors(tx, bank_code, asked.staff)
    slot = slots.find_slot(tx, asked.slot_id, bank_code=bank_code)
    if slot is None:
        raise Refused(Fault("/slot_id", "unknown_slot"))
    if slot.kind != record.kind:
        raise Refused(Fault("/slot_id", "kind_of_slot"))
    try:
        slots.time_of(slot).require_bookable(slots.kind_of(slot), tx.calendar(), now=tx.now)
    except InvalidValue as error:
        raise Refused(error.at("/slot_id")) from error
    before = record.slot_id
    appointments.set_time(tx, record, slot)
    if record.address_ends_at is not None:
        record.address_ends_at = slot.ends_at + ADDRESS_KEPT
    contents = replace(appointments.contents_of(tx, record), staff=visitors, moved_because=asked.text)
    moved = entry(
        EntryKind.APPOINTMENT_MOVED,
        tx.actor,
        what=time_words(record),
        staff=staff_words(contents),
        text=asked.text,
    )
    moving.move(tx, request, AppointmentEvent.MOVE, moved)
    # Only now: what is over has no part of a slot that could be given back.
    if slot.id != before:
        if not slots.take(tx, slot.id):
            raise SlotTaken
        slots.give_back(tx, before)
    appointments.save_contents(tx, record, contents)
    timing.plan(tx, record, request)
    telling.person(tx, record, request, MailKind.APPOINTMENT_MOVED)
    return record


def missed(tx: HubTransaction, appointment_id: str, *, by_person: bool, bank_code: str) -> AppointmentRecord:
    """They did not meet, by the bank's word; the person may say otherwise.

    Raises `Refused` `not_yet_begun` before its time, and `not_waited_yet` while the person may just be late.
    """
    record, request = lock(tx, appointment_id, bank_code)
    if record.starts_at > tx.now:
        raise Refused(Fault("", "not_yet_begun"))
    if by_person:
        require_waited(record.starts_at, record.ends_at, now=tx.now)
    event = AppointmentEvent.PERSON_ABSENT if by_person else AppointmentEvent.BANK_ABSENT
    timing.miss(tx, record, request, event)
    return record


def address_for_bank(tx: HubTransaction, record: AppointmentRecord, request: ServiceRequestRecord) -> str | None:
    """Where the bank's two people go; None before they are named, and once nobody goes there any more."""
    shown = (AppointmentStatus.CONFIRMED, AppointmentStatus.REMINDED, AppointmentStatus.BEGUN)
    return appointments.address_of(tx, record) if request.status in shown else None
