"""`/portal/mandates`: revocations that reached the bank and deductions reported to it, and its answers."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from flask import Response, request
from werkzeug.wrappers import Response as WsgiResponse

from hub.domain.plain import Plain
from hub.domain.service_request import RequestKind
from hub.domain.staff import ACTING
from hub.services.mandates import answering, at_bank, deductions
from hub.services.reading.cardholder.bills import bank_names
from hub.services.reading.requests import MOST_LISTED
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.display_names import options
from hub.web.pages.field_names import FormFields
from hub.web.pages.form_actions import FormAction, Trouble, carry_out, send_once
from hub.web.pages.forms import FormState, read_form
from hub.web.pages.once import do_once
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.portal.request_desk import desk_of, reveal
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.unfinished import keeps_unfinished, left_at
from hub.web.pages.visitors import current_staff, for_bank
from schemas.actions import REQUIRED_OPEN_WORDS, load_open_words
from schemas.mandates import REFUSAL, load_refusal

_HERE: Final = "/portal/mandates"
_FIELDS: Final = FormFields(
    names={"reason_code": marked("为什么不接受"), "text": marked("写给客户的话"), "why": marked("为什么需要看")},
    chosen=frozenset({"reason_code"}),
)


@pages.route("/mandates")
@for_bank()
def mandates() -> Response:
    """What reached the bank, the earliest due first."""
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        found = at_bank.views(tx, bank_code=person.bank)
    done = request.args.get("done", "")
    return page("portal/mandates.html", title=translate("扣款授权"), found=found, most=MOST_LISTED, done=done)


@pages.route("/mandates/<id:mandate_id>")
@for_bank()
def mandate(mandate_id: str) -> Response:
    """One revocation: what it says, until when it is answered, and the place for the answer."""
    return _revocation(mandate_id)


def _revocation(
    mandate_id: str,
    state: FormState | None = None,
    *,
    template: str = "portal/mandate.html",
    status: int = 200,
    trouble: Trouble | None = None,
    look: Any = None,
) -> Response:
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        found, desk = at_bank.revocation(tx, mandate_id, bank_code=person.bank), desk_of(tx, mandate_id)
        codes = (found["mandate"]["payee_code"], found["mandate"]["account_bank"])
        names = bank_names(tx, [each for each in codes if each], language=page_language())
        shown = state or left_at(tx, request.path) or FormState()
    reasons = options("revocation_refusal")
    return _shown(
        template,
        translate("撤回授权"),
        found,
        shown,
        status=status,
        reasons=reasons,
        names=names,
        desk=desk,
        trouble=trouble,
        look=look,
    )


def _shown(
    template: str, title: str, found: Mapping[str, Any], state: FormState, *, status: int = 200, **more: Any
) -> Response:
    may_answer = current_staff().role in ACTING and found["status"] == "with_bank"
    return page(
        template,
        title=title,
        status=status if state.sound else 422,
        state=replace(state, fields=_FIELDS),
        it=found,
        may_answer=may_answer,
        back=_HERE,
        **more,
    )


@pages.route("/mandates/<id:mandate_id>/reveal", methods=["POST"])
@for_bank(*ACTING)
def reveal_holder(mandate_id: str) -> Response | WsgiResponse:
    """Whose mandate it is is shown in full for five minutes."""
    return reveal(
        mandate_id,
        RequestKind.REVOCATION,
        address=f"/portal/mandates/{mandate_id}",
        form=lambda again: _revocation(mandate_id, again),
    )


@pages.route("/mandates/<id:mandate_id>/confirm", methods=["POST"])
@for_bank(*ACTING)
def confirm_revocation(mandate_id: str) -> Response:
    """The bank takes the revocation, and the person is told."""
    person = current_staff()

    def do(tx: HubTransaction) -> str:
        answering.confirm(tx, mandate_id, bank_code=person.bank)
        return f"{_HERE}?done=confirmed"

    return do_once(person, do)


@pages.route("/mandates/<id:mandate_id>", methods=["POST"])
@for_bank(*ACTING)
@keeps_unfinished
def refuse_revocation(mandate_id: str) -> Response:
    """The bank does not take it and says why, and the person is told; shown first as the person will read it."""
    person = current_staff()
    state = replace(read_form(request.form, REFUSAL), fields=_FIELDS)
    read = load_refusal(state.data)

    def look(tx: HubTransaction) -> Plain:
        record = answering.refuse(tx, mandate_id, read.value_or_refuse(), bank_code=person.bank)
        return answering.bank_view(tx, record)

    def do(tx: HubTransaction) -> str:
        look(tx)
        return f"{_HERE}?done=refused"

    return carry_out(
        person,
        FormAction(effect=do, look=look),
        state.with_faults(read.faults),
        form=partial(_revocation, mandate_id),
        preview=partial(_revocation, mandate_id, template="portal/mandate-refuse-preview.html"),
    )


@pages.route("/deductions/<id:deduction_id>")
@for_bank()
def deduction(deduction_id: str) -> Response:
    """One reported deduction, and the place for the answer."""
    return _deduction(deduction_id)


def _deduction(deduction_id: str, state: FormState | None = None) -> Response:
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        found, desk = at_bank.deduction(tx, deduction_id, bank_code=person.bank), desk_of(tx, deduction_id)
        shown = state or left_at(tx, request.path) or FormState()
    return _shown(
        "portal/deduction.html",
        translate("客户反映的扣款"),
        found,
        shown,
        desk=desk,
    )


@pages.route("/deductions/<id:deduction_id>/reveal", methods=["POST"])
@for_bank(*ACTING)
def reveal_reporter(deduction_id: str) -> Response | WsgiResponse:
    """Whom the report is about is shown in full for five minutes."""
    return reveal(
        deduction_id,
        RequestKind.DEDUCTION,
        address=f"/portal/deductions/{deduction_id}",
        form=lambda again: _deduction(deduction_id, again),
    )


@pages.route("/deductions/<id:deduction_id>", methods=["POST"])
@for_bank(*ACTING)
@keeps_unfinished
def answer_deduction(deduction_id: str) -> Response:
    """The bank's answer is with the report."""
    person = current_staff()
    state = replace(read_form(request.form, REQUIRED_OPEN_WORDS), fields=_FIELDS)
    words, faults = load_open_words(state.data, required=True)

    def do(tx: HubTransaction, text: str) -> str:
        deductions.answer(tx, deduction_id, text, bank_code=person.bank)
        return f"{_HERE}?done=answered"

    return send_once(person, state.with_faults(faults), words, do, form=lambda again: _deduction(deduction_id, again))
