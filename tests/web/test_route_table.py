"""`docs/routes.md` is true: it says what the code declares, and every cell of it is asked for."""

import re
from collections.abc import Callable, Iterable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from hub.domain.bank import Bank
from hub.domain.scope import Scope
from tests.applications import ICBC
from tests.conftest import AddCaller
from tests.web.caller import API, json_of
from tests.web.pages.visitor import Visitor
from tests.web.route_table import DOCUMENT, EVERYBODY, NOBODY, PEOPLE, SCOPES, Route, document_of, routes_of

UNKNOWN = "0" * 32
STAFF = frozenset(PEOPLE) - {NOBODY, "cardholder"}
DOORS = {"cardholder": "/sign-in/", "staff": "/sign-in/staff"}
DOORS_OF_PROGRAMS = {"/adapters/<bank_code>/<door>", "/gateway/negotiation", "/oauth/token"}
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture
def database(sqlite_database: str) -> str:
    """Who is let in is nothing of the database's: one kind is enough."""
    return sqlite_database


def address(route: Route) -> str:
    """The route's address with ids that nothing has."""
    return re.sub(r"<int:[^<>]+>", "1", re.sub(r"<(?:id:)?[^<>:]+>", UNKNOWN, route.rule))


class Person:
    """Somebody with a browser, who is signed in whenever they ask for something."""

    def __init__(self, app: Flask, who: str) -> None:
        self._app = app
        self._name = {NOBODY: None, "cardholder": "cardholder-1", "operator": "operator"}.get(
            who, f"{who.replace('_', '-')}-{ICBC}"
        )
        self._enter()

    def _enter(self) -> None:
        self._browser = Visitor(self._app, self._name)
        self._token = self._browser.token()

    def ask(self, route: Route, **headers: str) -> TestResponse:
        """The answer; a form holds this browser's token."""
        answer = self._send(route, headers)
        if answer.status_code == 400:
            # The token may have ended with a session; what a page itself cannot read is refused again.
            self._enter()
            answer = self._send(route, headers)
        if route.rule.startswith("/sign-in/") or answer.location == "/sign-in/gone":
            self._enter()
        return answer

    def _send(self, route: Route, headers: dict[str, str]) -> TestResponse:
        form = None if route.method == "GET" else {"csrf_token": self._token}
        # What is sent from a file is read to its end, which closes it.
        return self._browser.web.open(address(route), method=route.method, data=form, headers=headers, buffered=True)


def door_of(answer: TestResponse) -> str | None:
    """Whose sign-in the answer leads to; None for every other answer."""
    where = (answer.location or "").partition("?")[0] if answer.status_code == 303 else ""
    return next((kind for kind, door in DOORS.items() if where == door), None)


def refusal_of(route: Route, who: str) -> tuple[int, str | None]:
    """How the page refuses one it is not for: status, and the sign-in it leads to."""
    if not route.whom & STAFF:
        return 303, "cardholder"
    return (403, None) if who in STAFF else (303, "staff")


def test_the_document_is_what_the_code_declares(app: Flask) -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document_of(app), "write it anew: make routes"


def lets_in(route: Route, answer: TestResponse) -> bool:
    """Whether the page has done its own work with it, whatever it says of an id that nothing has."""
    if route.rule in DOORS_OF_PROGRAMS:
        return answer.status_code in {400, 401, 404}
    # Whoever is in no sign-in is led to where it begins.
    is_sent_away = door_of(answer) is not None and not (route.rule.startswith("/sign-in/") and EVERYBODY in route.whom)
    return answer.status_code < 500 and answer.status_code not in {401, 403, 405} and not is_sent_away


def wrong_answers(
    routes: Iterable[Route], ask: Callable[[Route], TestResponse], is_right: Callable[[Route, TestResponse], bool]
) -> list[tuple[str, str, int, str | None]]:
    """(method, address, status, where to) of every answer that is not the table's."""
    asked = ((route, ask(route)) for route in routes)
    return [
        (route.method, route.rule, answer.status_code, answer.location)
        for route, answer in asked
        if not is_right(route, answer)
    ]


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_lets_in_whom_the_table_says_and_nobody_else(app: Flask, banks: dict[str, Bank], who: str) -> None:
    def is_right(route: Route, answer: TestResponse) -> bool:
        if route.lets_in(who):
            return lets_in(route, answer)
        return (answer.status_code, door_of(answer)) == refusal_of(route, who)

    pages = [route for route in routes_of(app) if not route.is_api]
    assert len(pages) > 250
    assert wrong_answers(pages, Person(app, who).ask, is_right) == []


@pytest.mark.parametrize("scope", SCOPES)
def test_every_call_lets_in_the_scopes_the_table_names_and_no_other(
    app: Flask, banks: dict[str, Bank], caller: AddCaller, scope: str
) -> None:
    program = caller("a program", scope, bank_code=ICBC if scope == Scope.REVIEW else None)

    def ask(route: Route) -> TestResponse:
        return program.call(route.method, address(route).removeprefix(API))

    def is_right(route: Route, answer: TestResponse) -> bool:
        if route.lets_in(scope):
            return answer.status_code < 500 and answer.status_code not in {401, 403, 405}
        return (answer.status_code, json_of(answer)["code"]) == (403, "not_allowed")

    calls = [route for route in routes_of(app) if route.is_api]
    assert len(calls) > 70
    assert wrong_answers(calls, ask, is_right) == []


@pytest.mark.parametrize("who", PEOPLE)
def test_no_session_of_the_pages_opens_the_api(app: Flask, banks: dict[str, Bank], who: str) -> None:
    def is_right(route: Route, answer: TestResponse) -> bool:
        return EVERYBODY in route.whom or (answer.status_code, json_of(answer)["code"]) == (401, "not_authenticated")

    calls = [route for route in routes_of(app) if route.is_api]
    assert wrong_answers(calls, Person(app, who).ask, is_right) == []


def test_no_token_of_the_api_opens_a_page(app: Flask, banks: dict[str, Bank], caller: AddCaller) -> None:
    program = caller("a program", *SCOPES, bank_code=ICBC)
    token = Person(app, NOBODY)

    def is_right(route: Route, answer: TestResponse) -> bool:
        return (answer.status_code, door_of(answer)) == refusal_of(route, NOBODY)

    def ask(route: Route) -> TestResponse:
        return token.ask(route, Authorization=f"Bearer {program.token}")

    closed = [route for route in routes_of(app) if not (route.is_api or EVERYBODY in route.whom)]
    assert wrong_answers(closed, ask, is_right) == []


def test_no_address_takes_another_method(app: Flask) -> None:
    taken: dict[str, set[str]] = {}
    for route in routes_of(app):
        taken.setdefault(route.rule, set()).add(route.method)
    others = [
        Route(rule, method, frozenset()) for rule, methods in taken.items() for method in sorted(METHODS - methods)
    ]

    def is_right(_: Route, answer: TestResponse) -> bool:
        # Or it is one that leads nowhere, of which strangers are told nothing below an area.
        return answer.status_code in {404, 405} or door_of(answer) is not None

    assert wrong_answers(others, Person(app, NOBODY).ask, is_right) == []
