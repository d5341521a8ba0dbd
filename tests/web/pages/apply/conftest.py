"""People who fill in an application."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.caller import Caller
from tests.web.pages.cardholders import launched
from tests.web.pages.reader import Reader


@pytest.fixture
def reader(app: Flask, host_app: Caller) -> Reader:
    """A person whom the host app sent over, with a card of ICBC and one of CMB."""
    return launched(app, host_app)
