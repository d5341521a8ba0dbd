"""A bank's people keep places, times and visitors, and go through an appointment, by the pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from hub.domain.clock import FixedClock
from hub.wiring import Hub
from tests.applications import CMB, ICBC
from tests.conftest import Submit
from tests.web.api.visits import HOME, PERSON, booked, code_of, open_service, slot_of, status_of
from tests.web.caller import Caller, made
from tests.web.pages.visitor import Visitor

HERE = "/portal/appointments"
SET_UP = f"{HERE}/set-up"


@pytest.fixture(autouse=True)
def offered_service(hub: Hub, banks: Any) -> None:
    open_service(hub)


@pytest.fixture
def icbc(bank_app: Callable[[str], Caller]) -> Caller:
    return bank_app(ICBC)


@pytest.fixture
def delivered(host_app: Caller, submitted: Submit, work_off: Callable[[], int]) -> str:
    there = submitted(ICBC, client=host_app.client, applicant=PERSON)
    work_off()
    return f"/negotiations/{there.negotiation}"


@pytest.fixture
def clerk(app: Flask) -> Visitor:
    return Visitor(app, f"reviewer-{ICBC}")


@pytest.fixture
def admin(app: Flask) -> Visitor:
    return Visitor(app, f"bank-admin-{ICBC}")


def send(browser: Visitor, path: str, **form: Any) -> TestResponse:
    return browser.web.post(path, data={"csrf_token": browser.token(), **form})


def spelt(code: str) -> str:
    """The code as an input method for Chinese types it, with a blank in the middle."""
    wide = "".join(chr(ord(each) + 0xFEE0) for each in code)
    return f"{wide[:3]} {wide[3:]}"


def test_an_administrator_keeps_places_times_and_visitors(admin: Visitor, host_app: Caller) -> None:
    place = {"do": "place", "kind": "branch", "name": "西单支行", "address": "西单北大街 1 号", "step_free": "1"}
    assert send(admin, SET_UP, **place).status_code == 303
    page = admin.page(SET_UP)
    found = re.search(r'name="place_id" value="([0-9a-f]{32})"', page)
    assert found
    times = {"place_id": found[1], "first_day": "2026-11-23", "last_day": "2026-11-29", "begins": "９：００"}
    times |= {"ends": "11点", "minutes": "６０", "capacity": "2 人"}
    added = send(admin, SET_UP, do="slots", **times)
    assert added.status_code == 303, re.findall(r"error-summary.*?</ul>", added.get_data(as_text=True), re.DOTALL)
    # Two each on five working days.
    assert len(made(host_app.get(f"/banks/{ICBC}/slots"), 200)["items"]) == 10
    late = send(
        admin, SET_UP, do="slots", **{**times, "ends": "22:00", "first_day": "2026-11-30", "last_day": "2026-11-30"}
    )
    assert late.status_code == 422
    assert "工作日 08:30 到 18:00" in late.get_data(as_text=True)
    assert send(admin, SET_UP, do="visitor", number="A1", visitor_name="王小明").status_code == 303
    assert send(admin, SET_UP, do="visitor", number="A 1", visitor_name="王小明").status_code == 422
    assert "工号 A1" in admin.page(SET_UP)
    assert send(admin, SET_UP, do="visitor_off", number="A1").status_code == 303
    slot = re.search(r'name="slot_id" value="([0-9a-f]{32})"', admin.page(SET_UP))
    assert slot
    assert send(admin, SET_UP, do="close_slot", slot_id=slot[1]).status_code == 303
    assert send(admin, SET_UP, do="close_place", place_id=found[1]).status_code == 303
    assert made(host_app.get(f"/banks/{ICBC}/slots"), 200)["items"] == []


def test_a_reviewer_keeps_none_of_it(clerk: Visitor) -> None:
    assert clerk.web.get(SET_UP).status_code == 403
    assert SET_UP not in clerk.page(HERE)


def test_an_appointment_goes_through_the_desk(
    hub: Hub, clerk: Visitor, icbc: Caller, host_app: Caller, delivered: str, clock: FixedClock
) -> None:
    one = booked(host_app, icbc, delivered, **HOME)
    assert "等本行确认" in clerk.page(HERE)
    path = f"{HERE}/{one}"
    assert HOME["address"] not in clerk.page(path)
    refused = send(clerk, path, do="confirm", staff=["A1"])
    assert refused.status_code == 422
    assert "两位不同的本行工作人员" in refused.get_data(as_text=True)
    assert send(clerk, path, do="confirm", staff=["A1", "A2"]).status_code == 303
    page = clerk.page(path)
    assert HOME["address"] in page
    assert code_of(hub, one) not in page
    clock.at = datetime.fromisoformat("2026-11-24T10:00:00+08:00")
    wrong = send(clerk, path, do="begin", pass_code="not it")
    assert wrong.status_code == 422
    assert "还可以试 4 次" in wrong.get_data(as_text=True)
    assert send(clerk, path, do="begin", pass_code=spelt(code_of(hub, one))).status_code == 303
    assert status_of(host_app, one) == "begun"
    report = {"identity": "matched", "papers.0.name": "工资单", "papers.0.handling": "shown", "note": "收了 200 元"}
    money = send(clerk, f"{path}/report", **report)
    assert money.status_code == 422
    assert "不收钱、不付钱" in money.get_data(as_text=True)
    assert send(clerk, f"{path}/report", **{**report, "note": ""}).status_code == 303
    assert status_of(host_app, one) == "done"
    assert "下载见面记录" in clerk.page(path)
    assert HOME["address"] not in clerk.page(path)
    assert clerk.web.get(f"{path}/visit-note.pdf").mimetype == "application/pdf"


def test_another_time_is_proposed_and_nobody_comes(
    clerk: Visitor, icbc: Caller, host_app: Caller, delivered: str, clock: FixedClock
) -> None:
    one = booked(host_app, icbc, delivered)
    other = slot_of(icbc, day="2026-11-25")
    path = f"{HERE}/{one}"
    secret = send(clerk, path, do="move", slot_id=other, staff=["A1", "A3"], text="带上卡，密码 123456")
    assert (secret.status_code, "请删去密码" in secret.get_data(as_text=True)) == (422, True)
    assert send(clerk, path, do="move", slot_id=other, staff=["A1", "A3"], text="有会").status_code == 303
    made(host_app.post(f"/appointments/{one}/accept-move", {"subject": PERSON["subject"]}), 200)
    assert send(clerk, path, do="person").status_code == 422
    clock.at = datetime.fromisoformat("2026-11-25T10:30:00+08:00")
    assert send(clerk, path, do="person").status_code == 303
    assert status_of(host_app, one) == "missed_by_person"


def test_another_bank_sees_none_of_it(app: Flask, icbc: Caller, host_app: Caller, delivered: str) -> None:
    one = booked(host_app, icbc, delivered)
    other = Visitor(app, f"reviewer-{CMB}")
    assert other.web.get(f"{HERE}/{one}").status_code == 404
    assert send(other, f"{HERE}/{one}", do="confirm", staff=["A1", "A2"]).status_code == 404
    assert one not in other.page(f"{HERE}?day=2026-11-24")


def test_an_operator_sees_what_went_wrong_without_names(
    app: Flask, icbc: Caller, host_app: Caller, delivered: str, clock: FixedClock
) -> None:
    one = booked(host_app, icbc, delivered, **HOME)
    operator = Visitor(app, "operator")
    assert "没有这样的预约" in operator.page("/ops/appointments")
    clock.at = datetime.fromisoformat("2026-11-24T10:30:00+08:00")
    said = {"subject": PERSON["subject"], "trouble": "came_alone", "text": ""}
    made(host_app.post(f"/appointments/{one}/troubles", said), 200)
    page = operator.page("/ops/appointments")
    assert "只来了一个人" in page
    assert HOME["address"] not in page
