"""Nothing typed is lost: forms are kept as they stand while somebody fills them in, and shown again where they left.

So it is for cardholders and for people at banks, each by the sign-in of their own area.

`form.js` posts a form to its own address with `do=draft`; nothing is judged then and nothing is done. What is posted
after the session has ended, by a button or by the script, is held until the same person has signed in again in that
browser. It is shown then and never sent by itself.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final, ParamSpec, TypeVar, cast

from flask import Response, current_app, request, session
from werkzeug.exceptions import HTTPException

from hub.domain.actor import HUB
from hub.domain.china import CHINA
from hub.domain.errors import TooManyTries, Unavailable
from hub.domain.visitor import VisitorKind
from hub.services.accounts import unfinished_forms
from hub.services.accounts.attempts import Limit
from hub.services.accounts.unfinished_forms import Values
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.browser_sessions import HELD_FORM, find_lapsed, session_left_header
from hub.web.pages.forms import FormState
from hub.web.pages.rendering import PRIVATE, address_here, go
from hub.web.pages.visitors import NotSignedIn, area_of, now_for_sessions, visitor_of

DRAFT: Final = "draft"
AFRESH: Final = "afresh"
SCRIPT_HEADER: Final = "X-Requested-With"
SCRIPT: Final = "form.js"

# A form is kept a second or two after each change, so this is somebody who writes all day long.
_DRAFTS: Final = Limit(name="drafts", amount=1800, window=timedelta(hours=1))
_HELD: Final = Limit(name="held-forms", amount=60, window=timedelta(hours=1))
_MOST_FIELDS, _LONGEST_NAME, _LONGEST_VALUE, _MOST_SIGNS = 1500, 100, 5000, 100_000
_LONGEST_ADDRESS: Final = 200
# A form that comes back as it was typed, or is shown as it would be.
_COMES_BACK: Final = frozenset({200, 409, 422})
# Tokens of one answer, codes that are used once, files and what was shown: none of it was typed, or it must not stay.
_NOT_KEPT: Final = frozenset(
    {
        "csrf_token",
        "once",
        "do",
        "step",
        "shown",
        "code",
        "password",
        "sign_on_secret",
        "confirm.code",
        "waiting_file",
        "waiting_kind",
        "drop",
    }
)

P = ParamSpec("P")
R = TypeVar("R")


def keeps_unfinished(view: Callable[P, R]) -> Callable[P, R]:
    """The form that this view takes is kept while it is filled in; its page shows `left_here()`."""
    cast("Any", view).keeps_unfinished = True
    return view


def is_from_script() -> bool:
    """Whether the script of the form asks, which is no use of a page in answer."""
    return request.headers.get(SCRIPT_HEADER) == SCRIPT


def typed_fields() -> Values:
    """What was typed into the form that came, cut where it is longer than any field may be."""
    return cut({name: typed for name, typed in request.form.lists() if name not in _NOT_KEPT})


def cut(values: Values) -> Values:
    """`values` as far as they are kept: no field longer than any may be, and no more of them than any form has."""
    kept: dict[str, list[str]] = {}
    room = _MOST_SIGNS
    for name, typed in values.items():
        if len(name) > _LONGEST_NAME or len(kept) >= _MOST_FIELDS:
            continue
        kept[name] = [each[: min(_LONGEST_VALUE, room)] for each in typed[:_MOST_FIELDS]]
        room -= sum(map(len, kept[name]))
        if room <= 0:
            break
    return kept


def is_draft() -> bool:
    """Whether the present form is to be kept, or to be begun afresh, and nothing else."""
    if request.method != "POST" or not keeps_form_here():
        return False
    return request.form.get("do") in {DRAFT, AFRESH}


def take_draft() -> Response | None:
    """Before a form's own view: keeps it, or throws away what was kept of it, where that is all that was asked for."""
    if not is_draft():
        return None
    area = area_of(request.path)
    person = visitor_of(area)
    if request.form.get("do") == AFRESH:
        with face().hub.writing(person.actor) as tx:
            unfinished_forms.forget(tx, person, request.path)
        return go(nearest_page())
    face().limits.count_from_lease(_DRAFTS, person.owner_key)
    with face().hub.writing(person.actor) as tx:
        unfinished_forms.keep(tx, person, request.path, typed_fields())
    if not is_from_script():
        return go(nearest_page())
    left = session_left_header(area.visitors) if area.visitors is not None else {}
    headers = {"Draft-Saved": f"{now_for_sessions().astimezone(CHINA):%H:%M}", **left}
    return Response(status=204, headers={**headers, "Cache-Control": PRIVATE})


