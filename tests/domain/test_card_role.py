"""Cards that share a debt: owed once, and supplementary ones only beside the main card."""

from typing import Any

import pytest

from hub.domain.card_role import CardRole, sharing_faults
from tests.applications import CITIC, CITIC_CARDS, CMB, ICBC


def account(owed: int = 100, bank: str = ICBC, group: str | None = None, *, extra: bool = False) -> dict[str, Any]:
    amounts = {"principal_fen": owed, "interest_fen": 0, "fees_fen": 0, "penalty_fen": 0}
    role = CardRole.SUPPLEMENTARY if extra else CardRole.PRIMARY
    return {**amounts, "bank_code": bank, "account_group": group, "role": role}


NOTHING, TWICE = "account_owes_nothing", "account_owed_twice"


@pytest.mark.parametrize(
    ("accounts", "faults"),
    [
        ([account(), account()], []),
        ([account(0)], [("/0/principal_fen", NOTHING)]),
        # Several cards of one account: owed once, on whichever of them.
        ([account(group="A"), account(0, group="A")], []),
        ([account(0, group="A"), account(group=" A ")], []),
        ([account(group="A"), account(0, group="B")], [("/1/principal_fen", NOTHING)]),
        ([account(group="A"), account(0, CMB, group="A")], [("/1/principal_fen", NOTHING)]),
        ([account(bank=CITIC, group="A"), account(0, CITIC_CARDS, group="A")], []),
        ([account(group="A"), account(group="A")], [("/1/principal_fen", TWICE)]),
        (
            [account(0, group="A"), account(0, group="A")],
            [("/0/principal_fen", NOTHING), ("/1/principal_fen", NOTHING)],
        ),
        ([account(), account(0, group="")], [("/1/principal_fen", NOTHING)]),
        # A supplementary card: beside the main card alone, with a debt of its own or none.
        ([account(extra=True)], [("/0/role", "supplementary_alone")]),
        ([account(), account(0, extra=True)], []),
        ([account(), account(50, extra=True)], []),
        ([account(bank=CMB), account(extra=True)], [("/1/role", "supplementary_alone")]),
        (
            [account(extra=True), account(0, extra=True)],
            [("/0/role", "supplementary_alone"), ("/1/role", "supplementary_alone")],
        ),
        ([{}], []),
    ],
)
def test_who_owes_what(accounts: list[dict[str, Any]], faults: list[tuple[str, str]]) -> None:
    assert [(each.pointer, each.code) for each in sharing_faults(accounts)] == faults
