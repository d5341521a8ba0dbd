"""One application over HTTP, from the file to the signed agreement on paper, whatever stands around the hub."""

import base64
from collections.abc import Callable
from typing import Any

from tests.applications import ICBC, pdf
from tests.commands.conftest import RunHub
from tests.jobs.waiting import wait_until
from tests.kills.story import body_of, terms
from tests.weather.serving import Answer, Program

Json = dict[str, Any]
ICBC_ADDED = ("bank", "add", "--code", ICBC, "--name-zh", "中国工商银行", "--name-en", "ICBC", "--adapter", "portal")
APP = ("client", "add", "--name", "app", "--scope", "applications:write", "--scope", "applications:read", "--json")
BANK = ("client", "add", "--name", "icbc", "--scope", "negotiations:review", "--bank", ICBC, "--json")


def given(answer: Answer, status: int) -> Json:
    """What an answer of that status holds."""
    assert answer.status == status, (answer.status, answer.body[:500])
    found: Json = answer.json
    return found


def token(door: Program, client: Json) -> str:
    """A token for a client that was just added."""
    proof = base64.b64encode(f"{client['client_id']}:{client['client_secret']}".encode()).decode()
    headers = {"Authorization": f"Basic {proof}", "Content-Type": "application/x-www-form-urlencoded"}
    answer = door.call("POST", "/oauth/token", body=b"grant_type=client_credentials", headers=headers)
    return str(given(answer, 200)["access_token"])


def programs(run_hub: RunHub, door: Callable[[str], Program]) -> tuple[Program, Program]:
    """A host app and a bank, both new to the hub; `door` makes a program with a token."""
    assert run_hub(*ICBC_ADDED).status == 0
    app, bank = (door(token(door(""), run_hub(*words).json)) for words in (APP, BANK))
    return app, bank


def go(app: Program, bank: Program, read_code: Callable[[], str | None], *, person: int = 1) -> Json:
    """The negotiation at its end: submitted, delivered, offered, accepted by a code, and printed."""
    file = given(app.upload(pdf()), 201)["id"]
    made = given(app.post("/applications", body_of(person, [file], banks=(ICBC,))), 201)
    mine = f"/negotiations/{made['negotiations'][0]['id']}"

    def shown() -> Json:
        return given(app.get(f"/api/v1{mine}"), 200)

    wait_until(lambda: shown()["status"] == "awaiting_bank", what="the bank to have it")
    given(bank.post(f"/bank{mine}/acknowledge", {}), 200)
    offer = f"{mine}/offers/{given(bank.post(f'/bank{mine}/offers', {'terms': terms()}), 201)['id']}"
    before = read_code()
    assert app.post(f"{offer}/confirmation-codes", {}).status == 202
    wait_until(lambda: read_code() not in (None, before), what="a code")
    given(app.post(f"{offer}/accept", {"confirmation_code": read_code()}), 200)
    wait_until(lambda: shown()["agreement"]["document"] is not None, what="the paper")
    assert app.get(f"/api/v1{mine}/agreement.pdf").body.startswith(b"%PDF-")
    return shown()
