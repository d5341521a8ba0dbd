"""`/portal/requests`: what people ask beside negotiations, in the queue as a tab of its own, all kinds together."""

from itertools import groupby

from flask import Response, request
from werkzeug.wrappers import Response as WsgiResponse

from hub.domain.service_request import RequestKind
from hub.services.reading import requests
from hub.services.reading.log_parts import parts_of
from hub.web.access import face
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.portal.queue_tabs import REQUESTS, tabs_of
from hub.web.pages.portal.queue_words import GROUPS, TONES
from hub.web.pages.rendering import go, page
from hub.web.pages.request_words import KINDS, bank_page, kind_of, status_of
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_desk, current_staff, for_bank


@pages.route(REQUESTS.removeprefix("/portal"))
@for_bank()
def list_requests() -> Response:
    """The bank's open requests by how urgent they are, of one kind where the address names it."""
    person = current_staff()
    chosen = next((each for each in RequestKind if each == request.args.get("kind")), None)
    with face().hub.reading(person.actor) as tx:
        counts = requests.counts_of_bank(tx, person.bank)
        found = requests.list_of_bank(tx, person.bank, kind=chosen)
    desk = current_desk()
    tally = None if desk is None else desk.tally
    by_urgency = groupby(found, key=lambda each: each.urgency)
    return page(
        "portal/requests.html",
        title=translate("办理事项"),
        tabs=tabs_of(person, None, tally, sum(counts.values()), is_requests=True),
        kinds=[(each, translate(KINDS[each]), counts[each], each is chosen) for each in RequestKind if each in counts],
        chosen=chosen,
        groups=[
            (
                translate(GROUPS[urgency]),
                TONES[urgency],
                [(each, bank_page(each), kind_of(each), status_of(each)) for each in rows],
            )
            for urgency, rows in by_urgency
        ],
    )


@pages.route(f"{REQUESTS.removeprefix('/portal')}/<id:matter_id>")
@for_bank()
def show_request(matter_id: str) -> Response | WsgiResponse:
    """The page of the request's own kind; where that has none, where it stands and its log."""
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        found, log = requests.of_bank(tx, matter_id, bank_code=person.bank)
    if bank_page(found) != request.path:
        return go(bank_page(found))
    return page(
        "portal/request.html",
        title=kind_of(found),
        asked=found,
        standing=status_of(found),
        log=parts_of(log),
        back=REQUESTS,
    )
