"""Whoever is nobody's colleague at a bank gets, for anything of it, the very answer that an unknown id gets."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from hub.demo import people as demo_people
from hub.domain.actor import HUB
from hub.domain.staff import BANK_ROLES
from tests.applications import CMB
from tests.services.case import Case, everything_stored
from tests.storage.statements import sent_by
from tests.web.pages.conftest import Visit
from tests.web.pages.test_crawler import Answer, ask, mask, pages_for
from tests.web.pages.things_of_a_bank import things_of

NOT_OF_A_BANK = {
    "key": "a session's, found among one's own alone",
    "code": "a bank's public code, at the operator's pages and at the way in",
    "bill_id": "a cardholder's own note, found among their own alone",
    "referral_id": "what a cardholder was shown, found among their own alone",
    "reference": "the operator's pages alone",
    "token": "a secret",
    "bank_code": "a door for programs, by signature",
    "door": "a door for programs, by signature",
    "name": "a file of the hub, or the demo's mail",
    "version": "a file of the hub",
    "kind": "a kind of mail, whose sample is about invented cases",
    "section": "a part of the settings, always of one's own bank",
}
"""The arguments of addresses that name nothing of a bank, each with the reason."""
QUIET = {"audit_entry", "attempt", "page_session", "unfinished_form", "answered_call", "jobs"}
UNKNOWN = "0" * 32


@pytest.fixture
def things(app: Flask, case: Case) -> dict[str, str]:
    """Something of every kind, of ICBC."""
    with case.hub.writing(HUB) as tx:
        demo_people.add_accounts(tx)
    return things_of(case)


def filled(rule: Rule, known: dict[str, str]) -> str:
    """The rule's address with what is known in the place of its arguments."""
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", lambda found: known[found[1]], rule.rule)


def with_ids(app: Flask, role: str) -> Iterator[tuple[str, Rule]]:
    """(method, rule) of every page of the role whose address names something of a bank."""
    for method, rule in pages_for(app, lambda said: role in said):
        if rule.arguments and not rule.arguments & NOT_OF_A_BANK.keys():
            yield method, rule


def test_every_argument_of_an_address_names_something_that_is_tried(app: Flask, things: dict[str, str]) -> None:
    arguments = {name for _, rule in pages_for(app, lambda said: True) for name in rule.arguments}
    assert arguments <= things.keys() | NOT_OF_A_BANK.keys()


@pytest.mark.parametrize("role", [*sorted(BANK_ROLES), "cardholder"])
def test_anothers_thing_answers_as_an_unknown_id(
    app: Flask, visit: Visit, case: Case, things: dict[str, str], role: str
) -> None:
    person = "cardholder-1" if role == "cardholder" else f"{role.replace('_', '-')}-{CMB}"
    browser, before = visit(person), everything_stored(case.hub)
    unknown_ids = {name: UNKNOWN if len(value) == 32 else value for name, value in things.items()}

    def answer(method: str, rule: Rule, ids: dict[str, str]) -> tuple[Answer, int]:
        with sent_by(case.hub.database.engine) as sent:
            found = ask(browser, method, filled(rule, ids))
        for value in ids.values():
            found = mask(found, value) if len(value) == 32 else found
        return found, len(sent)

    tried = 0
    for method, rule in with_ids(app, role):
        theirs, unknown = answer(method, rule, things), answer(method, rule, unknown_ids)
        # No more work is done for what is there: its time tells nothing either.
        assert theirs == unknown, (method, rule.rule)
        tried += 1
    assert tried > 15
    after = everything_stored(case.hub)
    assert {name for name in after if after[name] != before[name]} <= QUIET
