"""Amendments of an agreement, as a bank answers and proposes them: each is shown first as the person will read it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from flask import Response, request

from hub.domain.amendment import AmendmentKind
from hub.domain.errors import NotFound
from hub.domain.plain import Plain
from hub.domain.staff import ACTING
from hub.services.agreements import amendment_signing, early_settlements, pay_days
from hub.services.agreements.agreement_views import agreement_view
from hub.services.agreements.finding import agreement_of_bank
from hub.services.reading.bank.agreement import agreement
from hub.services.reading.bank.heading import Heading
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.amendment_words import NAMES, PATHS, figure_rows
from hub.web.pages.forms import FormState, filled, read_form
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.portal.form_pages import FormPage, carry_out, negotiation_address
from hub.web.pages.translation import translate
from hub.web.pages.unfinished import keeps_unfinished
from hub.web.pages.visitors import current_staff, for_bank
from schemas.actions import REQUIRED_WORDS, load_words
from schemas.amendments import PAY_DAY, SETTLEMENT_QUOTE, load_pay_day, load_settlement_quote

# Until when a quote holds where the clerk types nothing else, on the day before the settlement.
_VALID_TO = "18:00"


def _page(
    negotiation_id: str, template: str, title: str, *, kind: AmendmentKind, path: str, amendment_id: str = ""
) -> FormPage:
    """The page of one of the forms; `NotFound` comes of reading it where there is no such request."""
    bank_code = current_staff().bank

    def gather(tx: HubTransaction, _head: Heading) -> Mapping[str, Any]:
        shown = agreement(tx, negotiation_id, bank_code=bank_code)
        asked = shown.view[kind]
        if amendment_id and (asked is None or asked["id"] != amendment_id):
            raise NotFound
        return {"agreement": shown.view, "asked": asked}

    return FormPage(
        negotiation_id=negotiation_id,
        template=f"portal/{template}",
        title=title,
        more={
            "action": f"{negotiation_address(negotiation_id)}/agreement/{path}",
            "kind_name": translate(NAMES[kind]),
            "figure_rows": figure_rows,
        },
        gather=gather,
    )


def _carried_out(
    state: FormState, deed: Callable[[HubTransaction], None], *, form: FormPage, preview: FormPage, done: str
) -> Response:
    """The preview of what the form does, or its result; the preview shows the agreement as it stands then."""
    negotiation_id, bank_code = form.negotiation_id, current_staff().bank

    def look(tx: HubTransaction) -> Plain:
        deed(tx)
        return agreement_view(tx, agreement_of_bank(tx, negotiation_id, bank_code=bank_code))

    def effect(tx: HubTransaction) -> str:
        deed(tx)
        return negotiation_address(negotiation_id, done)

    return carry_out(state, effect=effect, look=look, form=form, preview=preview)


def _quote_pages(negotiation_id: str, amendment_id: str) -> tuple[FormPage, FormPage]:
    page = partial(
        _page,
        negotiation_id,
        title=translate("提前结清报价"),
        kind=AmendmentKind.EARLY_SETTLEMENT,
        path=f"early-settlement/{amendment_id}/quote",
        amendment_id=amendment_id,
    )
    return page("settlement-quote.html"), page("settlement-quote-preview.html")


@pages.route("/negotiations/<id:negotiation_id>/agreement/early-settlement/<id:amendment_id>/quote")
@for_bank(*ACTING)
def ask_quote(negotiation_id: str, amendment_id: str) -> Response:
    """Asks for the bank's figures; begins with the hub's own reckoning."""
    person = current_staff()
    form, _ = _quote_pages(negotiation_id, amendment_id)
    with face().hub.reading(person.actor) as tx:
        asked = agreement(tx, negotiation_id, bank_code=person.bank).view["early_settlement"]
        if asked is None or asked["id"] != amendment_id or asked["estimate"] is None:
            raise NotFound
        figures = {name: asked["estimate"][name] for name in ("principal_fen", "interest_fen", "fee_fen")}
        begun = filled(figures)
        until = _usual_end(date.fromisoformat(asked["settle_on"]), today=face().today)
        return form.within(tx, replace(begun, values={**begun.values, "valid_until": [until]}))


def _usual_end(settle_on: date, *, today: date) -> str:
    day = max(settle_on - timedelta(days=1), today + timedelta(days=1))
    return f"{min(day, settle_on).isoformat()} {_VALID_TO}"


@pages.route("/negotiations/<id:negotiation_id>/agreement/early-settlement/<id:amendment_id>/quote", methods=["POST"])
@for_bank(*ACTING)
@keeps_unfinished
def quote(negotiation_id: str, amendment_id: str) -> Response:
    """The bank's figures wait for the person; shown first beside the hub's own."""
    bank_code = current_staff().bank
    state = read_form(request.form, SETTLEMENT_QUOTE)
    read = load_settlement_quote(state.data)

    def deed(tx: HubTransaction) -> None:
        early_settlements.quote(tx, negotiation_id, amendment_id, read.value_or_refuse(), bank_code=bank_code)

    form, preview = _quote_pages(negotiation_id, amendment_id)
    return _carried_out(state.with_faults(read.faults), deed, form=form, preview=preview, done="quoted")


@pages.route("/negotiations/<id:negotiation_id>/agreement/pay-day")
@for_bank(*ACTING)
def ask_propose(negotiation_id: str) -> Response:
    """Asks for another day of the month."""
    title = translate("提议更改还款日")
    return _page(negotiation_id, "pay-day.html", title, kind=AmendmentKind.PAY_DAY, path="pay-day")(FormState())


@pages.route("/negotiations/<id:negotiation_id>/agreement/pay-day", methods=["POST"])
@for_bank(*ACTING)
@keeps_unfinished
def propose(negotiation_id: str) -> Response:
    """The bank's day waits for the person; shown first with every payment that moves."""
    bank_code = current_staff().bank
    state = read_form(request.form, PAY_DAY)
    read = load_pay_day(state.data)

    def deed(tx: HubTransaction) -> None:
        pay_days.propose(tx, negotiation_id, read.value_or_refuse(), bank_code=bank_code)

    title, kind = translate("提议更改还款日"), AmendmentKind.PAY_DAY
    return _carried_out(
        state.with_faults(read.faults),
        deed,
        form=_page(negotiation_id, "pay-day.html", title, kind=kind, path="pay-day"),
        preview=_page(negotiation_id, "pay-day-preview.html", title, kind=kind, path="pay-day"),
        done="day_proposed",
    )


