"""`/my/mandates`: what the person allowed others to deduct, put down, changed as a further version, and taken away.

No deduction is made or stopped here.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from flask import Blueprint, Response, request

from hub.domain.mandate import MandateContents
from hub.domain.plain import to_plain
from hub.services.accounts import subjects
from hub.services.accounts.subjects import Subject
from hub.services.mandates import mandates
from hub.services.reading.cardholder import mandates as own_mandates
from hub.services.reading.cardholder.bills import bank_options
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.display_names import options
from hub.web.pages.field_names import FormFields
from hub.web.pages.form_actions import send_once
from hub.web.pages.forms import FormState, filled, read_form
from hub.web.pages.once import do_once
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.unfinished import keeps_unfinished, left_at
from hub.web.pages.visitors import current_cardholder, for_cardholders
from schemas.mandates import MANDATE_FIELDS, load_mandate_fields

blueprint = Blueprint("mandates", __name__, url_prefix="/mandates")

_HERE: Final = "/my/mandates"
_FIELDS: Final = FormFields(
    names={
        "payee_kind": marked("谁来扣款"),
        "payee_code": marked("银行或放款机构"),
        "payee_name": marked("支付公司的名称"),
        "use": marked("扣款用途"),
        "account_bank": marked("开户银行"),
        "account_last4": marked("账号后四位"),
        "is_own_account": marked("是不是您本人的账户"),
        "cap_fen": marked("每次最多扣多少"),
        "frequency": marked("多久扣一次"),
        "valid_from": marked("从哪天起"),
        "valid_to": marked("到哪天止"),
        "next_on": marked("下一次扣款日"),
        "source_doc": marked("写在哪份合同或页面里"),
        "email": marked("电子邮箱"),
    },
    chosen=frozenset({"payee_kind", "payee_code", "account_bank", "frequency"}),
    ticked=frozenset({"is_own_account"}),
)


@blueprint.route("")
@for_cardholders
def show() -> Response:
    """Every mandate, those by which may be deducted first."""
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        found = own_mandates.list_own(tx, person, language=page_language())
    return page(
        "my/mandates.html",
        title=translate("扣款授权"),
        found=found,
        done=request.args.get("done", ""),
        back="/my/",
    )


@blueprint.route("/new")
@for_cardholders
def add() -> Response:
    """The form for a mandate."""
    return _form()


@blueprint.route("/new", methods=["POST"])
@for_cardholders
@keeps_unfinished
def keep_new() -> Response:
    """The mandate stands in the register."""
    return _kept(lambda tx, subject, contents: mandates.add(tx, subject, contents).id, _form)


@blueprint.route("/<id:mandate_id>")
@for_cardholders
def one(mandate_id: str) -> Response:
    """One mandate: what it says, what it said, and what the person can do."""
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        found = own_mandates.get_own(tx, person, mandate_id, language=page_language())
        told = own_mandates.receivers(tx, found, language=page_language())
    return page(
        "my/mandate.html",
        title=translate("一项扣款授权"),
        mandate=found,
        told=told,
        done=request.args.get("done", ""),
        back=_HERE,
    )


@blueprint.route("/<id:mandate_id>/change")
@for_cardholders
def edit(mandate_id: str) -> Response:
    """The form with what the mandate says."""
    return _form(mandate_id=mandate_id)


@blueprint.route("/<id:mandate_id>/change", methods=["POST"])
@for_cardholders
@keeps_unfinished
def change(mandate_id: str) -> Response:
    """The mandate says what was typed, as its next version."""

    def changed(tx: HubTransaction, subject: Subject, contents: MandateContents) -> str:
        return mandates.change(tx, subject, mandate_id, contents).id

    return _kept(changed, partial(_form, mandate_id=mandate_id))


@blueprint.route("/<id:mandate_id>", methods=["POST"])
@for_cardholders
def remove(mandate_id: str) -> Response:
    """The mandate is out of the register."""
    person = current_cardholder()

    def removed(tx: HubTransaction) -> str:
        mandates.remove(tx, subjects.of_cardholder(tx, person), mandate_id)
        return f"{_HERE}?done=removed"

    return do_once(person, removed)


def _form(state: FormState | None = None, *, mandate_id: str | None = None) -> Response:
    """The form as it was typed; else as it was left, or with what the mandate says."""
    person, language = current_cardholder(), page_language()
    with face().hub.reading(person.actor) as tx:
        banks = bank_options(tx, language=language)
        own = None if mandate_id is None else own_mandates.get_own(tx, person, mandate_id, language=language)
        shown = state or left_at(tx, request.path)
    if shown is None:
        shown = FormState() if own is None else filled(to_plain(own.contents))
    return page(
        "my/mandate-form.html",
        title=translate("登记一项扣款授权") if own is None else translate("修改扣款授权"),
        status=200 if shown.sound else 422,
        state=replace(shown, fields=_FIELDS),
        mandate=own,
        banks=banks,
        payees=options("payee"),
        frequencies=options("frequency"),
        back=_HERE if mandate_id is None else f"{_HERE}/{mandate_id}",
    )


def _kept(
    keep: Callable[[HubTransaction, Subject, MandateContents], str], form: Callable[[FormState], Response]
) -> Response:
    person = current_cardholder()
    state = replace(read_form(request.form, MANDATE_FIELDS), fields=_FIELDS)
    # The code that revokes it goes to the mobile that the person holds, and to no other.
    read, faults = load_mandate_fields({**state.data, "mobile": person.mobile, "is_own_account": _is_own()})

    def kept(tx: HubTransaction, contents: MandateContents) -> str:
        return f"{_HERE}/{keep(tx, subjects.of_cardholder(tx, person), contents)}?done=kept"

    return send_once(person, state.with_faults(faults), read, kept, form=form)


def _is_own() -> bool:
    return request.form.get("is_own_account") == "1"
