"""The note of a visit is signed by its person with a code: by API and on the page; once, and the bank is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.delivery import MessageKind
from hub.domain.log_chain import verify
from hub.wiring import Hub
from storage import communications, deliveries, service_requests
from storage.log_tables import OF_REQUESTS
from storage.records import DeliveryRecord
from tests.applications import ICBC
from tests.conftest import SentMessages, Submit
from tests.web.api.visits import PERSON as VISITED
from tests.web.api.visits import REPORT, SUBJECT, begun, booked, open_service
from tests.web.caller import Caller, made

PERSON = {"subject": SUBJECT}


@pytest.fixture
def delivered(hub: Hub, host_app: Caller, submitted: Submit, work_off: Callable[[], int]) -> str:
    """The path of a negotiation of the person that its bank has, which offers appointments."""
    open_service(hub)
    there = submitted(ICBC, client=host_app.client, applicant=VISITED)
    work_off()
    return f"/negotiations/{there.negotiation}"


@pytest.fixture
def begun_visit(hub: Hub, clock: FixedClock, host_app: Caller, icbc: Caller, delivered: str) -> str:
    appointment = booked(host_app, icbc, delivered)
    begun(hub, clock, icbc, appointment)
    return appointment


@pytest.fixture
def reported(icbc: Caller, begun_visit: str) -> str:
    made(icbc.post(f"/bank/appointments/{begun_visit}/report", REPORT), 200)
    return begun_visit


def code_to(host_app: Caller, sms: SentMessages, appointment: str) -> str:
    made(host_app.post(f"/appointments/{appointment}/note/confirmation-codes", PERSON), 202)
    return str(re.findall(r"\b\d{6}\b", sms.sent[-1][1])[0])


def sign(host_app: Caller, appointment: str, code: str) -> Any:
    return host_app.post(f"/appointments/{appointment}/note/sign", {**PERSON, "confirmation_code": code})


def test_a_note_is_signed_with_a_code_which_both_logs_and_the_bank_learn(
    hub: Hub, host_app: Caller, icbc: Caller, delivered: str, sms: SentMessages, reported: str
) -> None:
    answer = made(sign(host_app, reported, code_to(host_app, sms, reported)), 200)
    assert answer["note_signed_at"] is not None
    assert made(icbc.get(f"/bank/appointments/{reported}"), 200)["note_signed_at"] == answer["note_signed_at"]
    with hub.reading(HUB) as tx:
        (request,) = service_requests.list_of_matter(tx, reported)
        mine = communications.list_entries(tx, request.id, log=OF_REQUESTS)
        theirs = communications.list_entries(tx, delivered.rpartition("/")[2])
        signed = [each for each in (*mine, *theirs) if each.header.kind == "visit_note_signed"]
        assert len(signed) == 2
        assert signed[0].text == signed[1].text
        assert verify(communications.list_lines(tx, request.id, log=OF_REQUESTS)) is None
        rows = tx.session.scalars(sa.select(DeliveryRecord).where(DeliveryRecord.kind == MessageKind.REQUEST_MESSAGE))
        (told,) = [deliveries.body_of(tx, each)["data"] for each in rows]
    assert told["note_signed_at"] == answer["note_signed_at"]
    assert told["sha256"] in (signed[0].text or "")


def test_signing_twice_is_signing_once(hub: Hub, host_app: Caller, sms: SentMessages, reported: str) -> None:
    first = made(sign(host_app, reported, code_to(host_app, sms, reported)), 200)
    assert made(sign(host_app, reported, "000000"), 200) == first
    with hub.reading(HUB) as tx:
        (request,) = service_requests.list_of_matter(tx, reported)
        entries = communications.list_entries(tx, request.id, log=OF_REQUESTS)
    assert [each.header.kind for each in entries].count("visit_note_signed") == 1
    answer = host_app.post(f"/appointments/{reported}/note/confirmation-codes", PERSON)
    assert made(answer, 409)["code"] == "status_conflict"


def test_a_wrong_code_counts_and_signs_nothing(host_app: Caller, sms: SentMessages, reported: str) -> None:
    code = code_to(host_app, sms, reported)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        answer = made(sign(host_app, reported, wrong), 422)
        assert answer["errors"][0]["code"] == "wrong_confirmation_code"
    assert made(sign(host_app, reported, code), 422)["errors"][0]["code"] == "confirmation_code_used_up"
    shown = made(host_app.get(f"/appointments/{reported}", query_string=PERSON), 200)
    assert shown["note_signed_at"] is None


def test_nothing_is_signed_before_the_report_and_by_nobody_else(
    host_app: Caller, caller: Any, sms: SentMessages, begun_visit: str
) -> None:
    here = f"/appointments/{begun_visit}/note"
    assert made(host_app.post(f"{here}/confirmation-codes", PERSON), 409)["code"] == "status_conflict"
    assert made(sign(host_app, begun_visit, "000000"), 409)["code"] == "status_conflict"
    stranger = caller("another app", "applications:read", "applications:write")
    assert stranger.post(f"{here}/confirmation-codes", PERSON).status_code == 404
    assert host_app.post(f"{here}/sign", {"subject": "other", "confirmation_code": "000000"}).status_code == 404
