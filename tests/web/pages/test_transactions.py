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
from hub.domain.assignment import Turn, Way
from hub.domain.collection import CollectionChannel, CollectionReport
from hub.domain.credit_note import CreditNote, CreditNoteKind
from hub.domain.offer_template import OfferTemplate
from hub.domain.terms import Kind
from hub.services.accounts import subjects
from hub.services.agreements import collection
from hub.services.negotiations import assignment, credit_notes, desk_templates
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from tests.services.agreements.amending import Amending
from tests.services.appointments.meeting import booked
from tests.services.case import Case
from tests.services.instalments import CLIENT, SUBJECT, asked_about_instalments
from tests.services.referrals.partner import CODE as PARTNER
from tests.services.referrals.partner import add_partner
from tests.web.pages.clerk import Clerk
from tests.web.pages.operator import Operator
from tests.web.pages.visitor import Visitor

Opened = Counter[str]
# One amendment is asked for at a time: here another pay day, whose paper is still to come.
_OF_ANOTHER_AMENDMENT = re.compile("early-settlement/<|/paper.pdf")
# Papers that an agreement in force has not.
_ORIGINAL = "/portal/negotiations/<id:negotiation_id>/evidence/<id:evidence_id>/original"
_OF_LEADS = {"/portal/audit", "/portal/reviews", "/portal/replies/new", "/portal/offer-templates/new"}
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


# Led to by what a form has begun.
_NEW_AUTHENTICATOR = {"/portal/security/authenticator", "/ops/security/authenticator"}
_ELSEWHERE = {
    *_NEW_AUTHENTICATOR,
    # It leads to another case; `portal/test_assigning` goes there.
    "/portal/next",
    # What a person chose comes with their account, so the page asks nothing more.
    "/portal/settings",
    # Which fields a table may have is known without asking.
    "/portal/exports/new",
    # One of a few kinds, none of which is an id; `portal/test_bank` reads them.
    "/portal/bank/mails/<kind>",
    # There is none in time for this test; `portal/test_answers` reads the page.
    "/portal/answers/<id:clock_id>/cause",
    # Of one export, which `portal/test_exports` reads.
    "/portal/exports/<id:export_id>",
    # Of requests beside the negotiation, which `portal/test_mandates` reads.
    "/portal/mandates/<id:mandate_id>",
    "/portal/deductions/<id:deduction_id>",
    # Of a request whose quote was accepted; `test_instalment_pages` reads it.
    "/portal/instalments/<id:request_id>/done",
    # Of a request that was quoted, and of one that was posted; `test_instalment_letters` reads them.
    "/portal/instalments/<id:request_id>/quote.pdf",
    "/portal/instalments/<id:request_id>/result.pdf",
    # Of a refund alone; `test_refund_proofs` reads them.
    "/portal/instalments/<id:request_id>/evidence/<id:evidence_id>",
    "/portal/instalments/<id:request_id>/evidence/<id:evidence_id>/pages/<int:number>",
    "/portal/instalments/<id:request_id>/evidence/<id:evidence_id>/file",
    # It leads on to the page of its kind.
    "/portal/requests/<id:matter_id>",
    "/portal/requests/<id:matter_id>/owner",
    # Of an appointment that has begun, and of one that is over; `portal/test_appointments` reads them.
    "/portal/appointments/<id:appointment_id>/report",
    "/portal/appointments/<id:appointment_id>/visit-note.pdf",
}
_SET_UP = "/portal/appointments/set-up"
_OF_ADMINS = {_SET_UP, "/portal/staff", "/portal/staff/<id:staff_id>", "/portal/staff/<id:staff_id>/sessions"}


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
        "request": asked_about_instalments(case.hub, case.bank_code),
    }
    with case.hub.writing(HUB) as tx:
        person = subjects.of_client(tx, CLIENT, SUBJECT)
    ids["appointment"] = booked(case.hub, person, case.bank_code)
    with case.hub.writing(HUB) as tx:
        plan = OfferTemplate(name="一次结清", kind=Kind.SETTLEMENT)
        template_id = desk_templates.save_offer_template(tx, case.bank_code, plan)
        turn = Turn(negotiation_id=case.id, seen_owner=None, owner_id=None)
        ids["assignment"] = assignment.carry_out(tx, Way.NOBODY, [turn], bank_code=case.bank_code).id
    paths = sorted(
        re.sub(r"<id:(\w+)_id>", lambda name: ids[name[1]], rule)
        .replace("replies/<template_id>", "replies/default-received")
        .replace("<template_id>", template_id)
        .replace("<int:number>", "1")
        for rule in pages_below(app, "/portal/") - _AFTER_THE_END - _OF_LEADS - _OF_ADMINS - _ELSEWHERE - {_ORIGINAL}
        if not _OF_ANOTHER_AMENDMENT.search(rule)
    )
    counted = transactions_of(clerk, paths, opened)
    original = f"/portal/negotiations/{case.id}/evidence/{ids['evidence']}/original"
    counted |= transactions_of(chief, [*sorted(_OF_LEADS), original], opened)
    admin = Visitor(app, f"bank-admin-{case.bank_code}")
    [colleague, *_] = re.findall(r'"(/portal/staff/[0-9a-f]{32})"', admin.page("/portal/staff"))
    counted |= transactions_of(admin, [_SET_UP, "/portal/staff", colleague, f"{colleague}/sessions"], opened)
    assert counted == dict.fromkeys(counted, 1)


def test_a_page_of_the_operators_is_one_transaction(app: Flask, case: Case, opened: Opened) -> None:
    reference, operator = case.view()["reference"], Operator(app)
    # An empty form asks nothing.
    rules = pages_below(app, "/ops/") - {"/ops/calendar/check", "/ops/partners/new"} - _NEW_AUTHENTICATOR
    add_partner(case.hub)
    paths = [
        rule.replace("<reference>", reference).replace("<code>", PARTNER if "/partners/" in rule else case.bank_code)
        for rule in rules
    ]
    counted = transactions_of(operator, sorted(paths), opened)
    assert counted == dict.fromkeys(counted, 1)


def test_a_session_is_looked_up_once_a_page(clerk: Clerk, opened: Opened) -> None:
    opened.clear()
    clerk.read()
    assert opened == {"the visitor": 1, "the hub": 1}
