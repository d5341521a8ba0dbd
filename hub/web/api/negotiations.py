"""Negotiations by API, as a host app sees them: lists, one whole, its correction, its log, its end."""

from flask import Response

from hub.domain.evidence import EvidenceKind
from hub.domain.lifecycle import Status
from hub.services.applications import intake
from hub.services.evidence.evidence_files import discarded_unless_kept, receive_call_record
from hub.services.negotiations import correspondence, withdrawal
from hub.services.negotiations.locking import lock_for_client
from hub.services.reading import host_app, reading_log, views
from hub.services.transaction import HubTransaction
from hub.web import uploads
from hub.web.access import READ, WRITE, ApiCaller, needs
from hub.web.api import forms, showing
from hub.web.api.describing import FILE, PAGE_QUERY, TEXT, TIME, described, form_of, noun, query_of
from hub.web.api.queries import cursors, query, statuses
from hub.web.idempotency import Reply, json_response, key_of_request
from hub.web.pagination import cut, listed, page_of
from schemas.actions import MessageSchema, WordsSchema, load_message, load_words
from schemas.answers import (
    AccessPageSchema,
    CommunicationAnswerSchema,
    CommunicationPageSchema,
    NegotiationAnswerSchema,
    NegotiationPageSchema,
)
from schemas.application import CorrectionSchema, load_correction
from schemas.calls import load_call_record

blueprint = noun("negotiations", "One bank's part of an application")

STATUS_QUERY = query_of(
    "status", {"type": "array", "items": {"type": "string", "enum": list(Status)}}, "one or several statuses"
)


@blueprint.route("/negotiations")
@described(
    {200: NegotiationPageSchema},
    query=(STATUS_QUERY, query_of("subject", TEXT, "the host app's name for the person"), *PAGE_QUERY),
)
@needs(READ)
def list_all(caller: ApiCaller) -> Response:
    """The client's negotiations, newest first."""
    given = query("subject", "limit", "cursor", many=("status",))
    places = cursors(caller, "negotiations")
    wanted, page = statuses(), page_of(given, places)
    with caller.hub.reading(caller.actor) as tx:
        found = host_app.list_negotiations(
            tx,
            caller.client_id,
            statuses=wanted,
            subject=given.get("subject"),
            page=page,
            language=caller.language,
        )
        glances = reading_log.new_glances(tx, found.items)
    reading_log.note_glances(caller.hub, caller.actor, glances)
    items = [showing.negotiation(view, caller.language) for view in found.items]
    return json_response(listed(items, found.next_place, places))


@blueprint.route("/negotiations/<id:negotiation_id>")
@described({200: NegotiationAnswerSchema})
@needs(READ)
def show(caller: ApiCaller, negotiation_id: str) -> Response:
    """One negotiation, whole."""
    with caller.hub.reading(caller.actor) as tx:
        view = host_app.negotiation(tx, negotiation_id, client_id=caller.client_id, language=caller.language)
        glances = reading_log.new_glances(tx, [view])
    reading_log.note_glances(caller.hub, caller.actor, glances)
    return json_response(showing.negotiation(view, caller.language))


def whole(tx: HubTransaction, caller: ApiCaller, negotiation_id: str) -> Reply:
    """The negotiation as it stands after an action."""
    view = host_app.negotiation(tx, negotiation_id, client_id=caller.client_id, language=caller.language)
    return Reply(status=200, body=view)


@blueprint.route("/negotiations/<id:negotiation_id>/correction", methods=["PUT"])
@described({200: NegotiationAnswerSchema}, body=CorrectionSchema)
@needs(WRITE)
def correct(caller: ApiCaller, negotiation_id: str) -> Response:
    """Send a returned one again, corrected; the old version is kept."""
    read = load_correction(caller.body.value(), today=caller.today)
    with caller.hub.writing(caller.actor) as tx:
        lock_for_client(tx, negotiation_id, client_id=caller.client_id)
        unknown = intake.reference_faults(tx, read.references, client_id=caller.client_id, runs_already=True)
        intake.correct(tx, negotiation_id, read.value_or_refuse(*unknown), client_id=caller.client_id)
        answer = whole(tx, caller, negotiation_id)
    return json_response(answer.body)


