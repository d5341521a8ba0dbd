"""Quotes and affordability by the API."""

from tests.applications import CITIC, CITIC_CARDS, CMB, FINANCES, ICBC, account, terms
from tests.web.api.faults import faults_of
from tests.web.caller import Caller, made


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
