"""What a person asked about their entry at the credit register, and the bank's answer."""

from flask import Response, request

from hub.domain.staff import ACTING
from hub.services.negotiations import credit_notes
from hub.services.reading.bank.credit_notes import credit_note
from hub.services.transaction import HubTransaction
from hub.web.pages.forms import FormState, read_form
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.portal.form_pages import FormPage, carry_out, negotiation_address
from hub.web.pages.translation import translate
from hub.web.pages.unfinished import keeps_unfinished
from hub.web.pages.visitors import current_staff, for_bank
from schemas.actions import REQUIRED_WORDS, load_words


def _page(negotiation_id: str, note_id: str) -> FormPage:
    bank_code = current_staff().bank
    return FormPage(
        negotiation_id=negotiation_id,
        template="portal/credit-note.html",
        title=translate("客户请核对信用报告"),
        gather=lambda tx, _head: {"note": credit_note(tx, negotiation_id, note_id, bank_code=bank_code)},
    )


@pages.route("/negotiations/<id:negotiation_id>/credit-notes/<id:note_id>/answer")
@for_bank(*ACTING)
def ask_credit_answer(negotiation_id: str, note_id: str) -> Response:
    """The person's question, and the place for the bank's answer."""
    return _page(negotiation_id, note_id)(FormState())


@pages.route("/negotiations/<id:negotiation_id>/credit-notes/<id:note_id>/answer", methods=["POST"])
@for_bank(*ACTING)
@keeps_unfinished
def answer_credit_note(negotiation_id: str, note_id: str) -> Response:
    """The bank's answer is with the question, and the person is told."""
    bank_code = current_staff().bank
    state = read_form(request.form, REQUIRED_WORDS)
    words, faults = load_words(state.data, required=True)

    def do(tx: HubTransaction) -> str:
        credit_notes.answer(tx, negotiation_id, note_id, words or "", bank_code=bank_code)
        return negotiation_address(negotiation_id, "credit_answered")

    return carry_out(state.with_faults(faults), effect=do, form=_page(negotiation_id, note_id))
