"""A person's own files of a negotiation: seen small, and sent ahead of the form that they belong to."""

from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from hub.domain.evidence import EvidenceKind
from hub.services.evidence.evidence_files import receive, receive_call_record
from hub.services.reading.cardholder import files
from hub.services.reading.cardholder.negotiations import OwnNegotiation
from hub.web import uploads
from hub.web.access import face
from hub.web.downloads import thumbnail
from hub.web.pages import upload_answers
from hub.web.pages.my.chosen_files import waiting
from hub.web.pages.my.negotiation_page import own
from hub.web.pages.uploading import name_of, store_incoming
from hub.web.pages.visitors import current_cardholder, for_cardholders

blueprint = Blueprint("files", __name__, url_prefix="/negotiations/<id:negotiation_id>")
blueprint.register_error_handler(RequestEntityTooLarge, upload_answers.too_large)

_ROWS: Final = "my/file-rows.html"


@blueprint.route("/files/<id:evidence_id>/thumbnail")
@for_cardholders
def small(negotiation_id: str, evidence_id: str) -> Response:
    """The thumbnail of a picture among those files."""
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        return thumbnail(files.thumbnail_of(tx, person, negotiation_id, evidence_id))


@blueprint.route("/waiting-files", methods=["POST"])
@for_cardholders
def send_ahead(negotiation_id: str) -> Response:
    """The file, which is the body itself, waits for its form; its row is the answer. Nothing is in the log yet."""
    negotiation = own(negotiation_id)
    return upload_answers.answered(lambda: _send_ahead(negotiation))


def _send_ahead(negotiation: OwnNegotiation) -> Response:
    asked = request.args.get("kind", "")
    incoming = uploads.file_of_body()
    name_of(incoming)
    stored = store_incoming(
        incoming,
        EvidenceKind(asked) if asked in set(EvidenceKind) else EvidenceKind.OTHER,
        client_id=negotiation.client_id,
        receive=receive_call_record if request.args.get("sound") else receive,
    )
    # No row speaks of it: the sweep of orphans takes it, unless its form is sent before.
    return upload_answers.rows(_ROWS, status=201, files=[waiting(stored)], has_kind=bool(asked))
