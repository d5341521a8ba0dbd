"""A cardholder's form is never answered with a page: the page is kept, and the browser asks for it by an address.

So Back and a reload never ask for a form a second time, nor show an error of the browser. What a script asks for,
files, and errors that are no answer to a form stay as they are. A kept page holds the same tokens whenever it is shown;
nothing of its address stands beside them, so nothing can be guessed at them by lengths.
"""

import re
import secrets
from contextlib import suppress
from datetime import timedelta
from typing import Final

from flask import Flask, Response, request, session
from werkzeug.exceptions import RequestEntityTooLarge

from hub.domain.actor import HUB
from hub.domain.errors import TooManyTries, Unavailable
from hub.domain.visitor import VisitorKind
from hub.services.accounts import kept_answers, unfinished_forms
from hub.services.accounts.attempts import Limit
from hub.services.accounts.cardholders import Cardholder
from hub.services.accounts.kept_answers import Answer, AnswerOwner
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.limits import caller_address
from hub.web.pages.contrast import contrast
from hub.web.pages.rendering import ANSWER, PRIVATE, address_here, go
from hub.web.pages.text_size import text_size
from hub.web.pages.translation import page_language
from hub.web.pages.unfinished import is_from_script, keeps_form_here, nearest_page, typed_fields
from hub.web.pages.visitors import Area, NotSignedIn, area_of, now_for_sessions, signed_in_cardholder

# 400 answers what no page of ours sent; the others are the same at every address, or ours to mend.
_NOT_KEPT: Final = frozenset({400, 401, 403, 404, 405})
# A file that a script sends comes as it is.
_FORMS: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_SIGN_IN: Final = frozenset({"/sign-in/", "/sign-in/code"})
_BROWSER: Final = "answers"
# Somebody who is signed in has eight at most; browsers are as many as somebody likes.
_OF_STRANGERS: Final = Limit(name="kept-answers", amount=60, window=timedelta(hours=1))
_HEADERS: Final = ("Content-Language", "Retry-After")
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


def install(app: Flask) -> None:
    """Answers to forms are kept and shown. Comes after what compresses them."""

    @app.before_request
    def show() -> Response | None:
        token = request.args.get(ANSWER)
        if token is None or request.method not in {"GET", "HEAD"} or not _is_ours():
            return None
        if area_of(request.path) is Area.CARDHOLDER and signed_in_cardholder() is None:
            raise NotSignedIn(VisitorKind.CARDHOLDER)
        found = _find(token)
        return go(nearest_page()) if found is None else _shown(found)

    @app.after_request
    def keep(response: Response) -> Response:
        if not _is_kept(response):
            return response
        # Where it cannot be kept it is shown as it is.
        with suppress(Unavailable, TooManyTries):
            token = _keep(response)
            kept = go(address_here(**{ANSWER: token}))
            for cookie in response.headers.getlist("Set-Cookie"):
                kept.headers.add("Set-Cookie", cookie)
            return kept
        return response


def _is_ours() -> bool:
    return area_of(request.path) is Area.CARDHOLDER or request.path in _SIGN_IN


def _is_kept(response: Response) -> bool:
    if request.method != "POST" or not _is_ours() or is_from_script() or request.mimetype not in _FORMS:
        return False
    if response.status_code in _NOT_KEPT or not 200 <= response.status_code < 500 or response.is_streamed:
        return False
    # A part of a page is for a script.
    return response.mimetype == "text/html" and response.get_data()[:9].lower() == b"<!doctype"


def _keep(response: Response) -> str:
    person, at = signed_in_cardholder(), now_for_sessions()
    if not _is_for(person):
        face().limits.count((_OF_STRANGERS, (caller_address(),)))
        session.setdefault(_BROWSER, secrets.token_urlsafe(18))
    answer = {
        "status": str(response.status_code),
        "html": response.get_data(as_text=True),
        **_looks(),
        **{name: response.headers[name] for name in _HEADERS if name in response.headers},
    }
    with face().hub.writing(person.actor if person else HUB) as tx:
        if person is not None and keeps_form_here():
            # The page in another language is the form's own, and what was typed is there as well.
            with suppress(RequestEntityTooLarge):
                unfinished_forms.keep(tx, person, request.path, typed_fields())
        return kept_answers.keep(tx, _owner(tx, person), request.path, answer, at=at)


def _is_for(person: Cardholder | None) -> bool:
    return person is not None and request.path not in _SIGN_IN


def _owner(tx: HubTransaction, person: Cardholder | None) -> AnswerOwner:
    if person is not None and _is_for(person):
        return kept_answers.of_person(person)
    return kept_answers.of_browser(tx, session.get(_BROWSER, ""))


def _looks() -> dict[str, str]:
    """How the reader wants pages now."""
    return {"language": page_language(), "text": text_size(), "contrast": contrast()}


def _find(token: str) -> Answer | None:
    person = signed_in_cardholder()
    if not _TOKEN.fullmatch(token) or not (_is_for(person) or session.get(_BROWSER)):
        return None
    with face().hub.reading(person.actor if person else HUB) as tx:
        found = kept_answers.find(tx, _owner(tx, person), request.path, token, at=now_for_sessions())
    # A page that was made otherwise than it is wanted now is not shown so.
    return found if found is not None and _looks().items() <= found.items() else None


def _shown(answer: Answer) -> Response:
    response = Response(answer["html"], status=int(answer["status"]), content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = PRIVATE
    response.headers["Referrer-Policy"] = "same-origin"
    for name in _HEADERS:
        if name in answer:
            response.headers[name] = answer[name]
    return response
