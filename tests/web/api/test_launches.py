"""Launches by the API."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.wiring import Hub
from storage import clients
from tests.applications import ICBC, card, id_number
from tests.conftest import AddCaller
from tests.web.api.faults import faults_of
from tests.web.caller import Caller, made

CARD = {"bank_code": ICBC, "card_number": card(ICBC)}
PERSON = {
    "subject": "host-app-user-1",
    "name": "王小明",
    "mobile": "13800138000",
    "id_type": "resident_id",
    "id_number": id_number(1),
    "cards": [CARD],
}


def test_a_launch_signs_this_person_in_once_within_five_minutes(hub: Hub, host_app: Caller, clock: FixedClock) -> None:
    told = made(host_app.post("/launches", PERSON))
    assert told["url"] == f"http://127.0.0.1:8000/launch?code={told['code']}"
    assert told["expires_at"] == "2026-11-21T10:05:00+08:00"
    with hub.writing(HUB) as tx:
        assert clients.use_launch(tx, told["code"]) == (host_app.client.id, PERSON)
        assert clients.use_launch(tx, told["code"]) is None
    late = made(host_app.post("/launches", PERSON))["code"]
    clock.at += timedelta(minutes=5)
    with hub.writing(HUB) as tx:
        assert clients.use_launch(tx, late) is None


def test_a_card_may_say_what_is_owed_on_it(hub: Hub, host_app: Caller) -> None:
    owed = {**CARD, "principal_fen": 1850000, "penalty_fen": 0, "overdue_since": "2026-08-12"}
    told = made(host_app.post("/launches", {**PERSON, "cards": [owed]}))
    with hub.writing(HUB) as tx:
        assert clients.use_launch(tx, told["code"]) == (host_app.client.id, {**PERSON, "cards": [owed]})


def test_what_cannot_be_owed_is_refused_at_its_card(host_app: Caller) -> None:
    owed = {**CARD, "principal_fen": -1, "overdue_since": "2027-01-01"}
    assert faults_of(host_app.post("/launches", {**PERSON, "cards": [owed]})) == {
        ("/cards/0/principal_fen", "too_small"),
        ("/cards/0/overdue_since", "date_in_future"),
    }


def test_a_person_that_cannot_be_is_not_launched(host_app: Caller) -> None:
    wrong = {**PERSON, "id_number": "110105194912310021", "mobile": "12345"}
    assert faults_of(host_app.post("/launches", wrong)) == {
        ("/mobile", "mobile"),
        ("/id_number", "id_check_character"),
    }


def test_a_reader_cannot_launch(caller: AddCaller, banks: Any, bank_app: Callable[[str], Caller]) -> None:
    reader = caller("reader", "applications:read")
    assert reader.post("/launches", PERSON).status_code == 403
    assert bank_app(ICBC).post("/launches", PERSON).status_code == 403
