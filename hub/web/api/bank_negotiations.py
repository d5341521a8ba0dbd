"""Negotiations by API, as a bank sees them: its queue, one whole, its files, and what it does short of an offer."""

from flask import Response
from marshmallow import fields

from hub.services.agreements import oral_agreements
from hub.services.applications import identity
from hub.services.documents.records import AGREEMENT, APPLICATION_FORM
from hub.services.evidence.evidence import RECORDING, discarded_unless_kept, receive_recording
from hub.services.negotiations import correspondence, review
from hub.services.negotiations.correspondence import Call as PhoneCall
from hub.services.negotiations.review import RejectionReason
from hub.services.reading import listing, readings, views
from hub.services.transaction import HubTransaction
from hub.web import uploads
from hub.web.access import REVIEW, Call, needs, refuse
from hub.web.api import forms
from hub.web.api.describing import EVIDENCE, FILE, PAGE_QUERY, PDF, TEXT, TIME, described, form_of, noun, query_of
from hub.web.api.negotiations import STATUS_QUERY
from hub.web.api.queries import cursors, instant_or_day, query, statuses
from hub.web.downloads import download
from hub.web.idempotency import Answer, json_response, key_of_request
from hub.web.pagination import listed, page_of
from schemas.answers import CommunicationAnswerSchema
from schemas.bank_answers import BankCaseAnswerSchema, BankNegotiationAnswerSchema, BankNegotiationPageSchema
from schemas.calls import load_bank_call
from schemas.deeds import (
    EvidenceRequestSchema,
    IdentitySchema,
    NothingSchema,
    RejectionSchema,
    RequiredWordsSchema,
    load_evidence_request,
    load_identity,
    load_nothing,
    load_rejection,
    load_words,
)
from schemas.offer_answers import OfferAnswerSchema

blueprint = noun("bank negotiations", "A bank's own negotiations", below="/bank/negotiations")


class CallAnswerSchema(CommunicationAnswerSchema):
    """The entry of a call, and the oral offer where terms came with it."""

    offer = fields.Nested(OfferAnswerSchema, allow_none=True)


@blueprint.route("")
@described(
    {200: BankNegotiationPageSchema},
    query=(
        STATUS_QUERY,
        query_of("due_before", TEXT, "a time, or a day in China"),
        *PAGE_QUERY,
    ),
    about="By due time, those without a running clock last. Without statuses it is the open ones.",
)
@needs(REVIEW)
def list_all(call: Call) -> Response:
    """The bank's queue."""
    given = query("due_before", "limit", "cursor", many=("status",))
    places = cursors(call, "bank/negotiations")
    wanted, due_before, page = statuses(), instant_or_day(given, "due_before"), page_of(given, places)
    with call.hub.reading(call.actor) as tx:
        found = listing.of_bank(
            tx,
            call.bank_code,
            statuses=wanted,
            due_before=due_before,
            page=page,
            language=call.language,
        )
    return json_response(listed(found.items, found.next_place, places))


@blueprint.route("/<id:negotiation_id>")
@described({200: BankCaseAnswerSchema}, about="Each reading goes into the access log.")
@needs(REVIEW)
def show(call: Call, negotiation_id: str) -> Response:
    """What the person submitted, numbers in full, and where it stands."""
    with call.hub.writing(call.actor) as tx:
        body = readings.negotiation(tx, negotiation_id, bank_code=call.bank_code, language=call.language)
    return json_response(body)


@blueprint.route("/<id:negotiation_id>/evidence/<id:evidence_id>")
@described({200: EVIDENCE}, about="Each reading goes into the access log.")
@needs(REVIEW)
def evidence(call: Call, negotiation_id: str, evidence_id: str) -> Response:
    """The bytes of a file."""
    with call.hub.writing(call.actor) as tx:
        content = readings.evidence(tx, call.hub.store, negotiation_id, evidence_id, bank_code=call.bank_code)
    return download(content)


@blueprint.route("/<id:negotiation_id>/application-form.pdf")
@described({200: PDF})
@needs(REVIEW)
def application_form(call: Call, negotiation_id: str) -> Response:
    """The printed application form."""
    return _document(call, negotiation_id, APPLICATION_FORM)


@blueprint.route("/<id:negotiation_id>/agreement.pdf")
@described({200: PDF})
@needs(REVIEW)
def agreement(call: Call, negotiation_id: str) -> Response:
    """The printed agreement."""
    return _document(call, negotiation_id, AGREEMENT)


def _document(call: Call, negotiation_id: str, kind: str) -> Response:
    with call.hub.writing(call.actor) as tx:
        content = readings.document(tx, call.hub.store, negotiation_id, kind, bank_code=call.bank_code)
    return download(content)


def _standing(tx: HubTransaction, call: Call, negotiation_id: str) -> Answer:
    row = review.lock_for_bank(tx, negotiation_id, bank_code=call.bank_code)
    return Answer(status=200, body=views.negotiation_view(tx, row, language=call.language))


@blueprint.route("/<id:negotiation_id>/acknowledge", methods=["POST"])
@described({200: BankNegotiationAnswerSchema}, body=NothingSchema, body_optional=True, key=True)
@needs(REVIEW)
def acknowledge(call: Call, negotiation_id: str) -> Response:
    """Say that somebody has picked it up."""
    faults = load_nothing(call.body.value_if_any())

    def keep(tx: HubTransaction) -> Answer:
        review.lock_for_bank(tx, negotiation_id, bank_code=call.bank_code)
        refuse(faults)
        review.acknowledge(tx, negotiation_id, bank_code=call.bank_code)
        return _standing(tx, call, negotiation_id)

    return call.once(keep)


