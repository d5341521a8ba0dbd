"""`/my/calendar`: what falls due of all cards, a month and as a list; bills that the person keeps; to take along.

No bank is shown any of it. Nothing can be paid here.
"""

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Final

from flask import Blueprint, Response, request

from hub.documents.due_calendar import html_of
from hub.documents.payment_calendar import MEDIA_TYPE
from hub.domain.bill import BillContents
from hub.domain.bill_reminder import DAYS_BEFORE, BillReminder, ReminderHours
from hub.domain.china import month_in_address
from hub.domain.errors import DocumentNotReady, Unusable
from hub.domain.load import paid_of_least_fen
from hub.domain.plain import to_plain
from hub.services.accounts import subjects
from hub.services.accounts.subjects import Subject
from hub.services.bills import bills, reminders
from hub.services.reading import referrals
from hub.services.reading.cardholder import bill_banks
from hub.services.reading.cardholder import bills as own_bills
from hub.services.reading.cardholder.bills import OwnBill
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.downloads import save
from hub.web.limits import PAPERS_A_PERSON
from hub.web.pages.display_names import word
from hub.web.pages.field_names import FormFields
from hub.web.pages.form_actions import send_once
from hub.web.pages.forms import FormState, filled, read_form, typed_values
from hub.web.pages.once import do_once
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.unfinished import keeps_unfinished, left_at
from hub.web.pages.visitors import current_cardholder, for_cardholders
from schemas.bills import BILL_FIELDS, load_bill_fields, load_reminder_fields

blueprint = Blueprint("calendar", __name__, url_prefix="/calendar")

