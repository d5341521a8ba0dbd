"""Booking a time of a bank: who may, for what, and what becomes of the address."""

from dataclasses import dataclass, replace

from hub.domain.agreement_end import AgreementStatus
from hub.domain.application import SupportNeed
from hub.domain.appointment import (
    ADDRESS_KEPT,
    AHEAD,
    MOST_OPEN,
)
from hub.domain.appointment_contents import (
    ADDRESS_CONSENT,
    RECORDING_CONSENT,
    AppointmentContents,
    Consented,
)
from hub.domain.booking import Booking
from hub.domain.china import china_day
from hub.domain.consent import Wording
from hub.domain.delivery import MessageKind
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import Fault, InvalidValue, NotFound, Refused, SlotTaken
from hub.domain.identifiers import age_on
from hub.domain.people import says_nothing
from hub.domain.service_request import RequestKind, Service
from hub.services.accounts.subjects import Subject, negotiations_of
from hub.services.appointments import timing
from hub.services.appointments.words import said_to_bank, time_words
from hub.services.negotiations.entries import entry
from hub.services.operating import banks
from hub.services.requests import opening, sending
from hub.services.requests.opening import NewRequest
from hub.services.transaction import HubTransaction
from storage import agreements, appointments, service_requests, slots
from storage.appointments import NewAppointment
from storage.records import AppointmentRecord, NegotiationRecord, SlotRecord, new_id
from storage.submissions import submission_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the hub knows of the person who books."""

    negotiation: NegotiationRecord | None
    support_needs: tuple[SupportNeed, ...] = ()
    age: int | None = None
    email: str | None = None
    mobile: str | None = None


def book(tx: HubTransaction, subject: Subject, booking: Booking) -> AppointmentRecord:
    """The person has asked for the time; the bank is told, and has two working days to say who comes.

    Raises `ServiceNotOffered`, `NotFound`, `SlotTaken`, and `Refused` with what speaks against it.
    """
    bank = banks.require_service(tx, booking.bank_code, Service.APPOINTMENTS)
    slot = slots.find_slot(tx, booking.slot_id, bank_code=bank.code)
    if slot is None:
        raise NotFound
    known = _known(tx, subject, booking)
    _require_allowed(tx, subject, booking, known, slot)
    if not slots.take(tx, slot.id):
        raise SlotTaken
    return _kept(tx, subject, booking, known, slot)


def _known(tx: HubTransaction, subject: Subject, booking: Booking) -> Known:
    if booking.negotiation_id is None:
        person = subject.cardholder
        number = None if person is None else person.id_number
        return Known(
            negotiation=None,
            age=age_on(number, china_day(tx.now)),
            email=booking.email,
            mobile=booking.mobile or (None if person is None else person.mobile),
        )
    found = next((each for each in negotiations_of(tx, subject) if each.id == booking.negotiation_id), None)
    if found is None or found.bank_code != booking.bank_code or found.erased_at is not None:
        raise NotFound
    submission = submission_of(tx, found)
    applicant = submission.applicant
    return Known(
        negotiation=found,
        support_needs=submission.support_needs,
        age=age_on(applicant.id_number, china_day(tx.now)),
        email=booking.email or applicant.email,
        mobile=booking.mobile or applicant.mobile,
    )


def _require_allowed(tx: HubTransaction, subject: Subject, booking: Booking, known: Known, slot: SlotRecord) -> None:
    wish, time = booking.wish, slots.time_of(slot)
    faults = []
    if slot.kind != wish.kind:
        faults.append(Fault("/slot_id", "kind_of_slot"))
    elif not time.serves(wish.purpose):
        faults.append(Fault("/slot_id", "slot_not_for_this"))
    if known.negotiation is None and says_nothing(wish.called):
        faults.append(Fault("/called", "called_needed"))
    ahead = [
        request
        for _, request in appointments.list_of_person(tx, subject.indexes, client_id=subject.client_id)
        if request.status in AHEAD
    ]
    if len(ahead) >= MOST_OPEN:
        faults.append(Fault("", "appointments_too_many", {"most": MOST_OPEN}))
    if faults:
        raise Refused(*faults)
    wish.require_home_reason(support_needs=known.support_needs, age=known.age)
    wish.require_own_purpose(hold_in_force=_collection_rests(tx, subject, booking.bank_code))
    try:
        # A notice may have made the day a holiday since it was offered.
        time.require_bookable(wish.kind, tx.calendar(), now=tx.now)
    except InvalidValue as error:
        raise Refused(error.at("/slot_id")) from error


def _collection_rests(tx: HubTransaction, subject: Subject, bank_code: str) -> bool:
    theirs = (each for each in negotiations_of(tx, subject) if each.bank_code == bank_code)
    found = (agreements.find_agreement(tx, each.id) for each in theirs)
    return any(each is not None and each.status == AgreementStatus.IN_FORCE for each in found)


def _kept(tx: HubTransaction, subject: Subject, booking: Booking, known: Known, slot: SlotRecord) -> AppointmentRecord:
    wish, negotiation = booking.wish, known.negotiation
    appointment_id = new_id()
    contents = AppointmentContents(
        called=wish.called,
        own_words=wish.own_words,
        asked_by=wish.asked_by,
        address_consent=_consented(tx, ADDRESS_CONSENT) if wish.address_consent else None,
        recording_consent=_consented(tx, RECORDING_CONSENT) if wish.recording_consent else None,
    )
    record = appointments.add(
        tx,
        NewAppointment(
            id=appointment_id,
            owner_index=subject.indexes[0],
            client_id=subject.client_id,
            negotiation_id=None if negotiation is None else negotiation.id,
            kind=wish.kind,
            purpose=wish.purpose,
            contents=contents,
            expires_at=tx.now + service_requests.KEPT,
        ),
        slot,
    )
    digest = ""
    if wish.address:
        digest = appointments.keep_address(tx, record, wish.address, until=slot.ends_at + ADDRESS_KEPT)
        contents = replace(contents, address_digest=digest)
        appointments.save_contents(tx, record, contents)
    kind = EntryKind.HOME_VISIT_REQUESTED if wish.address else EntryKind.APPOINTMENT_REQUESTED
    request = opening.open_request(
        tx,
        NewRequest(
            kind=RequestKind.APPOINTMENT,
            subject=subject,
            bank_code=booking.bank_code,
            matter_id=appointment_id,
            contents=said_to_bank(tx, record, contents),
            negotiation_id=record.negotiation_id,
            contact={"email": known.email, "mobile": known.mobile},
        ),
        entry(kind, tx.actor, what=time_words(record), digest=digest),
    )
    timing.plan(tx, record, request)
    sending.queue(tx, request, MessageKind.APPOINTMENT_REQUESTED, said_to_bank(tx, record, contents), opens_clock=True)
    return record


def _consented(tx: HubTransaction, words: Wording) -> Consented:
    return Consented(version=words.version, sha256=words.sha256, at=tx.now)
