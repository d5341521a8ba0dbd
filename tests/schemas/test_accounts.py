"""What an account may say beside what is owed: its parts, its account, whose card it is."""

from typing import Any

import pytest

from hub.domain.application import Account
from hub.domain.card_role import CardRole
from hub.domain.debt_components import ComponentKind
from hub.domain.plain import from_plain, to_plain
from schemas.application import load_application, load_correction
from schemas.offers import load_bank_offer
from tests.applications import card, terms
from tests.schemas.bodies import APPLICATION, NOW, codes

TODAY = NOW.date()
PRINCIPAL = APPLICATION["accounts"][0]["principal_fen"]
PARTS = [
    {"kind": "revolving", "principal_fen": PRINCIPAL - 300_000},
    {"kind": "bill_instalment", "principal_fen": 200_000, "remaining_terms": 18},
    {"kind": "cash_instalment", "principal_fen": 100_000, "remaining_terms": 6},
]


def body(*others: dict[str, Any], **changes: Any) -> dict[str, Any]:
    own = {**APPLICATION["accounts"][0], **changes}
    beside = [
        {**APPLICATION["accounts"][0], "card_number": card(number=place + 50), **each}
        for place, each in enumerate(others)
    ]
    return {**APPLICATION, "accounts": [own, *beside]}


def faults(*others: dict[str, Any], **changes: Any) -> list[tuple[str, str]]:
    return codes(load_application(body(*others, **changes), now=NOW).faults)


def test_parts_become_values() -> None:
    [account] = load_application(body(components=PARTS), now=NOW).value_or_refuse().accounts
    assert [each.kind for each in account.components] == list(ComponentKind)
    assert [each.remaining_terms for each in account.components] == [None, 18, 6]
    assert from_plain(Account, to_plain(account)) == account


def test_an_account_without_any_of_it_is_spelt_as_before() -> None:
    [account] = load_application(body(), now=NOW).value_or_refuse().accounts
    assert not {"components", "account_group", "role"} & set(to_plain(account))
    assert (account.components, account.account_group, account.role) == ((), None, CardRole.PRIMARY)


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        (PARTS[1:], ("/accounts/0/components", "does_not_add_up")),
        (
            [{**PARTS[0], "principal_fen": PRINCIPAL, "remaining_terms": 3}],
            ("/accounts/0/components/0/remaining_terms", "not_of_revolving"),
        ),
        (
            [{"kind": "bill_instalment", "principal_fen": PRINCIPAL}],
            ("/accounts/0/components/0/remaining_terms", "required"),
        ),
        ([{**PARTS[0], "principal_fen": 0}], ("/accounts/0/components/0/principal_fen", "too_small")),
        (
            [{**PARTS[0], "principal_fen": PRINCIPAL, "fee_rate": "3"}],
            ("/accounts/0/components/0/fee_rate", "unknown_field"),
        ),
        ([{**PARTS[0], "kind": "overdue"}], ("/accounts/0/components/0/kind", "unknown_choice")),
        (
            [{**PARTS[1], "principal_fen": PRINCIPAL, "remaining_terms": 0}],
            ("/accounts/0/components/0/remaining_terms", "too_small"),
        ),
    ],
)
def test_parts_that_cannot_be_are_told_at_their_place(parts: list[Any], fault: tuple[str, str]) -> None:
    assert faults(components=parts) == [fault]


def test_more_than_a_bank_may_grant_is_taken_all_the_same() -> None:
    cash = {"kind": "cash_instalment", "principal_fen": 6_000_000, "remaining_terms": 36}
    bill = {"kind": "bill_instalment", "principal_fen": 1, "remaining_terms": 72}
    assert faults(principal_fen=6_000_001, components=[cash, bill]) == []


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        (PARTS, []),
        (
            [{"kind": "bill_instalment", "principal_fen": PRINCIPAL, "remaining_terms": 9}],
            [("/proposal/kind", "no_minimum_of_instalments")],
        ),
        ([], []),
    ],
)
def test_a_minimum_is_lowered_only_of_what_has_one(parts: list[Any], found: list[tuple[str, str]]) -> None:
    wish = {"kind": "lower_minimum", "minimum_percent": "5.00", "months": 6, "first_due_on": "2026-12-20"}
    asked = {**body(components=parts), "proposal": wish}
    assert codes(load_application(asked, now=NOW).faults) == found


def test_cards_of_one_account_are_owed_once() -> None:
    zero = {"principal_fen": 0, "interest_fen": 0, "fees_fen": 0, "penalty_fen": 0}
    assert faults({**zero, "account_group": "主账户"}, account_group="主账户") == []
    assert faults({**zero}, account_group="主账户") == [("/accounts/1/principal_fen", "account_owes_nothing")]
    assert faults({"account_group": "主账户"}, account_group="主账户") == [
        ("/accounts/1/principal_fen", "account_owed_twice")
    ]
    assert faults(account_group="x" * 21) == [("/accounts/0/account_group", "text_too_long")]


def test_the_main_holder_applies() -> None:
    zero = {"principal_fen": 0, "interest_fen": 0, "fees_fen": 0, "penalty_fen": 0}
    assert faults(role="supplementary") == [("/accounts/0/role", "supplementary_alone")]
    assert faults({**zero, "role": "supplementary"}) == []
    assert faults(role="main") == [("/accounts/0/role", "unknown_choice")]


def test_a_correction_is_judged_alike() -> None:
    sent = {"accounts": body(components=PARTS[1:])["accounts"], "finances": APPLICATION["finances"], "evidence": []}
    assert codes(load_correction(sent, today=TODAY).faults) == [("/accounts/0/components", "does_not_add_up")]


def test_a_balance_may_say_its_parts_too() -> None:
    owed = {"card_last4": "0007", "currency": "CNY", "interest_fen": 0, "fees_fen": 0, "penalty_fen": 0}
    sent = {**owed, "principal_fen": PRINCIPAL, "as_of": "2026-11-20", "components": PARTS}
    offer = load_bank_offer({"terms": terms(), "balances": [sent]}, today=TODAY).value_or_refuse()
    assert offer.balances is not None
    assert len(offer.balances[0].components) == 3
    wrong = load_bank_offer({"terms": terms(), "balances": [{**sent, "components": PARTS[1:]}]}, today=TODAY)
    assert codes(wrong.faults) == [("/balances/0/components", "does_not_add_up")]