_HERE: Final = "/my/calendar"
_FIELDS: Final = FormFields(
    names={
        "bank_code": marked("银行"),
        "card_last4": marked("卡号后四位"),
        "due_on": marked("还款日"),
        "statement_fen": marked("本期账单金额"),
        "minimum_fen": marked("最低还款额"),
        "paid_fen": marked("已经还了"),
        "statement_on": marked("账单日"),
        "is_overdue": marked("已经逾期"),
        "days_before": marked("什么时候提醒"),
        "channel": marked("怎么提醒"),
        "hours": marked("几点提醒"),
        "email": marked("电子邮箱"),
    },
    chosen=frozenset({"bank_code", "channel", "hours"}),
    ticked=frozenset({"is_overdue"}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthShown:
    """One month: its weeks from Monday, each day with its bills; None for a day of another month."""

    first: date
    weeks: tuple[tuple[date | None, ...], ...]
    by_day: Mapping[date, list[OwnBill]]

    @property
    def before(self) -> date:
        """The first day of the month before."""
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date:
        """The first day of the month after."""
        return (self.first + timedelta(days=31)).replace(day=1)


@blueprint.route("")
@for_cardholders
def show() -> Response:
    """The month that the address names, this one where it names none; and its bills as a list."""
    person, first = current_cardholder(), month_asked_for()
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    with face().hub.reading(person.actor) as tx:
        found = own_bills.list_own(tx, person, first=first, last=last, language=page_language())
        banks = bill_banks.list_own(tx, person, language=page_language())
        has_partners = referrals.are_offered(tx, person)
    owed = [each.bill for each in found if each.is_owed]
    by_day: dict[date, list[OwnBill]] = {}
    for each in found:
        by_day.setdefault(each.bill.contents.due_on, []).append(each)
    return page(
        "my/calendar.html",
        title=translate("还款日历"),
        shown=MonthShown(first=first, weeks=_weeks(first), by_day=by_day),
        found=found,
        banks=banks,
        owed_fen=sum(each.contents.minimum_fen for each in owed),
        paid_fen=paid_of_least_fen(owed),
        today=face().today,
        has_partners=has_partners,
        done=request.args.get("done", ""),
        back="/my/",
    )


def month_asked_for() -> date:
    """The first day of the month that the address names, of this one where it names none."""
    return month_in_address(request.args.get("month", "")) or face().today.replace(day=1)


def _weeks(first: date) -> tuple[tuple[date | None, ...], ...]:
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return tuple(tuple(day if day.month == first.month else None for day in week) for week in weeks)


@blueprint.route("/new")
@for_cardholders
def add() -> Response:
    """The form for a bill."""
    return _form()


def _form(state: FormState | None = None, *, bill_id: str | None = None, reminder: FormState | None = None) -> Response:
    """The form as it was typed; else as it was left, or with what the bill says."""
    person, language = current_cardholder(), page_language()
    with face().hub.reading(person.actor) as tx:
        banks = own_bills.bank_options(tx, language=language)
        bill = None if bill_id is None else own_bills.get_own(tx, person, bill_id, language=language)
        shown = state or (left_at(tx, request.path) if reminder is None else None)
    if shown is None:
        shown = FormState() if bill is None else filled(to_plain(bill.bill.contents))
    return page(
        "my/bill.html",
        title=_title(bill),
        status=200 if shown.sound and (reminder is None or reminder.sound) else 422,
        state=replace(shown, fields=_FIELDS),
        bill=bill,
        banks=banks,
        reminder=reminder or _chosen(bill),
        # A day that has passed is told to nobody.
        can_be_told=bill is not None and bill.is_owed and bill.bill.contents.due_on >= face().today,
        reminded_at=None if bill is None else bill.reminded_at,
        hour_options=[(str(each), word("hours", each)) for each in ReminderHours],
        day_options=[(str(each), _days_in_words(each)) for each in DAYS_BEFORE],
        back=_HERE,
    )


def _title(bill: OwnBill | None) -> str:
    if bill is None:
        return translate("记一笔账单")
    return translate("修改账单") if bill.is_own_note else translate("银行提供的账单")


def _chosen(bill: OwnBill | None) -> FormState:
    found = None if bill is None else bill.reminder
    return FormState(fields=_FIELDS) if found is None else replace(filled(to_plain(found)), fields=_FIELDS)


def _days_in_words(days: int) -> str:
    if days == 1:
        return translate("提前一天")
    return translate("提前 %(n)s 天", n=days) if days else translate("当天")


@blueprint.route("/new", methods=["POST"])
@for_cardholders
@keeps_unfinished
def keep_new() -> Response:
    """The bill stands in the calendar."""
    return _kept(bills.add, _form)


@blueprint.route("/bills/<id:bill_id>")
@for_cardholders
def edit(bill_id: str) -> Response:
    """The form with what the bill says."""
    return _form(bill_id=bill_id)


@blueprint.route("/bills/<id:bill_id>", methods=["POST"])
@for_cardholders
@keeps_unfinished
def change(bill_id: str) -> Response:
    """The bill says what was typed, or is gone."""
    person = current_cardholder()
    if request.form.get("do") == "remove":

        def remove(tx: HubTransaction) -> str:
            bills.remove(tx, subjects.of_cardholder(tx, person), bill_id)
            return f"{_HERE}?done=removed"

        return do_once(person, remove)

    def keep(tx: HubTransaction, subject: Subject, contents: BillContents) -> None:
        bills.find_own(tx, subject, bill_id)
        bills.put(tx, subject, bill_id, contents)

    return _kept(keep, partial(_form, bill_id=bill_id))


def _kept(
    keep: Callable[[HubTransaction, Subject, BillContents], object], form: Callable[[FormState], Response]
) -> Response:
    person = current_cardholder()
    state = replace(read_form(request.form, BILL_FIELDS), fields=_FIELDS)
    read, faults = load_bill_fields(state.data)

    def kept(tx: HubTransaction, contents: BillContents) -> str:
        keep(tx, subjects.of_cardholder(tx, person), contents)
        return f"{_HERE}?month={contents.due_on:%Y-%m}&done=kept"

    return send_once(person, state.with_faults(faults), read, kept, form=form)


@blueprint.route("/bills/<id:bill_id>/reminder", methods=["POST"])
@for_cardholders
def remind(bill_id: str) -> Response:
    """The person is told of the bill as they chose; text messages go to the mobile that they signed in with."""
    person = current_cardholder()
    days = [int(each) for each in request.form.getlist("days_before") if each in map(str, DAYS_BEFORE)]
    typed = {name: request.form.get(name, "").strip() for name in ("channel", "hours", "email")}
    data = {"days_before": days, "mobile": person.mobile} | {name: text for name, text in typed.items() if text}
    state = FormState(values=typed_values(request.form), fields=_FIELDS)
    read, faults = load_reminder_fields(data)

    def choose(tx: HubTransaction, chosen: BillReminder) -> str:
        reminders.choose(tx, subjects.of_cardholder(tx, person), bill_id, chosen)
        return f"/my/calendar/bills/{bill_id}#remind"

    def form(again: FormState) -> Response:
        return _form(bill_id=bill_id, reminder=again)

    return send_once(person, state.with_faults(faults), read, choose, form=form)


@blueprint.route("/due-days.ics")
@for_cardholders
def calendar_file() -> Response:
    """The days, for the calendar of the phone."""
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        content = own_bills.calendar_file(tx, person, language=page_language())
    return save(content, "还款日历.ics", MEDIA_TYPE)


@blueprint.route("/due-days.pdf")
@for_cardholders
def paper() -> Response:
    """The list on paper; printed for this moment and kept nowhere."""
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        found = own_bills.calendar_paper(tx, person)
    face().limits.count((PAPERS_A_PERSON, (person.owner_key,)))
    try:
        pdf = face().hub.print_pdf(html_of(found))
    except Unusable as error:
        raise DocumentNotReady from error
    return save(pdf, "还款日历.pdf", "application/pdf")
