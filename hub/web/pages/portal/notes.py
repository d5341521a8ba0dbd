"""Internal notes of a case: written beside messages, and never sent to anybody."""

from flask import Response, request

from hub.domain.staff import ACTING
from hub.services.accounts import unfinished_forms
from hub.services.negotiations import notes
from hub.services.reading.bank.heading import heading
from hub.services.reading.bank.log import older_notes
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.forms import FormState, read_form
from hub.web.pages.once import do_once
from hub.web.pages.portal.blueprint import onward, pages
from hub.web.pages.portal.form_pages import FormPage, negotiation_address
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.unfinished import keeps_unfinished
from hub.web.pages.visitors import current_staff, for_bank
from schemas.actions import REQUIRED_WORDS, load_words


def _note_page(negotiation_id: str) -> FormPage:
    return FormPage(negotiation_id=negotiation_id, template="portal/note.html", title=translate("内部备注"))


@pages.route("/negotiations/<id:negotiation_id>/notes")
@for_bank(*ACTING)
def ask_note(negotiation_id: str) -> Response:
    """Asks for the words."""
    return _note_page(negotiation_id)(FormState())


@pages.route("/negotiations/<id:negotiation_id>/notes/before/<id:note_id>")
@for_bank()
def older(negotiation_id: str, note_id: str) -> Response:
    """The notes that were written before that one, the newest first, some of them a page."""
    person = current_staff()
    with face().hub.writing(person.actor) as tx:
        found = older_notes(tx, negotiation_id, note_id, bank_code=person.bank)
        head = heading(tx, negotiation_id, bank_code=person.bank, language=page_language())
    return page(
        "portal/older-notes.html",
        title=translate("更早的内部备注"),
        negotiation=head,
        notes=found,
        back=negotiation_address(negotiation_id) + onward(),
    )


@pages.route("/negotiations/<id:negotiation_id>/notes", methods=["POST"])
@for_bank(*ACTING)
@keeps_unfinished
def write_note(negotiation_id: str) -> Response:
    """The note is with the case, for the bank's people alone; what was drafted as a message and became it is gone."""
    person = current_staff()
    state = read_form(request.form, REQUIRED_WORDS)
    text, faults = load_words(state.data, required=True)
    state = state.with_faults(faults)
    if text is None or not state.sound:
        return _note_page(negotiation_id)(state, status=422)

    def do(tx: HubTransaction) -> str:
        notes.add(tx, negotiation_id, text, bank_code=person.bank)
        message = f"{negotiation_address(negotiation_id)}/messages"
        drafted = unfinished_forms.find(tx, person, message)
        if drafted is not None and list(drafted.values.get("text", ())) == list(state.chosen("text")):
            unfinished_forms.forget(tx, person, message)
        return negotiation_address(negotiation_id, "noted")

    return do_once(person, do)
