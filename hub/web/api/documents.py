"""Documents by API: the application form, the agreement, and the whole record as a ZIP."""

import tempfile

from flask import Response

from hub.services.documents import records
from hub.services.documents.records import AGREEMENT, APPLICATION_FORM
from hub.services.reading import reading_log
from hub.web.access import READ, ApiCaller, needs
from hub.web.api.describing import BYTES, PDF, described, noun
from hub.web.downloads import disposition, download, piecewise

blueprint = noun("documents", "What is printed of a negotiation", below="/negotiations/<id:negotiation_id>")

# A record larger than this goes through a file on its way out.
_IN_MEMORY = 2 * 1024 * 1024


@blueprint.route("/application-form.pdf")
@described({200: PDF})
@needs(READ)
def application_form(caller: ApiCaller, negotiation_id: str) -> Response:
    """The printed application form."""
    return _document(caller, negotiation_id, APPLICATION_FORM)


@blueprint.route("/agreement.pdf")
@described({200: PDF})
@needs(READ)
def agreement(caller: ApiCaller, negotiation_id: str) -> Response:
    """The printed agreement."""
    return _document(caller, negotiation_id, AGREEMENT)


def _document(caller: ApiCaller, negotiation_id: str, kind: str) -> Response:
    with caller.hub.writing(caller.actor) as tx:
        row = records.of_client(tx, negotiation_id, client_id=caller.client_id)
        content = records.document(tx, caller.hub.store, row, kind)
        reading_log.note(tx, row, kind)
    return download(content)


@blueprint.route("/record.zip")
@described({200: ("application/zip", BYTES)}, about="Its log can be verified without the hub, by the program inside.")
@needs(READ)
def record(caller: ApiCaller, negotiation_id: str) -> Response:
    """The whole record."""
    out = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed when it was sent
    try:
        with caller.hub.reading(caller.actor) as tx:
            row = records.of_client(tx, negotiation_id, client_id=caller.client_id)
            name = f"{row.reference}.zip"
            records.export(tx, caller.hub.store, row, out)  # type: ignore[arg-type]  # a BinaryIO in all but name
        with caller.hub.writing(caller.actor) as tx:
            reading_log.note(tx, records.of_client(tx, negotiation_id, client_id=caller.client_id), reading_log.RECORD)
        size = out.tell()
        out.seek(0)
    except BaseException:
        out.close()
        raise
    response = Response(piecewise(out), content_type="application/zip")
    response.headers["Content-Length"] = str(size)
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["Cache-Control"] = "private, no-store"
    response.call_on_close(out.close)
    return response
