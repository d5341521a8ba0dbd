"""Where, when and by whom a bank's customers can be met: kept by the bank, looked at by everybody who may book."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from hub.domain.appointment_kind import AppointmentKind, AppointmentPurpose
from hub.domain.china import china_day, china_instant
from hub.domain.errors import Fault, NotFound, Refused
from hub.domain.plain import Plain, instant, to_plain
from hub.domain.visit import Visitor
from hub.domain.visiting_hours import MOST_AHEAD, PlaceDetails, SlotTime, require_all_bookable
from hub.services.transaction import HubTransaction
from storage import slots
from storage.records import PlaceRecord, SlotRecord, VisitorRecord


def keep_place(
    tx: HubTransaction, details: PlaceDetails, *, bank_code: str, place_id: str | None = None
) -> PlaceRecord:
    """The bank has this place; raises `NotFound`, and `Refused` `place_exists` or `place_kind_stays`."""
    if place_id is None:
        record = slots.add_place(tx, details, bank_code=bank_code)
        if record is None:
            raise Refused(Fault("/name", "place_exists"))
        return record
    record = get_place(tx, place_id, bank_code=bank_code)
    if record.kind != details.kind:
        raise Refused(Fault("/kind", "place_kind_stays"))
    same_name = (each for each in slots.list_places(tx, bank_code) if each.name == details.name)
    if any(each.kind == details.kind and each.id != place_id for each in same_name):
        raise Refused(Fault("/name", "place_exists"))
    slots.save_place(tx, record, details)
    return record


def get_place(tx: HubTransaction, place_id: str, *, bank_code: str) -> PlaceRecord:
    """The bank's place; raises `NotFound`."""
    record = slots.find_place(tx, place_id, bank_code=bank_code)
    if record is None:
        raise NotFound
    return record


def offer(tx: HubTransaction, place_id: str, times: Sequence[SlotTime], *, bank_code: str) -> list[SlotRecord]:
    """The place can be booked at these times; all of them or none.

    Raises `NotFound`, and `Refused` with a fault at each time that cannot be: `outside_hours`, `slot_passed`,
    `slot_too_far`, `slot_exists`, `place_closed`.
    """
    place = get_place(tx, place_id, bank_code=bank_code)
    if not place.active:
        raise Refused(Fault("/place_id", "place_closed"))
    require_all_bookable(AppointmentKind(place.kind), times, tx.calendar(), now=tx.now)
    made, faults = [], []
    for number, each in enumerate(times):
        record = slots.add_slot(tx, place, each)
        if record is None:
            faults.append(Fault(f"/slots/{number}", "slot_exists"))
        else:
            made.append(record)
    if faults:
        raise Refused(*faults)
    return made


def close(tx: HubTransaction, slot_id: str, *, bank_code: str) -> SlotRecord:
    """Nobody books that time any more; who has booked it is not touched. Raises `NotFound`."""
    record = slots.find_slot(tx, slot_id, bank_code=bank_code)
    if record is None:
        raise NotFound
    slots.close(tx, record)
    return record


def name_visitor(tx: HubTransaction, visitor: Visitor, *, bank_code: str, active: bool) -> VisitorRecord:
    """The bank's person of that number meets customers, or does so no more."""
    return slots.put_visitor(tx, visitor, bank_code=bank_code, active=active)


def places_of(tx: HubTransaction, bank_code: str) -> list[PlaceRecord]:
    """The bank's places, those that are open first."""
    return slots.list_places(tx, bank_code)


def visitors_of(tx: HubTransaction, bank_code: str) -> list[Plain]:
    """Who of the bank's people meets customers, also who no longer does, as the bank sees them."""
    return [visitor_view(tx, each) for each in slots.list_visitors(tx, bank_code)]


def free_slots(
    tx: HubTransaction,
    bank_code: str,
    *,
    first: date,
    kind: AppointmentKind | None = None,
    purpose: AppointmentPurpose | None = None,
) -> list[tuple[SlotRecord, PlaceRecord]]:
    """What of the bank can be booked from that day on and serves the purpose; the earliest first.

    A day that a notice has meanwhile made a holiday is not among them.
    """
    begin, last = max(china_instant(first, time()), tx.now), tx.now + MOST_AHEAD
    closed = _closed_days(tx, begin, last)
    return slots.list_free(tx, bank_code, after=begin, last=last, closed_days=closed, kind=kind, purpose=purpose)


