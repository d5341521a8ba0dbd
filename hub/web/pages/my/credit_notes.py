"""A settled or wrong entry at the credit register: what a person can write themselves, and the question to the bank."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from hub.domain.credit_note import ANSWER_DAYS, STATEMENT_ZH, TEMPLATES_ZH, CreditNote
from hub.services.negotiations import credit_notes
from hub.services.reading.cardholder.negotiations import OwnNegotiation
from hub.services.transaction import HubTransaction
from hub.web.catalogue import marked
from hub.web.pages.field_names import NAMES, FormFields
from hub.web.pages.forms import FormState, read_form
from hub.web.pages.my.chosen_files import WaitingFile, chosen_files, send_with_files
from hub.web.pages.my.negotiation_page import address_of, own, own_page
from hub.web.pages.translation import translate
from hub.web.pages.unfinished import keeps_unfinished, left_here
from hub.web.pages.uploading import form_too_large
from hub.web.pages.visitors import for_cardholders
from hub.web.uploads import takes_files
from schemas.credit_notes import CREDIT_NOTE, load_credit_note

_FIELDS = FormFields(
    {"kind": marked("是什么情况"), "text": marked("想请银行核对的内容"), "file": NAMES["file"]},
    chosen=frozenset({"kind"}),
)

blueprint = Blueprint("credit_notes", __name__, url_prefix="/negotiations/<id:negotiation_id>/credit-note")


@blueprint.route("")
@for_cardholders
def show(negotiation_id: str) -> Response:
    """What a person can write themselves, with texts to copy, and the form."""
    return _page(own(negotiation_id), left_here() or FormState())


def _page(negotiation: OwnNegotiation, state: FormState, waiting: Sequence[WaitingFile] = ()) -> Response:
    return own_page(
        "my/credit-note.html",
        negotiation,
        title=translate("信用报告里的记录"),
        state=state,
        waiting=waiting,
        days=ANSWER_DAYS,
        templates=TEMPLATES_ZH,
        statement=STATEMENT_ZH,
    )


@blueprint.route("", methods=["POST"])
@for_cardholders
@takes_files
@keeps_unfinished
def ask(negotiation_id: str) -> Response:
    """The bank is asked to check the entry, and the question stands in the log with its file."""
    negotiation = own(negotiation_id)
    with chosen_files(negotiation, kind_field="file_kind") as chosen:
        state = replace(read_form(request.form, CREDIT_NOTE), fields=_FIELDS)
        read, found = load_credit_note(state.data)

        def tell(tx: HubTransaction, note: CreditNote) -> str:
            whole = replace(note, evidence=chosen.references)
            credit_notes.ask(tx, negotiation_id, whole, client_id=negotiation.client_id)
            return address_of(negotiation_id, "?done=credit_note")

        return send_with_files(chosen, state.with_faults(found), read, tell, form=partial(_page, negotiation))


@blueprint.errorhandler(RequestEntityTooLarge)
def not_read(_error: RequestEntityTooLarge) -> Response:
    """The form again, where the file was too large to be looked at."""
    negotiation = own(str((request.view_args or {})["negotiation_id"]))
    return _page(negotiation, FormState().with_faults([form_too_large()]))
