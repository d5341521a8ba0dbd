"""`/my/instalments/{id}/evidence`: the merchant's refund proof, given with a request and opened again."""

import contextlib

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from hub.domain.errors import Fault
from hub.domain.evidence import REFUND
from hub.services.accounts import subjects
from hub.services.evidence.evidence_files import Keeping, StoredEvidence, discarded_unless_kept
from hub.services.instalments import proofs
from hub.services.reading.cardholder import instalments as own_requests
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.downloads import download
from hub.web.pages.form_actions import send_once
from hub.web.pages.forms import FormState
from hub.web.pages.my.instalments import HERE, shown
from hub.web.pages.uploading import form_too_large, receive_file
from hub.web.pages.visitors import current_cardholder, for_cardholders
from hub.web.uploads import takes_files

blueprint = Blueprint("instalment_proofs", __name__, url_prefix="/instalments/<id:request_id>/evidence")


@blueprint.route("", methods=["POST"])
@for_cardholders
@takes_files
def give_proof(request_id: str) -> Response:
    """The chosen files are with the bank; where one of them is not taken, none is, and it is said why."""
    person, store = current_cardholder(), face().hub.store
    with face().hub.reading(person.actor) as tx:
        client_id = subjects.of_cardholder(tx, person).client_id
    stored: list[StoredEvidence] = []
    faults: list[Fault] = []
    keepings: list[Keeping] = []
    with contextlib.ExitStack() as unless_kept:
        for file in request.files.getlist("file"):
            if file.filename:
                received = receive_file(file, REFUND, client_id=client_id)
                faults += received.faults
                if received.stored is not None:
                    keepings.append(unless_kept.enter_context(discarded_unless_kept(store, received.stored)))
                    stored.append(received.stored)
        if not stored and not faults:
            faults.append(Fault("/file", "required"))

        def give(tx: HubTransaction, chosen: list[StoredEvidence]) -> str:
            proofs.give_stored(tx, subjects.of_cardholder(tx, person), request_id, chosen)
            for keeping in keepings:
                keeping.kept = True
            return f"{HERE}/{request_id}?done=proof#proof"

        return send_once(
            person, FormState().with_faults(faults), stored, give, form=lambda state: shown(request_id, state)
        )


@blueprint.route("/<id:evidence_id>")
@for_cardholders
def open_proof(request_id: str, evidence_id: str) -> Response:
    """The file as it was sent."""
    person, hub = current_cardholder(), face().hub
    with hub.reading(person.actor) as tx:
        content = own_requests.own_file(tx, hub.store, person, request_id, evidence_id)
    return download(content)


@blueprint.errorhandler(RequestEntityTooLarge)
def not_read(_error: RequestEntityTooLarge) -> Response:
    """The page again, where the files were too large to be looked at."""
    return shown(str((request.view_args or {})["request_id"]), FormState().with_faults([form_too_large()]))
