"""What a card debt costs by each way, asked by anybody: figures, faults with their places, and that nothing is kept."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator
from sqlalchemy import func, select

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.web.limits import CALCULATIONS
from hub.wiring import Hub
from storage import banks as bank_rows
from storage.records.base import Record
from tests.applications import CITIC, CITIC_CARDS, ICBC
from tests.web.api.faults import faults_of
from tests.web.caller import API, Caller, json_of, made

ADDRESS = f"{API}/calculations"
TYPED = {"debt_fen": 1_000_000, "monthly_fen": 50_000}


def ask(web: FlaskClient, body: Any = None, **headers: str) -> Any:
    return made(web.post(ADDRESS, json=TYPED if body is None else body, headers=headers), 200)


def way(answer: Any, name: str) -> Any:
    return next(each for each in answer["ways"] if each["way"] == name)


def test_the_ways_stand_side_by_side_with_what_they_rest_on(web: FlaskClient) -> None:
    told = ask(web)
    assert [(each["way"], each["end"], each["months"], each["cost_fen"]) for each in told["ways"]] == [
        ("minimum", "paid_off", 33, 145_883),
        ("fixed_sum", "paid_off", 25, 238_809),
        ("equal_instalment", "paid_off", 12, 71_808),
        ("equal_principal", "paid_off", 12, 70_417),
        ("interest_free", "paid_off", 12, 72_000),
        ("plan", "paid_off", 60, 94_187),
    ]
    assert told["assumptions"]["card"] == {
        "minimum_percent": "10.00",
        "floor_fen": 10_000,
        "daily_rate_percent": "0.05",
        "late_fee_percent": "5.00",
    }
    assert told["assumptions"]["deal"] == {
        "instalments": 12,
        "annual_rate_percent": "13.00",
        "term_fee_percent": "0.60",
    }
    assert told["assumptions"]["plan"] == {"instalments": 60, "annual_rate_percent": "3.60"}
    first = way(told, "minimum")["schedule"][0]
    assert (first["interest_fen"], first["total_fen"], first["remaining_fen"]) == (15_208, 115_208, 900_000)


def test_what_is_said_is_taken_for_what_is_assumed(web: FlaskClient) -> None:
    card = {
        "minimum_percent": "5.00",
        "floor_fen": 0,
        "daily_rate_percent": "0.0475",
        "late_fee_percent": "0.00",
    }
    told = ask(web, {"debt_fen": 1_000_000, "card": card, "plan": {"instalments": 24, "annual_rate_percent": "0.00"}})
    assert told["assumptions"]["card"] == card
    assert way(told, "plan")["cost_fen"] == 0
    assert "fixed_sum" not in {each["way"] for each in told["ways"]}


def test_a_sum_not_above_the_interest_never_ends(web: FlaskClient) -> None:
    never = way(ask(web, {**TYPED, "monthly_fen": 15_208}), "fixed_sum")
    assert (never["end"], len(never["schedule"])) == ("never", 1)
    assert {never[name] for name in ("months", "interest_fen", "fees_fen", "cost_fen", "total_fen")} == {None}
    assert never["annual_cost"] is None


@pytest.mark.parametrize("rate", ["3.60", "0.00", "24.00"])
def test_the_figures_of_a_plan_are_those_of_a_quote(web: FlaskClient, host_app: Caller, rate: str) -> None:
    told = ask(web, {**TYPED, "plan": {"instalments": 36, "annual_rate_percent": rate}})
    agreed = [each for each in told["ways"] if each["terms"] is not None]
    assert len(agreed) == 4
    for each in agreed:
        quote = made(host_app.post("/quotes", each["terms"]), 200)
        assert quote == {name: each[name] for name in ("schedule", "total_fen", "annual_cost")}


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({}, {("/debt_fen", "required")}),
        ({"debt_fen": 0, "monthly_fen": 0}, {("/debt_fen", "too_small"), ("/monthly_fen", "too_small")}),
        ({"debt_fen": 10**12 + 1}, {("/debt_fen", "too_large")}),
        ({"debt_fen": "10000"}, {("/debt_fen", "type_whole_number")}),
        ({"debt_fen": 1_000_000, "name": "王"}, {("/name", "unknown_field")}),
        (
            {
                "debt_fen": 1_000_000,
                "card": {"daily_rate_percent": "0.05001", "minimum_percent": "101", "late_fee_percent": 5},
            },
            {
                ("/card/daily_rate_percent", "fine_percent_form"),
                ("/card/minimum_percent", "too_large"),
                ("/card/late_fee_percent", "percent_form"),
            },
        ),
        ({"debt_fen": 1_000_000, "card": {"daily_rate_percent": "1.01"}}, {("/card/daily_rate_percent", "too_large")}),
        (
            {"debt_fen": 1_000_000, "deal": {"annual_rate_percent": "0.00", "instalments": 61}},
            {("/deal/annual_rate_percent", "not_above_zero"), ("/deal/instalments", "too_large")},
        ),
        ({"debt_fen": 1_000_000, "plan": {"instalments": 0}}, {("/plan/instalments", "too_small")}),
        (
            {"debt_fen": 10},
            {("/deal/instalments", "instalment_too_small"), ("/plan/instalments", "instalment_too_small")},
        ),
        (
            {"debt_fen": 10**12, "deal": {"term_fee_percent": "100.00"}},
            {("/deal/term_fee_percent", "out_of_range")},
        ),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(web: FlaskClient, body: Any, faults: set[tuple[str, str]]) -> None:
    assert faults_of(web.post(ADDRESS, json=body)) == faults


def test_a_refusal_has_its_sentence_in_both_languages(web: FlaskClient) -> None:
    body = {"debt_fen": 1_000_000, "card": {"daily_rate_percent": "0.00001"}}
    said = [
        json_of(web.post(ADDRESS, json=body, headers={"Accept-Language": language}))["errors"][0]["message"]
        for language in ("zh", "en")
    ]
    assert said == [
        '百分比请写成 "0.05" 这样的文字，最多 4 位小数。',
        'Please write the percentage as a text like "0.05", with at most 4 decimals.',
    ]


@pytest.fixture
def published(hub: Hub, banks: dict[str, Bank]) -> str:
    """The code of a bank that publishes how it reckons."""
    with hub.writing(HUB) as tx:
        settings = {"card_minimum_percent": "5", "card_floor_fen": "2000", "card_daily_rate_percent": "0.0475"}
        bank_rows.set_settings(tx, CITIC, settings)
    return CITIC


def test_a_bank_that_is_named_reckons_as_it_publishes(web: FlaskClient, published: str) -> None:
    told = ask(web, {**TYPED, "bank_code": published})
    of_bank = {
        "minimum_percent": "5.00",
        "floor_fen": 2_000,
        "daily_rate_percent": "0.0475",
        "late_fee_percent": "5.00",
    }
    assert told["assumptions"]["card"] == of_bank
    # 10,000.00 x 0.0475 % x 365 / 12 = 144.479…, and a twentieth of 10,000.00
    assert way(told, "minimum")["first_payment_fen"] == 14_448 + 50_000
    # What is said counts before what is published.
    said = ask(web, {**TYPED, "bank_code": CITIC_CARDS, "card": {"minimum_percent": "7.00"}})
    assert said["assumptions"]["card"] == {**of_bank, "minimum_percent": "7.00"}


def test_a_bank_that_publishes_nothing_is_taken_for_what_is_common(web: FlaskClient, published: str) -> None:
    assert ask(web, {**TYPED, "bank_code": ICBC})["assumptions"] == ask(web)["assumptions"]


@pytest.mark.parametrize(("code", "fault"), [("99990000", "bank_unknown"), ("1", "bank_code_form")])
def test_a_bank_that_is_none_is_refused(web: FlaskClient, published: str, code: str, fault: str) -> None:
    assert faults_of(web.post(ADDRESS, json={**TYPED, "bank_code": code})) == {("/bank_code", fault)}


def test_nothing_of_it_is_kept(
    web: FlaskClient, hub: Hub, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    def rows() -> dict[str, int]:
        with hub.reading(HUB) as tx:
            tables = [each for name, each in Record.metadata.tables.items() if name != "attempt"]
            return {each.name: tx.session.scalar(select(func.count()).select_from(each)) or 0 for each in tables}

    before = rows()
    with caplog.at_level("DEBUG"):
        for _ in range(2):
            answer = web.post(ADDRESS, json={"debt_fen": 7_654_321}, headers={"Idempotency-Key": "the-same"})
            assert answer.status_code == 200
            assert "Set-Cookie" not in answer.headers
            assert answer.headers["Cache-Control"] == "no-store"
    assert rows() == before
    said = caplog.text + "".join(capfd.readouterr())
    assert not any(each in said for each in ("76543.21", "7654321"))


def test_a_key_that_cannot_be_one_is_refused(web: FlaskClient) -> None:
    answer = web.post(ADDRESS, json=TYPED, headers={"Idempotency-Key": "a b"})
    assert (answer.status_code, json_of(answer)["code"]) == (400, "idempotency_key_form")


def test_an_address_asks_so_often_a_minute_and_another_is_not_kept_waiting(
    web: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "hub.web.api.calculations.CALCULATIONS",
        type(CALCULATIONS)(name="calculations", amount=3, window=CALCULATIONS.window),
    )
    for _ in range(3):
        ask(web)
    refused = web.post(ADDRESS, json=TYPED)
    assert (refused.status_code, json_of(refused)["code"]) == (429, "too_many_tries")
    assert int(refused.headers["Retry-After"]) > 0
    assert web.post(ADDRESS, json=TYPED, environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 200


def test_the_answer_is_as_it_is_described(web: FlaskClient) -> None:
    document = web.get(f"{API}/openapi.json").get_json()
    call = document["paths"]["/api/v1/calculations"]["post"]
    assert call["security"] == []
    schema = call["responses"]["200"]["content"]["application/json"]["schema"]
    for body in (TYPED, {**TYPED, "monthly_fen": 1}, call["requestBody"]["content"]["application/json"]["example"]):
        OAS31Validator({**schema, "components": document["components"]}).validate(ask(web, body))
