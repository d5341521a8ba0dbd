"""What a page asks for beyond the rules; the same bodies pass the API, as the contract says."""

from datetime import datetime
from typing import Any

import pytest

from hub.domain.application import Account, contradictions
from hub.domain.china import CHINA
from hub.domain.errors import Fault
from hub.domain.guidance import card_guidance, proposal_guidance
from hub.domain.terms import Kind
from schemas.application import load_application
from tests import applications
from tests.applications import CITIC, CITIC_CARDS, ICBC, card

NOW = datetime(2026, 11, 23, 12, tzinfo=CHINA)
PRINCIPAL = 1_850_000
IN_PARTS = {"instalments": 12, "monthly_payment_fen": 50_000}
OPEN_PROPOSALS: list[tuple[dict[str, Any], list[Fault]]] = [
    ({"kind": "deferral"}, [Fault("/proposal/months", "required")]),
    (
        {"kind": "lower_minimum"},
        [Fault("/proposal/minimum_percent", "required"), Fault("/proposal/months", "required")],
    ),
    ({"kind": "lower_minimum", "months": 40}, [Fault("/proposal/minimum_percent", "required")]),
    ({"kind": "settlement"}, [Fault("/proposal/settlement_fen", "required")]),
    ({"kind": "reduction", **IN_PARTS}, [Fault("/proposal/waived", "waiver_required")]),
    ({"kind": "reduction", **IN_PARTS, "waived": {"fees_fen": 0}}, [Fault("/proposal/waived", "waiver_required")]),
    (
        {"kind": "instalments", **IN_PARTS, "down_payment_fen": PRINCIPAL},
        [Fault("/proposal/down_payment_fen", "down_payment_not_below_principal")],
    ),
]


def guided(proposal: dict[str, Any], principal_fen: int = PRINCIPAL) -> list[Fault]:
    return proposal_guidance(
        Kind(proposal["kind"]),
        proposal,
        down_payment_fen=proposal.get("down_payment_fen", 0),
        principal_fen=principal_fen,
    )


@pytest.mark.parametrize(("proposal", "faults"), OPEN_PROPOSALS)
def test_a_proposal_that_a_bank_cannot_act_on_is_asked_about(proposal: dict[str, Any], faults: list[Fault]) -> None:
    assert guided(proposal) == faults


@pytest.mark.parametrize(
    "proposal",
    [
        {"kind": "deferral", "months": 12},
        {"kind": "lower_minimum", "months": 60, "minimum_percent": "5.00"},
        {"kind": "settlement", "settlement_fen": 900_000},
        {"kind": "reduction", "waive_interest": True},
        {"kind": "reduction", "waived": {"interest_fen": 1}},
        {"kind": "instalments", "down_payment_fen": PRINCIPAL - 1},
    ],
)
def test_a_whole_proposal_is_asked_nothing(proposal: dict[str, Any]) -> None:
    assert guided(proposal) == []


def test_who_owes_interest_alone_is_not_asked_about_a_down_payment() -> None:
    assert guided({"kind": "settlement", "settlement_fen": 500}, principal_fen=0) == []


@pytest.mark.parametrize("proposal", [each for each, _ in OPEN_PROPOSALS])
def test_the_api_takes_what_a_page_asks_about(proposal: dict[str, Any]) -> None:
    body = applications.application(ICBC, proposal={"first_due_on": "2026-12-20", **proposal})
    assert load_application(body, now=NOW).faults == []


def test_a_card_that_is_there_twice_is_told_at_its_second_place() -> None:
    cards = [(CITIC, card(CITIC)), (ICBC, ""), (ICBC, ""), (ICBC, card(ICBC)), (CITIC_CARDS, card(CITIC))]
    assert card_guidance(cards) == [Fault("/accounts/4/card_number", "card_listed_twice")]


def test_screening_finds_the_same_card_that_a_page_asks_about() -> None:
    body = applications.application(ICBC)
    body["accounts"] *= 2
    loaded = load_application(body, now=NOW)
    assert loaded.value is not None
    accounts: tuple[Account, ...] = loaded.value.accounts
    assert contradictions(accounts) == [("card_listed_twice", card(ICBC)[-4:])]
