"""`/my/appointments`: meeting the bank's own people; the pass code is shown here and nowhere else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from flask import Blueprint, Response, request
from markupsafe import Markup

from hub.domain.appointment_contents import ADDRESS_CONSENT, RECORDING_CONSENT
from hub.domain.appointment_kind import AppointmentKind, AppointmentPurpose, AskedBy
from hub.domain.booking import Booking
from hub.domain.errors import NotFound, SlotTaken
from hub.domain.visit import Trouble
from hub.services.accounts import subjects
from hub.services.accounts.subjects import Subject
from hub.services.appointments import booking, notes, persons_steps, slots, views
from hub.services.appointments.offering_banks import OfferingBank, offering_bank, offering_banks
from hub.services.appointments.slots import SlotShown
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.display_names import word
from hub.web.pages.field_names import FormFields
from hub.web.pages.form_actions import send_once
from hub.web.pages.formats import clock_time, due_day, own_words
from hub.web.pages.forms import FormState, read_form
from hub.web.pages.once import do_once
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.unfinished import keeps_unfinished, left_at
from hub.web.pages.visit_note import visit_note_file
from hub.web.pages.visitors import current_cardholder, for_cardholders
from schemas.appointments import (
    BOOKING_FIELDS,
    TROUBLE_FIELDS,
    TroubleSaid,
    load_booking_fields,
    load_trouble_fields,
)

blueprint = Blueprint("appointments", __name__, url_prefix="/appointments")

_HERE: Final = "/my/appointments"
_MOST_SLOTS: Final = 120
_DAYS_OPEN: Final = 2
_ABSENT: Final = Trouble.NOBODY_CAME
_FIELDS: Final = FormFields(
    names={
        "slot_id": marked("时间"),
        "purpose": marked("办什么事"),
        "asked_by": marked("谁提出的"),
        "own_words": marked("您的说明"),
        "called": marked("怎么称呼您"),
        "email": marked("电子邮箱"),
        "address": marked("地址"),
        "address_consent": marked("同意告知地址"),
        "recording_consent": marked("同意录音录像"),
        "trouble": marked("有什么问题"),
        "text": marked("您的说明"),
    },
    chosen=frozenset({"slot_id", "purpose", "asked_by", "trouble"}),
    ticked=frozenset({"address_consent", "recording_consent"}),
)
_DONE: Final = {
    "booked": marked("已经提交，银行应在两个工作日内确认，写明来的是哪两位。"),
    "cancelled": marked("已经取消，对协商没有影响。"),
    "accepted": marked("已经同意新的时间。"),
    "signed": marked("见面记录已经签署，银行会知道。"),
    "told": marked("已经记下，我们的工作人员会去核实。"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the address of the form asks for: a bank, perhaps a negotiation with it, and how to meet."""

    bank: OfferingBank
    negotiation_id: str | None
    kind: AppointmentKind


@blueprint.route("")
@for_cardholders
def show() -> Response:
    """The person's appointments, and the banks of theirs that offer some."""
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        subject = subjects.of_cardholder(tx, person)
        found = [(each, _bank_name(tx, each.record.bank_code)) for each in views.list_own(tx, subject)]
        negotiating = offering_banks(tx, subject, language=page_language())
    return page(
        "my/appointments.html",
        title=translate("预约"),
        found=found,
        offering=negotiating,
        done=_done(),
        back="/my/",
    )


def _bank_name(tx: HubTransaction, code: str) -> str:
    return tx.bank(code).name(page_language())


def _done() -> str:
    said = _DONE.get(request.args.get("done", ""))
    return "" if said is None else translate(said)


def _wanted(tx: HubTransaction, subject: Subject) -> Wanted:
    kind = request.args.get("kind", AppointmentKind.BRANCH)
    if kind not in set(AppointmentKind):
        raise NotFound
    negotiation, bank = request.args.get("negotiation"), request.args.get("bank", "")
    found = offering_bank(tx, subject, negotiation_id=negotiation, bank_code=bank, language=page_language())
    return Wanted(bank=found, negotiation_id=negotiation, kind=AppointmentKind(kind))


@blueprint.route("/new")
@for_cardholders
def new() -> Response:
    """The form for an appointment with one bank; where the address names none, the banks to choose from."""
    if "negotiation" not in request.args and "bank" not in request.args:
        person = current_cardholder()
        with face().hub.reading(person.actor) as tx:
            subject = subjects.of_cardholder(tx, person)
            found = offering_banks(tx, subject, language=page_language(), also_others=True)
        return page("my/appointment-bank.html", title=translate("约银行见面"), offering=found, back=_HERE)
    return _form()


def _form(state: FormState | None = None, *, is_taken: bool = False) -> Response:
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        subject = subjects.of_cardholder(tx, person)
        wanted = _wanted(tx, subject)
        free = slots.free_shown(tx, wanted.bank.code, first=face().today, kind=wanted.kind)[:_MOST_SLOTS]
        shown = state or left_at(tx, request.full_path.removesuffix("?")) or FormState()
    status = 409 if is_taken else 200 if shown.sound else 422
    here = f"{_HERE}/new?{wanted.bank.query}"
    return page(
        "my/appointment-new.html",
        title=translate("约银行见面"),
        status=status,
        state=replace(shown, fields=_FIELDS),
        wanted=wanted,
        is_taken=is_taken,
        kinds=[(str(each), word("appointment_kind", each), f"{here}&kind={each}") for each in AppointmentKind],
        slot_days=_by_day(free),
        days_open=_DAYS_OPEN,
        purposes=[(str(each), word("appointment_purpose", each)) for each in AppointmentPurpose],
        askers=[(AskedBy.PERSON, translate("我自己想办")), (AskedBy.BANK, translate("银行请我去"))],
        consents={"address": ADDRESS_CONSENT, "recording": RECORDING_CONSENT},
        in_english=page_language() == "en",
        action=f"{here}&kind={wanted.kind}",
        back=_HERE,
    )


