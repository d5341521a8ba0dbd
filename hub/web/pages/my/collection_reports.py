"""The person's word that they were collected from although an agreement is in force."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from hub.domain.collection import CollectionReport
from hub.services.agreements import collection
from hub.services.evidence.evidence_files import receive_call_record
from hub.services.reading.cardholder.negotiations import OwnNegotiation
from hub.services.transaction import HubTransaction
from hub.web.pages.forms import FormState, read_form
from hub.web.pages.my.chosen_files import WaitingFile, chosen_files, send_with_files
from hub.web.pages.my.negotiation_page import address_of, own, own_page
from hub.web.pages.translation import translate
from hub.web.pages.unfinished import keeps_unfinished, left_here
from hub.web.pages.uploading import form_too_large
from hub.web.pages.visitors import for_cardholders
from hub.web.uploads import takes_files
from schemas.agreements import COLLECTION_REPORT, load_collection_report

blueprint = Blueprint("collection_reports", __name__, url_prefix="/negotiations/<id:negotiation_id>/collection-report")


@blueprint.route("")
@for_cardholders
def show(negotiation_id: str) -> Response:
    """Asks when, how, who and what was said."""
    return _page(own(negotiation_id), left_here() or FormState())


def _page(negotiation: OwnNegotiation, state: FormState, waiting: Sequence[WaitingFile] = ()) -> Response:
    title = translate("仍有人催收，告诉我们")
    return own_page("my/collection-report.html", negotiation, title=title, state=state, waiting=waiting)


@blueprint.route("", methods=["POST"])
@for_cardholders
@takes_files
@keeps_unfinished
def report(negotiation_id: str) -> Response:
    """Bank and operator are told, and the report stands in the log with its file."""
    negotiation = own(negotiation_id)
    with chosen_files(negotiation, receive_call_record) as chosen:
        state = read_form(request.form, COLLECTION_REPORT)
        read, found = load_collection_report(state.data)

        def tell(tx: HubTransaction, report: CollectionReport) -> str:
            whole = replace(report, evidence=chosen.references)
            collection.report(tx, negotiation_id, whole, client_id=negotiation.client_id)
            return address_of(negotiation_id, "?done=reported")

        return send_with_files(chosen, state.with_faults(found), read, tell, form=partial(_page, negotiation))


@blueprint.errorhandler(RequestEntityTooLarge)
def not_read(_error: RequestEntityTooLarge) -> Response:
    """The form again, where the file was too large to be looked at."""
    negotiation = own(str((request.view_args or {})["negotiation_id"]))
    return _page(negotiation, FormState().with_faults([form_too_large()]))
