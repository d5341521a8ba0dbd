"""Appointments by API, as a person and a bank go through one: two people, a pass code, no cash, a report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.identity import IdentityLevel, needs_confirmation
from hub.services.operating.invariants import breaches
from hub.wiring import Hub
from storage import tasks
from storage.records import MailRecord, NegotiationRecord
from tests.applications import CMB, ICBC
from tests.conftest import AddCaller, Submit
from tests.services.test_races import at_once
from tests.web.api.faults import faults_of
from tests.web.api.visits import (
    HOME,
    PERSON,
    REPORT,
    SUBJECT,
    begun,
    booked,
    code_of,
    confirm,
    open_service,
    slot_of,
    status_of,
    wanted,
)
from tests.web.caller import Caller, json_of, made


@pytest.fixture(autouse=True)
def offered_service(hub: Hub, banks: Any) -> None:
    """The bank offers appointments."""
    open_service(hub)


def sound(hub: Hub) -> bool:
    with hub.reading(HUB) as tx:
        return list(breaches(tx, hub.store)) == []


@pytest.fixture
def delivered(host_app: Caller, submitted: Submit, work_off: Callable[[], int]) -> str:
    """The path of a negotiation of the person that its bank has."""
    there = submitted(ICBC, client=host_app.client, applicant=PERSON)
    work_off()
    return f"/negotiations/{there.negotiation}"


def task_kinds(hub: Hub) -> set[str]:
    with hub.reading(HUB) as tx:
        return {each.kind for each in tasks.list_open(tx, limit=50)}


def log_of(host: Caller, delivered: str) -> list[str]:
    return [each["text"] for each in made(host.get(f"{delivered}/communications"), 200)["items"]]


def test_one_appointment_from_end_to_end(
    hub: Hub, host_app: Caller, icbc: Caller, delivered: str, clock: FixedClock
) -> None:
    one = booked(host_app, icbc, delivered)
    assert status_of(host_app, one) == "requested"
    seen = made(icbc.get(f"/bank/appointments/{one}"), 200)
    # Two working days from a Saturday.
    assert (seen["status"], seen["due_at"][:10]) == ("requested", "2026-11-24")
    made(confirm(icbc, one), 200)
    mine = made(host_app.get(f"/appointments/{one}", query_string={"subject": SUBJECT}), 200)
    assert mine["staff"] == [{"number": "A1", "initial": "王"}, {"number": "A2", "initial": "李"}]
    assert "pass_code" not in mine
    assert code_of(hub, one) not in str(mine)
    begun(hub, clock, icbc, one)
    done = made(icbc.post(f"/bank/appointments/{one}/report", REPORT), 200)
    assert (done["status"], done["report"]["identity"]) == ("done", "matched")
    assert status_of(host_app, one) == "done"
    assert sound(hub)


@pytest.mark.parametrize("staff", [["A1"], ["A1", "A1"], []])
def test_one_person_or_the_same_twice_cannot_confirm(
    hub: Hub, host_app: Caller, icbc: Caller, delivered: str, staff: list[str]
) -> None:
    one = booked(host_app, icbc, delivered)
    refused = icbc.post(f"/bank/appointments/{one}/confirm", {"staff": staff})
    assert faults_of(refused) == {("/staff", "two_staff_needed")}
    assert status_of(host_app, one) == "requested"


def test_nobody_of_another_bank_or_an_agency_comes(
    host_app: Caller, icbc: Caller, bank_app: Callable[[str], Caller], delivered: str
) -> None:
    one = booked(host_app, icbc, delivered)
    cmb = bank_app(CMB)
    made(cmb.put("/bank/visitors/Z9", {"name": "外人"}), 200)
    assert faults_of(confirm(icbc, one, "A1", "Z9")) == {("/staff/1", "staff_unknown")}
    made(icbc.put("/bank/visitors/A2", {"name": "李华", "active": False}), 200)
    assert faults_of(confirm(icbc, one, "A1", "A2")) == {("/staff/1", "staff_unknown")}
    assert confirm(cmb, one, "A1", "A2").status_code == 404


def test_of_two_who_want_the_last_place_one_gets_it(hub: Hub, host_app: Caller, icbc: Caller) -> None:
    slot = slot_of(icbc)
    answers: list[int] = []

    def want(name: str) -> Callable[[], None]:
        def book() -> None:
            answers.append(host_app.post("/appointments", wanted(slot, subject=name)).status_code)

        return book

    at_once(want("person-a"), want("person-b"))
    assert sorted(answers) == [201, 409]
    assert sound(hub)
    late = host_app.post("/appointments", wanted(slot, subject="person-c"))
    assert (late.status_code, json_of(late)["code"]) == (409, "slot_taken")


def test_a_visit_begins_with_the_code_that_the_persons_page_shows(
    hub: Hub, host_app: Caller, icbc: Caller, delivered: str, clock: FixedClock
) -> None:
    one = booked(host_app, icbc, delivered)
    made(confirm(icbc, one), 200)
    path, code = f"/bank/appointments/{one}/begin", code_of(hub, one)
    assert faults_of(icbc.post(path, {"pass_code": code})) == {("", "not_yet_begun")}
    clock.at = datetime.fromisoformat("2026-11-24T09:45:00+08:00")
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for left in (4, 3, 2, 1):
        refused = icbc.post(path, {"pass_code": wrong})
        assert faults_of(refused) == {("/pass_code", "pass_code_wrong")}
        assert f"{left} 次" in json_of(refused)["errors"][0]["message"]
    assert faults_of(icbc.post(path, {"pass_code": wrong})) == {("/pass_code", "pass_code_stopped")}
    # The right one opens nothing any more, and the person was told each time.
    assert faults_of(icbc.post(path, {"pass_code": code})) == {("/pass_code", "pass_code_stopped")}
    assert status_of(host_app, one) == "confirmed"
    with hub.reading(HUB) as tx:
        told = [each.kind for each in tx.session.query(MailRecord).filter_by(kind="pass_code_wrong")]
    assert len(told) == 5


def test_cancelling_is_no_reason_in_the_banks_packet(hub: Hub, host_app: Caller, icbc: Caller, delivered: str) -> None:
    one = booked(host_app, icbc, delivered)
    before = made(icbc.get(f"/bank{delivered}"), 200), log_of(host_app, delivered)
    made(host_app.post(f"/appointments/{one}/cancel", {"subject": SUBJECT}), 200)
    assert (made(icbc.get(f"/bank{delivered}"), 200), log_of(host_app, delivered)) == before
    seen = made(icbc.get(f"/bank/appointments/{one}"), 200)
    assert (seen["status"], "reason" in seen) == ("cancelled", False)
    # The time is free again, and asking twice cancels once.
    made(host_app.post(f"/appointments/{one}/cancel", {"subject": SUBJECT}), 200)
    [free] = made(host_app.get(f"/banks/{ICBC}/slots"), 200)["items"]
    assert free["free"] == 1
    assert sound(hub)


def test_within_the_last_hour_nobody_cancels(host_app: Caller, icbc: Caller, delivered: str, clock: FixedClock) -> None:
    one = booked(host_app, icbc, delivered)
    clock.at = datetime.fromisoformat("2026-11-24T09:01:00+08:00")
    refused = host_app.post(f"/appointments/{one}/cancel", {"subject": SUBJECT})
    assert faults_of(refused) == {("", "too_late_to_cancel")}
    assert status_of(host_app, one) == "requested"


def test_who_did_not_match_signs_nothing_and_an_operator_looks(
    hub: Hub, host_app: Caller, icbc: Caller, delivered: str, clock: FixedClock
) -> None:
    one = booked(host_app, icbc, delivered, purpose="sign")
    begun(hub, clock, icbc, one)
    path = f"/bank/appointments/{one}/report"
    assert faults_of(icbc.post(path, {"identity": "failed", "signed": True})) == {("/signed", "sign_closed")}
    assert status_of(host_app, one) == "begun"
    made(icbc.post(path, {"identity": "failed", "signed": False}), 200)
    assert "identity_failed_at_visit" in task_kinds(hub)


@pytest.mark.parametrize(("found", "confirmed"), [("matched", True), ("failed", None)])
def test_whoever_matches_at_a_visit_is_confirmed_to_the_bank(
    hub: Hub, host_app: Caller, icbc: Caller, delivered: str, clock: FixedClock, found: str, confirmed: bool | None
) -> None:
    with hub.writing(HUB) as tx:
        tx.session.execute(sa.update(NegotiationRecord).values(identity_level="mobile", identity_rank=0))
    one = booked(host_app, icbc, delivered, purpose="identity")
    begun(hub, clock, icbc, one)
    made(icbc.post(f"/bank/appointments/{one}/report", {**REPORT, "identity": found}), 200)
    seen = {"level": "mobile", "confirmed_by_bank": confirmed}
    assert made(icbc.get(f"/bank{delivered}"), 200)["identity"] == seen
    with hub.reading(HUB) as tx:
        negotiation = tx.session.scalars(sa.select(NegotiationRecord)).one()
        is_unverified = needs_confirmation(IdentityLevel(negotiation.identity_level), negotiation.identity_confirmed)
    assert is_unverified is (found == "failed")


def test_the_report_is_in_the_negotiations_chain(
    hub: Hub, host_app: Caller, icbc: Caller, delivered: str, clock: FixedClock
) -> None:
    one = booked(host_app, icbc, delivered)
    begun(hub, clock, icbc, one)
    made(icbc.post(f"/bank/appointments/{one}/report", REPORT), 200)
    assert any("已办理" in each and "A1、A2" in each for each in log_of(host_app, delivered))
    assert sound(hub)


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"cash_fen": 100}, "/cash_fen"),
        ({"amount": 1}, "/amount"),
        ({"note": "收了 500 元"}, "/note"),
        ({"note": "客户付了现金"}, "/note"),
    ],
)
def test_no_report_takes_money(
    hub: Hub, host_app: Caller, icbc: Caller, delivered: str, clock: FixedClock, more: Any, pointer: str
) -> None:
    one = booked(host_app, icbc, delivered)
    begun(hub, clock, icbc, one)
    refused = icbc.post(f"/bank/appointments/{one}/report", {**REPORT, **more})
    assert faults_of(refused) == {(pointer, "cash_refused")}
    assert status_of(host_app, one) == "begun"


def test_a_video_is_consented_to_first_and_has_a_recording(
    hub: Hub, host_app: Caller, icbc: Caller, delivered: str, clock: FixedClock
) -> None:
    slot = slot_of(icbc, "video")
    refused = host_app.post("/appointments", wanted(slot, kind="video"))
    assert faults_of(refused) == {("/recording_consent", "recording_consent_needed")}
    one = str(made(host_app.post("/appointments", wanted(slot, kind="video", recording_consent=True)))["id"])
    begun(hub, clock, icbc, one)
    path = f"/bank/appointments/{one}/report"
    assert faults_of(icbc.post(path, REPORT)) == {("/recording_reference", "recording_reference_needed")}
    made(icbc.post(path, {**REPORT, "recording_reference": "R-1"}), 200)


def test_a_visit_at_home_needs_a_reason(host_app: Caller, icbc: Caller) -> None:
    slot = slot_of(icbc, "home")
    refused = host_app.post("/appointments", wanted(slot, **{**HOME, "own_words": ""}))
    assert faults_of(refused) == {("/own_words", "home_needs_reason")}
    made(host_app.post("/appointments", wanted(slot, **HOME)))


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"purpose": "collect"}, ("/purpose", "unknown_choice")),
        ({"called": ""}, ("/called", "called_needed")),
        ({"called": "\u200b"}, ("/called", "called_needed")),
        ({"kind": "video", "recording_consent": True}, ("/slot_id", "kind_of_slot")),
        ({"own_words": "来收现金"}, ("/own_words", "cash_refused")),
        ({"own_words": "支付密码 123456"}, ("/own_words", "card_secret_refused")),
        ({"called": "6222100000000007"}, ("/called", "full_number_refused")),
    ],
)
def test_what_cannot_be_booked(host_app: Caller, icbc: Caller, more: Any, code: tuple[str, str]) -> None:
    assert faults_of(host_app.post("/appointments", wanted(slot_of(icbc), **more))) == {code}
    assert made(host_app.get("/appointments", query_string={"subject": SUBJECT}), 200)["items"] == []


def test_a_bank_that_offers_none_is_asked_for_none(host_app: Caller, bank_app: Callable[[str], Caller]) -> None:
    slot = slot_of(bank_app(CMB))
    refused = host_app.post("/appointments", wanted(slot, bank_code=CMB))
    assert (refused.status_code, json_of(refused)["code"]) == (409, "service_not_offered")


def test_while_collection_rests_the_bank_asks_nobody_to_come(
    host_app: Caller, icbc: Caller, agreed: str, hub: Hub
) -> None:
    slot = slot_of(icbc)
    negotiation = agreed.rpartition("/")[2]
    refused = host_app.post("/appointments", wanted(slot, negotiation, asked_by="bank"))
    assert faults_of(refused) == {("/asked_by", "hold_in_force")}
    made(host_app.post("/appointments", wanted(slot, negotiation)))


def test_a_moved_time_holds_once_the_person_agrees(hub: Hub, host_app: Caller, icbc: Caller, delivered: str) -> None:
    one = booked(host_app, icbc, delivered)
    other = slot_of(icbc, day="2026-11-25")
    asked = {"slot_id": other, "staff": ["A2", "A3"], "text": "那天临时有会"}
    told = {**asked, "text": "卡号 6222100000000007"}
    assert faults_of(icbc.post(f"/bank/appointments/{one}/move", told)) == {("/text", "full_number_refused")}
    made(icbc.post(f"/bank/appointments/{one}/move", asked), 200)
    mine = made(host_app.get(f"/appointments/{one}", query_string={"subject": SUBJECT}), 200)
    assert (mine["status"], mine["can_accept_move"], mine["moved_because"]) == ("moved", True, "那天临时有会")
    made(host_app.post(f"/appointments/{one}/accept-move", {"subject": SUBJECT}), 200)
    assert status_of(host_app, one) == "confirmed"
    assert len(code_of(hub, one)) == 6
    assert sound(hub)


@pytest.mark.parametrize("free", [0, 1])
def test_what_was_cancelled_is_moved_no_more_whoever_else_has_its_time(
    hub: Hub, host_app: Caller, icbc: Caller, delivered: str, free: int
) -> None:
    one = booked(host_app, icbc, delivered)
    others = [slot_of(icbc, day="2026-11-25")]
    made(host_app.post(f"/appointments/{one}/cancel", {"subject": SUBJECT}), 200)
    if not free:
        made(host_app.post("/appointments", wanted(others[0], delivered.rpartition("/")[2])))
    refused = icbc.post(f"/bank/appointments/{one}/move", {"slot_id": others[0], "staff": ["A1", "A2"]})
    assert (refused.status_code, json_of(refused)["code"]) == (409, "status_conflict")
    assert len(made(icbc.get("/bank/slots"), 200)["items"]) == 2
    assert sound(hub)


def test_somebody_elses_appointment_is_an_unknown_one(
    host_app: Caller, icbc: Caller, caller: AddCaller, bank_app: Callable[[str], Caller], delivered: str
) -> None:
    one = booked(host_app, icbc, delivered)
    stranger = caller("stranger", "applications:write", "applications:read")
    for who, subject in ((stranger, SUBJECT), (host_app, "somebody-else")):
        assert who.get(f"/appointments/{one}", query_string={"subject": subject}).status_code == 404
        assert who.post(f"/appointments/{one}/cancel", {"subject": subject}).status_code == 404
    cmb = bank_app(CMB)
    assert cmb.get(f"/bank/appointments/{one}").status_code == 404
    steps = {
        "confirm": {"staff": ["A1", "A2"]},
        "move": {"slot_id": "01", "staff": ["A1", "A2"]},
        "begin": {"pass_code": "123456"},
        "report": REPORT,
        "missed": {"by": "person"},
    }
    for step, body in steps.items():
        assert cmb.post(f"/bank/appointments/{one}/{step}", body).status_code == 404, step
    assert made(cmb.get("/bank/appointments?day=2026-11-24"), 200)["items"] == []
