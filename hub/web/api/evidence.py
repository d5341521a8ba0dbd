"""Evidence by API: upload, verdict, the bytes that were sent, and taking a file back while nothing needs it."""

from flask import Response, request

from hub.domain.errors import Fault, Refused
from hub.services.evidence import contents, evidence_files
from hub.services.evidence.evidence_files import discarded_unless_kept
from hub.services.reading import reading_log
from hub.services.transaction import HubTransaction
from hub.web import uploads
from hub.web.access import READ, WRITE, ApiCaller, needs, refuse
from hub.web.api.describing import BYTES, EVIDENCE, FILE, TEXT, described, form_of, noun, query_of
from hub.web.bodies import single_values
from hub.web.downloads import download
from hub.web.idempotency import Reply, json_response, key_of_request
from hub.web.limits import UPLOADS_A_PERSON, UPLOADS_FOR_NOBODY
from schemas.answers import EvidenceAnswerSchema

blueprint = noun("evidence", "Files that show what an application says")

_KIND = {"type": "string", "enum": list(uploads.KINDS)}
_LABELS = ("kind", "subject")


@blueprint.route("/evidence", methods=["POST"])
@described(
    {201: EvidenceAnswerSchema},
    form=form_of({"file": FILE, "kind": _KIND, "subject": TEXT}, "file", "kind"),
    raw=(BYTES,),
    query=(
        query_of("kind", _KIND, "what the file shows, where the body is the file itself"),
        query_of("subject", TEXT, "the host app's name for the person"),
    ),
    key=True,
    about="At most 10 MiB: PDF, JPEG, PNG, HEIC or static WebP; a picture is known by its content. The body is a form, "
    "or the file itself with its Content-Type and Content-Disposition, which costs both sides less.",
)
@needs(WRITE)
def upload(caller: ApiCaller) -> Response:
    """Upload a file."""
    key_of_request()
    labels, incoming = _from_form() if uploads.is_form() else _from_body()
    refuse(uploads.label_faults(labels, incoming))
    subject = labels.get("subject") or None
    if subject is None:
        caller.limits.count_from_lease(UPLOADS_FOR_NOBODY, caller.client_id)
    else:
        caller.limits.count_from_lease(UPLOADS_A_PERSON, caller.client_id, subject)
    file_upload = uploads.upload_of(incoming, client_id=caller.client_id, kind=labels["kind"], subject=subject)
    with uploads.blamed_on("/file"):
        stored = evidence_files.receive(caller.hub.store, file_upload, incoming.read)
    parts = (stored.sha256, labels["kind"], subject or "", stored.file_name)
    with discarded_unless_kept(caller.hub.store, stored) as keeping:

        def keep(tx: HubTransaction) -> Reply:
            body = evidence_files.keep(tx, stored)
            keeping.kept = True
            return Reply(status=201, body=body, location=f"/api/v1/evidence/{body['id']}")

        sent = [part.encode("utf-8", "surrogatepass") for part in parts]
        return caller.once(keep, parts=sent, one_statement=True)


def _from_form() -> tuple[dict[str, str], uploads.Incoming]:
    single_values(request.args, ())
    texts, files = uploads.form()
    unknown = sorted(({*texts} - {*_LABELS}) | ({*files} - {"file"}))
    faults = [Fault(f"/{name}", "unknown_field") for name in unknown if name != "file"]
    if "file" in texts:
        # A part without a file name is a field for every parser of forms.
        raise Refused(*faults, Fault("/file_name", "required"))
    if "file" not in files:
        raise Refused(*faults, Fault("/file", "required"))
    refuse(faults)
    return dict(texts), uploads.file_of_form(files["file"])


def _from_body() -> tuple[dict[str, str], uploads.Incoming]:
    labels = single_values(request.args, _LABELS)
    return dict(labels), uploads.file_of_body()


@blueprint.route("/evidence/<id:evidence_id>")
@described({200: EvidenceAnswerSchema})
@needs(READ)
def show(caller: ApiCaller, evidence_id: str) -> Response:
    """The file's verdict."""
    with caller.hub.reading(caller.actor) as tx:
        return json_response(evidence_files.view(tx, evidence_id, client_id=caller.client_id))


@blueprint.route("/evidence/<id:evidence_id>/content")
@described({200: EVIDENCE})
@needs(READ)
def content(caller: ApiCaller, evidence_id: str) -> Response:
    """The bytes that were sent."""
    with caller.hub.writing(caller.actor) as tx:
        file = contents.of_client(tx, caller.hub.store, evidence_id, client_id=caller.client_id)
        reading_log.note_file(tx, evidence_id)
    return download(file)


@blueprint.route("/evidence/<id:evidence_id>", methods=["DELETE"])
@described({204: None}, about="Only while no application names the file.")
@needs(WRITE)
def remove(caller: ApiCaller, evidence_id: str) -> Response:
    """Take a file back."""
    with caller.hub.writing(caller.actor) as tx:
        names = evidence_files.remove(tx, evidence_id, client_id=caller.client_id)
    # A file that cannot be deleted now has no row any more, and is swept.
    evidence_files.delete_bytes(caller.hub.store, names)
    return Response(status=204)