def _closed_days(tx: HubTransaction, first: datetime, last: datetime) -> list[tuple[datetime, datetime]]:
    """Begin and end of each day in between on which nobody works."""
    calendar, day, end = tx.calendar(), china_day(first), china_day(last)
    found = []
    while day <= end:
        if not calendar.is_working_day(day):
            found.append((china_instant(day, time()), china_instant(day + timedelta(days=1), time())))
        day += timedelta(days=1)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotShown:
    """A time with its place, as pages show it."""

    id: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    name: str
    address: str
    step_free: bool
    capacity: int
    taken: int
    is_closed: bool


def _slot_shown(slot: SlotRecord, place: PlaceRecord) -> SlotShown:
    return SlotShown(
        id=slot.id,
        kind=slot.kind,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        name=place.name,
        address=place.address,
        step_free=place.step_free,
        capacity=slot.capacity,
        taken=slot.taken,
        is_closed=slot.closed_at is not None or not place.active,
    )


def free_shown(tx: HubTransaction, bank_code: str, *, first: date, kind: str) -> list[SlotShown]:
    """What of the bank can be booked from that day on in that way, for pages."""
    found = free_slots(tx, bank_code, first=first, kind=AppointmentKind(kind))
    return [_slot_shown(slot, place) for slot, place in found]


def times_shown(tx: HubTransaction, bank_code: str, *, first: date, days: int) -> list[SlotShown]:
    """All times of the bank on so many days, for pages."""
    return [_slot_shown(slot, place) for slot, place in slots_of_days(tx, bank_code, first=first, days=days)]


def close_place(tx: HubTransaction, place_id: str, *, bank_code: str) -> None:
    """The place takes no more times, and nobody books those it has. Raises `NotFound`."""
    record = get_place(tx, place_id, bank_code=bank_code)
    slots.save_place(tx, record, replace(slots.details_of(record), active=False))


def stop_visitor(tx: HubTransaction, number: str, *, bank_code: str) -> None:
    """The bank's person of that number meets customers no more; raises `NotFound`."""
    record = slots.find_visitor(tx, number, bank_code=bank_code)
    if record is None:
        raise NotFound
    slots.put_visitor(tx, slots.visitor_of(tx, record), bank_code=bank_code, active=False)


def slots_of_days(
    tx: HubTransaction, bank_code: str, *, first: date, days: int
) -> list[tuple[SlotRecord, PlaceRecord]]:
    """All slots of the bank on so many days from the first on, also those that are full or closed."""
    begin = china_instant(first, time())
    return slots.list_slots(tx, bank_code, first=begin, last=begin + timedelta(days=days))


def place_view(record: PlaceRecord) -> Plain:
    """The place as the API shows it."""
    return {"id": record.id, **to_plain(slots.details_of(record))}


def slot_view(slot: SlotRecord, place: PlaceRecord) -> Plain:
    """The slot with its place, as whoever may book it sees it."""
    return {
        "id": slot.id,
        "kind": slot.kind,
        "from": instant(slot.starts_at),
        "to": instant(slot.ends_at),
        "free": max(slot.capacity - slot.taken, 0),
        "purposes": list(slot.purposes or AppointmentPurpose),
        "place": {
            "name": place.name,
            "address": place.address,
            "hours": place.hours,
            "step_free": place.step_free,
        },
    }


def own_slot_view(slot: SlotRecord, place: PlaceRecord) -> Plain:
    """The same as its bank sees it."""
    return {
        **slot_view(slot, place),
        "place_id": slot.place_id,
        "capacity": slot.capacity,
        "taken": slot.taken,
        "closed_at": None if slot.closed_at is None else instant(slot.closed_at),
    }


def visitor_view(tx: HubTransaction, record: VisitorRecord) -> Plain:
    """Who of the bank meets customers, as the bank sees it."""
    return {**to_plain(slots.visitor_of(tx, record)), "active": record.active}
