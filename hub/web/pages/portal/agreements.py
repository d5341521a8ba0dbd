"""What becomes of an agreement: payments that arrived or did not, the stop of collection, and its end.

What the person will read is shown before it is sent, and each form offers only what the rules allow today.
"""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, request

from hub.domain.errors import NotFound
from hub.domain.payments import PaymentRow
from hub.domain.plain import Plain, to_plain
from hub.services.agreements import agreement_ends, agreement_views, collection, payments
from hub.services.agreements.agreement_views import NextSteps
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.agreement_words import row_words, standing_of
from hub.web.pages.forms import FormState, filled, read_form
from hub.web.pages.portal.blueprint import ACTING, pages
from hub.web.pages.portal.form_pages import Deed, FormPage, carry_out, case_address
from hub.web.pages.portal.offers import china_today
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_bank
from schemas.agreements import (
    AGREEMENT_END,
    HOLD_APPLIED,
    MISSED_PAYMENT,
    MISSED_WITHDRAWAL,
    PAYMENT,
    load_agreement_end,
    load_hold_applied,
    load_missed_payment,
    load_missed_withdrawal,
    load_payment,
)
from schemas.deeds import REQUIRED_WORDS, load_words

Look = Callable[[HubTransaction], Plain]
"""Does a deed and gives the agreement as it stands then."""


def _page(negotiation_id: str, template: str, title: str) -> FormPage:
    """The page of one of the forms; raises `NotFound` where there is no agreement."""
    agreement, steps = _standing(negotiation_id)
    return FormPage(
        negotiation_id=negotiation_id,
        template=f"portal/{template}",
        title=title,
        more={
            "agreement": agreement,
            "steps": steps,
            "words": row_words(agreement),
            "rows": _by_number(agreement),
            "standing_of": standing_of,
        },
    )


def _standing(negotiation_id: str) -> tuple[Plain, NextSteps]:
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        record = payments.agreement_of_bank(tx, negotiation_id, bank_code=person.bank)
        return agreement_views.agreement_view(tx, record), agreement_views.next_steps(tx, record)


def _by_number(agreement: Plain) -> dict[str, Plain]:
    return {str(row["number"]): row for row in agreement["payments"]}


def _shown(
    negotiation_id: str, path: str, template: str, title: str, *, look: Look, done: str, state: FormState
) -> Response:
    """The deed's preview, or its result. `look` does it; what it would bring about is what the preview shows."""

    def do(tx: HubTransaction) -> str:
        look(tx)
        return case_address(negotiation_id, done)

    form, preview = (_page(negotiation_id, name, title) for name in (f"{template}.html", f"{template}-preview.html"))
    preview = FormPage(
        negotiation_id=negotiation_id,
        template=preview.template,
        title=title,
        more={**preview.more, "action": f"{case_address(negotiation_id)}/agreement/{path}"},
    )
    return carry_out(Deed(negotiation_id=negotiation_id, do=do, look=look), state, form=form, preview=preview)


@pages.route("/negotiations/<id:negotiation_id>/agreement/payments")
@for_bank(*ACTING)
def ask_payment(negotiation_id: str) -> Response:
    """Asks which payment arrived; begins with the next that is open."""
    _, steps = _standing(negotiation_id)
    row: PaymentRow | None = next(iter(steps.open_rows), None)
    begun: dict[str, Any] = {}
    if row is not None:
        begun = {"number": row.number, **({"amount_fen": row.open_fen} if row.open_fen else {})}
    return _page(negotiation_id, "payment.html", translate("登记还款"))(filled(begun) if begun else FormState())


@pages.route("/negotiations/<id:negotiation_id>/agreement/payments", methods=["POST"])
@for_bank(*ACTING)
def pay(negotiation_id: str) -> Response:
    """A payment that arrived is on record."""
    person = current_staff()
    state = read_form(request.form, PAYMENT)
    read = load_payment(state.data, today=china_today())

    def do(tx: HubTransaction) -> str:
        payments.record_payment(tx, negotiation_id, read.value_or_refuse(), bank_code=person.bank)
        return case_address(negotiation_id, "paid")

    form = _page(negotiation_id, "payment.html", translate("登记还款"))
    return carry_out(Deed(negotiation_id=negotiation_id, do=do), state.with_faults(read.faults), form=form)


@pages.route("/negotiations/<id:negotiation_id>/agreement/missed")
@for_bank(*ACTING)
def ask_missed(negotiation_id: str) -> Response:
    """Asks which payment did not arrive, of those that are due and past their days of grace."""
    return _page(negotiation_id, "missed.html", translate("登记未到账"))(FormState())


@pages.route("/negotiations/<id:negotiation_id>/agreement/missed", methods=["POST"])
@for_bank(*ACTING)
def miss(negotiation_id: str) -> Response:
    """A payment that did not arrive is on record; shown first as the person will read it."""
    bank_code = current_staff().bank
    state = read_form(request.form, MISSED_PAYMENT)
    read = load_missed_payment(state.data)

    def look(tx: HubTransaction) -> Plain:
        agreement = payments.record_missed(tx, negotiation_id, number=read.value_or_refuse(), bank_code=bank_code)
        return agreement_views.agreement_view(tx, agreement)

    return _shown(
        negotiation_id,
        "missed",
        "missed",
        translate("登记未到账"),
        look=look,
        done="missed",
        state=state.with_faults(read.faults),
    )


