"""Nothing typed is lost: forms are kept as they stand while somebody fills them in, and shown again where they left.

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
from hub.services.accounts import sign_in, unfinished_forms
from hub.services.accounts.attempts import Limit
from hub.services.accounts.unfinished_forms import Values
from hub.web.access import face
from hub.web.pages.forms import FormState
from hub.web.pages.rendering import PRIVATE, address_here, go
from hub.web.pages.visitors import (
    HELD_FORM,
    current_cardholder,
    now_for_sessions,
    session_left_header,
    signed_in_cardholder,
)

DRAFT: Final = "draft"
AFRESH: Final = "afresh"
SCRIPT_HEADER: Final = "X-Requested-With"
SCRIPT: Final = "form.js"

# A form is kept a second or two after each change, so this is somebody who writes all day long.
_DRAFTS: Final = Limit(name="drafts", amount=1800, window=timedelta(hours=1))
_HELD: Final = Limit(name="held-forms", amount=60, window=timedelta(hours=1))
_MOST_FIELDS, _LONGEST_NAME, _LONGEST_VALUE, _MOST_SIGNS = 1500, 100, 5000, 100_000
_LONGEST_ADDRESS: Final = 200
# Tokens of one answer, codes that are used once, files and what was shown: none of it was typed, or it must not stay.
_NOT_KEPT: Final = frozenset(
    {"csrf_token", "once", "do", "step", "shown", "code", "password", "waiting_file", "waiting_kind", "drop"}
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
    person = current_cardholder()
    if request.form.get("do") == AFRESH:
        with face().hub.writing(person.actor) as tx:
            unfinished_forms.forget(tx, person, request.path)
        return go(address_here())
    face().limits.count_from_lease(_DRAFTS, person.owner_key)
    with face().hub.writing(person.actor) as tx:
        unfinished_forms.keep(tx, person, request.path, typed_fields())
    headers = {"Draft-Saved": f"{now_for_sessions().astimezone(CHINA):%H:%M}", **session_left_header()}
    return Response(status=204, headers={**headers, "Cache-Control": PRIVATE})


def forget_done(response: Response) -> Response:
    """After a form's own view: once it has done what it says, nothing is kept of it."""
    if request.method == "POST" and response.status_code == 303 and _is_kept():
        # What the form did is done: where it cannot be forgotten now, it is shown once more.
        with suppress(Unavailable):
            _forget_here()
    return response


def _forget_here() -> None:
    person = signed_in_cardholder()
    if person is None:
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


def left_here() -> FormState | None:
    """The form of this page as the person left it before they sent it, or None."""
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        found = unfinished_forms.find(tx, person, request.path)
    return None if found is None else FormState(values=found.values, is_unfinished=True)


def hold_for_sign_in() -> bool:
    """What a browser posts whose session has ended by itself is held for the same person's sign-in there.

    Whether it is: not of who signed out, nor of who sends too much, nor where nothing can be written.
    """
    token = session.get(VisitorKind.CARDHOLDER)
    if request.method != "POST" or not isinstance(token, str) or not keeps_form_here():
        return False
    hub, at = face().hub, now_for_sessions()
    with suppress(TooManyTries, Unavailable):
        with hub.reading(HUB) as tx:
            lapsed = sign_in.find_lapsed(tx, token)
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
