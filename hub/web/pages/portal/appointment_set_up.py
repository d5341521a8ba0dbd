"""`/portal/appointments/set-up`: a bank's administrator keeps its places, its times and who visits."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from flask import Response, request

from hub.domain.appointment_kind import AppointmentKind
from hub.domain.china import china_instant
from hub.domain.errors import Fault, InvalidValue, Refused
from hub.domain.people import person_name
from hub.domain.staff import Role
from hub.domain.visit import Visitor
from hub.domain.visiting_hours import MOST_CAPACITY, SlotTime
from hub.services.appointments import slots
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.display_names import word
from hub.web.pages.field_names import FormFields
from hub.web.pages.forms import FormState, read_form, typed_values
from hub.web.pages.once import do_once
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.typed_input import typed_date, typed_number, typed_time
from hub.web.pages.visitors import current_staff, for_bank
from schemas.slots import PLACE, load_place

_HERE: Final = "/portal/appointments/set-up"
_SHOWN_DAYS: Final = 14
_MOST_DAYS: Final = 31
_FIELDS: Final = FormFields(
    names={
        "kind": marked("方式"),
        "name": marked("名称"),
        "address": marked("地址"),
        "hours": marked("开放时间"),
        "step_free": marked("无台阶"),
        "place_id": marked("地点"),
        "first_day": marked("从哪天"),
        "last_day": marked("到哪天"),
        "begins": marked("几点开始"),
        "ends": marked("几点结束"),
        "minutes": marked("每段几分钟"),
        "capacity": marked("每段几人"),
        "number": marked("工号"),
        "visitor_name": marked("姓名"),
    },
    chosen=frozenset({"kind", "place_id"}),
    ticked=frozenset({"step_free"}),
)
_DONE: Final = {
    "place": marked("地点已保存。"),
    "slots": marked("时段已添加。"),
    "visitor": marked("上门人员已保存。"),
    "closed": marked("已停用，已约的不受影响。"),
}


@pages.route("/appointments/set-up")
@for_bank(Role.BANK_ADMIN)
def appointment_set_up() -> Response:
    """The bank's places, the times of two weeks, and who visits."""
    return _page(FormState(fields=_FIELDS))


def _page(state: FormState, form: str = "") -> Response:
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        places = [slots.place_view(each) for each in slots.places_of(tx, person.bank)]
        times = slots.times_shown(tx, person.bank, first=face().today, days=_SHOWN_DAYS)
        visitors = slots.visitors_of(tx, person.bank)
    return page(
        "portal/appointment-set-up.html",
        title=translate("预约设置"),
        status=200 if state.sound else 422,
        state=replace(state, fields=_FIELDS),
        form=form,
        places=places,
        times=times,
        visitors=visitors,
        kinds=[(str(each), word("appointment_kind", each)) for each in AppointmentKind],
        place_options=[(each["id"], each["name"]) for each in places if each["active"]],
        done=translate(_DONE[request.args["done"]]) if request.args.get("done") in _DONE else "",
        back="/portal/appointments",
    )


@pages.route("/appointments/set-up", methods=["POST"])
@for_bank(Role.BANK_ADMIN)
def change_appointment_set_up() -> Response:
    """A place, times or a visitor are added, or one is closed: as the pressed button says."""
    person, form = current_staff(), request.form.get("do", "")
    state = replace(read_form(request.form, PLACE), fields=_FIELDS, values=typed_values(request.form))

    def do(tx: HubTransaction) -> str:
        match form:
            case "slots":
                slots.offer(tx, request.form.get("place_id", ""), list(_times()), bank_code=person.bank)
            case "visitor":
                slots.name_visitor(tx, _visitor(), bank_code=person.bank, active=True)
            case "visitor_off":
                slots.stop_visitor(tx, request.form.get("number", ""), bank_code=person.bank)
            case "close_place":
                slots.close_place(tx, request.form.get("place_id", ""), bank_code=person.bank)
            case "close_slot":
                slots.close(tx, request.form.get("slot_id", ""), bank_code=person.bank)
            case _:
                slots.keep_place(
                    tx, load_place({**state.data, "active": True}).value_or_refuse(), bank_code=person.bank
                )
        done = {"slots": "slots", "visitor": "visitor"}.get(form, "place" if form == "place" else "closed")
        return f"{_HERE}?done={done}"

    try:
        return do_once(person, do)
    except Refused as error:
        return _page(replace(state, faults=()).with_faults(_told_here(error.faults)), form)


def _told_here(faults: tuple[Fault, ...]) -> Iterator[Fault]:
    for each in faults:
        # The page asks for days and hours, from which the hub makes the times.
        yield replace(each, pointer="/begins") if each.pointer.startswith("/slots") else each


def _visitor() -> Visitor:
    try:
        name = person_name(request.form.get("visitor_name", ""))
    except InvalidValue as error:
        raise Refused(error.at("/visitor_name")) from error
    return Visitor(number=request.form.get("number", "").strip(), name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    first: date
    last: date
    begins: time
    ends: time
    minutes: int
    capacity: int


def _asked() -> _Asked:
    faults: list[Fault] = []

    def day(name: str) -> date:
        try:
            return typed_date(request.form.get(name, ""), today=face().today, past=False)
        except InvalidValue as error:
            faults.append(error.at(f"/{name}"))
            return face().today

    def hour(name: str) -> time:
        try:
            return typed_time(request.form.get(name, ""))
        except InvalidValue:
            faults.append(Fault(f"/{name}", "hour_form"))
            return time(9)

    def number(name: str, least: int, most: int) -> int:
        try:
            typed = typed_number(request.form.get(name, ""))
        except InvalidValue:
            typed = least - 1
        if least <= typed <= most:
            return typed
        faults.append(Fault(f"/{name}", "out_of_range", {"min": least, "max": most}))
        return least

    asked = _Asked(
        first=day("first_day"),
        last=day("last_day"),
        begins=hour("begins"),
        ends=hour("ends"),
        minutes=number("minutes", 10, 240),
        capacity=number("capacity", 1, MOST_CAPACITY),
    )
    if not timedelta() <= asked.last - asked.first <= timedelta(days=_MOST_DAYS):
        faults.append(Fault("/last_day", "days_asked_for", {"most": _MOST_DAYS}))
    if faults:
        raise Refused(*faults)
    return asked


def _times() -> Iterator[SlotTime]:
    """The times of each working day that was asked for; of a single day that is none, that day's, to be refused."""
    asked = _asked()
    with face().hub.reading(current_staff().actor) as tx:
        calendar = tx.calendar()
    days = [asked.first + timedelta(days=n) for n in range((asked.last - asked.first).days + 1)]
    for day in days:
        if len(days) > 1 and not calendar.is_working_day(day):
            continue
        end = china_instant(day, asked.ends)
        begins: datetime = china_instant(day, asked.begins)
        while begins + timedelta(minutes=asked.minutes) <= end:
            until = begins + timedelta(minutes=asked.minutes)
            yield SlotTime(starts_at=begins, ends_at=until, capacity=asked.capacity)
            begins = until
