"""The certificate of settlement, as a bank's people issue it: their own PDF, or one that the hub prints."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response, request

from hub.domain.errors import Fault, Refused, TooLarge, UnsupportedType
from hub.domain.staff import ACTING
from hub.services.accounts import clients
from hub.services.agreements import clearances
from hub.services.evidence.evidence_files import StoredEvidence, discarded_unless_kept
from hub.services.reading.bank.agreement import agreement
from hub.services.reading.bank.heading import Heading
from hub.services.transaction import HubTransaction
from hub.web import clearance_files, uploads
from hub.web.access import face
from hub.web.pages.clearance_words import words_for_bank
from hub.web.pages.forms import FormState, read_form
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.portal.form_pages import FormPage, carry_out, negotiation_address
from hub.web.pages.translation import translate
from hub.web.pages.unfinished import keeps_unfinished
from hub.web.pages.uploading import too_large
from hub.web.pages.visitors import current_staff, for_bank
from hub.web.uploads import Incoming
from schemas.agreements import CLEARANCE, load_clearance

UPLOAD, PRINT = "upload", "print"


def _page(negotiation_id: str) -> FormPage:
    bank_code = current_staff().bank

    def gather(tx: HubTransaction, _head: Heading) -> Mapping[str, Any]:
        found = agreement(tx, negotiation_id, bank_code=bank_code)
        return {
            "may_issue": found.may_issue_clearance,
            "words": words_for_bank(found.view["clearance"]),
            "printed_text": tx.bank(bank_code).rules.clearance_text,
        }

    title = translate("出具结清证明")
    return FormPage(negotiation_id=negotiation_id, template="portal/clearance.html", title=title, gather=gather)


@pages.route("/negotiations/<id:negotiation_id>/agreement/clearance")
@for_bank(*ACTING)
def ask_clearance(negotiation_id: str) -> Response:
    """Asks for the bank's own PDF, or whether the hub shall print one."""
    return _page(negotiation_id)(FormState())


@pages.route("/negotiations/<id:negotiation_id>/agreement/clearance", methods=["POST"])
@for_bank(*ACTING)
@keeps_unfinished
def issue_clearance(negotiation_id: str) -> Response:
    """The certificate is issued; another one replaces the one before, which is kept."""
    person = current_staff()
    _, files = uploads.form() if uploads.is_form() else ({}, {})
    file = files.get("file")
    incoming = uploads.file_of_form(file) if file is not None and file.filename else None
    state = read_form(request.form, CLEARANCE)
    read = load_clearance(state.data)
    state = state.with_faults([*read.faults, *_faults_of_way(incoming)])
    stored: StoredEvidence | None = None
    if state.sound and incoming is not None:
        state, stored = _received(incoming, state)
    with discarded_unless_kept(face().hub.store, stored) as keeping:

        def effect(tx: HubTransaction) -> str:
            clearances.issue(tx, negotiation_id, read.value_or_refuse(), file=stored, bank_code=person.bank)
            keeping.kept = stored is not None
            return negotiation_address(negotiation_id, "clearance_issued")

        return carry_out(state, effect=effect, form=_page(negotiation_id))


def _faults_of_way(incoming: Incoming | None) -> list[Fault]:
    """What is wrong with how the certificate is to be made, by upload or by printing."""
    way = request.form.get("way", "")
    if way not in (UPLOAD, PRINT):
        return [Fault("/way", "required")]
    if way == UPLOAD and incoming is None:
        return [Fault("/file", "required")]
    if way == PRINT and incoming is not None:
        return [Fault("/way", "file_not_printed")]
    return [] if incoming is None else [replace(each, pointer="/file") for each in uploads.name_faults(incoming)]


def _received(incoming: Incoming, state: FormState) -> tuple[FormState, StoredEvidence | None]:
    """The file lies in the store and opens; or the form, with what is wrong with the file."""
    hub = face().hub
    with hub.writing(current_staff().actor) as tx:
        client_id = clients.portal_client_id(tx)
    try:
        return state, clearance_files.received(hub, incoming, client_id=client_id)
    except Refused as error:
        return state.with_faults(error.faults), None
    except UnsupportedType as error:
        return state.with_faults([Fault("/file", error.code)]), None
    except TooLarge:
        return state.with_faults([too_large(request.files["file"], incoming.file_name)]), None
