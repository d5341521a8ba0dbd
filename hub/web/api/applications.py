"""Applications by API: submitting one, and seeing it again with all its negotiations."""

from flask import Response

from hub.domain.application import Application
from hub.domain.consent_ledger import Door
from hub.domain.plain import Plain
from hub.services.applications import intake
from hub.services.reading import host_app, reading_log
from hub.services.transaction import HubTransaction
from hub.web.access import READ, WRITE, ApiCaller, needs
from hub.web.api import showing
from hub.web.api.describing import PREFIX, described, noun
from hub.web.idempotency import Reply, json_response, key_of_request
from hub.web.sentences import Locale
from schemas.answers import ApplicationAnswerSchema
from schemas.application import ApplicationSchema, load_application
from schemas.base import ReadNaming

blueprint = noun("applications", "What a cardholder submits once, to one or more banks")


@blueprint.route("/applications", methods=["POST"])
@described({201: ApplicationAnswerSchema}, body=ApplicationSchema, key_required=True)
@needs(WRITE)
def submit(caller: ApiCaller) -> Response:
    """Submit an application."""
    key_of_request(required=True)
    loaded = load_application(caller.body.value(), now=caller.now)

    def keep(tx: HubTransaction) -> Reply:
        application_id = submit_loaded(tx, loaded, client_id=caller.client_id)
        view = application_view(tx, application_id, client_id=caller.client_id, locale=caller.language)
        return Reply(status=201, body=view, location=f"{PREFIX}/applications/{application_id}")

    return caller.once(keep, key_required=True)


@blueprint.route("/applications/<id:application_id>")
@described({200: ApplicationAnswerSchema})
@needs(READ)
def show(caller: ApiCaller, application_id: str) -> Response:
    """An application with its negotiations."""
    with caller.hub.reading(caller.actor) as tx:
        view = application_view(tx, application_id, client_id=caller.client_id, locale=caller.language)
        glances = reading_log.new_glances(tx, view["negotiations"])
    reading_log.note_glances(caller.hub, caller.actor, glances)
    return json_response(view)


def submit_loaded(
    tx: HubTransaction, loaded: ReadNaming[Application], *, client_id: str, door: Door = Door.HOST_APP
) -> str:
    """What was read is an application of the client; gives its id. Raises `Refused` with every fault."""
    unknown = intake.reference_faults(tx, loaded.references, client_id=client_id)
    return intake.submit(tx, loaded.value_or_refuse(*unknown), client_id=client_id, door=door)


def application_view(tx: HubTransaction, application_id: str, *, client_id: str, locale: Locale) -> Plain:
    """The client's application as it is shown; raises `NotFound`."""
    return showing.application(host_app.application(tx, application_id, client_id=client_id, language=locale), locale)
