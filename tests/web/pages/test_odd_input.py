"""Odd bytes, extreme dates and bodies too large, to every page and door: an answer each, never an error of ours."""

import base64
import re
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.applications import ICBC
from tests.conftest import AddCaller
from tests.services.case import Case
from tests.web.pages.conftest import Visit
from tests.web.pages.reader import shown
from tests.web.pages.visitor import Visitor

pytestmark = pytest.mark.slow

ODD = ("\x00", "²", "9999-12-31", "0001-01-01", "9" * 30, "x" * 5000)
PEOPLE = (None, "cardholder-1", f"supervisor-{ICBC}", "operator")
# What forms and addresses of any page hold.
NAMES = (
    "accounts.0.card_number",
    "after",
    "amount_fen",
    "at",
    "balances.0.as_of",
    "balances.x.principal_fen",
    "balances.².principal_fen",
    "band",
    "case",
    "code",
    "cursor",
    "description",
    "do",
    "due_before",
    "email",
    "evidence_id",
    "extent",
    "fields",
    "file",
    "first_due_on",
    "format",
    "from",
    "id",
    "instalments",
    "key",
    "kind",
    "lang",
    "limit",
    "mobile",
    "months",
    "name",
    "next",
    "notice",
    "number",
    "off.0",
    "once",
    "order",
    "owner",
    "page",
    "paid_on",
    "passkey",
    "password",
    "person",
    "principal_fen",
    "published_on",
    "q",
    "query",
    "reason",
    "reason_code",
    "reference",
    "role",
    "seen",
    "show",
    "since",
    "sort",
    "staff_id",
    "stage",
    "status",
    "subject",
    "tab",
    "team",
    "text",
    "through",
    "token",
    "topic",
    "turn",
    "until",
    "valid_until",
    "view",
    "week",
    "who",
    "work.0",
    "year",
)


def rules(app: Flask, method: str) -> Iterator[Rule]:
    """The routes that take the method, without those that print, and without doors that change who it is that asks."""
    for rule in app.url_map.iter_rules():
        aside = rule.rule.startswith(("/demo/sign-in", "/sign-in/out")) or rule.rule.endswith((".pdf", ".zip"))
        if method in (rule.methods or ()) and not aside:
            yield rule


def path_of(rule: Rule, case: str, **odd: str) -> str:
    known = {"negotiation_id": case, "code": ICBC, "bank_code": ICBC, **odd}
    return re.sub(r"<(?:[^<>:]*:)?(\w+)>", lambda name: quote(known.get(name[1], "x"), safe=""), rule.rule)


@pytest.fixture(params=PEOPLE, ids=str)
def somebody(request: pytest.FixtureRequest, visit: Visit, case: Case) -> Visitor:
    """A browser of each kind of person; errors of ours come out of it."""
    return visit(request.param) if request.param else visit()


def fault_of(call: Callable[[], TestResponse]) -> str | None:
    """What is wrong with the answer, or with the error that came instead of it."""
    try:
        status = call().status_code
    except Exception as error:  # noqa: BLE001 - every error is a finding, and all of them are wanted
        place = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} at {place.filename}:{place.lineno}"
    return str(status) if status >= 500 else None


def test_no_address_of_any_page_is_an_error_of_ours(app: Flask, somebody: Visitor, case: Case) -> None:
    known, found = case.sent.negotiation, {}
    for rule in rules(app, "GET"):
        for odd in ODD:
            paths = [path_of(rule, known, **dict.fromkeys(rule.arguments, odd))] if rule.arguments else []
            for path, query in [*((path, {}) for path in paths), (path_of(rule, known), dict.fromkeys(NAMES, odd))]:
                fault = fault_of(partial(somebody.get, path, query_string=query))
                if fault is not None:
                    found[rule.rule, fault] = odd
    assert found == {}


def test_no_form_of_any_page_is_an_error_of_ours(app: Flask, somebody: Visitor, case: Case) -> None:
    known, token, found = case.sent.negotiation, somebody.token(), {}
    for rule in rules(app, "POST"):
        for odd in ODD:
            form = {**dict.fromkeys(NAMES, odd), "csrf_token": token}
            fault = fault_of(partial(somebody.web.post, path_of(rule, known), data=form))
            if fault is not None:
                found[rule.rule, fault] = odd
    assert found == {}


@pytest.mark.parametrize("person", [None, "cardholder-1"], ids=str)
def test_a_body_too_large_leads_to_the_sign_in_or_is_refused(app: Flask, visit: Visit, person: str | None) -> None:
    somebody = visit(person) if person else visit()
    # The test client counts the body itself, and would write over a header.
    announced = {"CONTENT_LENGTH": str(41 * 2**20), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    found = {}
    for rule in rules(app, "POST"):
        post = partial(somebody.web.post, path_of(rule, "0" * 32), environ_overrides=announced)
        fault = fault_of(post)
        if fault is not None:
            found[rule.rule] = fault
    assert found == {}
    for path in ("/apply/evidence", f"/my/negotiations/{'0' * 32}/message"):
        answer = shown(somebody.web, somebody.web.post(path, environ_overrides=announced))
        # A step of the form is shown again by its address.
        assert answer.status_code in ({303} if person is None else {303, 404, 422}), path
        assert ("mend=1" in answer.headers.get("Location", "")) == (person is not None and "evidence" in path)


def test_a_name_and_secret_that_are_no_text_are_nobodys(app: Flask, add_client: AddCaller) -> None:
    pair = base64.b64encode(b"\xff\xfe:\x00").decode()
    for authorization in (f"Basic {pair}", "Basic !!!", "Basic", f"Bearer {pair}", "Basic \xe4\xb8", "Bearer \xe4\xb8"):
        web, headers = app.test_client(), {"Authorization": authorization}
        answer = web.post("/oauth/token", data={"grant_type": "client_credentials"}, headers=headers)
        assert answer.status_code == 401, authorization
        assert web.get("/api/v1/banks", headers=headers).status_code == 401, authorization
