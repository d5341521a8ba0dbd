"""Negotiations by API, as a bank sees them: its queue, one whole, its files, and what it does short of an offer."""

from flask import Response
from marshmallow import fields

from hub.domain.correspondence import Direction
from hub.services.agreements import oral_agreements
from hub.services.applications import identity
from hub.services.documents.records import AGREEMENT, APPLICATION_FORM, DEFAULT_NOTICE
from hub.services.evidence.evidence_files import discarded_unless_kept, receive_recording
from hub.services.evidence.recordings import RECORDING
from hub.services.negotiations import correspondence, review
from hub.services.negotiations.locking import lock_for_bank
from hub.services.reading import views
from hub.services.reading.bank import files
from hub.services.reading.bank.heading import require_negotiation
from hub.services.reading.bank.negotiation import packet_and_standing
from hub.services.reading.bank.queue import list_views
from hub.services.transaction import HubTransaction
from hub.web import uploads
from hub.web.access import REVIEW, ApiCaller, needs, refuse
from hub.web.api import forms
from hub.web.api.describing import EVIDENCE, FILE, PAGE_QUERY, PDF, TEXT, TIME, described, form_of, noun, query_of
from hub.web.api.negotiations import STATUS_QUERY
from hub.web.api.queries import cursors, instant_or_day, query, statuses
from hub.web.downloads import download
from hub.web.idempotency import Reply, json_response, key_of_request
from hub.web.pagination import listed, page_of
from schemas.actions import (
    DecisionDeferralSchema,
    EvidenceRequestSchema,
    IdentitySchema,
    NothingSchema,
    RejectionSchema,
    RequiredWordsSchema,
    load_decision_deferral,
    load_evidence_request,
    load_identity,
    load_nothing,
    load_rejection,
    load_words,
)
from schemas.answers import CommunicationAnswerSchema
from schemas.bank_answers import BankCaseAnswerSchema, BankNegotiationAnswerSchema, BankNegotiationPageSchema
from schemas.calls import load_bank_call
from schemas.offer_answers import OwnOfferAnswerSchema

blueprint = noun("bank negotiations", "A bank's own negotiations", below="/bank/negotiations")


class CallAnswerSchema(CommunicationAnswerSchema):
    """The entry of a call, and the oral offer where terms came with it."""

    offer = fields.Nested(OwnOfferAnswerSchema, allow_none=True)


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
def list_all(caller: ApiCaller) -> Response:
    """The bank's queue."""
    given = query("due_before", "limit", "cursor", many=("status",))
    places = cursors(caller, "bank/negotiations")
    wanted, due_before, page = statuses(), instant_or_day(given, "due_before"), page_of(given, places)
    with caller.hub.reading(caller.actor) as tx:
        found = list_views(
            tx,
            caller.bank_code,
            statuses=wanted,
            due_before=due_before,
            page=page,
            language=caller.language,
        )
    return json_response(listed(found.items, found.next_place, places))


@blueprint.route("/<id:negotiation_id>")
@described({200: BankCaseAnswerSchema}, about="Each reading goes into the access log.")
@needs(REVIEW)
def show(caller: ApiCaller, negotiation_id: str) -> Response:
    """What the person submitted, numbers in full, and where it stands."""
    with caller.hub.writing(caller.actor) as tx:
        body = packet_and_standing(tx, negotiation_id, bank_code=caller.bank_code, language=caller.language)
    return json_response(body)


@blueprint.route("/<id:negotiation_id>/evidence/<id:evidence_id>")
@described({200: EVIDENCE}, about="Each reading goes into the access log.")
@needs(REVIEW)
def evidence(caller: ApiCaller, negotiation_id: str, evidence_id: str) -> Response:
    """The bytes of a file."""
    with caller.hub.writing(caller.actor) as tx:
        content = files.evidence(tx, caller.hub.store, negotiation_id, evidence_id, bank_code=caller.bank_code)
    return download(content)


@blueprint.route("/<id:negotiation_id>/application-form.pdf")
@described({200: PDF})
@needs(REVIEW)
def application_form(caller: ApiCaller, negotiation_id: str) -> Response:
    """The printed application form."""
    return _document(caller, negotiation_id, APPLICATION_FORM)


@blueprint.route("/<id:negotiation_id>/agreement.pdf")
@described({200: PDF})
@needs(REVIEW)
def agreement(caller: ApiCaller, negotiation_id: str) -> Response:
    """The printed agreement."""
    return _document(caller, negotiation_id, AGREEMENT)


@blueprint.route("/<id:negotiation_id>/agreement/default-notice.pdf")
@described({200: PDF})
@needs(REVIEW)
def default_notice(caller: ApiCaller, negotiation_id: str) -> Response:
    """The notice that the agreement is ended for default."""
    return _document(caller, negotiation_id, DEFAULT_NOTICE)


def _document(caller: ApiCaller, negotiation_id: str, kind: str) -> Response:
    with caller.hub.writing(caller.actor) as tx:
        content = files.document(tx, caller.hub.store, negotiation_id, kind, bank_code=caller.bank_code)
    return download(content)


def standing_of(tx: HubTransaction, caller: ApiCaller, negotiation_id: str) -> Reply:
    """The answer to what a bank did: its negotiation as it stands now."""
    row = lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
    return Reply(status=200, body=views.negotiation_view(tx, row, language=caller.language))


