"""`/my/requests/…`: what the person asked of banks beside a negotiation, where its kind has no page of its own."""

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as WsgiResponse

from hub.services.reading import requests
from hub.services.reading.log_parts import parts_of
from hub.web.access import face
from hub.web.pages.rendering import go, page
from hub.web.pages.request_words import bank_of, kind_of, person_page, status_for_person, way_on
from hub.web.pages.visitors import current_cardholder, for_cardholders

blueprint = Blueprint("requests", __name__)


@blueprint.route("/requests/<id:matter_id>")
@for_cardholders
def show(matter_id: str) -> Response | WsgiResponse:
    """The page of the matter's own kind; where that has none, where it stands with each bank, and what was said."""
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        found = requests.own(tx, person, matter_id)
    first = found[0][0]
    if person_page(first) != request.path:
        return go(person_page(first))
    return page(
        "my/request.html",
        title=kind_of(first),
        requests=[(each, bank_of(each), status_for_person(each), parts_of(log)) for each, log in found],
        more=way_on(first),
        back="/my/",
    )
