"""What ending a deal early comes to, asked by anybody: figures, faults with their places, and that nothing is kept."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator
from sqlalchemy import func, select

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.wiring import Hub
from storage import banks as bank_rows
from storage.records.base import Record
from tests.applications import ICBC
from tests.web.api.faults import faults_of
from tests.web.caller import API, json_of, made

ADDRESS = f"{API}/instalment-estimates"
# The clock of these tests stands at 2026-11-21.
DEAL = {
    "kind": "merchant",
    "principal_fen": 1_200_000,
    "terms": 12,
    "paid_terms": 5,
    "fee_mode": "per_term",
    "fee_fen": 7_200,
    "first_posted_on": "2026-07-10",
}
BODY = {"deal": DEAL, "kind": "settle_early", "wanted_on": "2026-11-24"}


def ask(web: FlaskClient, **change: Any) -> Any:
    return made(web.post(ADDRESS, json={**BODY, **change}), 200)


def test_the_figures_come_by_their_parts_with_how_they_were_reckoned(web: FlaskClient) -> None:
    told = ask(web)
    assert told["figures"] == {
        "remaining_principal_fen": 700_000,
        "interest_to_date_fen": 3_498,
        "fees_due_fen": 0,
        "fees_refunded_fen": 0,
        "other_fen": 0,
        "pay_fen": 703_498,
    }
    assert (told["days"], told["day_count"], told["not_charged_fen"]) == (14, 365, 50_400)
    assert told["annual_cost"]["nominal_percent"] == "13.03"
    assert told["continues"] == []


def test_a_bank_that_is_named_reckons_as_it_has_set(web: FlaskClient, hub: Hub, banks: dict[str, Bank]) -> None:
    with hub.writing(HUB) as tx:
        bank_rows.set_settings(tx, ICBC, {"instalment_day_count": "360"})
    told = ask(web, bank_code=ICBC)
    assert (told["day_count"], told["figures"]["interest_to_date_fen"]) == (360, 3_547)


def test_both_refunds_of_an_upfront_fee_are_told_each_by_its_name(web: FlaskClient) -> None:
    told = ask(web, deal={**DEAL, "fee_mode": "upfront", "fee_fen": 86_400})
    assert told["figures"]["fees_refunded_fen"] == 31_610
    assert told["fees_refunded_pro_rata_fen"] == 50_400


def test_without_a_day_it_is_reckoned_for_today(web: FlaskClient) -> None:
    told = made(web.post(ADDRESS, json={"deal": DEAL, "kind": "settle_early"}), 200)
    assert told["as_of"] == "2026-11-21"


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"deal": {}}, {(f"/deal/{name}", "required") for name in sorted(DEAL) if name != "fee_fen"}),
        ({"deal": {**DEAL, "paid_terms": 4}}, {("/deal/paid_terms", "overdue")}),
        ({"kind": "cancel_before_first"}, {("/kind", "not_cancellable_after_posting")}),
        ({"kind": "refund"}, {("/merchant_refund_fen", "required")}),
        ({"kind": "shorten", "terms_left": 7}, {("/terms_left", "out_of_range")}),
        ({"wanted_on": "2026-12-11"}, {("/wanted_on", "day_range")}),
        ({"bank_code": "99990000"}, {("/bank_code", "bank_unknown")}),
        (
            {"deal": {**DEAL, "fee_mode": "interest"}},
            {("/deal/annual_percent", "required"), ("/deal/fee_fen", "not_for_this_fee_mode")},
        ),
        ({"card_password": "123456"}, {("/card_password", "card_secret_refused")}),
        ({"deal": {**DEAL, "cvv2": "123"}}, {("/deal/cvv2", "card_secret_refused")}),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(
    web: FlaskClient, banks: dict[str, Bank], change: dict[str, Any], faults: set[tuple[str, str]]
) -> None:
    assert faults_of(web.post(ADDRESS, json={**BODY, **change})) == faults


def test_a_refusal_leads_on_in_both_languages(web: FlaskClient) -> None:
    body = {**BODY, "deal": {**DEAL, "paid_terms": 4}}
    said = [
        json_of(web.post(ADDRESS, json=body, headers={"Accept-Language": language}))["errors"][0]["message"]
        for language in ("zh", "en")
    ]
    assert "请改为申请和银行协商还款" in said[0]
    assert "Please apply to negotiate with the bank instead" in said[1]


def test_nothing_of_it_is_kept(web: FlaskClient, hub: Hub, caplog: pytest.LogCaptureFixture) -> None:
    def rows() -> dict[str, int]:
        with hub.reading(HUB) as tx:
            tables = [each for name, each in Record.metadata.tables.items() if name != "attempt"]
            return {each.name: tx.session.scalar(select(func.count()).select_from(each)) or 0 for each in tables}

    before = rows()
    with caplog.at_level("DEBUG"):
        answer = web.post(ADDRESS, json={**BODY, "deal": {**DEAL, "principal_fen": 7_654_321}})
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
    assert rows() == before
    assert "7654321" not in caplog.text


def test_the_answer_is_as_it_is_described(web: FlaskClient, banks: dict[str, Bank]) -> None:
    document = web.get(f"{API}/openapi.json").get_json()
    call = document["paths"]["/api/v1/instalment-estimates"]["post"]
    assert call["security"] == []
    schema = call["responses"]["200"]["content"]["application/json"]["schema"]
    shorter = {**BODY, "kind": "shorten", "terms_left": 3}
    for body in (BODY, shorter, call["requestBody"]["content"]["application/json"]["example"]):
        OAS31Validator({**schema, "components": document["components"]}).validate(
            made(web.post(ADDRESS, json=body), 200)
        )
