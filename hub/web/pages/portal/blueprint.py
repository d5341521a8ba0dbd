"""The blueprint of the pages below `/portal/`, and what they tell of where somebody came from."""

import re
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import HTTPException

from hub.domain.actor import Party
from hub.domain.errors import NotAllowed
from hub.domain.evidence import MAX_FILE_SIZE
from hub.services.reading.bank.heading import require_negotiation
from hub.services.reading.bank.people import Author
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages import unfinished
from hub.web.pages.portal.list_place import without_place
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff
from hub.web.uploads import FORM_SLACK

pages = Blueprint("portal", __name__, url_prefix="/portal")

_SIDES = {Party.CARDHOLDER: marked("客户"), Party.BANK: marked("本行系统"), Party.HUB: marked("平台")}


def author_name(author: Author) -> str:
    """Who that is to a colleague: a name, or a side where it is nobody of the bank's people."""
    return author.name or translate(_SIDES[author.party])


@pages.context_processor
def names() -> dict[str, Any]:
    """What every template of the portal finds beside what `rendering.page` promises.

    `queue_query` is the address of the queue that one came from, behind its question mark, with the case's place in it,
    and `list_query` the same without the place; `onward` is what a link to a page of the same case ends with, so that
    it is not lost. `came_from_list` is the address and the name of another list that one came from, and `from_here`
    what the links of this list to cases end with. `done_of` is the number of the case before, where what is said to be
    done was done there.
    """
    of = request.args.get("of", "")
    return {
        "queue_query": came_from(),
        "list_query": without_place(came_from()),
        "onward": onward(),
        "came_from_list": _came_from_list(),
        "from_here": _from_here(),
        "done_of": of if _REFERENCE.fullmatch(of) else "",
    }


FROM: Final = "from"
_QUERY = re.compile(r"[A-Za-z0-9_.~%&=+-]{0,800}")
_REFERENCE = re.compile(r"XS-[0-9]{8}-[0-9]{6}")


def came_from() -> str:
    """The address of the queue that one came from to this case, behind its question mark; empty for the whole queue."""
    try:
        given = request.values.get(FROM, "")
    except HTTPException:
        # The page that says that a form is too long comes without it.
        return ""
    # It goes into addresses as it is: what no browser would have written there is left out.
    return given if _QUERY.fullmatch(given) else ""


def onward() -> str:
    """The same as the end of the address of another page of the case."""
    query = came_from()
    return f"?{urlencode({FROM: query})}" if query else ""


# Lists beside the queue that lead to cases, by what an address calls them.
_LISTS: Final = {
    "reviews": marked("待我复核"),
    "agreements": marked("履约跟踪"),
    "answers": marked("答复明细"),
    "dashboard": marked("时效看板"),
    "audit": marked("审计记录"),
}
_LIST: Final = "list"


def came_from_list_named() -> str:
    """The name in the address of another list that one came from; empty for the queue."""
    return dict(parse_qsl(came_from())).get(_LIST, "")


def _came_from_list() -> tuple[str, str] | None:
    query = dict(parse_qsl(came_from()))
    name = query.pop(_LIST, "")
    if name not in _LISTS:
        return None
    return f"/portal/{name}?{urlencode(query)}".removesuffix("?"), translate(_LISTS[name])


def _from_here() -> str:
    name = request.path.removeprefix("/portal/")
    if name not in _LISTS:
        return ""
    asked = [(given, word) for given, word in request.args.items() if given not in ("done", "of")]
    query = urlencode([(_LIST, name), *asked])
    return f"?{urlencode({FROM: query})}" if _QUERY.fullmatch(query) else ""


@pages.before_request
def take_draft() -> Response | None:
    """As `unfinished.take_draft`, of who may send the form, at their own bank's cases alone.

    Raises `NotAllowed`, and `NotFound` for another bank's case and for none alike.
    """
    if not unfinished.is_draft():
        return None
    person = current_staff()
    view = current_app.view_functions[request.endpoint or ""]
    if person.role not in getattr(view, "roles", ()):
        raise NotAllowed("role")
    negotiation_id = (request.view_args or {}).get("negotiation_id")
    if negotiation_id is not None:
        with face().hub.reading(person.actor) as tx:
            require_negotiation(tx, str(negotiation_id), bank_code=person.bank)
    return unfinished.take_draft()


pages.after_request(unfinished.keep_unsent)
pages.after_request(unfinished.forget_done)


@pages.url_value_preprocessor
def bound_body(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """No form is longer than a recording with its words; said before anybody reads the form."""
    request.max_content_length = MAX_FILE_SIZE + FORM_SLACK
