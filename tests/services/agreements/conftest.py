"""Negotiations at the places where most tests of agreements begin, on SQLite."""

import pytest

from hub.domain.agreement_end import EndReason
from tests.services.case import Case
from tests.services.conftest import OpenCase


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough for these rules; both kinds live through every deed in `test_lifecycle`."""
    return sqlite_database


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    """A negotiation that is the bank's turn."""
    return open_case()


@pytest.fixture
def defaulted(agreed: Case) -> Case:
    """Its agreement was ended on Sunday 2027-01-24 at 10:00, after the payments of 20 December and January."""
    agreed.at("2027-01-24 10:00")
    for number in (1, 2):
        agreed.miss(number)
    agreed.pay(2, 10_000)
    agreed.end(EndReason.DEFAULTED, "连续两期未还，多次联系未获答复。")
    return agreed


def fault_of(case: Case, offer: str, code: str) -> str | None:
    """The fault that trying the code gives, or None where the agreement is made."""
    wrong = case.try_code(offer, code)
    return None if wrong is None else wrong.faults[0].code
