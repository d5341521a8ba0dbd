"""Where, when and by whom a bank's customers are met: the only writer of places, of slots and of who visits."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from hub.domain.appointment_kind import AppointmentKind, AppointmentPurpose
from hub.domain.visit import Visitor
from hub.domain.visiting_hours import PlaceDetails, SlotTime
from storage.database import added
from storage.records import PlaceRecord, SlotRecord, VisitorRecord, new_id
from storage.transaction import Transaction

_MOST: Final = 500


def list_places(tx: Transaction, bank_code: str) -> list[PlaceRecord]:
    """The bank's places, those that are open first."""
    query = sa.select(PlaceRecord).where(PlaceRecord.bank_code == bank_code)
    return list(tx.session.scalars(query.order_by(PlaceRecord.active.desc(), PlaceRecord.kind, PlaceRecord.name)))


def find_place(tx: Transaction, place_id: str, *, bank_code: str) -> PlaceRecord | None:
    """The bank's place of that id."""
    query = sa.select(PlaceRecord).where(PlaceRecord.id == place_id, PlaceRecord.bank_code == bank_code)
    return tx.session.scalar(query)


def add_place(tx: Transaction, details: PlaceDetails, *, bank_code: str) -> PlaceRecord | None:
    """A place with these details; None where the bank has one of that kind and name."""
    record = PlaceRecord(id=new_id(), bank_code=bank_code, added_at=tx.now, kind=details.kind)
    _write(record, details)
    return record if added(tx.session, record) else None


def save_place(tx: Transaction, record: PlaceRecord, details: PlaceDetails) -> None:
    """The place is as `details` say; its kind stays, since its times are of that kind."""
    _write(record, details)
    tx.session.flush()


def _write(record: PlaceRecord, details: PlaceDetails) -> None:
    record.name, record.address, record.hours = details.name, details.address, details.hours
    record.step_free, record.active = details.step_free, details.active


def details_of(record: PlaceRecord) -> PlaceDetails:
    """What a place is."""
    return PlaceDetails(
        kind=AppointmentKind(record.kind),
        name=record.name,
        address=record.address,
        hours=record.hours,
        step_free=record.step_free,
        active=record.active,
    )


def add_slot(tx: Transaction, place: PlaceRecord, slot: SlotTime) -> SlotRecord | None:
    """The place can be booked then; None where it has that stretch of time already."""
    record = SlotRecord(
        id=new_id(),
        bank_code=place.bank_code,
        place_id=place.id,
        kind=place.kind,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        capacity=slot.capacity,
        taken=0,
        purposes=[str(each) for each in slot.purposes],
        added_at=tx.now,
    )
    return record if added(tx.session, record) else None


def find_slot(tx: Transaction, slot_id: str, *, bank_code: str) -> SlotRecord | None:
    """The bank's slot of that id."""
    return tx.session.scalar(sa.select(SlotRecord).where(SlotRecord.id == slot_id, SlotRecord.bank_code == bank_code))


def places_of(tx: Transaction, slot_ids: Collection[str]) -> dict[str, PlaceRecord]:
    """Where each of these slots is, by its id."""
    if not slot_ids:
        return {}
    query = sa.select(SlotRecord.id, PlaceRecord).join(PlaceRecord, PlaceRecord.id == SlotRecord.place_id)
    return dict(tx.session.execute(query.where(SlotRecord.id.in_(slot_ids))).all())


def time_of(record: SlotRecord) -> SlotTime:
    """When the slot is, and what for."""
    return SlotTime(
        starts_at=record.starts_at,
        ends_at=record.ends_at,
        capacity=record.capacity,
        purposes=tuple(map(AppointmentPurpose, record.purposes)),
    )


def kind_of(record: SlotRecord) -> AppointmentKind:
    """How people meet then."""
    return AppointmentKind(record.kind)


def list_slots(
    tx: Transaction, bank_code: str, *, first: datetime, last: datetime
) -> list[tuple[SlotRecord, PlaceRecord]]:
    """The bank's slots that begin from `first` to before `last`, each with its place; the earliest first."""
    return _listed(tx, bank_code, SlotRecord.starts_at >= first, SlotRecord.starts_at < last)