def _by_day(free: Sequence[SlotShown]) -> list[tuple[str, list[tuple[str, str]]]]:
    """(the day with how many times it has, what can be chosen on it) of each day, the earliest first."""
    days = groupby(free, key=lambda slot: due_day(slot.starts_at))
    found = [(on, [(each.id, _slot_words(each)) for each in slots_of_day]) for on, slots_of_day in days]
    return [(translate("%(day)s：%(n)s 个时间", day=on, n=len(options)), options) for on, options in found]


def _slot_words(slot: SlotShown) -> str:
    where = own_words(f"{slot.name} {slot.address}".strip())
    words = Markup("%s · %s") % (clock_time(slot.starts_at), where)
    return Markup("%s · %s") % (words, translate("无台阶")) if slot.step_free else words


@blueprint.route("/new", methods=["POST"])
@for_cardholders
@keeps_unfinished
def book() -> Response:
    """The time is asked for; or the form comes back, also where somebody else was first."""
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        wanted = _wanted(tx, subjects.of_cardholder(tx, person))
    state = replace(read_form(request.form, BOOKING_FIELDS), fields=_FIELDS)
    named = {"bank_code": wanted.bank.code, "kind": wanted.kind, "negotiation": wanted.negotiation_id}
    read, faults = load_booking_fields({**state.data, **named})

    def keep(tx: HubTransaction, asked: Booking) -> str:
        record = booking.book(tx, subjects.of_cardholder(tx, person), asked)
        return f"{_HERE}/{record.id}?done=booked"

    try:
        return send_once(person, state.with_faults(faults), read, keep, form=_form)
    except SlotTaken:
        return _form(state, is_taken=True)


@blueprint.route("/<id:appointment_id>")
@for_cardholders
def show_one(appointment_id: str) -> Response:
    """One appointment: when, who comes, the pass code, and what can be done."""
    return _one(appointment_id)


def _one(appointment_id: str, state: FormState | None = None) -> Response:
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        subject = subjects.of_cardholder(tx, person)
        shown = views.get_own(tx, subject, appointment_id)
        bank = tx.bank(shown.record.bank_code)
        can_accept = shown.status == "moved" and shown.record.starts_at > tx.now
        has_come, has_waited = shown.record.starts_at <= tx.now, shown.absence_from <= tx.now
    form = state or FormState()
    return page(
        "my/appointment.html",
        title=translate("预约"),
        status=200 if form.sound else 422,
        shown=shown,
        bank=bank.name(page_language()),
        hotline=bank.rules.hotline,
        can_accept=can_accept,
        has_come=has_come,
        has_waited=has_waited,
        state=replace(form, fields=_FIELDS),
        troubles=[(each, word("visit_trouble", each)) for each in Trouble if has_waited or each != _ABSENT],
        done=_done(),
        back=_HERE,
    )


@blueprint.route("/<id:appointment_id>/cancel", methods=["POST"])
@for_cardholders
def cancel(appointment_id: str) -> Response:
    """The appointment is off."""
    return _step(appointment_id, persons_steps.cancel, "cancelled")


@blueprint.route("/<id:appointment_id>/accept-move", methods=["POST"])
@for_cardholders
def accept_move(appointment_id: str) -> Response:
    """The new time holds."""
    return _step(appointment_id, persons_steps.accept_move, "accepted")


def _step(appointment_id: str, step: Callable[[HubTransaction, Subject, str], None], done: str) -> Response:
    person = current_cardholder()

    def do(tx: HubTransaction) -> str:
        step(tx, subjects.of_cardholder(tx, person), appointment_id)
        return f"{_HERE}/{appointment_id}?done={done}"

    return do_once(person, do)


@blueprint.route("/<id:appointment_id>/trouble", methods=["POST"])
@for_cardholders
@keeps_unfinished
def report_trouble(appointment_id: str) -> Response:
    """What went wrong is told to an operator."""
    person = current_cardholder()
    state = replace(read_form(request.form, TROUBLE_FIELDS), fields=_FIELDS)
    read, faults = load_trouble_fields(state.data)

    def tell(tx: HubTransaction, said: TroubleSaid) -> str:
        subject = subjects.of_cardholder(tx, person)
        persons_steps.report_trouble(tx, subject, appointment_id, said.trouble, said.text)
        return f"{_HERE}/{appointment_id}?done=told"

    return send_once(person, state.with_faults(faults), read, tell, form=lambda again: _one(appointment_id, again))


@blueprint.route("/<id:appointment_id>/visit-note.pdf")
@for_cardholders
def own_visit_note(appointment_id: str) -> Response:
    """The note on paper, for whom it is about."""
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        note = notes.note_of(tx, views.get_own(tx, subjects.of_cardholder(tx, person), appointment_id))
    return visit_note_file(note, of=person.owner_key)
