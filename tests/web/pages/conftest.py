"""People with browsers, for the tests of pages."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.web.pages.visitor import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def visit(app: Flask) -> Visit:
    """A way to have a browser: `visit()`, or `visit("cardholder-1")` signed in at the demo's door."""
    return lambda person=None: Visitor(app, person)
