"""A bank's offers by the API."""

from tests.applications import terms
from tests.web.api.faults import faults_of
from tests.web.caller import Caller, made


def test_faults_of_the_terms_are_told_at_once(icbc: Caller, delivered: str) -> None:
    body = {"terms": terms(instalments=61, months=3, annual_rate_percent=3.6), "surprise": 1}
    assert faults_of(icbc.post(f"/bank{delivered}/offers", body)) >= {
        ("/terms/instalments", "too_large"),
        ("/terms/months", "not_for_this_kind"),
        ("/terms/annual_rate_percent", "percent_form"),
        ("/surprise", "unknown_field"),
    }


def test_the_end_of_an_offer_is_three_to_thirty_days_away(icbc: Caller, delivered: str) -> None:
    body = {"terms": terms(), "valid_until": "2026-11-22T18:00:00+08:00"}
    assert faults_of(icbc.post(f"/bank{delivered}/offers", body)) == {("/valid_until", "valid_until_range")}


def test_more_than_80_percent_of_a_month_needs_a_reason_that_the_cardholder_never_sees(
    host_app: Caller, icbc: Caller, delivered: str
) -> None:
    body = {"terms": terms(instalments=12)}
    answer = icbc.post(f"/bank{delivered}/offers", body)
    assert faults_of(answer) == {("/reason_over_80", "reason_over_80_required")}
    assert "80%，请写明理由" in answer.get_json()["errors"][0]["message"]
    offer = made(icbc.post(f"/bank{delivered}/offers", {**body, "reason_over_80": "家人愿意承担。"}))
    assert offer["reason_over_80"] == "家人愿意承担。"
    [shown] = made(host_app.get(delivered), 200)["offers"]
    assert offer.keys() - shown.keys() == {"approvals", "reason_over_80"}
    assert shown.items() <= offer.items()


def test_a_large_offer_waits_and_the_cardholder_does_not_see_it(host_app: Caller, icbc: Caller, delivered: str) -> None:
    owed = {
        "card_last4": "0007",
        "currency": "CNY",
        "principal_fen": 5_000_001,
        "interest_fen": 46_200,
        "fees_fen": 0,
        "penalty_fen": 12_000,
        "as_of": "2026-11-20",
    }
    large = terms(principal_fen=5_000_001, instalments=60)
    offer = made(
        icbc.post(f"/bank{delivered}/offers", {"terms": large, "balances": [owed], "reason_over_80": "家人还"})
    )
    assert offer["balances"] == [owed]
    assert offer["status"] == "awaiting_approval"
    assert made(host_app.get(delivered), 200)["offers"] == []
    assert [each["id"] for each in made(icbc.get(f"/bank{delivered}"), 200)["offers"]] == [offer["id"]]
    hidden = host_app.post(f"{delivered}/offers/{offer['id']}/confirmation-codes")
    assert hidden.status_code == 404
