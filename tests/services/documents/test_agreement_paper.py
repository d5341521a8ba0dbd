"""Which cards the paper lists beside a balance: those of its account, and supplementary ones."""

from __future__ import annotations

from datetime import date

import pytest

from hub.domain.application import Account
from hub.domain.balances import Balance
from hub.domain.card_role import CardRole
from hub.services.documents.agreement_paper import cards_beside
from tests.applications import ICBC, card

SUPPLEMENTARY = CardRole.SUPPLEMENTARY


def account(number: int, group: str | None = None, role: CardRole = CardRole.PRIMARY) -> Account:
    return Account(
        bank_code=ICBC,
        card_number=card(number=number),
        principal_fen=1,
        interest_fen=0,
        fees_fen=0,
        penalty_fen=0,
        account_group=group,
        role=role,
    )


def balance(number: int) -> Balance:
    return Balance(
        card_last4=card(number=number)[-4:],
        currency="CNY",
        principal_fen=1,
        interest_fen=0,
        fees_fen=0,
        penalty_fen=0,
        as_of=date(2026, 11, 20),
    )


def masked(number: int) -> str:
    return f"622210******{card(number=number)[-4:]}"


@pytest.mark.parametrize(
    ("accounts", "balances", "lines"),
    [
        ([account(0), account(1)], [0, 1], ["", ""]),
        ([account(0, "A"), account(1, "A"), account(2)], [0, 2], [f"同一账户的卡 {masked(1)}", ""]),
        # The bank may state the debt with any card of the account.
        ([account(0, "A"), account(1, " A")], [1], [f"同一账户的卡 {masked(0)}"]),
        ([account(0), account(1, role=SUPPLEMENTARY)], [0], [f"附属卡 {masked(1)}"]),
        ([account(0), account(1), account(2, role=SUPPLEMENTARY)], [0, 1], [f"附属卡 {masked(2)}", ""]),
        ([account(0), account(1, role=SUPPLEMENTARY)], [0, 1], ["", ""]),
        (
            [account(0, "A"), account(1, "A"), account(2, "A", SUPPLEMENTARY)],
            [0],
            [f"同一账户的卡 {masked(1)}；附属卡 {masked(2)}"],
        ),
        # A card that only the bank knows of has none beside it.
        ([account(0)], [0, 9], ["", ""]),
    ],
)
def test_each_card_is_listed_once(accounts: list[Account], balances: list[int], lines: list[str]) -> None:
    assert list(cards_beside(accounts, [balance(each) for each in balances])) == lines