@blueprint.route("/<id:negotiation_id>/acknowledge", methods=["POST"])
@described({200: BankNegotiationAnswerSchema}, body=NothingSchema, body_optional=True, key=True)
@needs(REVIEW)
def acknowledge(caller: ApiCaller, negotiation_id: str) -> Response:
    """Say that somebody has picked it up."""
    faults = load_nothing(caller.body.value_if_any())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
        refuse(faults)
        review.acknowledge(tx, negotiation_id, bank_code=caller.bank_code)
        return standing_of(tx, caller, negotiation_id)

    return caller.once(keep)


@blueprint.route("/<id:negotiation_id>/request-evidence", methods=["POST"])
@described({200: BankNegotiationAnswerSchema}, body=EvidenceRequestSchema, key=True)
@needs(REVIEW)
def request_evidence(caller: ApiCaller, negotiation_id: str) -> Response:
    """Ask for papers, until the fifth working day."""
    read = load_evidence_request(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
        review.request_evidence(tx, negotiation_id, read.value_or_refuse(), bank_code=caller.bank_code)
        return standing_of(tx, caller, negotiation_id)

    return caller.once(keep)


@blueprint.route("/<id:negotiation_id>/defer-decision", methods=["POST"])
@described(
    {200: BankNegotiationAnswerSchema},
    body=DecisionDeferralSchema,
    key=True,
    about="It is no answer: the time to answer runs on. May be said again with another day.",
)
@needs(REVIEW)
def defer_decision(caller: ApiCaller, negotiation_id: str) -> Response:
    """Say that it is registered, and by when you decide."""
    read = load_decision_deferral(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
        review.defer_decision(tx, negotiation_id, read.value_or_refuse(), bank_code=caller.bank_code)
        return standing_of(tx, caller, negotiation_id)

    return caller.once(keep)


@blueprint.route("/<id:negotiation_id>/reject", methods=["POST"])
@described({200: BankNegotiationAnswerSchema}, body=RejectionSchema, key=True)
@needs(REVIEW)
def reject(caller: ApiCaller, negotiation_id: str) -> Response:
    """Say no, with a reason and words to the person."""
    read = load_rejection(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
        review.reject(tx, negotiation_id, read.value_or_refuse(), bank_code=caller.bank_code)
        return standing_of(tx, caller, negotiation_id)

    return caller.once(keep)


@blueprint.route("/<id:negotiation_id>/identity", methods=["POST"])
@described(
    {200: BankNegotiationAnswerSchema},
    body=IdentitySchema,
    key=True,
    about="Needed before an offer opens where nobody else stands up for the person: `identity.level` is `mobile`.",
)
@needs(REVIEW)
def compare_identity(caller: ApiCaller, negotiation_id: str) -> Response:
    """Say whether the applicant is the customer you know; `false` ends the negotiation."""
    read = load_identity(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
        identity.confirm(tx, negotiation_id, read.value_or_refuse(), bank_code=caller.bank_code)
        return standing_of(tx, caller, negotiation_id)

    return caller.once(keep)


@blueprint.route("/<id:negotiation_id>/messages", methods=["POST"])
@described({201: CommunicationAnswerSchema}, body=RequiredWordsSchema, key=True)
@needs(REVIEW)
def write(caller: ApiCaller, negotiation_id: str) -> Response:
    """Write to the cardholder."""
    read = load_words(caller.body.value(), required=True)

    def keep(tx: HubTransaction) -> Reply:
        lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
        entry = correspondence.write_to_cardholder(
            tx, negotiation_id, read.value_or_refuse(), bank_code=caller.bank_code
        )
        return Reply(status=201, body=views.communication_view(tx, entry))

    return caller.once(keep)


@blueprint.route("/<id:negotiation_id>/calls", methods=["POST"])
@described(
    {201: CallAnswerSchema},
    form=form_of(
        {
            "at": TIME,
            "direction": {"type": "string", "enum": [each.value for each in Direction]},
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
def log_call(caller: ApiCaller, negotiation_id: str) -> Response:
    """Log a call; with terms, an oral offer that the person's code can accept."""
    key_of_request()
    with caller.hub.reading(caller.actor) as tx:
        require_negotiation(tx, negotiation_id, bank_code=caller.bank_code)
    call_fields, incoming = forms.fields_and_file(caller, "recording")
    read = load_bank_call(call_fields, has_recording=incoming is not None, today=caller.today)
    record = read.value_or_refuse(*([] if incoming is None else uploads.name_faults(incoming)))
    stored = None
    if incoming is not None:
        upload = uploads.upload_of(incoming, client_id=caller.client_id, kind=RECORDING)
        with uploads.blamed_on("/recording"):
            stored = receive_recording(caller.hub.store, upload, incoming.read)
    with discarded_unless_kept(caller.hub.store, stored) as keeping:

        def keep(tx: HubTransaction) -> Reply:
            entry, offer = oral_agreements.log_call(
                tx, negotiation_id, record, recording=stored, bank_code=caller.bank_code
            )
            keeping.kept = True
            shown = None if offer is None else views.offer_view(tx, offer)
            return Reply(status=201, body={**views.communication_view(tx, entry), "offer": shown})

        return caller.once(keep, parts=forms.parts_of(call_fields, stored))
