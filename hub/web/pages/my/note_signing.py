"""`/my/appointments/{id}/sign`: the note of a visit signed with a code."""

from dataclasses import replace
from typing import Final

from flask import Blueprint, Response, request

from hub.domain.errors import StatusConflict, TooManyTries
from hub.domain.masks import mask_mobile
from hub.services.accounts import subjects
from hub.services.accounts.subjects import Subject
from hub.services.appointments import note_signing, views
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.field_names import FormFields
from hub.web.pages.forms import FormState
from hub.web.pages.my import code_signing
from hub.web.pages.my.code_signing import read_signature, try_code, wait_words
from hub.web.pages.rendering import go, page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_cardholder, for_cardholders

blueprint = Blueprint("note_signing", __name__, url_prefix="/appointments/<id:appointment_id>/sign")

_FIELDS: Final = FormFields(
    {"agreed": marked("我看过见面记录，内容属实"), "confirmation_code": marked("六位确认码")},
    ticked=frozenset({"agreed"}),
)


@blueprint.route("")
@for_cardholders
def ask_signature(appointment_id: str) -> Response:
    """The note once more, and the place for the code."""
    return _form(appointment_id, FormState())


def _form(appointment_id: str, state: FormState, *, wait: str = "") -> Response:
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        subject = subjects.of_cardholder(tx, person)
        shown = views.get_own(tx, subject, appointment_id)
        mobile = note_signing.mobile_of(tx, subject, shown.request)
    back = f"/my/appointments/{appointment_id}"
    if not shown.can_sign_note:
        return go(back)
    return page(
        "my/note-sign.html",
        title=translate("签署见面记录"),
        status=429 if wait else (200 if state.sound else 422),
        state=replace(state, fields=_FIELDS),
        shown=shown,
        mobile=mask_mobile(mobile or ""),
        is_sent=request.args.get("sent") == "1",
        wait=wait,
        here=f"{back}/sign",
        back=back,
    )


@blueprint.route("", methods=["POST"])
@for_cardholders
def sign_note(appointment_id: str) -> Response:
    """A code is on its way, or the note is signed; a wrong code is counted and the form comes back."""
    here = f"/my/appointments/{appointment_id}"
    state = FormState()
    try:
        if request.form.get("do") == "code":
            return code_signing.send_code(
                lambda tx: note_signing.send_code(tx, _subject(tx), appointment_id), back=f"{here}/sign?sent=1"
            )
        state, code = read_signature()
        if code is None:
            return _form(appointment_id, state)
        response, wrong = try_code(
            lambda tx: note_signing.sign(tx, _subject(tx), appointment_id, code),
            signed=f"{here}?done=signed",
            again=f"{here}/sign?sent=1",
        )
    except StatusConflict:
        return go(here)
    except TooManyTries as refused:
        return _form(appointment_id, state, wait=wait_words(refused))
    return _form(appointment_id, state.with_faults(wrong)) if wrong else response


def _subject(tx: HubTransaction) -> Subject:
    return subjects.of_cardholder(tx, current_cardholder())
