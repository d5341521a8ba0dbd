"""A complaint about the bank, prepared from the record: to copy or print, for the person to send."""

from dataclasses import replace
from functools import partial
from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response, request

from hub.documents.complaint_letter import ComplaintLetter, html_of
from hub.domain.complaint import (
    DAYS,
    DAYS_AT_MOST,
    DAYS_COMPLICATED,
    REGULATOR_PHONE,
    Complaint,
    ComplaintSent,
    letter_zh,
)
from hub.domain.errors import DocumentNotReady, Unusable
from hub.services.negotiations import complaints
from hub.services.reading.cardholder import documents, negotiations
from hub.services.reading.cardholder.negotiations import OwnNegotiation
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.downloads import save
from hub.web.limits import PAPERS_A_PERSON
from hub.web.pages.field_names import FormFields
from hub.web.pages.form_actions import send_once
from hub.web.pages.forms import FormState, filled, read_form
from hub.web.pages.my.negotiation_page import address_of, bank_name, own_page, reading_own
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_cardholder, for_cardholders
from schemas.agreements import COMPLAINT, load_complaint

_FIELDS: Final = FormFields(
    {"sent_on": marked("投诉的日期"), "channel": marked("投诉方式"), "text": marked("说明")},
    chosen=frozenset({"channel"}),
)

blueprint = Blueprint("complaint", __name__, url_prefix="/negotiations/<id:negotiation_id>")


@blueprint.route("/complaint")
@for_cardholders
def show(negotiation_id: str) -> Response:
    """The letter as the record gives it, where to send it, and what the bank then has to do."""
    with reading_own(negotiation_id) as (tx, negotiation):
        complaint = negotiations.complaint_of(tx, current_cardholder(), negotiation)
    return _page(negotiation, complaint, filled({"sent_on": face().today.isoformat()}))


def _page(negotiation: OwnNegotiation, complaint: Complaint, state: FormState) -> Response:
    channel = negotiation.view["bank"]["complaint_channel"]
    return own_page(
        "my/complaint.html",
        negotiation,
        title=translate("投诉%(bank)s", bank=bank_name(negotiation)),
        state=state,
        complaint=complaint,
        letter=letter_zh(complaint),
        channel=channel,
        mail_to=_mail_to(channel, negotiation.reference),
        days=(DAYS, DAYS_COMPLICATED, DAYS_AT_MOST),
        regulator=REGULATOR_PHONE,
        back=address_of(negotiation.id, "/rights"),
    )


def _mail_to(channel: str, reference: str) -> str:
    """Where a mail begins, if the bank's channel names an address; no word about the person stands in it."""
    found = next((word for word in channel.replace("，", " ").replace("：", " ").split() if "@" in word), "")
    return f"mailto:{quote(found, safe='@.-_+')}?subject={quote(f'投诉 {reference}')}" if found else ""


@blueprint.route("/complaint.pdf")
@for_cardholders
def paper(negotiation_id: str) -> Response:
    """The letter with the whole record behind it; printed for this moment and kept nowhere."""
    person = current_cardholder()
    with reading_own(negotiation_id) as (tx, negotiation):
        complaint = negotiations.complaint_of(tx, person, negotiation)
        record = documents.record_to_print(tx, person, negotiation_id)
    face().limits.count((PAPERS_A_PERSON, (person.owner_key,)))
    try:
        pdf = face().hub.print_pdf(html_of(ComplaintLetter(text_zh=letter_zh(complaint), record=record)))
    except Unusable as error:
        raise DocumentNotReady from error
    return save(pdf, f"{negotiation.reference}-complaint.pdf", "application/pdf")


@blueprint.route("/complaint", methods=["POST"])
@for_cardholders
def note_sent(negotiation_id: str) -> Response:
    """That the person has sent it is in the log."""
    with reading_own(negotiation_id) as (tx, negotiation):
        complaint = negotiations.complaint_of(tx, current_cardholder(), negotiation)
    state = replace(read_form(request.form, COMPLAINT), fields=_FIELDS)
    read, faults = load_complaint(state.data)

    def keep(tx: HubTransaction, sent: ComplaintSent) -> str:
        complaints.note_sent(tx, negotiation_id, sent, client_id=negotiation.client_id)
        return address_of(negotiation_id, "?done=complained")

    form = partial(_page, negotiation, complaint)
    return send_once(current_cardholder(), state.with_faults(faults), read, keep, form=form)
