"""Places, times and visitors by API: kept by their bank, shown to whoever may book."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.wiring import Hub
from storage.records import SlotRecord
from tests.applications import CMB, ICBC
from tests.web.api.faults import faults_of
from tests.web.caller import Caller, json_of, made

BRANCH: dict[str, Any] = {
    "kind": "branch",
    "name": "西单支行",
    "address": "西城区西单北大街 1 号",
    "hours": "工作日 9:00-17:00",
    "step_free": True,
}
HOME = {"kind": "home", "name": "西城区内"}


def span(day: str, begins: str = "10:00", ends: str = "11:00", **more: Any) -> dict[str, Any]:
    return {"from": f"{day}T{begins}:00+08:00", "to": f"{day}T{ends}:00+08:00", **more}


@pytest.fixture
def september(clock: FixedClock) -> None:
    """A Tuesday, nine in the morning, before the holidays of October."""
    clock.at = datetime(2026, 9, 22, 1, tzinfo=UTC)


def place_of(bank: Caller, **changes: Any) -> str:
    return str(made(bank.post("/bank/places", {**BRANCH, **changes}))["id"])


def offer(bank: Caller, place: str, *slots: dict[str, Any]) -> Any:
    return bank.post("/bank/slots", {"place_id": place, "slots": list(slots)})


def count(hub: Hub) -> int:
    with hub.reading(HUB) as tx:
        return tx.session.scalar(sa.select(sa.func.count()).select_from(SlotRecord)) or 0


def test_a_home_slot_on_a_holiday_is_refused_and_one_on_a_make_up_saturday_allowed(
    icbc: Caller, hub: Hub, september: None
) -> None:
    place = str(made(icbc.post("/bank/places", HOME))["id"])
    assert faults_of(offer(icbc, place, span("2026-10-01"))) == {("/slots/0/from", "outside_hours")}
    assert count(hub) == 0
    [slot] = made(offer(icbc, place, span("2026-10-10")))["items"]
    assert (slot["kind"], slot["free"], slot["from"]) == ("home", 1, "2026-10-10T10:00:00+08:00")


def test_all_of_the_times_or_none(icbc: Caller, hub: Hub, september: None) -> None:
    place = place_of(icbc)
    bad = offer(icbc, place, span("2026-09-23"), span("2026-09-23", "07:00", "08:00"))
    assert faults_of(bad) == {("/slots/1/from", "outside_hours")}
    made(offer(icbc, place, span("2026-09-23")))
    twice = offer(icbc, place, span("2026-09-24"), span("2026-09-23"))
    assert faults_of(twice) == {("/slots/1", "slot_exists")}
    assert count(hub) == 1


def test_whoever_books_sees_what_is_free_for_their_purpose(icbc: Caller, host_app: Caller, september: None) -> None:
    place = place_of(icbc)
    made(offer(icbc, place, span("2026-09-23", purposes=["sign"]), span("2026-09-24", capacity=3)))
    path = f"/banks/{ICBC}/slots"
    assert [each["free"] for each in made(host_app.get(path), 200)["items"]] == [1, 3]
    papers = made(host_app.get(path, query_string={"purpose": "papers"}), 200)["items"]
    assert [each["from"] for each in papers] == ["2026-09-24T10:00:00+08:00"]
    assert papers[0]["place"] == {
        "name": "西单支行",
        "address": "西城区西单北大街 1 号",
        "hours": "工作日 9:00-17:00",
        "step_free": True,
    }
    assert made(host_app.get(path, query_string={"kind": "video"}), 200)["items"] == []
    assert made(host_app.get(path, query_string={"from": "2026-09-25"}), 200)["items"] == []
    assert faults_of(host_app.get(path, query_string={"purpose": "collect"})) == {("/purpose", "unknown_choice")}
    assert host_app.get("/banks/99999999/slots").status_code == 404


def test_a_closed_time_and_a_closed_place_are_booked_by_nobody(icbc: Caller, host_app: Caller, september: None) -> None:
    place = place_of(icbc)
    [slot] = made(offer(icbc, place, span("2026-09-23")))["items"]
    closed = made(icbc.post(f"/bank/slots/{slot['id']}/close"), 200)
    assert closed["closed_at"] == "2026-09-22T09:00:00+08:00"
    assert made(host_app.get(f"/banks/{ICBC}/slots"), 200)["items"] == []
    made(offer(icbc, place, span("2026-09-24")))
    made(icbc.put(f"/bank/places/{place}", {**BRANCH, "active": False}), 200)
    assert made(host_app.get(f"/banks/{ICBC}/slots"), 200)["items"] == []
    assert faults_of(offer(icbc, place, span("2026-09-25"))) == {("/place_id", "place_closed")}


@pytest.mark.parametrize(
    ("instead", "day"),
    [
        ({"taken": 1}, "2026-09-23"),
        ({"closed_at": datetime(2026, 9, 22, tzinfo=UTC)}, "2026-09-23"),
        ({"purposes": ["sign", "other"]}, "2026-09-23"),
        # As a notice that came later made it.
        ({}, "2026-10-01"),
    ],
    ids=["full", "closed", "for_another_purpose", "on_a_holiday"],
)
def test_what_cannot_be_booked_hides_nothing_that_can(
    icbc: Caller, host_app: Caller, hub: Hub, september: None, instead: dict[str, Any], day: str
) -> None:
    place = place_of(icbc)
    [last] = made(offer(icbc, place, span("2026-12-18", purposes=["papers", "sign"])))["items"]
    begin = datetime.fromisoformat(f"{day}T09:00:00+08:00")
    others = [
        {
            "id": f"{number:032x}",
            "bank_code": ICBC,
            "place_id": place,
            "kind": "branch",
            "starts_at": begin + timedelta(seconds=number),
            "ends_at": begin + timedelta(hours=1, seconds=number),
            "capacity": 1,
            "taken": 0,
            "purposes": [],
            "added_at": begin,
            **instead,
        }
        for number in range(500)
    ]
    with hub.writing(HUB) as tx:
        tx.session.execute(sa.insert(SlotRecord), others)
    found = made(host_app.get(f"/banks/{ICBC}/slots", query_string={"purpose": "papers"}), 200)["items"]
    assert [each["id"] for each in found] == [last["id"]]


def test_a_place_keeps_its_kind_and_its_name_is_its_own(icbc: Caller) -> None:
    place = place_of(icbc)
    assert faults_of(icbc.post("/bank/places", BRANCH)) == {("/name", "place_exists")}
    assert faults_of(icbc.put(f"/bank/places/{place}", HOME)) == {("/kind", "place_kind_stays")}
    other = place_of(icbc, name="东单支行")
    assert faults_of(icbc.put(f"/bank/places/{other}", BRANCH)) == {("/name", "place_exists")}
    assert made(icbc.put(f"/bank/places/{place}", {**BRANCH, "hours": "周一至周五"}), 200)["hours"] == "周一至周五"


def test_another_bank_sees_and_changes_nothing(
    icbc: Caller, bank_app: Callable[[str], Caller], september: None
) -> None:
    place = place_of(icbc)
    [slot] = made(offer(icbc, place, span("2026-09-23")))["items"]
    other = bank_app(CMB)
    assert offer(other, place, span("2026-09-24")).status_code == 404
    assert other.put(f"/bank/places/{place}", BRANCH).status_code == 404
    assert other.post(f"/bank/slots/{slot['id']}/close").status_code == 404
    for path in ("/bank/places", "/bank/slots", "/bank/visitors"):
        assert made(other.get(path), 200)["items"] == []


def test_who_visits_is_named_by_the_number_on_the_badge(icbc: Caller) -> None:
    made(icbc.put("/bank/visitors/A1", {"name": "王小明"}), 200)
    assert made(icbc.put("/bank/visitors/A1", {"name": "王小明", "active": False}), 200)["active"] is False
    assert made(icbc.get("/bank/visitors"), 200)["items"] == [{"number": "A1", "name": "王小明", "active": False}]
    assert faults_of(icbc.put("/bank/visitors/A.1", {"name": "王小明"})) == {("/number", "visitor_number")}


@pytest.mark.parametrize("field", ["amount_fen", "cash", "paid_fen"])
def test_no_field_takes_money(icbc: Caller, field: str) -> None:
    refused = icbc.post("/bank/places", {**BRANCH, field: 100})
    assert faults_of(refused) == {(f"/{field}", "cash_refused")}
    assert "还款请在银行自己的 App" in json_of(refused)["errors"][0]["message"]


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "9000-01-01", "9999-12-31"])
def test_a_list_begins_on_no_day_at_an_end_of_the_calendar(host_app: Caller, icbc: Caller, day: str) -> None:
    for caller, path, name in (
        (host_app, f"/banks/{ICBC}/slots", "from"),
        (icbc, "/bank/slots", "from"),
        (icbc, "/bank/appointments", "day"),
    ):
        refused = caller.get(path, query_string={name: day})
        assert faults_of(refused) == {(f"/{name}", "day_range")}
        assert made(caller.get(path, query_string={name: "2026-09-23"}), 200)["items"] == []
