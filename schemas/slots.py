"""Places, times and visitors on the wire: what a bank keeps, and what people are shown of it to book.

A field for money that changes hands is refused by its name, whatever it holds.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from marshmallow import fields

from hub.domain.appointment_kind import AppointmentKind, AppointmentPurpose
from hub.domain.errors import Fault, InvalidValue, Refused
from hub.domain.money_words import is_money_field
from hub.domain.visit import Visitor
from hub.domain.visiting_hours import MOST_CAPACITY, PlaceDetails, SlotTime
from schemas.actions import read_body
from schemas.base import Found, Read, Schema
from schemas.fields import Choice, Each, Instant, Name, Part, Text, TrueOrFalse, Whole
from schemas.identifiers import IdText

MOST_SLOTS = 200
T = TypeVar("T")


class PlaceSchema(Schema):
    """Where a bank's people can be met."""

    kind = Choice(AppointmentKind, required=True)
    name = Text(minimum=1, limit=60, required=True)
    address = Text(limit=120, load_default="")
    hours = Text(limit=60, load_default="")
    step_free = TrueOrFalse(load_default=False)
    active = TrueOrFalse(load_default=True)


class PlaceAnswerSchema(PlaceSchema):
    """A place as it stands."""

    id = IdText()


class PlaceListSchema(Schema):
    """The bank's places; the whole list."""

    items = fields.List(fields.Nested(PlaceAnswerSchema))


class SlotTimeSchema(Schema):
    """A stretch of a day in which people can be met."""

    from_ = Instant(required=True, data_key="from")
    to = Instant(required=True)
    capacity = Whole(least=1, most=MOST_CAPACITY, load_default=1)
    purposes = Each(Choice(AppointmentPurpose), most=len(AppointmentPurpose), load_default=list)


class SlotsSchema(Schema):
    """Times at one place."""

    place_id = IdText(required=True)
    slots = Each(Part(SlotTimeSchema), least=1, most=MOST_SLOTS, required=True)


class SlotPlaceAnswerSchema(Schema):
    """What whoever books is told of the place."""

    name = fields.String()
    address = fields.String()
    hours = fields.String()
    step_free = fields.Boolean()


class SlotAnswerSchema(Schema):
    """A time that can be booked."""

    id = IdText()
    kind = Choice(AppointmentKind)
    from_ = Instant(data_key="from")
    to = Instant()
    free = Whole(least=0, most=MOST_CAPACITY)
    purposes = fields.List(Choice(AppointmentPurpose))
    place = fields.Nested(SlotPlaceAnswerSchema)


class SlotListSchema(Schema):
    """The times that can be booked, the earliest first."""

    items = fields.List(fields.Nested(SlotAnswerSchema))


class OwnSlotAnswerSchema(SlotAnswerSchema):
    """A time as its bank sees it."""

    place_id = IdText()
    capacity = Whole(least=1, most=MOST_CAPACITY)
    taken = Whole(least=0, most=MOST_CAPACITY)
    closed_at = Instant(allow_none=True)


class OwnSlotListSchema(Schema):
    """The bank's times; the whole list."""

    items = fields.List(fields.Nested(OwnSlotAnswerSchema))


class VisitorSchema(Schema):
    """Who of the bank's own people meets customers."""

    name = Name(required=True)
    active = TrueOrFalse(load_default=True)


class VisitorAnswerSchema(VisitorSchema):
    """The same as it stands."""

    number = fields.String()


class VisitorListSchema(Schema):
    """Those of the bank's people who meet customers, also who no longer does."""

    items = fields.List(fields.Nested(VisitorAnswerSchema))


PLACE = PlaceSchema()
SLOTS = SlotsSchema()
VISITOR = VisitorSchema()


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotsAsked:
    """Times that a place shall have."""

    place_id: str
    times: tuple[SlotTime, ...]


def read_without_money(schema: Schema, data: object) -> tuple[Found, list[Fault]]:
    """As `read_body`; an unknown field that is named for money is `cash_refused`."""
    found, faults = read_body(schema, data)
    return found, [
        replace(each, code="cash_refused")
        if each.code == "unknown_field" and is_money_field(each.pointer.rpartition("/")[2])
        else each
        for each in faults
    ]


def value_of(faults: list[Fault], make: Callable[[], T]) -> Read[T]:
    """What `make` gives where nothing is wrong; what it refuses otherwise."""
    try:
        return Read.of(faults, make)
    except Refused as error:
        return Read(None, list(error.faults))


def load_place(data: object) -> Read[PlaceDetails]:
    """A place, or None and every fault."""
    found, faults = read_without_money(PLACE, data)
    return value_of(faults, lambda: PlaceDetails(**found))


def load_slots(data: object) -> Read[SlotsAsked]:
    """Times of a place, or None and every fault; whether the hours are those of such a place, the service says."""
    found, faults = read_without_money(SLOTS, data)
    times = []
    for number, each in enumerate(found.get("slots") or []):
        if each is None or not {"from_", "to", "capacity", "purposes"} <= set(each):
            continue
        try:
            times.append(
                SlotTime(
                    starts_at=each["from_"],
                    ends_at=each["to"],
                    capacity=each["capacity"],
                    purposes=tuple(each["purposes"]),
                )
            )
        except InvalidValue as error:
            faults.append(error.at(f"/slots/{number}/to"))
    return Read.of(faults, lambda: SlotsAsked(place_id=found["place_id"], times=tuple(times)))


def load_visitor(data: object, number: str) -> Read[tuple[Visitor, bool]]:
    """Who meets customers under that number, and whether still; or None and every fault."""
    found, faults = read_without_money(VISITOR, data)
    return value_of(faults, lambda: (Visitor(number=number, name=found["name"]), found["active"]))
