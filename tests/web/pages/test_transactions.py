"""A page is one transaction: all that it shows is of one moment, and its signature says what it was read in.

Counted is every transaction that a GET opens in its visitor's name. The hub's own stand beside them: the look whose
session it is, and at `/ops/` one for each light that asks the database.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask

from hub.domain.actor import HUB, Actor
from hub.domain.collection import CollectionChannel, CollectionReport
from hub.domain.credit_note import CreditNote, CreditNoteKind
from hub.services.agreements import collection
from hub.services.negotiations import credit_notes
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from tests.services.agreements.amending import Amending
from tests.services.case import Case
from tests.web.pages.clerk import Clerk
from tests.web.pages.operator import Operator
from tests.web.pages.visitor import Visitor

Opened = Counter[str]
# One amendment is asked for at a time: here another pay day, whose paper is still to come.
_OF_ANOTHER_AMENDMENT = re.compile("early-settlement/<|/paper.pdf")
# Papers that an agreement in force has not.
_AFTER_THE_END = {f"/portal/negotiations/<id:negotiation_id>/{name}.pdf" for name in ("default-notice", "clearance")}


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Opened:
    """How many transactions were opened in whose name."""
    counted: Opened = Counter()

    def watched(
        begin: Callable[[Hub, Actor], AbstractContextManager[HubTransaction]],
    ) -> Callable[[Hub, Actor], AbstractContextManager[HubTransaction]]:
        @contextmanager
        def begun(hub: Hub, actor: Actor) -> Iterator[HubTransaction]:
            counted["the hub" if actor == HUB else "the visitor"] += 1
            with begin(hub, actor) as tx:
                yield tx

        return begun

    for name in ("reading", "writing"):
        monkeypatch.setattr(Hub, name, watched(getattr(Hub, name)))
    return counted


def transactions_of(visitor: Visitor, paths: list[str], opened: Opened) -> dict[str, int]:
    """How many transactions each page opens in the visitor's name."""
    found = {}
    for path in paths:
        opened.clear()
        assert visitor.get(path).status_code == 200, path
        found[path] = opened["the visitor"]
    return found


def pages_below(app: Flask, head: str) -> set[str]:
    """The rules of all pages below an address, as they are written in the application."""
    rules = (each for each in app.url_map.iter_rules() if "GET" in (each.methods or ()))
    return {each.rule for each in rules if each.rule.startswith(head)}


def test_a_page_of_the_portal_is_one_transaction(
    app: Flask, case: Case, clerk: Clerk, chief: Clerk, opened: Opened
) -> None:
    offer_id = case.offer()
    case.accept(offer_id)
    case.work_off()
    said = CollectionReport(at=case.clock.now(), channel=CollectionChannel.PHONE, caller="", text="又打来。")
    with case.hub.writing(case.cardholder) as tx:
        report_id = collection.report(tx, case.id, said, client_id=case.client_id).id
    with case.hub.writing(case.cardholder) as tx:
        asked = CreditNote(kind=CreditNoteKind.SETTLED, text="请核对。")
        note_id = credit_notes.ask(tx, case.id, asked, client_id=case.client_id).id
    ids = {
        "negotiation": case.id,
        "amendment": Amending(case=case).ask_day(),
        "note": note_id,
        "offer": offer_id,
        "report": report_id,
        "evidence": case.sent.evidence[0],
    }
    paths = sorted(
        re.sub(r"<id:(\w+)_id>", lambda name: ids[name[1]], rule)
        for rule in pages_below(app, "/portal/") - _AFTER_THE_END - {"/portal/staff"}
        if not _OF_ANOTHER_AMENDMENT.search(rule)
    )
    counted = transactions_of(clerk, paths, opened)
    counted |= transactions_of(Visitor(app, f"bank-admin-{case.bank_code}"), ["/portal/staff"], opened)
    assert counted == dict.fromkeys(counted, 1)


def test_a_page_of_the_operators_is_one_transaction(app: Flask, case: Case, opened: Opened) -> None:
    reference, operator = case.view()["reference"], Operator(app)
    rules = pages_below(app, "/ops/") - {"/ops/calendar/check"}
    paths = [rule.replace("<reference>", reference).replace("<code>", case.bank_code) for rule in rules]
    counted = transactions_of(operator, sorted(paths), opened)
    assert counted == dict.fromkeys(counted, 1)


def test_a_session_is_looked_up_once_a_page(clerk: Clerk, opened: Opened) -> None:
    opened.clear()
    clerk.read()
    assert opened == {"the visitor": 1, "the hub": 1}