def forget_done(response: Response) -> Response:
    """After a form's own view: once it has done what it says, nothing is kept of it."""
    # A form that leads to a sign-in has done nothing yet.
    is_done = response.status_code == 303 and not response.headers.get("Location", "").startswith("/sign-in/")
    if request.method == "POST" and is_done and _is_kept() and not is_draft():
        # What the form did is done: where it cannot be forgotten now, it is shown once more.
        with suppress(Unavailable):
            _forget_here()
    return response


def _forget_here() -> None:
    try:
        person = visitor_of(area_of(request.path))
    except NotSignedIn:
        return
    with face().hub.reading(person.actor) as tx:
        is_there = unfinished_forms.find(tx, person, request.path) is not None
    if is_there:
        with face().hub.writing(person.actor) as tx:
            unfinished_forms.forget(tx, person, request.path)


def keeps_form_here() -> bool:
    """Whether the form that came is one that is kept while it is filled in."""
    return len(request.path) <= _LONGEST_ADDRESS and _is_kept()


def _is_kept() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "keeps_unfinished", False)


def keep_unsent(response: Response) -> Response:
    """After a form's own view: what came back, or is shown before it is sent, is kept as well.

    So nothing depends on a script. Where it cannot be kept, the page still holds it.
    """
    is_shown = response.status_code in _COMES_BACK and response.mimetype == "text/html"
    if request.method == "POST" and is_shown and keeps_form_here() and not is_from_script():
        with suppress(Unavailable, NotSignedIn):
            person = visitor_of(area_of(request.path))
            with face().hub.writing(person.actor) as tx:
                unfinished_forms.keep(tx, person, request.path, typed_fields())
    return response


def left_here() -> FormState | None:
    """The form of this page as the person left it before they sent it, or None."""
    with face().hub.reading(visitor_of(area_of(request.path)).actor) as tx:
        return left_at(tx, request.path)


def left_at(tx: HubTransaction, address: str) -> FormState | None:
    """The form that is sent to `address` as the person left it before they sent it, or None."""
    found = unfinished_forms.find(tx, visitor_of(area_of(address)), address)
    if found is None:
        return None
    return FormState(values=found.values, is_unfinished=True, left_at=found.changed_at, address=address)


def hold_for_sign_in() -> bool:
    """What a browser posts whose session has ended by itself is held for the same person's sign-in there.

    A cardholder's and that of somebody at a bank alike, each by the session of the form's own area.

    Whether it is: not of who signed out, nor of who sends too much, nor where nothing can be written.
    """
    kind = area_of(request.path).visitors or VisitorKind.CARDHOLDER
    token = session.get(kind)
    if request.method != "POST" or not isinstance(token, str) or not keeps_form_here():
        return False
    hub, at = face().hub, now_for_sessions()
    with suppress(TooManyTries, Unavailable):
        with hub.reading(HUB) as tx:
            lapsed = find_lapsed(tx, kind, token)
        if lapsed is None:
            return False
        face().limits.count_from_lease(_HELD, lapsed.owner_key)
        with hub.writing(HUB) as tx:
            session[HELD_FORM] = unfinished_forms.hold(tx, lapsed, request.path, typed_fields(), at=at)
        return True
    return False


def page_to_come_back_to() -> str | None:
    """The address to show after a sign-in: of a form that was posted its own page, where it has one."""
    if request.method in {"GET", "HEAD"}:
        return request.full_path.rstrip("?")
    adapter = current_app.create_url_adapter(request)
    try:
        if adapter is not None:
            adapter.match(request.path, method="GET")
            return request.full_path.rstrip("?")
    except HTTPException:
        pass
    return None


def nearest_page() -> str:
    """The address of the form without its answer; where it has no page, of the next one above it that has."""
    adapter = current_app.create_url_adapter(request)
    path = request.path
    while adapter is not None and path.strip("/"):
        for each in (path, f"{path.rstrip('/')}/"):
            with suppress(HTTPException):
                adapter.match(each, method="GET")
                return address_here(each)
        path = path.rstrip("/").rpartition("/")[0]
    return area_of(request.path).home
