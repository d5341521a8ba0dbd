"""People with browsers, for the tests of pages."""

from collections.abc import Callable

import pytest
from flask import Flask

from hub.domain.clock import FixedClock
from hub.wiring import Hub
from tests.services.case import Case
from tests.services.conftest import OpenCase, made_ready, open_case
from tests.web.pages.clerk import Clerk
from tests.web.pages.visitor import Visitor

__all__ = ["made_ready", "open_case"]

Visit = Callable[..., Visitor]


@pytest.fixture
def real_clock(hub: Hub) -> FixedClock:
    """The hub's real clock, which stands until a test moves it."""
    made_clock = FixedClock(hub.real_clock.now())
    hub.real_clock = made_clock
    return made_clock


@pytest.fixture
def visit(app: Flask) -> Visit:
    """A way to have a browser: `visit()`, or `visit("cardholder-1")` signed in at the demo's door."""
    return lambda person=None: Visitor(app, person)


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    """A negotiation in the queue of ICBC."""
    return open_case()


@pytest.fixture
def clerk(app: Flask, case: Case) -> Clerk:
    """A reviewer of ICBC."""
    return Clerk(app, "reviewer", case)


@pytest.fixture
def chief(app: Flask, case: Case) -> Clerk:
    """A supervisor of ICBC."""
    return Clerk(app, "supervisor", case)
