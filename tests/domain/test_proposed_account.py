"""Further cards that a bank proposes: how they are told apart, and which may be proposed."""

from typing import Any

import pytest

from hub.domain.proposed_account import MOST_ACCOUNTS, ProposedAccount, is_same_card, proposal_faults, share_a_card


def proposed(first6: str = "622210", last4: str = "8003", **changes: Any) -> ProposedAccount:
    amounts = {"principal_fen": 420_000, "interest_fen": 8_600, "fees_fen": 0, "penalty_fen": 0}
    return ProposedAccount(card_first6=first6, card_last4=last4, text="", **{**amounts, **changes})


def test_it_stands_among_the_cards_by_its_ends() -> None:
    assert proposed().card == "622210******8003"


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("6222100000000007", "6222100000000007", True),
        # Two full numbers are compared whole, however alike their ends.
        ("6222100000000007", "6222101110000007", False),
        ("622210******0007", "6222100000000007", True),
        ("6222100000000007", "622210******0007", True),
        ("622210******0007", "622210******0007", True),
        ("622210******0007", "622211******0007", False),
        ("622210******0007", "6222100000000008", False),
    ],
)
def test_cards_are_told_by_what_is_known_of_both(one: str, other: str, is_one: bool) -> None:
    assert is_same_card(one, other) is is_one
    assert share_a_card(["3568890000000003", one], [other]) is is_one


def test_a_card_is_proposed_once_and_never_one_of_the_application() -> None:
    known = ["6222100000008003"]
    faults = [
        proposal_faults(proposed(), of_application=known, proposed_before=[]),
        proposal_faults(proposed(), of_application=[], proposed_before=[proposed().card]),
        proposal_faults(proposed(last4="8004"), of_application=known, proposed_before=[proposed().card]),
    ]
    told = [[(each.pointer, each.code) for each in found] for found in faults]
    assert told == [[("/card_last4", "card_in_application")], [("/card_last4", "card_already_proposed")], []]


def test_a_negotiation_is_about_so_many_cards_at_most() -> None:
    cards = [f"622210******{number:04d}" for number in range(MOST_ACCOUNTS)]
    assert proposal_faults(proposed(), of_application=cards[:3], proposed_before=cards[3:-1]) == []
    [fault] = proposal_faults(proposed(), of_application=cards[:3], proposed_before=cards[3:])
    assert (fault.pointer, fault.code, fault.params) == ("/card_last4", "too_many_cards", {"most": MOST_ACCOUNTS})
