"""`/bank/requests`: what a bank has in hand beside negotiations, and whose it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.wiring import Hub
from tests.applications import CMB, ICBC
from tests.services.desk import Desk, address
from tests.services.requests.asking import open_one, tiny_kind
from tests.web.api.faults import faults_of
from tests.web.caller import Caller, made

__all__ = ["tiny_kind"]


@pytest.fixture
def asked(hub: Hub, banks: dict[str, Bank], tiny_kind: None, work_off: Callable[[], int]) -> str:
    with hub.writing(HUB) as tx:
        return open_one(tx, ICBC).matter_id


def test_a_bank_lists_its_own_open_requests(icbc: Caller, bank_app: Callable[[str], Caller], asked: str) -> None:
    (found,) = made(icbc.get("/bank/requests"), 200)["items"]
    assert (found["id"], found["kind"], found["status"], found["owner"]) == (asked, "deduction", "with_bank", None)
    assert found["due_at"] is not None
    assert made(icbc.get("/bank/requests", query_string={"kind": "appointment"}), 200)["items"] == []
    assert faults_of(icbc.get("/bank/requests", query_string={"kind": "loan"})) == {("/kind", "unknown_choice")}
    assert made(bank_app(CMB).get("/bank/requests"), 200)["items"] == []


def test_a_bank_says_whose_it_is(hub: Hub, icbc: Caller, bank_app: Callable[[str], Caller], asked: str) -> None:
    Desk(hub=hub).person("陈")
    here = f"/bank/requests/{asked}/owner"
    assert made(icbc.post(here, {"email": address("陈")}), 200)["owner"] == "陈"
    assert made(icbc.get("/bank/requests"), 200)["items"][0]["owner"] == "陈"
    assert faults_of(icbc.post(here, {"email": "nobody@icbc.example"})) == {("/email", "owner_unknown")}
    assert made(icbc.post(here, {"email": None}), 200)["owner"] is None
    assert bank_app(CMB).post(here, {"email": None}).status_code == 404
