"""Negotiations at the places where most tests of the web begin."""

from collections.abc import Callable

import pytest

from tests.applications import ICBC, terms
from tests.conftest import Submit
from tests.storage.kept_database import postgresql_database
from tests.web.caller import Caller, made

__all__ = ["postgresql_database"]


@pytest.fixture
def icbc(bank_app: Callable[[str], Caller]) -> Caller:
    """The program of the bank that `delivered` went to."""
    return bank_app(ICBC)


@pytest.fixture
def delivered(host_app: Caller, submitted: Submit, work_off: Callable[[], int]) -> str:
    """The path of a negotiation of the host app that its bank has."""
    there = submitted(ICBC, client=host_app.client)
    work_off()
    return f"/negotiations/{there.negotiation}"


@pytest.fixture
def offered(icbc: Caller, delivered: str) -> str:
    """The path of an offer that the person can answer."""
    offer = made(icbc.post(f"/bank{delivered}/offers", {"terms": terms()}))
    return f"{delivered}/offers/{offer['id']}"
