"""Documents by API: the application form, the agreement, and the whole record as a ZIP."""

from flask import Response

from hub.documents.payment_calendar import MEDIA_TYPE
from hub.services.documents.records import AGREEMENT, APPLICATION_FORM, DEFAULT_NOTICE
from hub.services.reading import host_app
from hub.web.access import READ, ApiCaller, needs
from hub.web.api.describing import BYTES, PDF, described, noun, query_of
from hub.web.api.queries import MOST_HEADS, head_number, query
from hub.web.downloads import download, download_record, save

blueprint = noun("documents", "What is printed of a negotiation", below="/negotiations/<id:negotiation_id>")


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


@blueprint.route("/agreement/default-notice.pdf")
@described({200: PDF})
@needs(READ)
def default_notice(caller: ApiCaller, negotiation_id: str) -> Response:
    """The notice that the agreement is ended for default."""
    return _document(caller, negotiation_id, DEFAULT_NOTICE)


@blueprint.route("/agreement.ics")
@described({200: (MEDIA_TYPE,)}, about="An event a payment that is still to come, with an alarm; neither bank nor sum.")
@needs(READ)
def payment_days(caller: ApiCaller, negotiation_id: str) -> Response:
    """The days of the payments, for the calendar of the person's phone."""
    with caller.hub.writing(caller.actor) as tx:
        content = host_app.payment_days(tx, negotiation_id, client_id=caller.client_id, language=caller.language)
    return save(content, "payment-days.ics", MEDIA_TYPE)


def _document(caller: ApiCaller, negotiation_id: str, kind: str) -> Response:
    with caller.hub.writing(caller.actor) as tx:
        content = host_app.document(tx, caller.hub.store, negotiation_id, kind, client_id=caller.client_id)
    return download(content)


@blueprint.route("/record.zip")
@described(
    {200: ("application/zip", BYTES)},
    query=(
        query_of(
            "head", {"type": "integer", "minimum": 1, "maximum": MOST_HEADS}, "the number of a head you have kept"
        ),
    ),
    about="Its log can be verified without the hub, by the program inside; with a `head` that you have kept, against "
    "that one too.",
)
@needs(READ)
def record(caller: ApiCaller, negotiation_id: str) -> Response:
    """The whole record."""
    given = query("head")
    heads = [head_number("head", given["head"])] if "head" in given else []
    return download_record(
        caller.actor,
        lambda tx: host_app.record(tx, caller.hub.store, negotiation_id, client_id=caller.client_id, heads=heads),
        lambda tx: host_app.note_record(tx, negotiation_id, client_id=caller.client_id),
    )
