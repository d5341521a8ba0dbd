"""Requests of every kind that are open when their person has their data erased: closed, and nothing is left wrong."""

from __future__ import annotations

import pytest

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.retention import Periods
from hub.services.erasure import requests as erasures
from hub.services.operating.invariants import breaches
from hub.wiring import Hub
from storage import banks as bank_rows
from storage import service_requests
from storage.records import AppointmentRecord, SlotRecord
from tests.applications import ICBC
from tests.web.api import test_instalments as instalments
from tests.web.api import visits
from tests.web.caller import Caller, made


@pytest.fixture(autouse=True)
def offered(hub: Hub, banks: dict[str, Bank]) -> None:
    with hub.writing(HUB) as tx:
        bank_rows.set_settings(tx, ICBC, {"services": "appointments,instalments"})


def erased(hub: Hub, host_app: Caller, subject: str) -> None:
    with hub.writing(HUB) as tx:
        erasures.erase_subject(tx, host_app.client.id, subject, Periods.parse(""))


def status_of(hub: Hub, matter_id: str) -> str:
    with hub.reading(HUB) as tx:
        (record,) = service_requests.list_of_matter(tx, matter_id)
        return record.status


def test_a_visit_ahead_is_closed_and_its_time_free(hub: Hub, host_app: Caller, icbc: Caller) -> None:
    slot = visits.slot_of(icbc)
    one = str(made(host_app.post("/appointments", visits.wanted(slot)))["id"])
    made(visits.confirm(icbc, one), 200)
    erased(hub, host_app, visits.SUBJECT)
    assert status_of(hub, one) == "closed"
    assert icbc.get(f"/bank/appointments/{one}").status_code == 404
    with hub.reading(HUB) as tx:
        assert tx.session.get(AppointmentRecord, one) is None
        assert tx.session.get_one(SlotRecord, slot).taken == 0
        assert list(breaches(tx, hub.store)) == []


def test_an_instalment_request_is_closed_and_asks_for_nothing_any_more(
    hub: Hub, host_app: Caller, icbc: Caller
) -> None:
    one = str(made(host_app.post("/instalment-requests", instalments.ASKED))["id"])
    erased(hub, host_app, instalments.PERSON["subject"])
    assert status_of(hub, one) == "closed"
    assert icbc.get(f"/bank/instalment-requests/{one}").status_code == 404
    assert icbc.post(f"/bank/instalment-requests/{one}/quotes", instalments.QUOTED).status_code == 404
    assert made(icbc.get("/bank/requests"), 200)["items"] == []
    with hub.reading(HUB) as tx:
        assert list(breaches(tx, hub.store)) == []
