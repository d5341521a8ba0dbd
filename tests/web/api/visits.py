"""A bank that offers appointments, and a person who books one: what tests of appointments begin with."""

from __future__ import annotations

from typing import Any

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.wiring import Hub
from storage import appointments
from storage import banks as bank_rows
from tests.applications import ICBC, person
from tests.web.caller import Caller, made

PERSON = person(7)
SUBJECT = PERSON["subject"]
HOME: dict[str, Any] = {
    "kind": "home",
    "own_words": "刚做完手术，出不了门",
    "address": "西城区某某胡同 5 号",
    "address_consent": True,
}
REPORT: dict[str, Any] = {
    "identity": "matched",
    "papers": [{"name": "工资单", "handling": "taken", "sha256": "a" * 64}],
    "note": "客户已看过协议样本。",
}


def open_service(hub: Hub, bank_code: str = ICBC) -> None:
    with hub.writing(HUB) as tx:
        bank_rows.set_settings(tx, bank_code, {"services": "appointments", "desk_email": "desk@icbc.example"})


def slot_of(
    bank: Caller, kind: str = "branch", day: str = "2026-11-24", begins: str = "10:00", capacity: int = 1
) -> str:
    """A bank's time that can be booked, an hour long, with a place and two visitors."""
    places = {each["kind"]: each["id"] for each in made(bank.get("/bank/places"), 200)["items"]}
    if kind not in places:
        address = {"address": "西单北大街 1 号"} if kind == "branch" else {}
        places[kind] = made(bank.post("/bank/places", {"kind": kind, "name": f"{kind} 一", **address}))["id"]
        for number, name in (("A1", "王小明"), ("A2", "李华"), ("A3", "赵云")):
            made(bank.put(f"/bank/visitors/{number}", {"name": name}), 200)
    ends = f"{int(begins[:2]) + 1:02d}{begins[2:]}"
    time = {"from": f"{day}T{begins}:00+08:00", "to": f"{day}T{ends}:00+08:00", "capacity": capacity}
    return str(made(bank.post("/bank/slots", {"place_id": places[kind], "slots": [time]}))["items"][0]["id"])


def wanted(slot: str, negotiation: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "subject": SUBJECT,
        "bank_code": ICBC,
        "slot_id": slot,
        "kind": "branch",
        "purpose": "papers",
        "negotiation": negotiation,
        "called": "王女士",
        **more,
    }


def booked(host: Caller, bank: Caller, delivered: str, **more: Any) -> str:
    """The id of an appointment about the negotiation."""
    slot = slot_of(bank, more.get("kind", "branch"))
    answer = made(host.post("/appointments", wanted(slot, delivered.rpartition("/")[2], **more)))
    return str(answer["id"])


def confirm(bank: Caller, appointment: str, *staff: str) -> Any:
    return bank.post(f"/bank/appointments/{appointment}/confirm", {"staff": list(staff or ("A1", "A2"))})


def code_of(hub: Hub, appointment: str) -> str:
    """What the person's page shows."""
    with hub.reading(HUB) as tx:
        return appointments.pass_code_of(tx, appointments.get(tx, appointment)) or ""


def begun(hub: Hub, clock: FixedClock, bank: Caller, appointment: str) -> None:
    """The appointment is confirmed and has begun at its time."""
    made(confirm(bank, appointment), 200)
    with hub.reading(HUB) as tx:
        clock.at = appointments.get(tx, appointment).starts_at
    made(bank.post(f"/bank/appointments/{appointment}/begin", {"pass_code": code_of(hub, appointment)}), 200)


def status_of(host: Caller, appointment: str) -> str:
    return str(made(host.get(f"/appointments/{appointment}", query_string={"subject": SUBJECT}), 200)["status"])
