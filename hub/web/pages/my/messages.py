"""Words and files to the bank, also as the answer to its question, and the person's own record of a call."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from hub.domain.china import CHINA
from hub.domain.correspondence import CALL_WITH_ZH, CallRecord, CardholderMessage
from hub.domain.errors import Fault
from hub.services.evidence.evidence_files import receive_call_record
from hub.services.negotiations import correspondence
from hub.services.reading.cardholder.negotiations import OwnNegotiation
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.field_names import FormFields
from hub.web.pages.forms import FormState, read_form
from hub.web.pages.my.chosen_files import WaitingFile, chosen_files, send_with_files
from hub.web.pages.my.medical_consent import given_now, own_and_words
from hub.web.pages.my.negotiation_page import address_of, bank_name, own, own_page
from hub.web.pages.translation import translate
from hub.web.pages.unfinished import keeps_unfinished, left_here
from hub.web.pages.uploading import form_too_large
from hub.web.pages.visitors import for_cardholders
from hub.web.uploads import takes_files
from schemas.actions import MESSAGE, load_message
from schemas.calls import CALL_RECORD, load_call_record

blueprint = Blueprint("messages", __name__, url_prefix="/negotiations/<id:negotiation_id>")

_LATER = "need_time"
_CALL_FIELDS: Final = FormFields({"at": marked("时间"), "who": marked("对方"), "text": marked("通话内容")})
_WHO_LIMIT = 100


@blueprint.route("/message")
@for_cardholders
def show(negotiation_id: str) -> Response:
    """The form for words and a file; with the bank's question above it where there is one."""
    return _message_page(*own_and_words(negotiation_id), left_here() or FormState())


def _message_page(
    negotiation: OwnNegotiation, medical_words: str, state: FormState, waiting: Sequence[WaitingFile] = ()
) -> Response:
    question = negotiation.view["evidence_request"]
    title = translate("给%(bank)s留言", bank=bank_name(negotiation))
    if question is not None:
        title = translate("银行想再了解一点")
    return own_page(
        "my/message.html",
        negotiation,
        title=title,
        state=state,
        question=question,
        waiting=waiting,
        medical_words=medical_words,
    )


@blueprint.route("/message", methods=["POST"])
@for_cardholders
@takes_files
@keeps_unfinished
def send(negotiation_id: str) -> Response:
    """Words and file are in the log and on their way; they answer the bank's question unless time is asked for."""
    negotiation, words = own_and_words(negotiation_id)
    has_question = negotiation.view["evidence_request"] is not None
    asks_for_time = request.form.get("do") == _LATER
    with chosen_files(negotiation) as chosen:
        state = read_form(request.form, MESSAGE)
        data: dict[str, Any] = {"text": state.data.get("text", "")}
        if chosen.references:
            data["evidence"] = [{"id": each.id, "kind": each.kind} for each in chosen.references]
        message, found, _ = load_message(data)
        state = state.with_faults(map(_words_or_file, found))

        def write(tx: HubTransaction, message: CardholderMessage) -> str:
            correspondence.write_to_bank(
                tx,
                negotiation_id,
                replace(message, answers=has_question and not asks_for_time, consents=given_now()),
                client_id=negotiation.client_id,
            )
            return address_of(negotiation_id, "?done=message")

        return send_with_files(chosen, state, message, write, form=partial(_message_page, negotiation, words))


def _words_or_file(fault: Fault) -> Fault:
    return Fault(fault.pointer, "words_or_file") if fault.code == "text_required" else fault


@blueprint.route("/call")
@for_cardholders
def note_call(negotiation_id: str) -> Response:
    """The form for the person's own record of a call."""
    return _call_page(own(negotiation_id), left_here() or FormState())


def _call_page(negotiation: OwnNegotiation, state: FormState, waiting: Sequence[WaitingFile] = ()) -> Response:
    now = face().hub.clock.now().astimezone(CHINA)
    # Most people write it down at once: time and bank are there already.
    return own_page(
        "my/call.html",
        negotiation,
        title=translate("记下一次通话"),
        state=state,
        waiting=waiting,
        now_typed=f"{now:%Y-%m-%d %H:%M}",
        who=bank_name(negotiation),
    )


@blueprint.route("/call", methods=["POST"])
@for_cardholders
@takes_files
@keeps_unfinished
def keep_call(negotiation_id: str) -> Response:
    """The record of the call stands in the log, with the screenshot where there is one."""
    negotiation = own(negotiation_id)
    with chosen_files(negotiation, receive_call_record, most=1) as chosen:
        state = replace(read_form(request.form, CALL_RECORD), fields=_CALL_FIELDS)
        record, found = load_call_record({**state.data, "text": _with_whom(state.data.get("text", ""))})

        def note(tx: HubTransaction, record: CallRecord) -> str:
            correspondence.log_own_call(
                tx, negotiation_id, record, next(iter(chosen.references), None), client_id=negotiation.client_id
            )
            return address_of(negotiation_id, "?done=call")

        form = partial(_call_page, negotiation)
        return send_with_files(chosen, state.with_faults(found), record, note, form=form)


def _with_whom(text: str) -> str:
    """What was said, and by whom above it; nothing where nothing was said."""
    who = " ".join(request.form.get("who", "").split())[:_WHO_LIMIT]
    return f"{CALL_WITH_ZH}{who}\n{text}" if who and text.strip() else text


@blueprint.errorhandler(RequestEntityTooLarge)
def not_read(_error: RequestEntityTooLarge) -> Response:
    """The form again, where the file was too large to be looked at."""
    negotiation_id = str((request.view_args or {})["negotiation_id"])
    state = FormState().with_faults([form_too_large()])
    if request.path.endswith("/call"):
        return _call_page(own(negotiation_id), state)
    return _message_page(*own_and_words(negotiation_id), state)