@blueprint.route("/<id:negotiation_id>/request-evidence", methods=["POST"])
@described({200: BankNegotiationAnswerSchema}, body=EvidenceRequestSchema, key=True)
@needs(REVIEW)
def request_evidence(call: Call, negotiation_id: str) -> Response:
    """Ask for papers, until the fifth working day."""
    wanted, faults = load_evidence_request(call.body.value())

    def keep(tx: HubTransaction) -> Answer:
        review.lock_for_bank(tx, negotiation_id, bank_code=call.bank_code)
        refuse(faults)
        assert wanted is not None  # noqa: S101 - no faults, so it was read
        review.request_evidence(tx, negotiation_id, wanted.kinds, wanted.text, bank_code=call.bank_code)
        return _standing(tx, call, negotiation_id)

    return call.once(keep)


@blueprint.route("/<id:negotiation_id>/reject", methods=["POST"])
@described({200: BankNegotiationAnswerSchema}, body=RejectionSchema, key=True)
@needs(REVIEW)
def reject(call: Call, negotiation_id: str) -> Response:
    """Say no, with a reason and words to the person."""
    rejection, faults = load_rejection(call.body.value())

    def keep(tx: HubTransaction) -> Answer:
        review.lock_for_bank(tx, negotiation_id, bank_code=call.bank_code)
        refuse(faults)
        assert rejection is not None  # noqa: S101 - no faults, so it was read
        reason = RejectionReason(rejection.reason_code)
        review.reject(tx, negotiation_id, reason, rejection.text, bank_code=call.bank_code)
        return _standing(tx, call, negotiation_id)

    return call.once(keep)


@blueprint.route("/<id:negotiation_id>/identity", methods=["POST"])
@described(
    {200: BankNegotiationAnswerSchema},
    body=IdentitySchema,
    key=True,
    about="Needed before an offer opens where nobody else stands up for the person: `identity.level` is `mobile`.",
)
@needs(REVIEW)
def compare_identity(call: Call, negotiation_id: str) -> Response:
    """Say whether the applicant is the customer you know; `false` ends the negotiation."""
    compared, faults = load_identity(call.body.value())

    def keep(tx: HubTransaction) -> Answer:
        review.lock_for_bank(tx, negotiation_id, bank_code=call.bank_code)
        refuse(faults)
        assert compared is not None  # noqa: S101 - no faults, so it was read
        identity.confirm(tx, negotiation_id, compared.text, matches=compared.matches, bank_code=call.bank_code)
        return _standing(tx, call, negotiation_id)

    return call.once(keep)


@blueprint.route("/<id:negotiation_id>/messages", methods=["POST"])
@described({201: CommunicationAnswerSchema}, body=RequiredWordsSchema, key=True)
@needs(REVIEW)
def write(call: Call, negotiation_id: str) -> Response:
    """Write to the cardholder."""
    words, faults = load_words(call.body.value(), required=True)

    def keep(tx: HubTransaction) -> Answer:
        review.lock_for_bank(tx, negotiation_id, bank_code=call.bank_code)
        refuse(faults)
        entry = correspondence.write_to_cardholder(tx, negotiation_id, words or "", bank_code=call.bank_code)
        return Answer(status=201, body=views.communication_view(entry))

    return call.once(keep)


@blueprint.route("/<id:negotiation_id>/calls", methods=["POST"])
@described(
    {201: CallAnswerSchema},
    form=form_of(
        {
            "at": TIME,
            "direction": {"type": "string", "enum": ["inbound", "outbound"]},
            "text": TEXT,
            "recording_reference": TEXT,
            "recording": FILE,
            "terms": {"type": "string", "description": "terms as JSON: what was agreed on orally"},
        },
        "at",
        "direction",
        "text",
    ),
    key=True,
)
@needs(REVIEW)
def log_call(call: Call, negotiation_id: str) -> Response:
    """Log a call; with terms, an oral offer that the person's code can accept."""
    key_of_request()
    with call.hub.reading(call.actor) as tx:
        review.require_of_bank(tx, negotiation_id, bank_code=call.bank_code)
    said_fields, incoming = forms.fields_and_file(call, "recording")
    record, faults = load_bank_call(said_fields, has_recording=incoming is not None, today=call.today)
    refuse([*faults, *([] if incoming is None else uploads.name_faults(incoming))])
    assert record is not None  # noqa: S101 - no faults, so it was read
    noted = PhoneCall(
        at=record.at,
        text=record.text,
        direction=record.direction,
        recording_reference=record.recording_reference,
    )
    stored = None
    if incoming is not None:
        said = uploads.upload_of(incoming, client_id=call.client_id, kind=RECORDING)
        with uploads.blamed_on("/recording"):
            stored = receive_recording(call.hub.store, said, incoming.read)
    with discarded_unless_kept(call.hub.store, stored) as keeping:

        def keep(tx: HubTransaction) -> Answer:
            entry, offer = oral_agreements.log_call(
                tx, negotiation_id, noted, recording=stored, terms=record.terms, bank_code=call.bank_code
            )
            keeping.kept = True
            shown = None if offer is None else views.offer_view(tx, offer)
            return Answer(status=201, body={**views.communication_view(entry), "offer": shown})

        return call.once(keep, parts=forms.parts_of(said_fields, stored))