@pages.route("/negotiations/<id:negotiation_id>/agreement/pay-day/<id:amendment_id>/agree")
@for_bank(*ACTING)
def ask_agree(negotiation_id: str, amendment_id: str) -> Response:
    """What the person asks for, with every payment that would move."""
    return _agree_page(negotiation_id, amendment_id)(FormState())


def _agree_page(negotiation_id: str, amendment_id: str) -> FormPage:
    return _page(
        negotiation_id,
        "pay-day-agree.html",
        translate("同意更改还款日"),
        kind=AmendmentKind.PAY_DAY,
        path=f"pay-day/{amendment_id}/agree",
        amendment_id=amendment_id,
    )


@pages.route("/negotiations/<id:negotiation_id>/agreement/pay-day/<id:amendment_id>/agree", methods=["POST"])
@for_bank(*ACTING)
def agree(negotiation_id: str, amendment_id: str) -> Response:
    """The day is agreed, or waits for the person where the payments changed meanwhile."""
    bank_code = current_staff().bank

    def effect(tx: HubTransaction) -> str:
        pay_days.agree(tx, negotiation_id, amendment_id, bank_code=bank_code)
        return negotiation_address(negotiation_id, "day_agreed")

    return carry_out(FormState(), effect=effect, form=_agree_page(negotiation_id, amendment_id))


@pages.route("/negotiations/<id:negotiation_id>/agreement/early-settlement/<id:amendment_id>/refuse")
@for_bank(*ACTING)
def ask_refuse_settlement(negotiation_id: str, amendment_id: str) -> Response:
    """Asks why, in words that the person reads."""
    return _refuse_page(negotiation_id, amendment_id, AmendmentKind.EARLY_SETTLEMENT)(FormState())


@pages.route("/negotiations/<id:negotiation_id>/agreement/early-settlement/<id:amendment_id>/refuse", methods=["POST"])
@for_bank(*ACTING)
@keeps_unfinished
def refuse_settlement(negotiation_id: str, amendment_id: str) -> Response:
    """The bank's no is with the request, and the person is told."""
    return _refuse(negotiation_id, amendment_id, AmendmentKind.EARLY_SETTLEMENT)


@pages.route("/negotiations/<id:negotiation_id>/agreement/pay-day/<id:amendment_id>/refuse")
@for_bank(*ACTING)
def ask_refuse_day(negotiation_id: str, amendment_id: str) -> Response:
    """Asks why, in words that the person reads."""
    return _refuse_page(negotiation_id, amendment_id, AmendmentKind.PAY_DAY)(FormState())


@pages.route("/negotiations/<id:negotiation_id>/agreement/pay-day/<id:amendment_id>/refuse", methods=["POST"])
@for_bank(*ACTING)
@keeps_unfinished
def refuse_day(negotiation_id: str, amendment_id: str) -> Response:
    """The bank's no is with the request, and the person is told."""
    return _refuse(negotiation_id, amendment_id, AmendmentKind.PAY_DAY)


def _refuse_page(negotiation_id: str, amendment_id: str, kind: AmendmentKind) -> FormPage:
    return _page(
        negotiation_id,
        "amendment-refuse.html",
        translate("不同意这项调整"),
        kind=kind,
        path=f"{PATHS[kind]}/{amendment_id}/refuse",
        amendment_id=amendment_id,
    )


def _refuse(negotiation_id: str, amendment_id: str, kind: AmendmentKind) -> Response:
    bank_code = current_staff().bank
    state = read_form(request.form, REQUIRED_WORDS)
    words, faults = load_words(state.data, required=True)

    def effect(tx: HubTransaction) -> str:
        amendment_signing.refuse(tx, negotiation_id, amendment_id, kind, words or "", bank_code=bank_code)
        return negotiation_address(negotiation_id, "amendment_refused")

    return carry_out(state.with_faults(faults), effect=effect, form=_refuse_page(negotiation_id, amendment_id, kind))
