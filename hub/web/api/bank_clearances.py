"""Certificates of settlement by API, as a bank issues them: its own PDF, or one that the hub prints."""

from flask import Response, request

from hub.services.agreements import clearances
from hub.services.documents.records import CLEARANCE
from hub.services.evidence.evidence_files import discarded_unless_kept
from hub.services.negotiations.locking import lock_for_bank
from hub.services.reading.bank import files
from hub.services.reading.bank.heading import require_negotiation
from hub.services.transaction import HubTransaction
from hub.web import clearance_files, uploads
from hub.web.access import REVIEW, ApiCaller, needs
from hub.web.api import forms
from hub.web.api.describing import FILE, PDF, TEXT, described, form_of, noun
from hub.web.downloads import download
from hub.web.idempotency import Reply, json_response, key_of_request
from schemas.agreements import ClearanceSchema, load_clearance
from schemas.offer_answers import ClearanceAnswerSchema

blueprint = noun(
    "bank clearance",
    "The certificate of settlement that a bank issues",
    below="/bank/negotiations/<id:negotiation_id>/agreement",
)


@blueprint.route("/clearance", methods=["POST"])
@described(
    {201: ClearanceAnswerSchema},
    body=ClearanceSchema,
    body_optional=True,
    form=form_of({"file": FILE, "text": TEXT}),
    key=True,
    about=(
        "With a `file` it is the bank's own PDF, judged as evidence is: 422 names what is wrong with it. Without one "
        "the hub prints it, with the bank's `clearance_text`. A further one replaces it, and the old one is kept. "
        "409 `rows_open` while something is owed; an agreement that is all paid is settled with it."
    ),
)
@needs(REVIEW)
def issue(caller: ApiCaller, negotiation_id: str) -> Response:
    """Issue the certificate of settlement."""
    key_of_request()
    with caller.hub.reading(caller.actor) as tx:
        require_negotiation(tx, negotiation_id, bank_code=caller.bank_code)
    given: object = {}
    incoming = None
    if request.mimetype:
        given, incoming = forms.fields_and_file(caller, "file")
    read = load_clearance(given)
    text = read.value_or_refuse(*([] if incoming is None else uploads.name_faults(incoming)))
    stored = None
    if incoming is not None:
        stored = clearance_files.received(caller.hub, incoming, client_id=caller.client_id)
    with discarded_unless_kept(caller.hub.store, stored) as keeping:

        def keep(tx: HubTransaction) -> Reply:
            lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
            clearances.issue(tx, negotiation_id, text, file=stored, bank_code=caller.bank_code)
            keeping.kept = True
            return Reply(status=201, body=clearances.view(tx, negotiation_id))

        return caller.once(keep, parts=forms.parts_of(given, stored))


@blueprint.route("/clearance")
@described({200: ClearanceAnswerSchema}, about="All null before it was asked for and before the agreement is settled.")
@needs(REVIEW)
def clearance(caller: ApiCaller, negotiation_id: str) -> Response:
    """How the certificate of settlement stands."""
    with caller.hub.reading(caller.actor) as tx:
        require_negotiation(tx, negotiation_id, bank_code=caller.bank_code)
        return json_response(clearances.view(tx, negotiation_id))


@blueprint.route("/clearance.pdf")
@described({200: PDF})
@needs(REVIEW)
def paper(caller: ApiCaller, negotiation_id: str) -> Response:
    """The newest certificate of settlement."""
    with caller.hub.writing(caller.actor) as tx:
        content = files.document(tx, caller.hub.store, negotiation_id, CLEARANCE, bank_code=caller.bank_code)
    return download(content)
