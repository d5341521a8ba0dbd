"""`hub conformance` asks a request of each service that a bank switched on, from its asking to its end."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hub.banks.conformance.report import Mark, Trial
from hub.banks.conformance.requests import Answered, answer_check, requests_of
from hub.banks.simulator.conduct import Decision
from hub.banks.simulator.port import Arrived
from hub.banks.simulator.requests import said_of_request
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.bank_event import EventType, LoadedEvent
from hub.domain.china import china_day
from hub.domain.clock import FixedClock
from hub.domain.delivery import MessageKind
from hub.domain.plain import Plain
from hub.domain.service_request import read_services
from hub.services.accounts import subjects
from hub.wiring import Hub
from schemas.bank_events import load_event
from storage import deliveries
from storage.records import DeliveryRecord
from tests.applications import CMB, ICBC
from tests.banks.conformance.trials import Run, failed, started, trial_of
from tests.banks.joined import FarBank
from tests.services.appointments.meeting import booked
from tests.services.instalments import asked_about_instalments
from tests.services.mandates.revoked import Revoked, switch_on

pytestmark = pytest.mark.slow

ALL = "mandates,instalments,appointments"
MANDATE, INSTALMENTS, APPOINTMENT = "a revoked mandate", "an instalment deal", "an appointment"


def test_a_sound_bank_is_asked_a_request_of_each_service_that_is_switched_on(far: FarBank, examine: Run) -> None:
    checks = examine(far, services=ALL)
    assert failed(checks) == []
    marks = {check.name: check.mark for check in checks}
    for name in (MANDATE, INSTALMENTS, APPOINTMENT):
        assert marks[f"takes a test request: {name}"] is Mark.PASSED
        expected = Mark.PASSED if far.far_side.speaks else Mark.NOT_ASKED
        assert marks[f"answers it: {name}"] is expected
    ended = [name for name in marks if name.startswith("takes its end")]
    assert ended == [f"takes its end: {name}" for name in (INSTALMENTS, APPOINTMENT)]


def test_every_kind_of_message_is_tried_or_named_as_not_tried(port: int, tmp_path: Path, examine: Run) -> None:
    with started("webhook", port, tmp_path) as far:
        *_, last = [check for check in examine(far, services=ALL) if check.name == "takes every other message"]
        tried = {line["kind"] for line in far.wrote("took")}
    assert last.mark is Mark.NOT_ASKED
    named = {kind for kind in MessageKind if kind in last.came}
    assert (tried & named, tried | named) == (set(), set(MessageKind))


def test_a_service_that_is_not_switched_on_is_asked_nothing(port: int, tmp_path: Path, examine: Run) -> None:
    with started("webhook", port, tmp_path) as far:
        checks = examine(far, services="mandates")
        kinds = {line["kind"] for line in far.wrote("took")}
    assert failed(checks) == []
    assert not any("instalment." in check.came or "appointment." in check.came for check in checks)
    assert [check.name for check in checks if "instalment" in check.name or "appointment" in check.name] == []
    assert "mandate.revoked" in kinds
    assert kinds & {"instalment.requested", "appointment.requested"} == set()


def test_a_reasoned_no_is_an_answer_too(port: int, tmp_path: Path, examine: Run) -> None:
    with started("webhook", port, tmp_path) as far:
        far.behave("reject")
        checks = examine(far, services="mandates,instalments")
    assert failed(checks) == []
    # What was refused is over: there is nothing to take back.
    assert not any(check.name.startswith("takes its end") for check in checks)


@pytest.fixture
def trial(hub: Hub, banks: dict[str, Bank]) -> Trial:
    bank = banks[ICBC]
    rules = replace(bank.rules, services=read_services(ALL))
    return replace(trial_of(hub, replace(bank, adapter="portal")), bank=replace(bank, rules=rules))


@pytest.fixture
def database(sqlite_database: str) -> str:
    return sqlite_database


def said(trial: Trial, number: int, **changes: Any) -> LoadedEvent:
    """What a simulated bank answers to the request of that place, with changes."""
    request = requests_of(trial)[number]
    today = china_day(trial.surroundings.now())
    arrived = Arrived(id="1", kind=request.message.kind, data=json.loads(request.message.body), digest="")
    [(type_, data)] = said_of_request(arrived, Decision.ACCEPT, today=today)
    value = {"type": type_, "request": request.id, "data": {**data, **changes}}
    return load_event(value, today=today).value_or_refuse()


def test_what_a_bank_answers_is_judged_as_the_hub_would(trial: Trial) -> None:
    revoked, instalments, appointment = requests_of(trial)
    quote = said(trial, 1)
    early = (china_day(trial.surroundings.now()) - timedelta(days=1)).isoformat()
    for request, answered, mark, came in (
        (revoked, None, Mark.NOT_ASKED, "nobody waits"),
        (revoked, Answered(), Mark.FAILED, "nothing came"),
        (revoked, Answered(events=(said(trial, 0),)), Mark.PASSED, "mandate.confirmed"),
        (revoked, Answered(events=(quote,)), Mark.FAILED, "instalment.quoted is no answer to mandate.revoked"),
        (revoked, Answered(faults=("/data/reason_code: required",)), Mark.FAILED, "/data/reason_code: required"),
        (instalments, Answered(events=(quote,)), Mark.PASSED, "instalment.quoted"),
        (instalments, Answered(events=(said(trial, 1, as_of=early),)), Mark.FAILED, "/data/as_of: day_range"),
        (instalments, Answered(events=(said(trial, 1, pay_fen=1),)), Mark.FAILED, "/data/pay_fen: quote_sum"),
        (appointment, Answered(events=(said(trial, 2),)), Mark.PASSED, "appointment.confirmed"),
        (appointment, Answered(events=(said(trial, 2, staff=["A1"]),)), Mark.FAILED, "/data/staff: two_staff_needed"),
    ):
        check = answer_check(trial, request, answered, why="nobody waits")
        assert check.mark is mark, check
        assert came in check.came


def _shape(value: Any) -> Any:
    """The names in a body, and in what is within it."""
    return {name: _shape(each) for name, each in value.items()} if isinstance(value, dict) else None


def test_the_test_requests_have_the_form_of_real_ones(
    trial: Trial, hub: Hub, clock: FixedClock, banks: dict[str, Bank]
) -> None:
    switch_on(hub, ICBC, CMB)
    assert Revoked(hub, lambda: 0).record().revoke() is None
    asked_about_instalments(hub, today=china_day(clock.at))
    booked(hub, subjects_of(hub), ICBC)
    real: dict[str, Plain] = {}
    with hub.reading(HUB) as tx:
        for each in tx.session.scalars(sa.select(DeliveryRecord)):
            real[each.kind] = deliveries.body_of(tx, each)["data"]
    for request in requests_of(trial):
        assert _shape(json.loads(request.message.body)) == _shape(real[request.message.kind])
    assert {each.message.kind for each in requests_of(trial)} == {
        MessageKind.MANDATE_REVOKED,
        MessageKind.INSTALMENT_REQUESTED,
        MessageKind.APPOINTMENT_REQUESTED,
    }


def subjects_of(hub: Hub) -> subjects.Subject:
    with hub.reading(HUB) as tx:
        return subjects.of_client(tx, "some-app", "person-1")


def test_a_simulated_bank_that_rejects_refuses_what_can_be_refused(trial: Trial) -> None:
    today = china_day(trial.surroundings.now())
    found = []
    for request in requests_of(trial):
        arrived = Arrived(id="1", kind=request.message.kind, data=json.loads(request.message.body), digest="")
        found += [type_ for type_, _ in said_of_request(arrived, Decision.REJECT, today=today)]
    assert found == [EventType.MANDATE_REFUSED, EventType.INSTALMENT_REFUSED]
