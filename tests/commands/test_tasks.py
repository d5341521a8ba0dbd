"""`hub task`, `hub delivery` and `hub client tell-again`: what an operator reads and sets going."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from hub.banks.port import BankCall
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.services.delivery.bank_calls import BankCalls
from hub.services.operating import operator_tasks
from hub.wiring import Hub
from schemas.bank_events import load_call
from storage import banks as bank_rows
from tests.applications import ICBC
from tests.commands.conftest import RunHub
from tests.conftest import Submit

SECRET = f"whsec_{'a' * 32}"


@pytest.fixture
def banks(hub: Hub) -> dict[str, Bank]:
    """A bank whose endpoint is not there."""
    with hub.writing(HUB) as tx:
        bank = bank_rows.add_bank(
            tx,
            code=ICBC,
            name_zh="中国工商银行",
            name_en="ICBC",
            adapter="webhook",
            settings={"url": "http://127.0.0.1:9/", "secret": SECRET},
        )
    return {ICBC: bank}


def test_what_does_not_reach_its_bank_is_listed_and_tried_now(
    run_hub: RunHub, submitted: Submit, work_off: Callable[[], int]
) -> None:
    made = submitted(ICBC)
    work_off()
    [listed] = run_hub("delivery", "list", "--json").json
    assert (listed["bank_code"], listed["attempts"]) == (ICBC, 1)
    assert listed["next_try_at"] is not None
    assert listed["reference"] in run_hub("delivery", "list").out
    wrong = run_hub("delivery", "send-again", made.negotiation)
    assert (wrong.status, len(wrong.error.splitlines())) == (1, 1)
    assert "hub delivery try-now" in wrong.error
    assert run_hub("delivery", "try-now", listed["reference"]).status == 0
    assert run_hub("delivery", "try-now", "XS-20261121-000000").status == 1
    doctor = {each["part"]: each for each in run_hub("doctor", "--json").json["parts"]}
    assert ICBC in doctor["deliveries"]["detail"]


def test_nothing_that_waits_is_said_with_what_else_there_is(run_hub: RunHub, hub: Hub, submitted: Submit) -> None:
    made = submitted(ICBC)
    said = run_hub("delivery", "try-now", made.negotiation)
    assert (said.status, len(said.error.splitlines())) == (1, 1)
    assert "send-again" in said.error


def test_a_task_says_what_to_do(run_hub: RunHub, hub: Hub, banks: dict[str, Bank]) -> None:
    with hub.writing(HUB) as tx:
        operator_tasks.response_wrong(tx, ICBC, name="RSP_1.jsonl", code="control_missing", digest="d")
    [listed] = run_hub("task", "list", "--json").json
    assert "RSP_1.jsonl" in listed["text"]
    assert "no control file" in listed["text"]
    assert "control_missing" not in listed["text"]
    assert listed["text"].isascii()
    assert "RSP_1.jsonl" in run_hub("task", "list").out


def test_a_refusal_says_where_the_event_was_wrong_and_nothing_it_said(
    run_hub: RunHub, hub: Hub, banks: dict[str, Bank], submitted: Submit
) -> None:
    data = {"text": "", "王小明": "13800138000"}
    event = {"type": "negotiation.message", "negotiation": submitted(ICBC).negotiation, "data": data}
    call = BankCall(id="e1", content=json.dumps(event).encode(), digest="d")
    assert BankCalls(transactions=hub, clock=hub.clock, load=load_call).taken_or_refused(banks[ICBC], call) is not None
    [listed] = run_hub("task", "refusals", "--json").json
    assert "/data/text: " in listed["faults"]
    assert "/data/…: unknown_field" in listed["faults"]
    assert "/data/text" in run_hub("task", "refusals").out


def test_a_client_that_missed_nothing_is_told_nothing_again(run_hub: RunHub) -> None:
    run_hub("client", "add", "--name", "app", "--scope", "applications:read")
    assert "Nothing" in run_hub("client", "tell-again", "app").out
    assert run_hub("client", "tell-again", "nobody").status == 1
