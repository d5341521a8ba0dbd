"""What a person chose for themselves, on each device they sign in on: cookies are the fast way, the hub remembers.

A choice made by a link while somebody is signed in is kept for them; at a sign-in a browser in which nothing was chosen
gets what the person chose elsewhere.
"""

from contextlib import suppress
from dataclasses import replace

from flask import Flask, Response, g, request

from hub.domain.errors import Unavailable
from hub.domain.preferences import Language, Preferences
from hub.domain.visitor import VisitorKind
from hub.services.accounts import preferences
from hub.services.accounts.cardholders import Cardholder
from hub.web.access import face
from hub.web.headers import is_api
from hub.web.pages import contrast, text_size, translation
from hub.web.pages.text_size import SIZES
from hub.web.pages.visitors import signed_in_cardholder


def install(app: Flask, *, secure: bool) -> None:
    """Choices follow the person."""

    @app.after_request
    def follow(response: Response) -> Response:
        if not is_api(request.path):
            with suppress(Unavailable):
                _follow(response, secure=secure)
        return response


def _follow(response: Response, *, secure: bool) -> None:
    if g.pop("begun_cardholder", False):
        person = signed_in_cardholder()
        if person is not None:
            with face().hub.reading(person.actor) as tx:
                chosen = preferences.of(tx, person)
            show(response, chosen, secure=secure, over=False)
        return
    size, language = request.args.get("text"), request.args.get("lang")
    known: Cardholder | None = g.get("visitors", {}).get(VisitorKind.CARDHOLDER)
    if known is None or not (size in SIZES or language in set(Language)):
        return
    changed: dict[str, object] = {"has_large_print": size == "large"} if size in SIZES else {}
    if language in set(Language):
        changed["language"] = Language(str(language))
    keep(known, **changed)


def keep(person: Cardholder, **changed: object) -> Preferences:
    """The person's choices with those `changed`; nothing is written where they were made before."""
    hub = face().hub
    with hub.reading(person.actor) as tx:
        before = preferences.of(tx, person)
    # Raises for a value that is none, before anything is written.
    if replace(before, **changed) == before:  # type: ignore[arg-type]
        return before
    with hub.writing(person.actor) as tx:
        return preferences.change(tx, person, lambda now: replace(now, **changed))  # type: ignore[arg-type]


def show(response: Response, chosen: Preferences, *, secure: bool, over: bool = True) -> None:
    """This browser shows pages as `chosen`; with `over` False what was chosen in it before stays."""
    size, colours, language = text_size.COOKIE, contrast.COOKIE, translation.COOKIE
    if over or (chosen.has_large_print and size.value is None):
        size.keep(response, "large" if chosen.has_large_print else "normal", secure=secure)
    if over or (chosen.has_high_contrast and colours.value is None):
        colours.keep(response, "high" if chosen.has_high_contrast else "normal", secure=secure)
    if chosen.language is not None and (over or language.value is None):
        language.keep(response, chosen.language, secure=secure)
