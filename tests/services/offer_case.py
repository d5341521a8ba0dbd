"""A case in review on SQLite, and how its offers stand."""

from datetime import date

import pytest

from hub.domain.actor import Party
from hub.domain.balances import Balance
from tests.services.case import Case
from tests.services.conftest import OpenCase

BALANCE = Balance(
    card_last4="0007",
    currency="CNY",
    principal_fen=1_900_000,
    interest_fen=46_200,
    fees_fen=0,
    penalty_fen=12_000,
    as_of=date(2026, 11, 20),
)


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough for these rules; both kinds live through every deed in `test_lifecycle`."""
    return sqlite_database


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    """A negotiation that is the bank's turn."""
    return open_case()


def statuses(case: Case, party: Party = Party.CARDHOLDER) -> list[str]:
    return [each["status"] for each in case.view(party)["offers"]]
