"""What host apps show before anybody applies: banks, consent texts, working days."""

import hashlib

import pytest

from hub.domain.actor import HUB
from hub.domain.consent import Purpose
from hub.services.operating import banks as bank_deeds
from hub.wiring import Hub
from tests.applications import CITIC, CMB, ICBC
from tests.lenders import LENDER, add_lender
from tests.web.api.faults import faults_of
from tests.web.caller import Caller, made


def test_the_banks_are_listed_by_code(host_app: Caller) -> None:
    told = made(host_app.get("/banks"), 200)
    assert [each["code"] for each in told["items"]] == sorted([ICBC, CITIC, CMB])
    assert set(told["items"][0]) == {
        *("code", "name_zh", "name_en", "response_days"),
        *("hotline", "hotline_hours", "calls_from", "complaint_channel", "kind", "regulator"),
    }
    assert told["next_cursor"] is None


def test_creditors_are_banks_and_lenders_with_what_they_switched_on(hub: Hub, host_app: Caller) -> None:
    add_lender(hub)
    with hub.writing(HUB) as tx:
        bank_deeds.change(tx, ICBC, {"services": "mandates"})
    told = {each["code"]: each for each in made(host_app.get("/creditors"), 200)["items"]}
    assert set(told) == {ICBC, CITIC, CMB, LENDER}
    assert (told[LENDER]["kind"], told[LENDER]["regulator"]) == ("consumer_finance", "nfra")
    assert (told[ICBC]["kind"], told[ICBC]["services"], told[LENDER]["services"]) == ("bank", ["mandates"], [])
    assert LENDER not in {each["code"] for each in made(host_app.get("/banks"), 200)["items"]}


def test_a_closed_creditor_is_not_named(hub: Hub, host_app: Caller) -> None:
    add_lender(hub)
    with hub.writing(HUB) as tx:
        bank_deeds.open_or_close(tx, LENDER, is_open=False)
    assert LENDER not in {each["code"] for each in made(host_app.get("/creditors"), 200)["items"]}


def test_a_short_list_has_pages_too(host_app: Caller) -> None:
    first = made(host_app.get("/banks?limit=2"), 200)
    rest = made(host_app.get("/banks", query_string={"limit": 2, "cursor": first["next_cursor"]}), 200)
    assert [each["code"] for each in first["items"] + rest["items"]] == sorted([ICBC, CITIC, CMB])
    assert rest["next_cursor"] is None


def test_each_consent_text_has_its_digest(host_app: Caller) -> None:
    texts = made(host_app.get("/consent-texts"), 200)["items"]
    assert [each["purpose"] for each in texts] == list(Purpose)
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
