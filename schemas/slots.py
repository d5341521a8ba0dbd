"""Places, times and visitors on the wire: what a bank keeps, and what people are shown of it to book.

A field for money that changes hands is refused by its name, whatever it holds.
"""

from dataclasses import dataclass

from marshmallow import fields

from hub.domain.appointment_kind import AppointmentKind, AppointmentPurpose
from hub.domain.errors import InvalidValue
from hub.domain.visit import Visitor
from hub.domain.visiting_hours import MOST_CAPACITY, PlaceDetails, SlotTime
from schemas.actions import read_without_money
from schemas.base import Read, Schema
from schemas.fields import Choice, Each, Instant, Name, Part, Text, TrueOrFalse, Whole
from schemas.identifiers import IdText

MOST_SLOTS = 200


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


def load_place(data: object) -> Read[PlaceDetails]:
    """A place, or None and every fault."""
    found, faults = read_without_money(PLACE, data)
    return Read.made_of(faults, lambda: PlaceDetails(**found))


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
    return Read.made_of(faults, lambda: (Visitor(number=number, name=found["name"]), found["active"]))
