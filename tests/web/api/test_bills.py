"""Bills by API: put, listed beside rows of agreements, taken away; each client for its own people."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.services.operating.invariants import breaches
from hub.wiring import Hub
from storage.records import BillRecord
from tests.applications import CMB, ICBC
from tests.conftest import AddCaller
from tests.web.api.faults import faults_of
from tests.web.api.test_people import erase, subject_of
from tests.web.caller import Caller, json_of, made

NOVEMBER: dict[str, Any] = {
    "subject": "person-1",
    "bank_code": ICBC,
    "card_last4": "0007",
    "statement_on": "2026-11-05",
    "due_on": "2026-11-25",
    "statement_fen": 120_000,
    "minimum_fen": 12_000,
}
DECEMBER = {**NOVEMBER, "statement_on": "2026-12-05", "due_on": "2026-12-25"}


def listed(caller: Caller, subject: str = "person-1", **days: str) -> list[Any]:
    query = {"subject": subject, "from": "2026-11-01", "to": "2027-11-30", **days}
    return list(made(caller.get("/bills", query_string=query), 200)["items"])


def count(hub: Hub) -> int:
    with hub.reading(HUB) as tx:
        return tx.session.scalar(sa.select(sa.func.count()).select_from(BillRecord)) or 0


def test_a_bill_is_put_once_and_then_changed(host_app: Caller, hub: Hub) -> None:
    first = made(host_app.put("/bills/one", NOVEMBER), 201)
    assert first == {
        "id": "one",
        "source": "typed",
        "status": "open",
        "bank_code": ICBC,
        "card_last4": "0007",
        "statement_on": "2026-11-05",
        "due_on": "2026-11-25",
        "statement_fen": 120_000,
        "minimum_fen": 12_000,
        "paid_fen": 0,
        "currency": "CNY",
        "as_of": first["as_of"],
        "may_have_changed": False,
    }
    assert made(host_app.put("/bills/one", NOVEMBER), 200) == first
    paid = made(host_app.put("/bills/one", {**NOVEMBER, "paid_fen": 120_000}), 200)
    assert paid["status"] == "paid"
    assert made(host_app.put("/bills/one", {**NOVEMBER, "is_overdue": True}), 200)["status"] == "overdue"
    assert [each["id"] for each in listed(host_app)] == ["one"]
    assert count(hub) == 1


def test_a_later_statement_of_the_card_supersedes_the_one_before(host_app: Caller) -> None:
    made(host_app.put("/bills/november", NOVEMBER))
    made(host_app.put("/bills/another-card", {**NOVEMBER, "card_last4": "0008"}))
    made(host_app.put("/bills/december", DECEMBER))
    statuses = {each["id"]: each["status"] for each in listed(host_app)}
    assert statuses == {"november": "superseded", "another-card": "open", "december": "open"}
    # What was superseded stays so, whatever is said of it later.
    assert made(host_app.put("/bills/november", {**NOVEMBER, "paid_fen": 1}), 200)["status"] == "superseded"


def test_an_earlier_statement_that_is_put_later_is_superseded_at_once(host_app: Caller) -> None:
    made(host_app.put("/bills/december", {**DECEMBER, "paid_fen": DECEMBER["statement_fen"]}))
    assert made(host_app.put("/bills/november", NOVEMBER))["status"] == "superseded"
    # What was paid of it stays paid, and what says of no statement when it was made is of none before another.
    paid = {**NOVEMBER, "paid_fen": NOVEMBER["statement_fen"], "statement_on": "2026-10-28"}
    assert made(host_app.put("/bills/october", paid))["status"] == "paid"
    assert made(host_app.put("/bills/undated", {**NOVEMBER, "statement_on": None}))["status"] == "open"
    # Also where a statement turns out to be of before.
    assert made(host_app.put("/bills/undated", NOVEMBER), 200)["status"] == "superseded"
    assert {each["id"]: each["status"] for each in listed(host_app)}["december"] == "paid"


def test_the_list_keeps_to_its_days(host_app: Caller) -> None:
    made(host_app.put("/bills/november", {**NOVEMBER, "statement_on": None}))
    made(host_app.put("/bills/december", {**DECEMBER, "statement_on": None}))
    assert [each["id"] for each in listed(host_app, to="2026-11-30")] == ["november"]
    assert [each["id"] for each in listed(host_app, **{"from": "2026-11-26"})] == ["december"]


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ({}, ("/subject", "required")),
        ({"subject": "a b"}, ("/subject", "id_form")),
        ({"subject": "person-1", "from": "yesterday"}, ("/from", "date_form")),
        ({"subject": "person-1", "from": "2026-12-01", "to": "2026-11-30"}, ("/to", "days_asked_for")),
        ({"subject": "person-1", "from": "2026-01-01", "to": "2027-02-06"}, ("/to", "days_asked_for")),
        ({"subject": "person-1", "from": "9999-12-31", "to": "9999-12-01"}, ("/to", "days_asked_for")),
        ({"subject": "person-1", "month": "2026-12"}, ("/month", "unknown_field")),
    ],
)
def test_what_a_list_cannot_be_asked_for(host_app: Caller, query: dict[str, str], fault: tuple[str, str]) -> None:
    assert faults_of(host_app.get("/bills", query_string=query)) == {fault}


def test_a_list_of_the_last_days_of_all_is_empty(host_app: Caller) -> None:
    assert made(host_app.get("/bills", query_string={"subject": "person-1", "from": "9999-12-31"}), 200)["items"] == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"subject": None}, ("/subject", "null")),
        ({"card_last4": "6222020000000007"}, ("/card_last4", "card_last4_form")),
        ({"minimum_fen": 120_001}, ("/minimum_fen", "minimum_above_statement")),
        ({"statement_on": "2026-11-26"}, ("/statement_on", "statement_after_due")),
        ({"due_on": "9999-12-31"}, ("/due_on", "bill_day_far")),
        ({"due_on": "0001-01-01", "statement_on": None}, ("/due_on", "bill_day_far")),
        ({"statement_on": "0001-01-01"}, ("/statement_on", "date_too_long_ago")),
        ({"statement_fen": 0}, ("/statement_fen", "too_small")),
        ({"currency": "USD"}, ("/currency", "unknown_choice")),
        ({"status": "paid"}, ("/status", "unknown_field")),
    ],
)
def test_what_is_refused_writes_nothing(
    host_app: Caller, hub: Hub, changes: dict[str, Any], fault: tuple[str, str]
) -> None:
    assert fault in faults_of(host_app.put("/bills/one", {**NOVEMBER, **changes}))
    assert count(hub) == 0


@pytest.mark.parametrize("name", ["cvn", "cvn2", "expiry", "pin", "card_password", "login", "login_password"])
def test_secrets_of_a_card_are_refused_by_name(host_app: Caller, hub: Hub, name: str) -> None:
    body = {**NOVEMBER, name: "123"}
    refused = host_app.put("/bills/one", body)
    assert faults_of(refused) == {(f"/{name}", "card_secret_refused")}
    assert "密码" in json_of(refused)["errors"][0]["message"]
    english = host_app.put("/bills/one", body, headers={"Accept-Language": "en"})
    assert json_of(english)["errors"][0]["message"].isascii()
    assert count(hub) == 0


def test_a_bill_from_an_agreement_takes_the_rows_sum_and_vanishes_when_the_row_is_paid(
    host_app: Caller, hub: Hub, icbc: Caller, agreed: str
) -> None:
    subject = subject_of(hub, agreed)
    rows = made(host_app.get(agreed), 200)["agreement"]["payments"][:12]
    days = {"from": rows[0]["due_on"], "to": rows[-1]["due_on"]}
    before = listed(host_app, subject, **days)
    assert [(each["due_on"], each["minimum_fen"], each["statement_fen"]) for each in before] == [
        (row["due_on"], row["total_fen"], row["total_fen"]) for row in rows
    ]
    assert {(each["source"], each["status"], each["bank_code"]) for each in before} == {("agreement", "open", ICBC)}
    first = rows[0]
    paid = {"number": first["number"], "paid_on": "2026-11-21", "amount_fen": first["total_fen"]}
    made(icbc.post(f"/bank{agreed}/agreement/payments", paid))
    assert listed(host_app, subject, **days) == before[1:]
    assert count(hub) == 0


def test_the_bill_of_an_agreement_is_changed_by_its_agreement_alone(host_app: Caller, hub: Hub, agreed: str) -> None:
    subject = subject_of(hub, agreed)
    first = listed(host_app, subject)[0]["id"]
    for answer in (
        host_app.put(f"/bills/{first}", {**NOVEMBER, "subject": subject}),
        host_app.delete(f"/bills/{first}?subject={subject}"),
    ):
        assert json_of(answer)["code"] == "bill_not_yours"
        assert answer.status_code == 404
    assert count(hub) == 0


def test_deleting_a_bill_leaves_no_sum_behind(host_app: Caller, hub: Hub) -> None:
    made(host_app.put("/bills/one", NOVEMBER))
    made(host_app.delete("/bills/one?subject=person-1"), 204)
    assert listed(host_app) == []
    assert count(hub) == 0
    again = host_app.delete("/bills/one?subject=person-1")
    assert (again.status_code, json_of(again)["code"]) == (404, "bill_not_yours")


def test_a_client_sees_its_own_subjects_only(host_app: Caller, hub: Hub, caller: AddCaller) -> None:
    other = caller("another app", "applications:write", "applications:read")
    made(host_app.put("/bills/one", NOVEMBER))
    assert listed(other) == []
    unknown = other.delete("/bills/one?subject=person-1")
    assert (unknown.status_code, json_of(unknown)["code"]) == (404, "bill_not_yours")
    # The same name and the same id are another person's there.
    made(other.put("/bills/one", {**NOVEMBER, "minimum_fen": 1}))
    assert [each["minimum_fen"] for each in listed(host_app)] == [12_000]
    assert count(hub) == 2


def test_another_subjects_bill_is_not_this_ones(host_app: Caller, hub: Hub) -> None:
    made(host_app.put("/bills/one", NOVEMBER))
    for answer in (
        host_app.put("/bills/one", {**NOVEMBER, "subject": "person-2", "minimum_fen": 1}),
        host_app.delete("/bills/one?subject=person-2"),
    ):
        assert (answer.status_code, json_of(answer)["code"]) == (404, "bill_not_yours")
        assert "账单" in json_of(answer)["title"]
    assert [each["minimum_fen"] for each in listed(host_app)] == [12_000]
    assert listed(host_app, "person-2") == []


def test_a_bank_has_no_way_to_bills(host_app: Caller, icbc: Caller) -> None:
    made(host_app.put("/bills/one", NOVEMBER))
    assert icbc.get("/bills?subject=person-1").status_code == 403
    assert icbc.put("/bills/one", NOVEMBER).status_code == 403
    assert icbc.delete("/bills/one?subject=person-1").status_code == 403


def test_no_more_than_two_hundred_are_kept(host_app: Caller, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.services.bills.bills.MOST_BILLS", 2)
    for name in ("one", "two"):
        made(host_app.put(f"/bills/{name}", NOVEMBER))
    assert faults_of(host_app.put("/bills/three", NOVEMBER)) == {("", "bills_too_many")}
    made(host_app.put("/bills/two", {**NOVEMBER, "paid_fen": 5}), 200)
    assert count(hub) == 2


def test_bills_are_exported_and_erased_with_the_person(host_app: Caller, hub: Hub) -> None:
    made(host_app.put("/bills/one", NOVEMBER))
    made(host_app.put("/bills/two", {**NOVEMBER, "subject": "person-2"}))
    assert host_app.get("/people/person-1/export").status_code == 200
    goes = made(erase(host_app, "person-1"), 202)["goes"]
    assert "bills" in {each["what"] for each in goes}
    assert listed(host_app) == []
    assert [each["id"] for each in listed(host_app, "person-2")] == ["two"]
    assert erase(host_app, "person-1").status_code == 404


def test_the_check_names_a_bill_that_is_not_what_its_row_says(host_app: Caller, hub: Hub) -> None:
    made(host_app.put("/bills/one", NOVEMBER))
    with hub.reading(HUB) as tx:
        assert [each for each in breaches(tx, hub.store) if each.invariant == "bills"] == []
    with hub.writing(HUB) as tx:
        record = tx.session.scalars(sa.select(BillRecord)).one()
        record.due_on = date(2026, 11, 25) + timedelta(days=1)
        record.bank_code, record.status = CMB, "paid"
    with hub.reading(HUB) as tx:
        found = [each.detail for each in breaches(tx, hub.store) if each.invariant == "bills"]
    assert len(found) == 2


def load(caller: Caller, subject: str = "person-1", month: str = "2026-11") -> Any:
    return made(caller.get("/load", query_string={"subject": subject, "month": month}), 200)


def test_the_load_of_a_month_is_of_its_open_bills_and_without_an_income_has_no_ratio(host_app: Caller) -> None:
    made(host_app.put("/bills/one", NOVEMBER))
    made(host_app.put("/bills/two", {**NOVEMBER, "card_last4": "0008", "minimum_fen": 8_000, "paid_fen": 20_000}))
    made(host_app.put("/bills/paid", {**NOVEMBER, "card_last4": "0009", "paid_fen": 120_000}))
    made(host_app.put("/bills/later", {**DECEMBER, "card_last4": "0010"}))
    found = load(host_app)
    assert (found["minimum_fen"], found["due_fen"]) == (20_000, 220_000)
    assert [each["id"] for each in found["debts"]] == ["one", "two"]
    assert (found["income_fen"], found["percent"], found["band"], found["should_negotiate"]) == (
        None,
        None,
        None,
        False,
    )


def test_a_plans_row_counts_and_the_income_is_what_was_applied_with(host_app: Caller, hub: Hub, agreed: str) -> None:
    subject = subject_of(hub, agreed)
    first = made(host_app.get(agreed), 200)["agreement"]["payments"][0]
    found = load(host_app, subject, first["due_on"][:7])
    assert (found["minimum_fen"], found["income_fen"], found["band"]) == (first["total_fen"], 620_000, "bearable")


def test_the_load_is_of_ones_own_subjects_and_needs_a_token_that_reads(
    host_app: Caller, icbc: Caller, caller: AddCaller
) -> None:
    made(host_app.put("/bills/one", NOVEMBER))
    other = caller("another app", "applications:write", "applications:read")
    assert load(other)["debts"] == []
    assert load(host_app, "person-2")["debts"] == []
    assert icbc.get("/load?subject=person-1").status_code == 403
    assert caller("writer", "applications:write").get("/load?subject=person-1").status_code == 403
    assert host_app.web.get("/api/v1/load?subject=person-1").status_code == 401


@pytest.mark.parametrize("month", ["2026", "2026-13", "2026-1", "1999-12", "2026-12-01"])
def test_a_month_is_written_so(host_app: Caller, month: str) -> None:
    refused = host_app.get("/load", query_string={"subject": "person-1", "month": month})
    assert faults_of(refused) == {("/month", "month_form")}


REMINDER: dict[str, Any] = {
    "subject": "person-1",
    "bill_id": "one",
    "days_before": [3, 0],
    "channel": "mail",
    "email": "xm@example.com",
}


def test_a_reminder_is_set_and_turned_off(host_app: Caller) -> None:
    made(host_app.put("/bills/one", DECEMBER))
    answer = made(host_app.put("/reminders", REMINDER), 200)
    told_at = "2026-12-22T09:00:00+08:00"
    chosen = {"bill_id": "one", "days_before": [3, 0], "channel": "mail"}
    assert answer == {**chosen, "hours": "day", "next_at": told_at}
    evening = made(host_app.put("/reminders", {**REMINDER, "hours": "evening"}), 200)
    assert evening == {**chosen, "hours": "evening", "next_at": "2026-12-22T18:00:00+08:00"}
    off = made(host_app.put("/reminders", {**REMINDER, "days_before": []}), 200)
    assert off == {"bill_id": "one", "days_before": [], "channel": None, "hours": None, "next_at": None}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"days_before": [2]}, ("/days_before/0", "unknown_choice")),
        ({"days_before": [3, 3]}, ("/days_before/1", "listed_twice")),
        ({"channel": "sms"}, ("/mobile", "required")),
        ({"channel": "app"}, ("/channel", "unknown_choice")),
        ({"hours": "night"}, ("/hours", "unknown_choice")),
        ({"email": None}, ("/email", "required")),
        ({"password": "1"}, ("/password", "card_secret_refused")),
    ],
)
def test_what_a_reminder_cannot_be(host_app: Caller, changes: dict[str, Any], fault: tuple[str, str]) -> None:
    made(host_app.put("/bills/one", DECEMBER))
    assert fault in faults_of(host_app.put("/reminders", {**REMINDER, **changes}))


def test_nobody_is_reminded_of_anothers_bill(host_app: Caller, caller: AddCaller) -> None:
    made(host_app.put("/bills/one", DECEMBER))
    other = caller("another app", "applications:write")
    for answer in (other.put("/reminders", REMINDER), host_app.put("/reminders", {**REMINDER, "subject": "person-2"})):
        assert (answer.status_code, json_of(answer)["code"]) == (404, "bill_not_yours")
