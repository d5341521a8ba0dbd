"""Where and when a bank's people can be met, by API: what the bank keeps, and what whoever books is shown."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar

from flask import Response

from hub.domain.appointment_kind import AppointmentKind, AppointmentPurpose
from hub.domain.errors import Fault, Refused
from hub.domain.visiting_hours import MOST_AHEAD
from hub.services.appointments import slots
from hub.services.operating import banks
from hub.services.transaction import HubTransaction
from hub.web.access import READ, REVIEW, WRITE, ApiCaller, needs
from hub.web.api.describing import described, noun, query_of
from hub.web.api.queries import first_day, query
from hub.web.idempotency import Reply, json_response
from schemas.slots import (
    OwnSlotAnswerSchema,
    OwnSlotListSchema,
    PlaceAnswerSchema,
    PlaceListSchema,
    PlaceSchema,
    SlotListSchema,
    SlotsSchema,
    VisitorAnswerSchema,
    VisitorListSchema,
    VisitorSchema,
    load_place,
    load_slots,
    load_visitor,
)

blueprint = noun("slots", "Where, when and by whom a bank's customers can be met")

_Word = TypeVar("_Word", bound=StrEnum)
_FROM: Final = query_of("from", {"type": "string", "format": "date"}, "the first day; today where it is left out")
_DAYS_SHOWN: Final = 31


def _word(given: Mapping[str, str], name: str, choices: type[_Word]) -> _Word | None:
    if name not in given:
        return None
    if given[name] not in set(choices):
        raise Refused(Fault(f"/{name}", "unknown_choice", {"choices": ", ".join(choices)}))
    return choices(given[name])


@blueprint.route("/banks/<id:bank_code>/slots")
@described(
    {200: SlotListSchema},
    query=(
        _FROM,
        query_of("kind", {"type": "string", "enum": list(AppointmentKind)}, "`branch`, `video` or `home`"),
        query_of("purpose", {"type": "string", "enum": list(AppointmentPurpose)}, "what for; there is no collecting"),
    ),
    about=(
        f"Up to {MOST_AHEAD.days} days ahead, on working days alone, make-up days among them: branch and video "
        "08:30-18:00, at home 09:00-18:00. Empty where the bank offers no appointments."
    ),
)
@needs(READ, WRITE)
def free(caller: ApiCaller, bank_code: str) -> Response:
    """The times of a bank that can be booked."""
    given = query("from", "kind", "purpose")
    first = first_day(given, "from", today=caller.today)
    kind, purpose = _word(given, "kind", AppointmentKind), _word(given, "purpose", AppointmentPurpose)
    with caller.hub.reading(caller.actor) as tx:
        found = slots.free_slots(tx, banks.of_institution(tx, bank_code).code, first=first, kind=kind, purpose=purpose)
        items = [slots.slot_view(slot, place) for slot, place in found]
    return json_response({"items": items})


@blueprint.route("/bank/places", methods=["POST"])
@described(
    {201: PlaceAnswerSchema},
    body=PlaceSchema,
    key=True,
    about="A branch has its address; a video room and the area of visits at home have none.",
)
@needs(REVIEW)
def add_place(caller: ApiCaller) -> Response:
    """Add a place where your people can be met."""
    read = load_place(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        record = slots.keep_place(tx, read.value_or_refuse(), bank_code=caller.bank_code)
        return Reply(status=201, body=slots.place_view(record))

    return caller.once(keep)


@blueprint.route("/bank/places")
@described({200: PlaceListSchema})
@needs(REVIEW)
def places(caller: ApiCaller) -> Response:
    """Your places, also those that are closed."""
    with caller.hub.reading(caller.actor) as tx:
        items = [slots.place_view(each) for each in slots.places_of(tx, caller.bank_code)]
    return json_response({"items": items})


@blueprint.route("/bank/places/<id:place_id>", methods=["PUT"])
@described({200: PlaceAnswerSchema}, body=PlaceSchema, about="Its kind stays. Closed, it takes no more times.")
@needs(REVIEW)
def change_place(caller: ApiCaller, place_id: str) -> Response:
    """Change one of your places, or close it."""
    details = load_place(caller.body.value()).value_or_refuse()
    with caller.hub.writing(caller.actor) as tx:
        record = slots.keep_place(tx, details, bank_code=caller.bank_code, place_id=place_id)
        answer = slots.place_view(record)
    return json_response(answer)


@blueprint.route("/bank/slots", methods=["POST"])
@described(
    {201: OwnSlotListSchema},
    body=SlotsSchema,
    key=True,
    about=(
        "All of them or none. `outside_hours` for what is before 08:30 (at home 09:00), after 18:00, or on a day on "
        "which banks do not work; a make-up Saturday is a working day. `purposes` may be left out for all of them."
    ),
)
@needs(REVIEW)
def add_slots(caller: ApiCaller) -> Response:
    """Offer times at one of your places."""
    read = load_slots(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        asked = read.value_or_refuse()
        place = slots.get_place(tx, asked.place_id, bank_code=caller.bank_code)
        made = slots.offer(tx, place.id, asked.times, bank_code=caller.bank_code)
        return Reply(status=201, body={"items": [slots.own_slot_view(each, place) for each in made]})

    return caller.once(keep)


@blueprint.route("/bank/slots")
@described({200: OwnSlotListSchema}, query=(_FROM,), about=f"Of {_DAYS_SHOWN} days from the first.")
@needs(REVIEW)
def own(caller: ApiCaller) -> Response:
    """Your times, with how many parts of each are taken."""
    given = query("from")
    first = first_day(given, "from", today=caller.today)
    with caller.hub.reading(caller.actor) as tx:
        found = slots.slots_of_days(tx, caller.bank_code, first=first, days=_DAYS_SHOWN)
        items = [slots.own_slot_view(slot, place) for slot, place in found]
    return json_response({"items": items})


@blueprint.route("/bank/slots/<id:slot_id>/close", methods=["POST"])
@described({200: OwnSlotAnswerSchema}, key=True, about="Whoever has booked it keeps it.")
@needs(REVIEW)
def close_slot(caller: ApiCaller, slot_id: str) -> Response:
    """Let nobody else book a time."""

    def keep(tx: HubTransaction) -> Reply:
        record = slots.close(tx, slot_id, bank_code=caller.bank_code)
        place = slots.get_place(tx, record.place_id, bank_code=caller.bank_code)
        return Reply(status=200, body=slots.own_slot_view(record, place))

    return caller.once(keep)


@blueprint.route("/bank/visitors/<id:number>", methods=["PUT"])
@described(
    {200: VisitorAnswerSchema},
    body=VisitorSchema,
    about="Your own people alone, under the number on their badge: nobody of an agency meets a customer here.",
)
@needs(REVIEW)
def name_visitor(caller: ApiCaller, number: str) -> Response:
    """Say who of your people meets customers, or no longer does."""
    visitor, active = load_visitor(caller.body.value(), number).value_or_refuse()
    with caller.hub.writing(caller.actor) as tx:
        answer = slots.visitor_view(tx, slots.name_visitor(tx, visitor, bank_code=caller.bank_code, active=active))
    return json_response(answer)


@blueprint.route("/bank/visitors")
@described({200: VisitorListSchema})
@needs(REVIEW)
def visitors(caller: ApiCaller) -> Response:
    """Who of your people meets customers, also who no longer does."""
    with caller.hub.reading(caller.actor) as tx:
        items = slots.visitors_of(tx, caller.bank_code)
    return json_response({"items": items})
