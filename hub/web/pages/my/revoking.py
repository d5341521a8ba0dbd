"""`/my/mandates/{id}/revoke`: a revocation signed with a code, who was told, and the notice to keep or to send."""

from dataclasses import replace
from typing import Final

from flask import Blueprint, Response, request

from hub.documents.mandate_papers import notice_html
from hub.domain.errors import TooManyTries, WrongConfirmationCode
from hub.services.accounts import subjects
from hub.services.mandates import revoking
from hub.services.reading.cardholder import mandates as own_mandates
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.limits import PAPERS_A_PERSON
from hub.web.pages.field_names import FormFields
from hub.web.pages.forms import FormState, read_form
from hub.web.pages.my.code_signing import send_code, try_code, wait_words
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import current_cardholder, for_cardholders
from hub.web.sealed_papers import save_sealed
from schemas.mandates import REVOCATION_FIELDS, load_revocation_fields

blueprint = Blueprint("revoking", __name__, url_prefix="/mandates/<id:mandate_id>")

_FIELDS: Final = FormFields(
    names={"holder_name": marked("户主姓名"), "confirmation_code": marked("确认码")},
)


@blueprint.route("/revoke")
@for_cardholders
def ask(mandate_id: str) -> Response:
    """What revoking does and does not do, who will be told, and the place for name and code."""
    return _form(mandate_id, FormState())


def _form(mandate_id: str, state: FormState, *, wait: str = "") -> Response:
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        mandate = own_mandates.get_own(tx, person, mandate_id, language=page_language())
        told = own_mandates.receivers(tx, mandate, language=page_language())
    return page(
        "my/revoke.html",
        title=translate("撤回授权"),
        status=429 if wait else (200 if state.sound else 422),
        state=replace(state, fields=_FIELDS),
        mandate=mandate,
        told=told,
        code_sent=request.args.get("sent") == "1",
        wait=wait,
        back=f"/my/mandates/{mandate_id}",
    )


@blueprint.route("/revoke/code", methods=["POST"])
@for_cardholders
def send(mandate_id: str) -> Response:
    """A code is on its way to the person's mobile."""
    person = current_cardholder()
    try:
        return send_code(
            lambda tx: revoking.send_code(tx, subjects.of_cardholder(tx, person), mandate_id),
            back=f"/my/mandates/{mandate_id}/revoke?sent=1#sign",
        )
    except TooManyTries as refused:
        return _form(mandate_id, FormState(), wait=wait_words(refused))


@blueprint.route("/revoke", methods=["POST"])
@for_cardholders
def revoke(mandate_id: str) -> Response:
    """The revocation is on its way; a wrong code is counted and the form comes back."""
    person = current_cardholder()
    state = read_form(request.form, REVOCATION_FIELDS)
    read, faults = load_revocation_fields(state.data)
    state = state.with_faults(faults)
    if read is None or not state.sound:
        return _form(mandate_id, state)
    name, code = read

    def sign(tx: HubTransaction) -> WrongConfirmationCode | None:
        found = revoking.revoke(tx, subjects.of_cardholder(tx, person), mandate_id, name=name, code=code)
        return found if isinstance(found, WrongConfirmationCode) else None

    here = f"/my/mandates/{mandate_id}"
    try:
        response, wrong = try_code(sign, signed=f"{here}?done=revoked", again=f"{here}/revoke")
    except TooManyTries as refused:
        return _form(mandate_id, state, wait=wait_words(refused))
    return _form(mandate_id, state.with_faults(wrong)) if wrong else response


@blueprint.route("/notice.pdf")
@for_cardholders
def notice(mandate_id: str) -> Response:
    """授权撤回通知书: the proof of what was delivered, and the letter to whom the hub does not reach."""
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        found = own_mandates.notice_of(tx, person, mandate_id)
    face().limits.count((PAPERS_A_PERSON, (person.owner_key,)))
    return save_sealed(lambda seal: notice_html(found, seal), "授权撤回通知书")
