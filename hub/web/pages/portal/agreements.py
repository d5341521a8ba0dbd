"""What becomes of an agreement: payments that arrived, payments that did not, and its end."""

from typing import Any

from flask import Response, request

from hub.domain.plain import Plain
from hub.services import agreements, views
from hub.services.agreements import EndReason
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.forms import FormState, filled, read_form
from hub.web.pages.portal.blueprint import ACTING, pages
from hub.web.pages.portal.deeds import Deed, FormPage, carry_out, case_address
from hub.web.pages.portal.offers import china_today
from hub.web.pages.rendering import t
from hub.web.pages.visitors import current_staff, for_bank
from schemas.deeds import (
    AGREEMENT_END,
    MISSED_PAYMENT,
    PAYMENT,
    load_agreement_end,
    load_missed_payment,
    load_payment,
)


def statuses_of(agreement: Plain) -> dict[int, str]:
    """What the bank said last of each payment, by its number."""
    return {each["number"]: each["status"] for each in agreement["payments"]}


def next_row(agreement: Plain) -> Plain | None:
    """The first row of the schedule that was not paid."""
    known = statuses_of(agreement)
    return next((row for row in agreement["schedule"] if known.get(row["number"]) != "paid"), None)


def _page(negotiation_id: str, template: str, title: str) -> FormPage:
    """The page of one of the forms; raises `NotFound` where there is no agreement."""
    agreement = _agreement(negotiation_id)
    return FormPage(
        negotiation_id=negotiation_id,
        template=f"portal/{template}",
        title=title,
        more={"agreement": agreement, "payments": statuses_of(agreement)},
    )


def _agreement(negotiation_id: str) -> Plain:
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        record = agreements.agreement_of_bank(tx, negotiation_id, bank_code=person.bank)
        return views.agreement_view(tx, record)


def _begun(negotiation_id: str, **more: Any) -> FormState:
    """A form that begins with the payment that is next."""
    row = next_row(_agreement(negotiation_id))
    if row is None:
        return FormState()
    return filled({"number": row["number"], **({"amount_fen": row["total_fen"]} if more.get("amount") else {})})


@pages.route("/negotiations/<id:negotiation_id>/agreement/payments")
@for_bank(*ACTING)
def ask_payment(negotiation_id: str) -> Response:
    """Asks which payment arrived."""
    return _page(negotiation_id, "payment.html", t("登记还款"))(_begun(negotiation_id, amount=True))


@pages.route("/negotiations/<id:negotiation_id>/agreement/payments", methods=["POST"])
@for_bank(*ACTING)
def pay(negotiation_id: str) -> Response:
    """A payment that arrived is on record."""
    person = current_staff()
    state = read_form(request.form, PAYMENT)
    payment, faults = load_payment(state.data, today=china_today())

    def do(tx: HubTransaction) -> str:
        assert payment is not None  # noqa: S101 - no faults, so it was read
        agreements.record_payment(
            tx,
            negotiation_id,
            number=payment.number,
            paid_on=payment.paid_on,
            amount_fen=payment.amount_fen,
            bank_code=person.bank,
        )
        return case_address(negotiation_id, "paid")

    form = _page(negotiation_id, "payment.html", t("登记还款"))
    return carry_out(Deed(negotiation_id=negotiation_id, do=do), state.with_faults(faults), form=form)


@pages.route("/negotiations/<id:negotiation_id>/agreement/missed")
@for_bank(*ACTING)
def ask_missed(negotiation_id: str) -> Response:
    """Asks which payment did not arrive."""
    return _page(negotiation_id, "missed.html", t("登记未到账"))(_begun(negotiation_id))


@pages.route("/negotiations/<id:negotiation_id>/agreement/missed", methods=["POST"])
@for_bank(*ACTING)
def miss(negotiation_id: str) -> Response:
    """A payment that did not arrive is on record."""
    person = current_staff()
    state = read_form(request.form, MISSED_PAYMENT)
    number, faults = load_missed_payment(state.data)

    def do(tx: HubTransaction) -> str:
        assert number is not None  # noqa: S101 - no faults, so it was read
        agreements.record_missed(tx, negotiation_id, number=number, bank_code=person.bank)
        return case_address(negotiation_id, "missed")

    form = _page(negotiation_id, "missed.html", t("登记未到账"))
    return carry_out(Deed(negotiation_id=negotiation_id, do=do), state.with_faults(faults), form=form)


@pages.route("/negotiations/<id:negotiation_id>/agreement/end")
@for_bank(*ACTING)
def ask_end(negotiation_id: str) -> Response:
    """Asks why the agreement ends."""
    return _page(negotiation_id, "end.html", t("结束协议"))(FormState())


@pages.route("/negotiations/<id:negotiation_id>/agreement/end", methods=["POST"])
@for_bank(*ACTING)
def end(negotiation_id: str) -> Response:
    """The agreement is settled, or in force no more."""
    person = current_staff()
    state = read_form(request.form, AGREEMENT_END)
    ending, faults = load_agreement_end(state.data)

    def do(tx: HubTransaction) -> str:
        assert ending is not None  # noqa: S101 - no faults, so it was read
        reason = EndReason(ending.reason)
        agreements.end_agreement(tx, negotiation_id, reason, ending.text, bank_code=person.bank)
        return case_address(negotiation_id, "ended")

    form = _page(negotiation_id, "end.html", t("结束协议"))
    return carry_out(Deed(negotiation_id=negotiation_id, do=do), state.with_faults(faults), form=form)