@blueprint.route("/negotiations/<id:negotiation_id>/communications")
@described({200: CommunicationPageSchema}, query=PAGE_QUERY)
@needs(READ)
def log(caller: ApiCaller, negotiation_id: str) -> Response:
    """The log, oldest first."""
    given = query("limit", "cursor")
    places = cursors(caller, f"communications/{negotiation_id}")
    with caller.hub.reading(caller.actor) as tx:
        row = host_app.require_negotiation(tx, negotiation_id, client_id=caller.client_id)
        entries = forms.log_page(tx, negotiation_id, given, places)
        glances = reading_log.new_glances(tx, row=row)
    reading_log.note_glances(caller.hub, caller.actor, glances)
    return json_response(entries)


@blueprint.route("/negotiations/<id:negotiation_id>/accesses")
@described({200: AccessPageSchema}, query=PAGE_QUERY)
@needs(READ)
def accesses(caller: ApiCaller, negotiation_id: str) -> Response:
    """Who read what of it, oldest first: the person, your app, the bank and the hub."""
    given = query("limit", "cursor")
    places = cursors(caller, f"accesses/{negotiation_id}")
    with caller.hub.reading(caller.actor) as tx:
        found = host_app.accesses(tx, negotiation_id, client_id=caller.client_id)
    return json_response(cut(found, given, places))


@blueprint.route("/negotiations/<id:negotiation_id>/messages", methods=["POST"])
@described({201: CommunicationAnswerSchema}, body=MessageSchema, key=True)
@needs(WRITE)
def write(caller: ApiCaller, negotiation_id: str) -> Response:
    """Write to the bank; files, or `answers`, answer its open request for evidence."""
    read = load_message(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_client(tx, negotiation_id, client_id=caller.client_id)
        entry = correspondence.write_to_bank(tx, negotiation_id, read.value_or_refuse(), client_id=caller.client_id)
        return Reply(status=201, body=views.communication_view(tx, entry))

    return caller.once(keep)


@blueprint.route("/negotiations/<id:negotiation_id>/withdraw", methods=["POST"])
@described({200: NegotiationAnswerSchema}, body=WordsSchema, body_optional=True, key=True)
@needs(WRITE)
def withdraw(caller: ApiCaller, negotiation_id: str) -> Response:
    """End the negotiation."""
    read = load_words(caller.body.value_if_any(), required=False)

    def keep(tx: HubTransaction) -> Reply:
        lock_for_client(tx, negotiation_id, client_id=caller.client_id)
        withdrawal.withdraw(tx, negotiation_id, read.value_or_refuse(), client_id=caller.client_id)
        return whole(tx, caller, negotiation_id)

    return caller.once(keep)


@blueprint.route("/negotiations/<id:negotiation_id>/call-records", methods=["POST"])
@described(
    {201: CommunicationAnswerSchema},
    form=form_of({"at": TIME, "text": TEXT, "file": FILE}, "at", "text"),
    key=True,
)
@needs(WRITE)
def log_own_call(caller: ApiCaller, negotiation_id: str) -> Response:
    """Put a record of a call, its sound or a screenshot, into the log; the bank sees it too."""
    key_of_request()
    with caller.hub.reading(caller.actor) as tx:
        host_app.require_negotiation(tx, negotiation_id, client_id=caller.client_id)
    fields, incoming = forms.fields_and_file(caller, "file")
    read = load_call_record(fields)
    record = read.value_or_refuse(*([] if incoming is None else uploads.name_faults(incoming)))
    stored = None
    if incoming is not None:
        upload = uploads.upload_of(incoming, client_id=caller.client_id, kind=EvidenceKind.OTHER)
        with uploads.blamed_on("/file"):
            stored = receive_call_record(caller.hub.store, upload, incoming.read)
    with discarded_unless_kept(caller.hub.store, stored) as keeping:

        def keep(tx: HubTransaction) -> Reply:
            entry = correspondence.log_own_call(
                tx, negotiation_id, record, forms.kept_file(tx, stored), client_id=caller.client_id
            )
            keeping.kept = True
            return Reply(status=201, body=views.communication_view(tx, entry))

        return caller.once(keep, parts=forms.parts_of(fields, stored))
