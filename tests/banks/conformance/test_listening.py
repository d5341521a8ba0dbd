"""The door that a test opens."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import urllib3

from hub.banks.conformance.examining import examined
from hub.banks.conformance.listening import Door
from hub.banks.port import Answering
from hub.banks.standard_webhooks import secrets_of, signed_headers
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


def test_faults_of_an_event_are_an_array_with_pointers(
    webhook: FarBank, tmp_path: Path, sqlite_database: str, port: int
) -> None:
    with hub_of(webhook, tmp_path, sqlite_database) as (hub, bank):
        trial = trial_of(hub, bank, wait_s=0.1)
        found: list[tuple[int, dict[str, object]]] = []

        def opened(door: Door) -> None:
            body = json.dumps({"type": "negotiation.rejected", "negotiation": trial.negotiation, "data": {}}).encode()
            headers = signed_headers("e1", trial.started_at, body, secrets_of(bank.settings["secret"]))
            told = urllib3.request("POST", f"http://127.0.0.1:{door.port}{door.path}", body=body, headers=headers)
            found.append((told.status, json.loads(told.data)))

        list(examined(trial, port=port, host="127.0.0.1", opened=opened))
    [(status, problem)] = found
    assert (status, problem["code"]) == (422, "invalid_input")
    errors = problem["errors"]
    assert isinstance(errors, list)
    assert {each["pointer"] for each in errors} == {"/data/reason_code", "/data/text"}
    assert all(each["message"] and each["code"] == "required" for each in errors)
    assert "/data/" not in str(problem["detail"])