def list_free(
    tx: Transaction,
    bank_code: str,
    *,
    after: datetime,
    last: datetime,
    closed_days: Sequence[tuple[datetime, datetime]],
    kind: str | None = None,
    purpose: str | None = None,
) -> list[tuple[SlotRecord, PlaceRecord]]:
    """Those from `after` to before `last` of which somebody may still take a part for that purpose, the earliest first.

    None that begins on one of the days, told by their begin and end, on which the bank is closed.
    """
    slot = SlotRecord
    which: list[sa.ColumnElement[bool]] = [
        slot.starts_at >= after,
        slot.starts_at > tx.now,
        slot.starts_at < last,
        slot.closed_at.is_(None),
        slot.taken < slot.capacity,
        PlaceRecord.active.is_(True),
        *(sa.not_(sa.and_(slot.starts_at >= begin, slot.starts_at < end)) for begin, end in closed_days),
    ]
    if kind is not None:
        which.append(slot.kind == kind)
    if purpose is not None:
        # Of words between quotes, so that none is found within another.
        words = sa.cast(slot.purposes, sa.Text)
        which.append(sa.or_(words == "[]", words.contains(f'"{purpose}"', autoescape=True)))
    return _listed(tx, bank_code, *which)


def _listed(tx: Transaction, bank_code: str, *which: sa.ColumnElement[bool]) -> list[tuple[SlotRecord, PlaceRecord]]:
    query = (
        sa.select(SlotRecord, PlaceRecord)
        .join(PlaceRecord, PlaceRecord.id == SlotRecord.place_id)
        .where(SlotRecord.bank_code == bank_code, *which)
        .order_by(SlotRecord.starts_at, PlaceRecord.name, SlotRecord.id)
        .limit(_MOST)
    )
    return [(slot, place) for slot, place in tx.session.execute(query)]


def take(tx: Transaction, slot_id: str) -> bool:
    """Whether one of the slot's parts could be taken: of two who want the last one, one gets it."""
    taken = tx.session.scalar(
        sa.update(SlotRecord)
        .where(SlotRecord.id == slot_id, SlotRecord.taken < SlotRecord.capacity, SlotRecord.closed_at.is_(None))
        .values(taken=SlotRecord.taken + 1)
        .returning(SlotRecord.id)
    )
    return taken is not None


def give_back(tx: Transaction, slot_id: str) -> None:
    """One more of the slot's parts is free."""
    tx.session.execute(sa.update(SlotRecord).where(SlotRecord.id == slot_id).values(taken=SlotRecord.taken - 1))


def close(tx: Transaction, record: SlotRecord) -> None:
    """Nobody books the slot any more; who has is not touched."""
    record.closed_at = record.closed_at or tx.now
    tx.session.flush()


def list_visitors(tx: Transaction, bank_code: str) -> list[VisitorRecord]:
    """Those of the bank's people who meet customers, also who no longer does, by number."""
    query = sa.select(VisitorRecord).where(VisitorRecord.bank_code == bank_code)
    return list(tx.session.scalars(query.order_by(VisitorRecord.number)))


def find_visitor(tx: Transaction, number: str, *, bank_code: str) -> VisitorRecord | None:
    """The one of the bank's people with that number."""
    return tx.session.scalar(
        sa.select(VisitorRecord).where(VisitorRecord.bank_code == bank_code, VisitorRecord.number == number)
    )


def put_visitor(tx: Transaction, visitor: Visitor, *, bank_code: str, active: bool) -> VisitorRecord:
    """The bank's person of that number has this name, and meets customers where `active`."""
    record = find_visitor(tx, visitor.number, bank_code=bank_code)
    if record is None:
        row = new_id()
        record = VisitorRecord(id=row, bank_code=bank_code, number=visitor.number, name_sealed=b"", active=active)
        tx.session.add(record)
    record.name_sealed = tx.keyring.seal(visitor.name, table="visitor", column="name", row=record.id)
    record.active, record.changed_at = active, tx.now
    tx.session.flush()
    return record


def visitor_of(tx: Transaction, record: VisitorRecord) -> Visitor:
    """Who that is."""
    name = tx.keyring.open_text(record.name_sealed, table="visitor", column="name", row=record.id)
    return Visitor(number=record.number, name=name)
