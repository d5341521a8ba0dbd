"""Every page says for whom it is, and keeps to it: the map of addresses is walked, so no new page can be forgotten."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from hub.domain.bank import Bank
from hub.domain.scope import Scope
from hub.web.headers import is_api
from tests.applications import CMB, ICBC
from tests.conftest import Submit
from tests.web.pages.conftest import Visit
from tests.web.pages.visitor import Visitor

ROLES = {"reviewer", "supervisor", "auditor", "bank_admin"}
WHOM = {"everybody", "cardholder", "operator", *ROLES}
UNKNOWN = "0" * 32


def rules_of(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every address with what its view says of itself."""
    for rule in app.url_map.iter_rules():
        yield rule, getattr(app.view_functions[rule.endpoint], "access", "")


def pages_for(app: Flask, whom: Callable[[set[str]], bool]) -> Iterator[tuple[str, Rule]]:
    """(method, rule) of every page whose visitors `whom` takes."""
    for rule, access in rules_of(app):
        said = set(access.split(" or "))
        # Doors for programs ask for a signature instead.
        if said <= WHOM and whom(said) and not is_api(rule.rule):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, rule


def address(rule: Rule, value: str) -> str:
    """The rule's address with `value` in the place of every argument."""
    return re.sub(r"<(?:[^:<>]+:)?[^<>]+>", value, rule.rule)


Answer = tuple[int, str, str]


def ask(browser: Visitor, method: str, path: str) -> Answer:
    """Status, body and where to go next."""
    answer = browser.get(path) if method == "GET" else browser.post(path)
    return answer.status_code, answer.get_data(as_text=True), answer.headers.get("Location", "")


def mask(answer: Answer, value: str) -> Answer:
    """The answer without what the visitor has put into the address."""
    status, body, where = answer
    return status, re.sub(r'csrf_token" value="[^"]+"', "", body).replace(value, "*"), where.replace(value, "*")


def test_every_route_says_for_whom_it_is(app: Flask) -> None:
    silent = [rule.rule for rule, access in rules_of(app) if not set(access.split(" or ")) <= WHOM | set(Scope)]
    assert not silent


def test_pages_of_each_area_are_for_its_people(app: Flask) -> None:
    for rule, access in rules_of(app):
        said = set(access.split(" or "))
        if rule.rule.startswith("/portal"):
            assert said <= ROLES, rule.rule
        elif rule.rule.startswith("/ops"):
            assert said == {"operator"}, rule.rule
        elif rule.rule == "/apply/":
            # What this is can be read before anybody signs in.
            assert said == {"everybody"}
        elif rule.rule.startswith(("/my", "/apply")):
            assert said == {"cardholder"}, rule.rule


def test_a_stranger_gets_into_no_page(app: Flask, visit: Visit, banks: dict[str, Bank]) -> None:
    browser = visit()
    for method, rule in pages_for(app, lambda said: "everybody" not in said):
        path = address(rule, UNKNOWN)
        answer = browser.get(path) if method == "GET" else browser.post(path)
        assert answer.status_code == 303, (method, path)
        assert answer.headers["Location"].startswith("/sign-in/"), (method, path)


def test_no_form_is_taken_without_its_token(app: Flask, visit: Visit, banks: dict[str, Bank]) -> None:
    signed_in = [visit("cardholder-1"), visit(f"supervisor-{ICBC}"), visit("operator")]
    # The calculator does sums of what is in the form, for anybody, and changes nothing.
    without_one = {"/demo/sign-in", "/calculator", "/calculator/instalments"}
    for method, rule in pages_for(app, lambda said: True):
        if method == "GET" or rule.rule in without_one:
            continue
        for browser in signed_in:
            answer = browser.web.open(address(rule, UNKNOWN), method=method, data={"text": "x"})
            assert answer.status_code == 400, (method, rule.rule)


@pytest.mark.parametrize(
    ("person", "may"),
    [
        ("cardholder-1", {"cardholder"}),
        (f"reviewer-{ICBC}", {"reviewer"}),
        (f"auditor-{ICBC}", {"auditor"}),
        (f"bank-admin-{ICBC}", {"bank_admin"}),
        ("operator", {"operator"}),
    ],
)
def test_nobody_gets_into_the_pages_of_others(
    app: Flask, visit: Visit, banks: dict[str, Bank], person: str, may: set[str]
) -> None:
    browser = visit(person)
    for method, rule in pages_for(app, lambda said: "everybody" not in said and not said & may):
        status, _, _ = ask(browser, method, address(rule, UNKNOWN))
        assert status in {303, 403}, (method, rule.rule)


def test_what_is_anothers_answers_as_what_is_not_there(
    app: Flask, visit: Visit, submitted: Submit, work_off: Callable[[], int]
) -> None:
    others = submitted(CMB).negotiation
    work_off()
    people = {"cardholder": visit("cardholder-1"), "supervisor": visit(f"supervisor-{ICBC}")}
    for whom, browser in people.items():
        for method, rule in pages_for(app, lambda said, whom=whom: whom in said):  # type: ignore[misc]
            if not rule.arguments:
                continue
            unknown, of_another = (
                mask(ask(browser, method, address(rule, value)), value) for value in (UNKNOWN, others)
            )
            assert of_another == unknown, (method, rule.rule)
            assert unknown[0] == 404 if method == "GET" else unknown[0] in {303, 404, 422}, (method, rule.rule)
