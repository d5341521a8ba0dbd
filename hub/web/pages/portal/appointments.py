"""`/portal/appointments`: a day's appointments, one of them, and what the bank's people do and report of it."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any, Final

from flask import Response, request

from hub.domain.appointment_kind import AskedBy
from hub.domain.china import china_instant, day_in_address
from hub.domain.errors import Refused, SlotTaken
from hub.domain.staff import ACTING
from hub.domain.visit import IdentityFound, PaperHandling, VisitReport
from hub.services.appointments import banks_steps, notes, slots, views, visiting
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.display_names import word
from hub.web.pages.field_names import FormFields
from hub.web.pages.form_actions import send_once
from hub.web.pages.formats import moment, own_words
from hub.web.pages.forms import FormState, read_form, typed_values
from hub.web.pages.once import do_once
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.portal.request_desk import desk_of
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.unfinished import keeps_unfinished, left_at
from hub.web.pages.visit_note import visit_note_file
from hub.web.pages.visitors import current_staff, for_bank
from schemas.appointments import REPORT, load_move, load_report

_HERE: Final = "/portal/appointments"
_AHEAD: Final = timedelta(days=14)
_PAPER_ROWS: Final = 3
FIELDS: Final = FormFields(
    names={
        "staff": marked("工作人员"),
        "slot_id": marked("新的时间"),
        "text": marked("给客户的说明"),
        "pass_code": marked("客户说出的口令"),
        "identity": marked("身份核对"),
        "papers": marked("材料"),
        "papers.name": marked("材料名称"),
        "papers.handling": marked("怎样处理"),
        "papers.sha256": marked("摘要"),
        "signed": marked("签署"),
        "note": marked("说明"),
        "recording_reference": marked("录音录像编号"),
        "receipt.number": marked("银行电子回单号"),
    },
    chosen=frozenset({"staff", "slot_id", "identity"}),
)
_DONE: Final = {
    "confirmed": marked("已确认，客户会收到通知。"),
    "moved": marked("已提出新的时间，等客户同意。"),
    "begun": marked("口令一致，已开始。请在今天 20:00 前写好记录。"),
    "missed": marked("已记下没有见面。"),
    "reported": marked("见面记录已保存，客户可以查看。"),
}


@pages.route("/appointments")
@for_bank()
def appointments_of_day() -> Response:
    """The appointments of the day that the address names, of today where it names none; and those to confirm."""
    person = current_staff()
    day = day_in_address(request.args.get("day", "")) or face().today
    first = china_instant(day, time())
    with face().hub.reading(person.actor) as tx:
        found = views.list_of_bank(tx, person.bank, first=first, last=first + timedelta(days=1))
        to_confirm = views.list_to_confirm(tx, person.bank, last=tx.now + _AHEAD)
    return page(
        "portal/appointments.html",
        title=translate("预约"),
        day=day,
        before=_beside(day, -1),
        after=_beside(day, 1),
        found=found,
        to_confirm=to_confirm,
    )


def _beside(day: date, days: int) -> str:
    return f"{_HERE}?day={day + timedelta(days=days)}"


@pages.route("/appointments/<id:appointment_id>")
@for_bank()
def show_appointment(appointment_id: str) -> Response:
    """One appointment, and what can be done with it now."""
    return _page(appointment_id)


def _page(
    appointment_id: str, state: FormState | None = None, *, form: str = "", status: int = 0, trouble: str = ""
) -> Response:
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        shown = views.get_of_bank(tx, appointment_id, bank_code=person.bank)
        visitors = [each for each in slots.visitors_of(tx, person.bank) if each["active"]]
        free = slots.free_shown(tx, person.bank, first=face().today, kind=shown.record.kind)
        has_come, desk = shown.record.starts_at <= tx.now, desk_of(tx, appointment_id)
    given = replace(state or FormState(), fields=FIELDS)
    options = [(each["number"], own_words(f"{each['name']} {each['number']}")) for each in visitors]
    return page(
        "portal/appointment.html",
        title=translate("预约 %(reference)s", reference=shown.request.reference),
        status=status or (200 if given.sound else 422),
        shown=shown,
        desk=desk,
        state=given,
        form=form,
        trouble=trouble,
        visitors=options,
        slot_options=[(each.id, f"{moment(each.starts_at)} {each.name}") for each in free],
        acts=person.role in ACTING,
        has_come=has_come,
        done=translate(_DONE[request.args["done"]]) if request.args.get("done") in _DONE else "",
        back=f"{_HERE}?day={shown.day}",
    )


@pages.route("/appointments/<id:appointment_id>", methods=["POST"])
@for_bank(*ACTING)
def act_on_appointment(appointment_id: str) -> Response:
    """Two people are named, another time is named, it has begun, or nobody was there: as the pressed button says."""
    person, form = current_staff(), request.form.get("do", "")
    state = FormState(values=typed_values(request.form), fields=FIELDS)
    staff = tuple(each for each in request.form.getlist("staff") if each)
    refusals: list[Refused] = []

    def do(tx: HubTransaction) -> str:
        if form == "move":
            typed = {"slot_id": request.form.get("slot_id", ""), "text": request.form.get("text", "")}
            asked = load_move({**typed, "staff": list(staff)}).value_or_refuse()
            banks_steps.move(tx, appointment_id, asked, bank_code=person.bank)
            return _after(appointment_id, "moved")
        if form == "begin":
            code = request.form.get("pass_code", "").strip()
            refused = visiting.begin(tx, appointment_id, code, bank_code=person.bank)
            if refused is not None:
                # A wrong code is no error of the transaction: the try has to count.
                refusals.append(refused)
            return _after(appointment_id, "begun")
        if form in AskedBy.__members__.values():
            banks_steps.missed(tx, appointment_id, by_person=form == AskedBy.PERSON, bank_code=person.bank)
            return _after(appointment_id, "missed")
        banks_steps.confirm(tx, appointment_id, staff, bank_code=person.bank)
        return _after(appointment_id, "confirmed")

    try:
        answer = do_once(person, do)
    except Refused as error:
        return _page(appointment_id, state.with_faults(error.faults), form=form)
    except SlotTaken:
        return _page(appointment_id, state, form=form, status=409, trouble=translate("这个时间刚刚约满，请另选一个。"))
    return _page(appointment_id, state.with_faults(refusals[0].faults), form=form) if refusals else answer


def _after(appointment_id: str, done: str) -> str:
    return f"{_HERE}/{appointment_id}?done={done}"


@pages.route("/appointments/<id:appointment_id>/report")
@for_bank(*ACTING)
def ask_for_report(appointment_id: str) -> Response:
    """The form of the report."""
    return _report_page(appointment_id)


def _report_page(appointment_id: str, state: FormState | None = None) -> Response:
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        shown = views.get_of_bank(tx, appointment_id, bank_code=person.bank)
        given = replace(state or left_at(tx, request.path) or FormState(), fields=FIELDS)
    return page(
        "portal/visit-report.html",
        title=translate("见面记录"),
        status=200 if given.sound else 422,
        shown=shown,
        state=given,
        identities=[(str(each), word("identity_found", each)) for each in IdentityFound],
        handlings=[(str(each), word("paper_handling", each)) for each in PaperHandling],
        rows=given.rows("papers", least=_PAPER_ROWS),
        back=f"{_HERE}/{appointment_id}",
    )


@pages.route("/appointments/<id:appointment_id>/report", methods=["POST"])
@for_bank(*ACTING)
@keeps_unfinished
def report_visit(appointment_id: str) -> Response:
    """The visit is reported, and the person can read it."""
    person = current_staff()
    state = replace(read_form(request.form, REPORT), fields=FIELDS)
    data: dict[str, Any] = dict(state.data)
    # A form sends "not signed" where nothing is ticked; only of an appointment to sign does that say anything.
    if "asks_signed" not in request.form:
        data.pop("signed", None)
    if not (data.get("receipt") or {}).get("number"):
        data.pop("receipt", None)
    read, faults = load_report(data)

    def keep(tx: HubTransaction, said: VisitReport) -> str:
        visiting.report(tx, appointment_id, said, bank_code=person.bank)
        return _after(appointment_id, "reported")

    return send_once(
        person, state.with_faults(faults), read, keep, form=lambda again: _report_page(appointment_id, again)
    )


@pages.route("/appointments/<id:appointment_id>/visit-note.pdf")
@for_bank()
def bank_visit_note(appointment_id: str) -> Response:
    """The note on paper."""
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        note = notes.note_of(tx, views.get_of_bank(tx, appointment_id, bank_code=person.bank))
    return visit_note_file(note, of=person.id)
