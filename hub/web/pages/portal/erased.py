"""The page of a case whose personal data was erased, in the place of every page below it."""

from flask import Response, request

from hub.domain.errors import NegotiationErased
from hub.services.reading.bank.erased import erased_case
from hub.web.access import face
from hub.web.pages.rendering import page
from hub.web.pages.visitors import current_staff


def erased_page(error: NegotiationErased) -> Response:
    """Number, statuses and times; the words are gone, and the page says so."""
    negotiation_id = (request.view_args or {}).get("negotiation_id")
    if negotiation_id is None:
        raise error
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        found = erased_case(tx, str(negotiation_id), bank_code=person.bank)
    return page("portal/erased.html", title=found.reference, status=410, erased=found)
