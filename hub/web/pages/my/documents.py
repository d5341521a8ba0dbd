"""What the person can keep: the application form, the agreement with its payments, and the whole record."""

import re

from flask import Blueprint, Response, request

from hub.documents.payment_calendar import MEDIA_TYPE
from hub.domain.collection import OWN_NAME
from hub.domain.errors import NotFound
from hub.services.agreements import clearances
from hub.services.documents.records import AGREEMENT, APPLICATION_FORM, DEFAULT_NOTICE
from hub.services.reading.cardholder import documents, files, negotiations
from hub.services.reading.cardholder.payments_ahead import days_of_rest
from hub.web.access import face
from hub.web.downloads import download, download_record, save
from hub.web.pages import amendment_words
from hub.web.pages.agreement_words import end_words, row_words, standing_of
from hub.web.pages.amendment_words import is_amended, signed_of
from hub.web.pages.clearance_words import words_for_person
from hub.web.pages.my.negotiation_page import address_of, bank_name, own_page, reading_own
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import current_cardholder, for_cardholders

# A paper is printed in seconds: a page that waits for one looks again so often, and then leaves it to the person.
_MOST_REFRESHES, _REFRESH_S = 5, 4

blueprint = Blueprint("documents", __name__, url_prefix="/negotiations/<id:negotiation_id>")


@blueprint.route("/agreement")
@for_cardholders
def agreement(negotiation_id: str) -> Response:
    """The next payment, how to pay, and every payment with what the bank says of it."""
    with reading_own(negotiation_id) as (tx, negotiation):
        there = negotiation.view["agreement"]
        if there is None:
            raise NotFound
        instructions = negotiations.payment_instructions_of(tx, negotiation)
        may_ask = clearances.may_be_asked_for(tx, negotiation.id)
        refusal = negotiations.renegotiation_refusal(tx, current_cardholder(), negotiation)
        rest = days_of_rest(tx, [row["due_on"] for row in there["payments"]], language=page_language())
    said = request.args.get("wait", "")
    tries = int(said) if re.fullmatch(r"[0-9]{1,2}", said) else 0
    refreshes = there["document"] is None and tries < _MOST_REFRESHES
    response = own_page(
        "my/agreement.html",
        negotiation,
        title=translate("与%(bank)s的还款协议", bank=bank_name(negotiation)),
        agreement=there,
        own_name=OWN_NAME,
        next_payment=negotiation.next_payment,
        missed=negotiation.missed_payments,
        standing=standing_of(there),
        end_words=end_words(there),
        clearance_words=words_for_person(there["clearance"]),
        may_ask_for_clearance=may_ask,
        row_words=row_words(there),
        signed=signed_of(there),
        is_amended=is_amended(there),
        **{
            f"{name}_standing": amendment_words.standing_of(asked) if asked else ""
            for name, asked in (("settlement", there["early_settlement"]), ("pay_day", there["pay_day"]))
        },
        total_fen=sum(row["total_fen"] for row in there["schedule"]),
        instructions=instructions,
        refusal=refusal,
        rest=rest,
        refreshes=refreshes,
        today=face().today.isoformat(),
    )
    if refreshes:
        response.headers["Refresh"] = f"{_REFRESH_S}; url={address_of(negotiation.id)}/agreement?wait={tries + 1}"
    return response


@blueprint.route("/application-form.pdf")
@for_cardholders
def application_form(negotiation_id: str) -> Response:
    """The printed application form."""
    return _document(negotiation_id, APPLICATION_FORM)


@blueprint.route("/agreement.pdf")
@for_cardholders
def agreement_paper(negotiation_id: str) -> Response:
    """The printed agreement."""
    return _document(negotiation_id, AGREEMENT)


@blueprint.route("/agreement.ics")
@for_cardholders
def payment_days(negotiation_id: str) -> Response:
    """The days of the payments, for the calendar of the phone."""
    with reading_own(negotiation_id) as (tx, negotiation):
        content = documents.payment_days(tx, current_cardholder(), negotiation.id, language=page_language())
    return save(content, "payment-days.ics", MEDIA_TYPE)


@blueprint.route("/default-notice.pdf")
@for_cardholders
def default_notice(negotiation_id: str) -> Response:
    """The notice that the agreement is ended for default."""
    return _document(negotiation_id, DEFAULT_NOTICE)


def _document(negotiation_id: str, kind: str) -> Response:
    person, hub = current_cardholder(), face().hub
    with hub.writing(person.actor) as tx:
        content = documents.document(tx, hub.store, person, negotiation_id, kind)
    return download(content)


@blueprint.route("/files/<id:evidence_id>")
@for_cardholders
def file(negotiation_id: str, evidence_id: str) -> Response:
    """A file of one's own, as it was sent."""
    person, hub = current_cardholder(), face().hub
    with hub.writing(person.actor) as tx:
        content = files.own_file(tx, hub.store, person, negotiation_id, evidence_id)
    return download(content)


@blueprint.route("/record.zip")
@for_cardholders
def record(negotiation_id: str) -> Response:
    """The whole record: forms, files, and the log that can be verified without the hub."""
    person, store = current_cardholder(), face().hub.store
    return download_record(
        person.actor,
        lambda tx: documents.record(tx, store, person, negotiation_id),
        lambda tx: documents.note_record(tx, person, negotiation_id),
    )
