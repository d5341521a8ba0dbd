"""What the database keeps from a bank when every query names another bank: with the first wall off."""

from collections.abc import Callable

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.services.accounts.staff import Staff
from hub.web.access import ApiCaller
from hub.wiring import Hub
from storage.records.negotiations import NegotiationRecord
from tests.applications import CMB, ICBC
from tests.conftest import Submit, Submitted
from tests.services.case import everything_stored
from tests.web.caller import Caller
from tests.web.pages.visitor import Visitor

QUIET = {"audit_entry", "attempt", "page_session", "unfinished_form", "answered_call", "jobs"}
"""What says that somebody tried, and nothing of the other bank."""


@pytest.fixture
def theirs(submitted: Submit, work_off: Callable[[], int]) -> Submitted:
    """A negotiation of CMB, in its queue."""
    made = submitted(CMB)
    work_off()
    return made


@pytest.fixture
def clerk(app: Flask, theirs: Submitted) -> Visitor:
    """A supervisor of ICBC."""
    return Visitor(app, f"supervisor-{ICBC}")


@pytest.fixture
def program(bank_app: Callable[[str], Caller], theirs: Submitted) -> Caller:
    """The program of ICBC."""
    return bank_app(ICBC)


@pytest.fixture
def first_wall_off(monkeypatch: pytest.MonkeyPatch, app: Flask, clerk: Visitor, program: Caller) -> None:
    """From now on whatever is asked for ICBC is asked for CMB. Answers are what a caller gets, errors too."""
    monkeypatch.setattr(Staff, "bank", property(lambda _self: CMB))
    monkeypatch.setattr(ApiCaller, "bank_code", property(lambda _self: CMB))
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False


def reference_of(hub: Hub, negotiation_id: str) -> str:
    with hub.reading(HUB) as tx:
        return tx.session.get_one(NegotiationRecord, negotiation_id).reference


PAGES = [
    "/portal/",
    "/portal/?tab=all",
    "/portal/negotiations/{id}",
    "/portal/negotiations/{id}/offer",
    "/portal/negotiations/{id}/reject",
    "/portal/agreements",
    "/portal/reviews",
    "/portal/views",
]


@pytest.mark.usefixtures("first_wall_off")
def test_no_page_shows_another_banks_case(hub: Hub, clerk: Visitor, theirs: Submitted) -> None:
    reference = reference_of(hub, theirs.negotiation)
    shown = [
        path for path in PAGES if reference in clerk.web.get(path.format(id=theirs.negotiation)).get_data(as_text=True)
    ]
    # SQLite has the first wall alone: there the same pages show it, so the first wall is off indeed.
    assert bool(shown) == hub.database.on_sqlite, shown


@pytest.mark.usefixtures("first_wall_off")
def test_no_call_gives_another_banks_case(hub: Hub, program: Caller, theirs: Submitted) -> None:
    listed = program.get("/bank/negotiations").get_json()["items"]
    one = program.get(f"/bank/negotiations/{theirs.negotiation}")
    expected = ([theirs.negotiation], 200) if hub.database.on_sqlite else ([], 404)
    assert ([each["id"] for each in listed], one.status_code) == expected


@pytest.mark.usefixtures("first_wall_off")
def test_nothing_can_be_written_to_another_banks_case(
    hub: Hub, clerk: Visitor, program: Caller, theirs: Submitted
) -> None:
    if hub.database.on_sqlite:
        pytest.skip("SQLite has the first wall alone")
    before = everything_stored(hub)
    answers = [
        program.post(f"/bank/negotiations/{theirs.negotiation}/acknowledge"),
        program.post(f"/bank/negotiations/{theirs.negotiation}/messages", {"text": "您好"}),
        program.post(f"/bank/negotiations/{theirs.negotiation}/reject", {"reason_code": "other", "text": "不行"}),
        clerk.post(f"/portal/negotiations/{theirs.negotiation}/acknowledge"),
        clerk.post(f"/portal/negotiations/{theirs.negotiation}/messages", {"text": "您好", "do": "send"}),
        clerk.post(f"/portal/negotiations/{theirs.negotiation}/notes", {"text": "您好"}),
        clerk.post("/portal/staff", {"email": "one@example.com", "role": "reviewer", "name": "甲", "do": "add"}),
    ]
    assert [each.status_code for each in answers][:6] == [404] * 6
    assert not any(theirs.negotiation in each.get_data(as_text=True) for each in answers[:3])
    after = everything_stored(hub)
    assert {name for name in after if after[name] != before[name]} <= QUIET
