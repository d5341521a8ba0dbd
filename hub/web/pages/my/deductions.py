"""`/my/deductions`: what was deducted although it should not have been, reported, and the statement for a complaint."""

from dataclasses import replace
from typing import Final

from flask import Blueprint, Response, request

from hub.documents.mandate_papers import statement_html
from hub.domain.deduction import Deduction
from hub.services.accounts import subjects
from hub.services.mandates import deductions
from hub.services.reading.cardholder import deductions as own_deductions
from hub.services.reading.cardholder import mandates as own_mandates
from hub.services.reading.cardholder.bills import bank_options
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.limits import PAPERS_A_PERSON
from hub.web.pages.field_names import FormFields
from hub.web.pages.form_actions import send_once
from hub.web.pages.forms import FormState, read_form
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.unfinished import keeps_unfinished, left_at
from hub.web.pages.visitors import current_cardholder, for_cardholders
from hub.web.sealed_papers import save_sealed
from schemas.mandates import DEDUCTION_FIELDS, load_deduction_fields

blueprint = Blueprint("deductions", __name__, url_prefix="/deductions")

_FIELDS: Final = FormFields(
    names={
        "mandate_id": marked("按哪一项授权扣的"),
        "creditor_code": marked("谁扣的款"),
        "at": marked("扣款时间"),
        "amount_fen": marked("扣了多少"),
        "account_last4": marked("账号后四位"),
        "text": marked("补充说明"),
    },
    chosen=frozenset({"mandate_id", "creditor_code"}),
)


@blueprint.route("")
@for_cardholders
def show() -> Response:
    """Everything that the person reported, with the creditors' answers."""
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        found = own_deductions.list_own(tx, person, language=page_language())
    return page(
        "my/deductions.html",
        title=translate("反映过的扣款"),
        found=found,
        done=request.args.get("done", ""),
        back="/my/mandates",
    )


@blueprint.route("/new")
@for_cardholders
def ask() -> Response:
    """The form."""
    return _form()


def _form(state: FormState | None = None) -> Response:
    person, language = current_cardholder(), page_language()
    with face().hub.reading(person.actor) as tx:
        mine = own_mandates.list_own(tx, person, language=language)
        banks = bank_options(tx, language=language)
        shown = state or left_at(tx, request.path)
    if shown is None:
        chosen = request.args.get("mandate", "")
        known = next((each for each in mine if each.id == chosen), None)
        values = {} if known is None else {"mandate_id": [chosen], "account_last4": [known.contents.account_last4]}
        shown = FormState(values=values)
    return page(
        "my/deduction-form.html",
        title=translate("反映一笔扣款"),
        status=200 if shown.sound else 422,
        state=replace(shown, fields=_FIELDS),
        mandates=[(each.id, f"{each.payee}{translate('：')}{each.contents.use}") for each in mine],
        banks=banks,
        back="/my/mandates",
    )


@blueprint.route("/new", methods=["POST"])
@for_cardholders
@keeps_unfinished
def report() -> Response:
    """The deduction is on record and on its way to the creditor."""
    person = current_cardholder()
    state = replace(read_form(request.form, DEDUCTION_FIELDS), fields=_FIELDS)
    read, faults = load_deduction_fields(state.data)

    def kept(tx: HubTransaction, deduction: Deduction) -> str:
        deductions.report(tx, subjects.of_cardholder(tx, person), deduction)
        return "/my/deductions?done=reported"

    return send_once(person, state.with_faults(faults), read, kept, form=_form)


@blueprint.route("/<id:deduction_id>/statement.pdf")
@for_cardholders
def statement(deduction_id: str) -> Response:
    """扣款情况说明, for a complaint."""
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        found = own_deductions.statement_of(tx, person, deduction_id)
    face().limits.count((PAPERS_A_PERSON, (person.owner_key,)))
    return save_sealed(lambda seal: statement_html(found, seal), "扣款情况说明")
