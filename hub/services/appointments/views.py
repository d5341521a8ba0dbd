"""What each reader is shown of an appointment: the person, who alone sees the pass code, and the bank's people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hub.domain.appointment import MISSED, NAMED, AppointmentStatus, absence_from, may_cancel
from hub.domain.appointment_contents import AppointmentContents
from hub.domain.china import china_day
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import NotFound
from hub.domain.plain import Plain, instant, to_plain
from hub.domain.request_kinds import rules_of
from hub.domain.service_request import RequestKind
from hub.domain.visit import VisitReport
from hub.services.accounts.subjects import Subject, negotiations_of
from hub.services.appointments.banks_steps import address_for_bank
from hub.services.transaction import HubTransaction
from storage import appointments, service_requests, slots
from storage.records import AppointmentRecord, PlaceRecord, ServiceRequestRecord
from storage.spans import WHOLE, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentShown:
    """One appointment with all that its pages show. `pass_code` is there for the person alone."""

    record: AppointmentRecord
    request: ServiceRequestRecord
    contents: AppointmentContents
    place: PlaceRecord
    report: VisitReport | None
    address: str | None
    pass_code: str | None = None
    can_cancel: bool = False

    @property
    def status(self) -> AppointmentStatus:
        """Where it stands."""
        return AppointmentStatus(self.request.status)

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it."""
        return rules_of(self.request.kind).is_over(self.request.status)

    @property
    def can_sign_note(self) -> bool:
        """Whether there is a note of the visit that its person has not signed."""
        return self.report is not None and self.contents.note_signed_at is None

    @property
    def absence_from(self) -> datetime:
        """From when on its person may say that nobody came."""
        return absence_from(self.record.starts_at, self.record.ends_at)

    @property
    def day(self) -> date:
        """The day on which it is."""
        return china_day(self.record.starts_at)

    @property
    def is_named(self) -> bool:
        """Whether two people are named and nothing has begun."""
        return self.status in NAMED


def _all_shown(tx: HubTransaction, found: Sequence[appointments.Pair], *, for_person: bool) -> list[AppointmentShown]:
    places = slots.places_of(tx, {record.slot_id for record, _ in found})
    return [_shown(tx, *each, places[each[0].slot_id], for_person=for_person) for each in found]


def _shown(
    tx: HubTransaction,
    record: AppointmentRecord,
    request: ServiceRequestRecord,
    place: PlaceRecord,
    *,
    for_person: bool,
) -> AppointmentShown:
    status = AppointmentStatus(request.status)
    return AppointmentShown(
        record=record,
        request=request,
        contents=appointments.contents_of(tx, record),
        place=place,
        report=appointments.report_of(tx, record),
        address=appointments.address_of(tx, record) if for_person else address_for_bank(tx, record, request),
        pass_code=appointments.pass_code_of(tx, record) if for_person and status in NAMED else None,
        can_cancel=for_person and may_cancel(status, starts_at=record.starts_at, now=tx.now),
    )


def list_own(tx: HubTransaction, subject: Subject) -> list[AppointmentShown]:
    """The person's appointments: what is to come first and the soonest of it, then what is over, the latest first."""
    found = appointments.list_of_person(
        tx, subject.indexes, client_id=subject.client_id, negotiations=_seen(tx, subject)
    )
    shown = _all_shown(tx, found, for_person=True)
    ahead = [each for each in reversed(shown) if not each.is_over]
    return ahead + [each for each in shown if each.is_over]


def _seen(tx: HubTransaction, subject: Subject) -> list[str]:
    """Who sees a negotiation sees what was booked for it, by whatever way in."""
    return [each.id for each in negotiations_of(tx, subject)]


def get_own(tx: HubTransaction, subject: Subject, appointment_id: str) -> AppointmentShown:
    """The person's appointment; raises `NotFound`."""
    found = appointments.find_of_person(
        tx, appointment_id, subject.indexes, client_id=subject.client_id, negotiations=_seen(tx, subject)
    )
    if found is None:
        raise NotFound
    [shown] = _all_shown(tx, [found], for_person=True)
    return shown


