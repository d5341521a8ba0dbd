"""A further card by the API: the bank proposes it, the host app brings the person's answer."""

from typing import Any

import pytest

from tests.applications import card, terms
from tests.web.api.faults import faults_of
from tests.web.caller import Caller, made

FURTHER = {
    "card_first6": "622210",
    "card_last4": "8003",
    "principal_fen": 420_000,
    "interest_fen": 8_600,
    "fees_fen": 0,
    "penalty_fen": 0,
    "text": "您在我行还有这张卡。",
}


def test_a_card_is_proposed_included_and_offered_on(host_app: Caller, icbc: Caller, delivered: str) -> None:
    proposed = made(icbc.post(f"/bank{delivered}/accounts", FURTHER))
    assert {**FURTHER, "id": proposed["id"], "status": "proposed"}.items() <= proposed.items()
    for reader, path in ((host_app, delivered), (icbc, f"/bank{delivered}")):
        assert made(reader.get(path), 200)["proposed_accounts"] == [proposed]
    included = made(host_app.post(f"{delivered}/accounts/{proposed['id']}/include"), 200)
    assert (included["status"], included["answered_at"]) == ("included", "2026-11-21T10:00:00+08:00")
    assert made(host_app.post(f"{delivered}/accounts/{proposed['id']}/include", key=None), 200) == included
    amounts = {name: value for name, value in FURTHER.items() if name.endswith("_fen")}
    balance = {**amounts, "card_last4": "8003", "currency": "CNY", "as_of": "2026-11-20"}
    own = {**balance, "card_last4": "0007", "principal_fen": 1_850_000, "interest_fen": 46_200, "penalty_fen": 12_000}
    made(icbc.post(f"/bank{delivered}/offers", {"terms": terms(), "balances": [own, balance]}))


def test_a_key_proposes_once(icbc: Caller, delivered: str) -> None:
    first, again = (icbc.post(f"/bank{delivered}/accounts", FURTHER, key="one") for _ in range(2))
    assert (made(first), again.headers["Idempotency-Replayed"]) == (made(again), "true")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"principal_fen": 0, "interest_fen": 0}, ("/principal_fen", "account_owes_nothing")),
        ({"card_first6": "62221"}, ("/card_first6", "six_digits")),
        ({"card_last4": "800３"}, ("/card_last4", "four_digits")),
        ({"card_number": card()}, ("/card_number", "unknown_field")),
        ({"card_first6": card()[:6], "card_last4": card()[-4:]}, ("/card_last4", "card_in_application")),
        ({"penalty_fen": -1}, ("/penalty_fen", "too_small")),
    ],
)
def test_what_cannot_be_proposed_is_told_at_its_place(
    host_app: Caller, icbc: Caller, delivered: str, changes: dict[str, Any], fault: tuple[str, str]
) -> None:
    refused = icbc.post(f"/bank{delivered}/accounts", {**FURTHER, **changes})
    assert faults_of(refused) == {fault}
    assert made(host_app.get(delivered), 200)["proposed_accounts"] == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("zh-CN", "申请里已经有这张卡，不用再提出。"), ("en", "This card is in the application already.")],
)
def test_a_refusal_says_why_in_both_languages(icbc: Caller, delivered: str, language: str, sentence: str) -> None:
    own = {**FURTHER, "card_first6": card()[:6], "card_last4": card()[-4:]}
    answer = icbc.post(f"/bank{delivered}/accounts", own, headers={"Accept-Language": language})
    assert answer.get_json()["errors"][0]["message"] == sentence


def test_the_other_answer_and_a_closed_negotiation_are_a_conflict(
    host_app: Caller, icbc: Caller, delivered: str
) -> None:
    answered, waiting = (
        made(icbc.post(f"/bank{delivered}/accounts", {**FURTHER, "card_last4": last4}))["id"]
        for last4 in ("8003", "9009")
    )
    made(host_app.post(f"{delivered}/accounts/{answered}/leave-out"), 200)
    other = host_app.post(f"{delivered}/accounts/{answered}/include")
    assert (other.status_code, other.get_json()["code"]) == (409, "already_answered")
    made(host_app.post(f"{delivered}/withdraw", {"text": ""}), 200)
    late = [
        host_app.post(f"{delivered}/accounts/{waiting}/include"),
        icbc.post(f"/bank{delivered}/accounts", {**FURTHER, "card_last4": "9010"}),
    ]
    assert [(each.status_code, each.get_json()["status_now"]) for each in late] == [(409, "withdrawn")] * 2


def test_an_unknown_card_is_not_there(host_app: Caller, delivered: str) -> None:
    assert host_app.post(f"{delivered}/accounts/none/include").status_code == 404
