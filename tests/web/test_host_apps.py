"""`docs/host-apps.md` is true: its Python takes an application to the bank and believes the hub's own notices alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from hub.banks.port import ANSWER_S, HttpAnswer
from hub.domain.actor import HUB
from hub.domain.delivery import WAITS
from hub.domain.plain import instant
from hub.services.notifications import client_notices
from hub.web.api.document_examples import EXAMPLES
from hub.wiring import Hub
from tests.applications import CMB, ICBC, application, pdf
from tests.banks.joined import served
from tests.conftest import AddClient
from tests.storage.postgres_server import free_port

DOCUMENT = (Path(__file__).parents[2] / "docs" / "host-apps.md").read_text(encoding="utf-8")


def program(beginning: str) -> dict[str, Any]:
    """What the one block of Python that contains `beginning` defines."""
    blocks = re.findall(r"```python\n(.*?)\n```", DOCUMENT, re.DOTALL)
    [found] = [block for block in blocks if beginning in block]
    assert "hub" not in found
    namespace: dict[str, Any] = {}
    exec(compile(found, "host-apps.md", "exec"), namespace)
    return namespace


@pytest.fixture
def host(app: Flask, banks: dict[str, Any], add_client: AddClient) -> Any:
    """The document's program, with a client of its own, calling over a real socket."""
    client, secret = add_client("your-app", "applications:write", "applications:read")
    port = free_port()
    with served(app, port):
        yield program("class HostApp")["HostApp"](f"http://127.0.0.1:{port}", client.id, secret)


class _Ears:
    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []

    def check_url(self, url: str) -> str:
        return url

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        self.heard.append(({name.lower(): value for name, value in headers.items()}, body))
        return HttpAnswer(status=204, body=b"")


def test_the_program_takes_an_application_to_its_banks_and_believes_what_it_is_told(
    host: Any, hub: Hub, work_off: Callable[[], int]
) -> None:
    ears = _Ears()
    with hub.writing(HUB) as tx:
        secret = client_notices.set_url(tx, ears, "your-app", "https://app.example/hub")
    file = host.upload(pdf(), "medical_bill", "病历 1.pdf", "application/pdf")
    sent = application(ICBC, CMB, evidence=[{"id": file, "kind": "medical_bill"}])
    sent["consents"] = host.consents([ICBC, CMB], medical=True, given_at=instant(hub.clock.now()))
    first, again = (host.apply(sent, key="one") for _ in range(2))
    assert first == again
    assert [each["bank"]["code"] for each in first] == [ICBC, CMB]
    work_off()
    ids = {each["id"] for each in first}
    assert {host.get(f"/api/v1/negotiations/{each}")["status"] for each in ids} == {"awaiting_bank"}
    with hub.reading(HUB) as tx:
        due = client_notices.jobs_due(tx, limit=100)
    for job in due:
        client_notices.tell(hub, ears, hub.real_clock, job.argument)
    is_ours = program("def is_from_the_service")["is_from_the_service"]
    assert ears.heard
    for headers, body in ears.heard:
        at = int(headers["webhook-timestamp"])
        assert is_ours(secret, headers, body, at + 299)
        assert not is_ours(secret, headers, body, at + 301)
        assert not is_ours(secret, headers, body + b" ", at)
        assert not is_ours(secret, {**headers, "webhook-id": "x"}, body, at)
        assert not is_ours(secret, {}, body, at)
        told = json.loads(body)
        assert set(told) == {"type", "timestamp", "data"}
        assert (told["type"], set(told["data"]), told["data"]["id"] in ids) == (
            "negotiation.updated",
            {"id", "status"},
            True,
        )


def test_the_words_and_numbers_of_the_document_are_those_of_the_code() -> None:
    assert f"within {ANSWER_S} seconds" in DOCUMENT
    assert client_notices.TYPE in DOCUMENT
    assert client_notices.GIVE_UP_AFTER.days == 3
    assert [wait.total_seconds() for wait in WAITS[2:]] == [300, 1800, 7200, 21600]
    [sample] = re.findall(r"```http\n.*?\n\n(.*?)\n```", DOCUMENT, re.DOTALL)
    assert set(json.loads(sample)) == {"type", "timestamp", "data"}
    purposes = {each["purpose"] for each in EXAMPLES["Application"]["consents"]}
    assert all(f"`{each}`" in DOCUMENT for each in purposes)
