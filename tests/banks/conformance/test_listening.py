"""The door that a test opens."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import urllib3

from hub.banks.conformance.examining import examined
from hub.banks.conformance.listening import Door
from hub.banks.conformance.report import Trial
from hub.banks.conformance.requests import requests_of
from hub.banks.port import Answering
from hub.banks.standard_webhooks import secrets_of, signed_headers
from hub.domain.service_request import read_services
from tests.banks.conformance.trials import hub_of, trial_of
from tests.banks.joined import FarBank

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("language", "title"), [("", "无法确认是谁发来的"), ("en", "It is not certain who sent this")])
def test_the_door_refuses_in_the_sentences_of_the_hub(
    webhook: FarBank, tmp_path: Path, sqlite_database: str, language: str, title: str
) -> None:
    with hub_of(webhook, tmp_path, sqlite_database) as (hub, bank):
        trial = trial_of(hub, bank)
        assert isinstance(trial.adapter, Answering)
        with Door(trial, trial.adapter, host="127.0.0.1", port=0) as door:
            door.open()
            headers = {"webhook-id": "1", "webhook-timestamp": f"{trial.started_at.timestamp():.0f}"}
            told = urllib3.request(
                "POST",
                f"http://127.0.0.1:{door.port}{door.path}",
                body=b"{}",
                headers={**headers, "webhook-signature": "v1,x", "accept-language": language},
            )
    problem = json.loads(told.data)
    assert (told.status, problem["code"], problem["status"]) == (401, "signature_wrong", 401)
    assert problem["title"] == title
    assert problem["detail"] not in ("", "signature_wrong")


def _rejection(trial: Trial) -> dict[str, object]:
    return {"type": "negotiation.rejected", "negotiation": trial.negotiation, "data": {}}


def _visit_of_one(trial: Trial) -> dict[str, object]:
    [request] = requests_of(trial)
    return {"type": "appointment.confirmed", "request": request.id, "data": {"staff": ["A1", "A1"]}}


@pytest.mark.parametrize(
    ("said", "faults"),
    [
        (_rejection, {("/data/reason_code", "required"), ("/data/text", "required")}),
        (_visit_of_one, {("/data/staff", "two_staff_needed")}),
    ],
)
def test_faults_of_an_event_are_an_array_with_pointers(
    webhook: FarBank,
    tmp_path: Path,
    sqlite_database: str,
    port: int,
    said: Callable[[Trial], dict[str, object]],
    faults: set[tuple[str, str]],
) -> None:
    with hub_of(webhook, tmp_path, sqlite_database) as (hub, bank):
        offering = replace(bank, rules=replace(bank.rules, services=read_services("appointments")))
        trial = trial_of(hub, offering, wait_s=0.1)
        found: list[tuple[int, dict[str, object]]] = []

        def opened(door: Door) -> None:
            body = json.dumps(said(trial)).encode()
            headers = signed_headers("e1", trial.started_at, body, secrets_of(bank.settings["secret"]))
            told = urllib3.request("POST", f"http://127.0.0.1:{door.port}{door.path}", body=body, headers=headers)
            found.append((told.status, json.loads(told.data)))

        list(examined(trial, port=port, host="127.0.0.1", opened=opened))
    [(status, problem)] = found
    assert (status, problem["code"]) == (422, "invalid_input")
    errors = problem["errors"]
    assert isinstance(errors, list)
    assert {(each["pointer"], each["code"]) for each in errors} == faults
    assert all(each["message"] for each in errors)
    assert "/data/" not in str(problem["detail"])
