"""A file at a time, for the script of the page of evidence: sent, said what it is, taken out, judged; and opened again.

What is shown of a file is always the same row of the page, made by the same template.
"""

import re
from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from hub.domain.errors import NotFound
from hub.domain.evidence import EvidenceStatus
from hub.domain.evidence_category import EvidenceCategory, guessed_kind
from hub.domain.plain import Plain
from hub.services.applications import draft_files, drafts
from hub.services.applications.draft_files import Listed
from hub.services.applications.drafts import FORM_CLIENT
from hub.services.evidence.evidence_files import discarded_unless_kept
from hub.services.reading.cardholder import draft
from hub.services.reading.cardholder.draft import DraftFile, files_of
from hub.web import uploads
from hub.web.access import face
from hub.web.downloads import download, thumbnail
from hub.web.pages import upload_answers
from hub.web.pages.apply.evidence import take_out
from hub.web.pages.apply.step_pages import reading_draft
from hub.web.pages.uploading import name_of, store_incoming
from hub.web.pages.visitors import current_cardholder, for_cardholders

blueprint = Blueprint("evidence_rows", __name__, url_prefix="/evidence")
blueprint.register_error_handler(RequestEntityTooLarge, upload_answers.too_large)

_KEY: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")
_ROWS: Final = "apply/evidence-rows.html"


@blueprint.route("/files", methods=["POST"])
@for_cardholders
def add() -> Response:
    """The file, which is the body itself, stands in the draft, and its row is the answer.

    Sent again under the same `key` it is there once. What cannot be taken is answered in words.
    """
    asked, key = request.args.get("category", ""), request.args.get("key", "")
    if asked not in set(EvidenceCategory) or not _KEY.fullmatch(key):
        raise NotFound
    category = EvidenceCategory(asked)
    return upload_answers.answered(lambda: _add(category, key))


def _add(category: EvidenceCategory, key: str) -> Response:
    person, hub = current_cardholder(), face().hub
    incoming = uploads.file_of_body()
    stored = store_incoming(incoming, guessed_kind(category, name_of(incoming)), client_id=FORM_CLIENT)
    with discarded_unless_kept(hub.store, stored) as keeping, hub.writing(person.actor) as tx:
        drafts.owner_of_files(tx)

        def change(data: Plain) -> Listed:
            return draft_files.add(tx, data, stored, pointer=f"/files/{category}", key=key)

        listed = drafts.change(tx, person, change)
        keeping.kept = listed.is_new
    return upload_answers.rows(_ROWS, status=201, files=[each for each in _files() if each.id == listed.id])


@blueprint.route("/rows")
@for_cardholders
def judged() -> Response:
    """The rows of those files of the query that wait for their verdict no longer."""
    wanted = set(request.args.getlist("id"))
    done = [each for each in _files() if each.id in wanted and each.status != EvidenceStatus.CHECKING]
    return upload_answers.rows(_ROWS, files=done)


@blueprint.route("/kind", methods=["POST"])
@for_cardholders
def set_kind() -> Response:
    """The file of the draft is of the kind that was chosen."""
    person = current_cardholder()
    kinds = {request.form.get("id", ""): request.form.get("kind", "")}
    with face().hub.writing(person.actor) as tx:
        drafts.change(tx, person, lambda data: draft_files.set_kinds(data, kinds))
    return upload_answers.nothing()


@blueprint.route("/gone", methods=["POST"])
@for_cardholders
def remove() -> Response:
    """The file is gone from the draft."""
    wanted = request.form.get("id", "")
    take_out(lambda each: each["id"] == wanted)
    return upload_answers.nothing()


@blueprint.route("/<id:evidence_id>/thumbnail")
@for_cardholders
def small(evidence_id: str) -> Response:
    """The thumbnail of a picture of one's own draft."""
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        return thumbnail(draft.own_thumbnail(tx, person, evidence_id))


@blueprint.route("/<id:evidence_id>/file")
@for_cardholders
def sent(evidence_id: str) -> Response:
    """A file of one's own draft, as it was sent."""
    person, hub = current_cardholder(), face().hub
    with hub.reading(person.actor) as tx:
        content = draft.own_content(tx, hub.store, person, evidence_id)
    return download(content)


def _files() -> list[DraftFile]:
    with reading_draft() as (tx, there):
        return files_of(tx, there.data.get("evidence", []))
