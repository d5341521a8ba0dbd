"""What all pages of one negotiation share: finding it for its person alone, and what becomes of a conflict."""

import contextlib
from collections.abc import Iterator
from typing import Any

from flask import Response, request

from hub.domain.errors import OfferNotOpen, StatusConflict
from hub.services.reading import reading_log
from hub.services.reading.cardholder import negotiations
from hub.services.reading.cardholder.negotiations import OwnNegotiation
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.api import showing
from hub.web.pages import unfinished
from hub.web.pages.display_names import word
from hub.web.pages.errors import stale
from hub.web.pages.forms import FormState
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language, speak_of_lender
from hub.web.pages.visitors import current_cardholder


@contextlib.contextmanager
def reading_own(negotiation_id: str) -> Iterator[tuple[HubTransaction, OwnNegotiation]]:
    """The page's one look at the hub, and the negotiation of the person who is signed in; the look is on record then.

    Raises `NotFound` for another's negotiation and for none alike.
    """
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        found = negotiations.get_own(tx, person, negotiation_id, language=page_language())
        speak_of_lender(found.is_with_lender)
        glances = reading_log.new_glances(tx, [found.view])
        yield tx, found
    reading_log.note_glances(face().hub, person.actor, glances)


def own(negotiation_id: str) -> OwnNegotiation:
    """The person's negotiation, for a page that needs nothing else of the hub; raises `NotFound`."""
    with reading_own(negotiation_id) as (_, found):
        return found


def take_draft() -> Response | None:
    """As `unfinished.take_draft`, of forms at the person's own negotiations alone; raises `NotFound` for another's."""
    if unfinished.is_draft() and "negotiation_id" in (request.view_args or {}):
        own(str((request.view_args or {})["negotiation_id"]))
    return unfinished.take_draft()


def address_of(negotiation_id: str, below: str = "") -> str:
    """Where the negotiation's page is, or one below it."""
    return f"/my/negotiations/{negotiation_id}{below}"


def bank_name(negotiation: OwnNegotiation) -> str:
    """What the bank is called in the language of the page."""
    bank = negotiation.view["bank"]
    name: str = bank["name_en"] if page_language() == "en" else bank["name_zh"]
    return name


def own_page(template: str, negotiation: OwnNegotiation, *, title: str, **context: Any) -> Response:
    """A page below the negotiation's; 422 where a form holds faults. `address_here` is for another browser."""
    state: FormState = context.pop("state", FormState())
    return page(
        template,
        title=title,
        status=context.pop("status", 200 if state.sound else 422),
        state=state,
        negotiation=negotiation,
        view=showing.negotiation(negotiation.view, page_language()),
        bank=bank_name(negotiation),
        here=address_of(negotiation.id),
        address_here=f"{face().hub.settings.public_url}{request.path}",
        **{"back": address_of(negotiation.id), **context},
    )


def changed_meanwhile(_error: StatusConflict | OfferNotOpen) -> Response:
    """Says who changed the negotiation and when, and gives back what was typed."""
    negotiation_id = str((request.view_args or {})["negotiation_id"])
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        negotiation = negotiations.get_own(tx, person, negotiation_id, language=page_language())
        speak_of_lender(negotiation.is_with_lender)
        party, at = negotiations.last_change(tx, negotiation)
    return stale(
        changed_by=word("party", party),
        changed_at=at,
        back=address_of(negotiation_id),
        typed=request.form.get("text", "") or request.form.get("terms.note", ""),
    )
