"""`/portal/next`: from one case to the next, or to the one before, as the queue has it that one came from."""

import re
from typing import Final
from urllib.parse import urlencode

from flask import Response, request

from hub.domain.queue_query import question_in
from hub.services.reading.bank.heading import heading
from hub.services.reading.bank.neighbours import Neighbour, neighbour
from hub.web.access import face
from hub.web.pages.portal.blueprint import FROM, came_from, pages
from hub.web.pages.portal.list_place import ListPlace, with_place, without_place
from hub.web.pages.rendering import go
from hub.web.pages.translation import page_language
from hub.web.pages.visitors import current_staff, for_bank

_PREVIOUS: Final = "previous"
_ID = re.compile("[0-9a-f]{32}")


@pages.route("/next")
@for_bank()
def next_case() -> Response:
    """Leads to the case behind `after`, or before it; to the queue, or back with a word, where there is none."""
    person, given = current_staff(), request.args
    after, before = given.get("after", ""), given.get("way") == _PREVIOUS
    after = after if _ID.fullmatch(after) else ""
    with face().hub.reading(person.actor) as tx:
        question = question_in(came_from())
        decided = "done" in given
        found = neighbour(tx, after, person, question, before=before, decided=decided)
        reference = heading(tx, after, bank_code=person.bank, language=page_language()).reference
    if found.id is not None:
        of = {"done": given["done"], "of": reference} if decided else {}
        return go(_address(f"/portal/negotiations/{found.id}", **of, **{FROM: _place_from(found, before=before)}))
    if decided:
        return go(f"/portal/?{without_place(came_from())}".removesuffix("?"))
    done = "first_case" if before else "last_case"
    return go(_address(f"/portal/negotiations/{after}", done=done, **{FROM: came_from()}))


def _place_from(found: Neighbour, *, before: bool) -> str:
    """The list that one came from, with the place in it that one goes to."""
    place = ListPlace.read(came_from())
    if place is None:
        return came_from()
    on = 0 if found.has_moved else 1
    return with_place(came_from(), place.moved(-1 if before else on, gone=found.is_over))


def _address(path: str, **more: str) -> str:
    query = urlencode({name: value for name, value in more.items() if value})
    return f"{path}?{query}" if query else path
