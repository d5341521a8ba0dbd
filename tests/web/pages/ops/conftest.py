"""An operator's browser, on a hub whose bank CMB has a system of its own."""

import pytest
from flask import Flask

from hub.domain.bank import Bank
from tests.banks.fixtures import banks, hub, simulated
from tests.web.pages.operator import Operator

__all__ = ["banks", "hub", "simulated"]


@pytest.fixture
def operator(app: Flask, banks: dict[str, Bank]) -> Operator:
    """The operator's browser."""
    return Operator(app)
