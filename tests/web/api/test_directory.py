"""What host apps show before anybody applies: figures, banks, consent texts, working days; and the way over."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.wiring import Hub
from storage import clients
from tests.applications import CITIC, CITIC_CARDS, CMB, FINANCES, ICBC, account, card, id_number, terms
from tests.conftest import AddCaller
from tests.web.caller import Caller, made


def faults_of(answer: Any) -> set[tuple[str, str]]:
    assert answer.status_code == 422, answer.data
    return {(each["pointer"], each["code"]) for each in answer.get_json()["errors"]}


def test_a_quote_is_the_same_as_in_an_offer(host_app: Caller, icbc: Caller, delivered: str) -> None:
    quote = made(host_app.post("/quotes", terms()), 200)
    offer = made(icbc.post(f"/bank{delivered}/offers", {"terms": terms()}))
    assert quote == {name: offer[name] for name in ("schedule", "total_fen", "annual_cost")}
    assert quote["total_fen"] == sum(row["total_fen"] for row in quote["schedule"])


def test_a_bank_can_ask_for_a_quote_too(icbc: Caller) -> None:
    settlement = {"kind": "settlement", "principal_fen": 100, "first_due_on": "2026-12-20"}
    assert made(icbc.post("/quotes", settlement), 200)["total_fen"] == 100


def test_terms_that_cannot_be_are_refused(host_app: Caller) -> None:
    assert faults_of(host_app.post("/quotes", terms(annual_rate_percent="0.00"))) == {
        ("/method", "equal_instalment_needs_a_rate")
    }


def test_what_is_left_is_shared_by_what_is_owed(host_app: Caller) -> None:
    accounts = [
        account(CMB, principal_fen=100, interest_fen=0, penalty_fen=0),
        account(ICBC, principal_fen=200, interest_fen=0, penalty_fen=0),
    ]
    told = made(host_app.post("/affordability", {"finances": dict(FINANCES), "accounts": accounts}), 200)
    assert told == {
        "left_fen": 120000,
        "suggested": {"from_fen": 60000, "to_fen": 72000},
        "shares": [{"bank_code": ICBC, "monthly_fen": 48000}, {"bank_code": CMB, "monthly_fen": 24000}],
    }


def test_both_codes_of_a_bank_have_one_share(host_app: Caller) -> None:
    accounts = [account(CITIC), account(CITIC_CARDS)]
    told = made(host_app.post("/affordability", {"finances": dict(FINANCES), "accounts": accounts}), 200)
    assert told["shares"] == [{"bank_code": CITIC, "monthly_fen": 72000}]


def test_nothing_is_suggested_where_nothing_is_left(host_app: Caller) -> None:
    finances = {**FINANCES, "other_debt_payments_fen": 300000}
    told = made(host_app.post("/affordability", {"finances": finances, "accounts": [account()]}), 200)
    assert (told["left_fen"], told["suggested"]) == (-90000, {"from_fen": 0, "to_fen": 0})
    assert told["shares"] == [{"bank_code": ICBC, "monthly_fen": 0}]


def test_the_banks_are_listed_by_code(host_app: Caller) -> None:
    told = made(host_app.get("/banks"), 200)
    assert [each["code"] for each in told["items"]] == sorted([ICBC, CITIC, CMB])
    assert set(told["items"][0]) == {"code", "name_zh", "name_en", "hotline", "response_days"}
    assert told["next_cursor"] is None


def test_a_short_list_has_pages_too(host_app: Caller) -> None:
    first = made(host_app.get("/banks?limit=2"), 200)
    rest = made(host_app.get("/banks", query_string={"limit": 2, "cursor": first["next_cursor"]}), 200)
    assert [each["code"] for each in first["items"] + rest["items"]] == sorted([ICBC, CITIC, CMB])
    assert rest["next_cursor"] is None


def test_each_consent_text_has_its_digest(host_app: Caller) -> None:
    texts = made(host_app.get("/consent-texts"), 200)["items"]
    assert {each["purpose"] for each in texts} == {"share_with_bank", "sensitive_data", "medical_data", "truthful"}
    for each in texts:
        assert hashlib.sha256(f"{each['zh']}\n{each['en']}".encode()).hexdigest() == each["sha256"]


def test_the_nth_working_day_is_told_with_the_days_on_the_way(host_app: Caller) -> None:
    told = made(host_app.get("/working-days?from=2026-11-20&days=2"), 200)
    assert told == {
        "date": "2026-11-24",
        "skipped": [{"date": "2026-11-21", "why": "周末"}, {"date": "2026-11-22", "why": "周末"}],
        "provisional": False,
    }
    assert made(host_app.get("/working-days?from=2026-11-21&days=0"), 200)["date"] == "2026-11-21"
    assert made(host_app.get("/working-days?from=2027-11-21&days=1"), 200)["provisional"] is True


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("from=2026-11-21&days=401", ("/days", "out_of_range")),
        ("from=2026-11-21&days=-1", ("/days", "out_of_range")),
        ("from=2026-11-21&days=x", ("/days", "out_of_range")),
        ("from=2026-11-21&days=²", ("/days", "out_of_range")),
        ("from=2026-11-21", ("/days", "required")),
        ("days=1", ("/from", "required")),
        ("from=20261121&days=1", ("/from", "date_form")),
        ("from=2026-02-30&days=1", ("/from", "date_form")),
        ("from=9999-12-01&days=400", ("/from", "year_beyond_calendar")),
        ("from=2026-11-21&days=1&to=2", ("/to", "unknown_field")),
    ],
)
def test_days_that_cannot_be_counted_are_refused(host_app: Caller, query: str, fault: tuple[str, str]) -> None:
    assert faults_of(host_app.get(f"/working-days?{query}")) == {fault}


PERSON = {
    "subject": "host-app-user-1",
    "name": "王小明",
    "mobile": "13800138000",
    "id_type": "resident_id",
    "id_number": id_number(1),
    "cards": [{"bank_code": ICBC, "card_number": card(ICBC)}],
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
