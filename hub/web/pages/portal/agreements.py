"""What becomes of an agreement: payments that arrived or did not, the stop of collection, and its end.

What the person will read is shown before it is sent, and each form offers only what the rules allow today.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, request

from hub.domain.plain import Plain
from hub.domain.staff import ACTING
from hub.services.agreements import agreement_ends, agreement_views, collection, payments
from hub.services.reading.bank.agreement import agreement, collection_report
from hub.services.reading.bank.heading import Heading
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.agreement_words import end_words, row_words, standing_of
from hub.web.pages.forms import FormState, filled, read_form
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.portal.form_pages import FormPage, carry_out, negotiation_address
from hub.web.pages.translation import translate
from hub.web.pages.unfinished import keeps_unfinished
from hub.web.pages.visitors import current_staff, for_bank
from schemas.actions import REQUIRED_WORDS, load_words
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

Look = Callable[[HubTransaction], Plain]
"""Does what the form is for and gives the agreement as it stands then."""


def _page(negotiation_id: str, template: str, title: str, *, action: str = "") -> FormPage:
    """The page of one of the forms; `NotFound` comes of reading it where there is no agreement."""
    bank_code = current_staff().bank

    def gather(tx: HubTransaction, _head: Heading) -> Mapping[str, Any]:
        found = agreement(tx, negotiation_id, bank_code=bank_code)
        return {
            "agreement": found.view,
            "steps": found.steps,
            "words": row_words(found.view),
            "rows": {str(row["number"]): row for row in found.view["payments"]},
            "collectors": [(each, each) for each in found.collectors],
        }

    return FormPage(
        negotiation_id=negotiation_id,
        template=f"portal/{template}",
        title=title,
        more={"standing_of": standing_of, "end_words": end_words, "row_words": row_words, "action": action},
        gather=gather,
    )


def _previewed(
    negotiation_id: str, path: str, template: str, title: str, *, look: Look, done: str, state: FormState
) -> Response:
    """The preview of what the form does, or its result. `look` does it, and the preview shows what it gave."""

    def effect(tx: HubTransaction) -> str:
        look(tx)
        return negotiation_address(negotiation_id, done)

    action = f"{negotiation_address(negotiation_id)}/agreement/{path}"
    return carry_out(
        state,
        effect=effect,
        look=look,
        form=_page(negotiation_id, f"{template}.html", title),
        preview=_page(negotiation_id, f"{template}-preview.html", title, action=action),
    )


@pages.route("/negotiations/<id:negotiation_id>/agreement/payments")
@for_bank(*ACTING)
def ask_payment(negotiation_id: str) -> Response:
    """Asks which payment arrived; begins with the next that is open."""
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        row = agreement(tx, negotiation_id, bank_code=person.bank).next_open
        begun: dict[str, Any] = {} if row is None else {"number": row.number}
        if row is not None and row.open_fen:
            begun["amount_fen"] = row.open_fen
        state = filled(begun) if begun else FormState()
        return _page(negotiation_id, "payment.html", translate("登记还款")).within(tx, state)


@pages.route("/negotiations/<id:negotiation_id>/agreement/payments", methods=["POST"])
@for_bank(*ACTING)
def pay(negotiation_id: str) -> Response:
    """A payment that arrived is on record; shown first, since nothing takes it back."""
    bank_code = current_staff().bank
    state = read_form(request.form, PAYMENT)
    read = load_payment(state.data, today=face().today)

    def look(tx: HubTransaction) -> Plain:
        payment = read.value_or_refuse()
        before = agreement(tx, negotiation_id, bank_code=bank_code).view["payments"]
        signed = payments.record_payment(tx, negotiation_id, payment, bank_code=bank_code)
        after = agreement_views.agreement_view(tx, signed)
        # What is more than the row goes on to others: all that move are shown.
        moved = [row for row in after["payments"] if row not in before]
        return {**after, "payments": moved, "payment": payment, "told": payments.words_of(payment)}

    return _previewed(
        negotiation_id,
        "payments",
        "payment",
        translate("登记还款"),
        look=look,
        done="paid",
        state=state.with_faults(read.faults),
    )


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
        signed = payments.record_missed(tx, negotiation_id, number=read.value_or_refuse(), bank_code=bank_code)
        return agreement_views.agreement_view(tx, signed)

    return _previewed(
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
        signed = payments.withdraw_missed(tx, negotiation_id, read.value_or_refuse(), bank_code=bank_code)
        return agreement_views.agreement_view(tx, signed)

    return _previewed(
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
@keeps_unfinished
def end(negotiation_id: str) -> Response:
    """The agreement is settled, or in force no more; shown first as the person will read it."""
    bank_code = current_staff().bank
    state = read_form(request.form, AGREEMENT_END)
    read = load_agreement_end(state.data)

    def look(tx: HubTransaction) -> Plain:
        signed = agreement_ends.end_agreement(tx, negotiation_id, read.value_or_refuse(), bank_code=bank_code)
        return agreement_views.agreement_view(tx, signed)

    return _previewed(
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
        return negotiation_address(negotiation_id, "hold_applied")

    form = _page(negotiation_id, "hold-applied.html", translate("登记已停止催收"))
    return carry_out(state.with_faults(read.faults), effect=do, form=form)


def _report_page(negotiation_id: str, report_id: str) -> FormPage:
    bank_code = current_staff().bank
    return FormPage(
        negotiation_id=negotiation_id,
        template="portal/collection-report.html",
        title=translate("协议生效后仍被催收"),
        gather=lambda tx, _head: {"report": collection_report(tx, negotiation_id, report_id, bank_code=bank_code)},
    )


@pages.route("/negotiations/<id:negotiation_id>/collection-reports/<id:report_id>/answer")
@for_bank(*ACTING)
def ask_answer(negotiation_id: str, report_id: str) -> Response:
    """The person's report, and the place for the bank's answer."""
    return _report_page(negotiation_id, report_id)(FormState())


@pages.route("/negotiations/<id:negotiation_id>/collection-reports/<id:report_id>/answer", methods=["POST"])
@for_bank(*ACTING)
@keeps_unfinished
def answer_report(negotiation_id: str, report_id: str) -> Response:
    """The bank's answer is with the report, and the person is told."""
    bank_code = current_staff().bank
    state = read_form(request.form, REQUIRED_WORDS)
    words, faults = load_words(state.data, required=True)

    def do(tx: HubTransaction) -> str:
        collection.answer(tx, negotiation_id, report_id, words or "", bank_code=bank_code)
        return negotiation_address(negotiation_id, "report_answered")

    form = _report_page(negotiation_id, report_id)
    return carry_out(state.with_faults(faults), effect=do, form=form)