@pages.route("/negotiations/<id:negotiation_id>/agreement/missed/withdraw")
@for_bank(*ACTING)
def ask_take_back(negotiation_id: str) -> Response:
    """Asks which payment was not missed after all."""
    return _page(negotiation_id, "missed-withdraw.html", translate("撤回“未到账”"))(FormState())


@pages.route("/negotiations/<id:negotiation_id>/agreement/missed/withdraw", methods=["POST"])
@for_bank(*ACTING)
def take_back(negotiation_id: str) -> Response:
    """What was said to be missed no longer counts; shown first as the person will read it."""
    bank_code = current_staff().bank
    state = read_form(request.form, MISSED_WITHDRAWAL)
    read = load_missed_withdrawal(state.data)

    def look(tx: HubTransaction) -> Plain:
        agreement = payments.withdraw_missed(tx, negotiation_id, read.value_or_refuse(), bank_code=bank_code)
        return agreement_views.agreement_view(tx, agreement)

    return _shown(
        negotiation_id,
        "missed/withdraw",
        "missed-withdraw",
        translate("撤回“未到账”"),
        look=look,
        done="taken_back",
        state=state.with_faults(read.faults),
    )


@pages.route("/negotiations/<id:negotiation_id>/agreement/end")
@for_bank(*ACTING)
def ask_end(negotiation_id: str) -> Response:
    """Asks why the agreement ends."""
    return _page(negotiation_id, "end.html", translate("结束协议"))(FormState())


@pages.route("/negotiations/<id:negotiation_id>/agreement/end", methods=["POST"])
@for_bank(*ACTING)
def end(negotiation_id: str) -> Response:
    """The agreement is settled, or in force no more; shown first as the person will read it."""
    bank_code = current_staff().bank
    state = read_form(request.form, AGREEMENT_END)
    read = load_agreement_end(state.data)

    def look(tx: HubTransaction) -> Plain:
        agreement = agreement_ends.end_agreement(tx, negotiation_id, read.value_or_refuse(), bank_code=bank_code)
        return agreement_views.agreement_view(tx, agreement)

    return _shown(
        negotiation_id,
        "end",
        "end",
        translate("结束协议"),
        look=look,
        done="ended",
        state=state.with_faults(read.faults),
    )


@pages.route("/negotiations/<id:negotiation_id>/agreement/hold-applied")
@for_bank(*ACTING)
def ask_hold(negotiation_id: str) -> Response:
    """Asks who stopped collecting, and when."""
    return _page(negotiation_id, "hold-applied.html", translate("登记已停止催收"))(FormState())


@pages.route("/negotiations/<id:negotiation_id>/agreement/hold-applied", methods=["POST"])
@for_bank(*ACTING)
def confirm_hold(negotiation_id: str) -> Response:
    """The person can see who collects no more."""
    bank_code = current_staff().bank
    state = read_form(request.form, HOLD_APPLIED)
    read = load_hold_applied(state.data)

    def do(tx: HubTransaction) -> str:
        collection.confirm_hold(tx, negotiation_id, read.value_or_refuse(), bank_code=bank_code)
        return case_address(negotiation_id, "hold_applied")

    form = _page(negotiation_id, "hold-applied.html", translate("登记已停止催收"))
    return carry_out(Deed(negotiation_id=negotiation_id, do=do), state.with_faults(read.faults), form=form)


def _report_page(negotiation_id: str, report_id: str) -> FormPage:
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        payments.agreement_of_bank(tx, negotiation_id, bank_code=person.bank)
        found: Sequence[Plain] = [
            each for each in collection.report_views(tx, negotiation_id) if each["id"] == report_id
        ]
    if not found:
        raise NotFound
    return FormPage(
        negotiation_id=negotiation_id,
        template="portal/collection-report.html",
        title=translate("协议生效后仍被催收"),
        more={"report": to_plain(found[0])},
    )


@pages.route("/negotiations/<id:negotiation_id>/collection-reports/<id:report_id>/answer")
@for_bank(*ACTING)
def ask_answer(negotiation_id: str, report_id: str) -> Response:
    """The person's report, and the place for the bank's answer."""
    return _report_page(negotiation_id, report_id)(FormState())


@pages.route("/negotiations/<id:negotiation_id>/collection-reports/<id:report_id>/answer", methods=["POST"])
@for_bank(*ACTING)
def answer_report(negotiation_id: str, report_id: str) -> Response:
    """The bank's answer is with the report, and the person is told."""
    bank_code = current_staff().bank
    state = read_form(request.form, REQUIRED_WORDS)
    words, faults = load_words(state.data, required=True)

    def do(tx: HubTransaction) -> str:
        collection.answer(tx, negotiation_id, report_id, words or "", bank_code=bank_code)
        return case_address(negotiation_id, "report_answered")

    form = _report_page(negotiation_id, report_id)
    return carry_out(Deed(negotiation_id=negotiation_id, do=do), state.with_faults(faults), form=form)