def get_of_bank(tx: HubTransaction, appointment_id: str, *, bank_code: str) -> AppointmentShown:
    """The bank's appointment; raises `NotFound`."""
    request = service_requests.find_of_bank(tx, appointment_id, bank_code=bank_code, kind=RequestKind.APPOINTMENT)
    record = appointments.find(tx, appointment_id)
    if record is None:
        raise NotFound
    [shown] = _all_shown(tx, [(record, request)], for_person=False)
    return shown


def list_of_bank(tx: HubTransaction, bank_code: str, *, first: datetime, last: datetime) -> list[AppointmentShown]:
    """The bank's appointments that begin from `first` to before `last`, the earliest first."""
    found = appointments.list_of_bank(tx, bank_code, first=first, last=last)
    return _all_shown(tx, found, for_person=False)


def list_to_confirm(tx: HubTransaction, bank_code: str, *, last: datetime) -> list[AppointmentShown]:
    """Those from now to before `last` that the bank has not confirmed yet, the earliest first."""
    status = AppointmentStatus.REQUESTED
    found = appointments.list_of_bank(tx, bank_code, first=tx.now, last=last, status=status)
    return _all_shown(tx, found, for_person=False)


def list_gone_wrong(tx: HubTransaction, *, since: datetime) -> list[AppointmentShown]:
    """The appointments since then that did not come about or with which something was wrong, the latest first."""
    found = appointments.list_gone_wrong(tx, sorted(MISSED), EntryKind.VISIT_TROUBLE, since=since)
    return _all_shown(tx, found, for_person=False)


def own_view(tx: HubTransaction, shown: AppointmentShown) -> Plain:
    """The appointment as its person's host app is shown it: without the pass code, which the page alone shows."""
    return {
        **_view(shown),
        "staff": [{"number": each.number, "initial": each.initial} for each in shown.contents.staff],
        "can_cancel": shown.can_cancel,
        "can_accept_move": shown.status is AppointmentStatus.MOVED and shown.record.starts_at > tx.now,
        "moved_because": shown.contents.moved_because,
    }


def bank_view(shown: AppointmentShown) -> Plain:
    """The appointment as its bank is shown it; with the address while somebody goes there."""
    return {
        **_view(shown),
        "staff": [to_plain(each) for each in shown.contents.staff],
        "called": shown.contents.called,
        "own_words": shown.contents.own_words,
        "asked_by": shown.contents.asked_by,
        "address": shown.address,
        "due_at": instant(shown.request.due_at) if shown.status is AppointmentStatus.REQUESTED else None,
    }


def _view(shown: AppointmentShown) -> Plain:
    record, report = shown.record, shown.report
    return {
        "id": record.id,
        "reference": shown.request.reference,
        "bank_code": record.bank_code,
        "negotiation": record.negotiation_id,
        "kind": record.kind,
        "purpose": record.purpose,
        "status": shown.request.status,
        "slot_id": record.slot_id,
        "from": instant(record.starts_at),
        "to": instant(record.ends_at),
        "place": {
            "name": shown.place.name,
            "address": shown.place.address,
            "hours": shown.place.hours,
            "step_free": shown.place.step_free,
        },
        "report": None if report is None else to_plain(report),
        "reported_at": None if record.reported_at is None else instant(record.reported_at),
        "note_signed_at": None if shown.contents.note_signed_at is None else instant(shown.contents.note_signed_at),
    }


def views_of_person(tx: HubTransaction, owner_indexes: Sequence[bytes], *, client_id: str) -> list[Plain]:
    """Every appointment of the person with all that is kept of it, for their export."""
    found = appointments.list_of_person(tx, owner_indexes, client_id=client_id)
    shown = _all_shown(tx, found, for_person=True)
    return [{**bank_view(each), "contents": to_plain(each.contents)} for each in shown]


def faults_of_slots(tx: HubTransaction, span: Span = WHOLE) -> Iterator[tuple[str, str, str]]:
    """(invariant, id, detail) of each slot that is not taken by as many as hold it."""
    for about, detail in appointments.list_slots_taken_otherwise(tx, span):
        yield "appointments", about, detail


def faults(tx: HubTransaction, span: Span = WHOLE) -> Iterator[tuple[str, str, str]]:
    """(invariant, id, detail) of what has no request, or does not agree with it."""
    for about, detail in appointments.list_disagreeing(tx, [AppointmentStatus.CANCELLED], span):
        yield "appointments", about, detail
