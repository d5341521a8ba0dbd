"""Errors as pages."""

import pytest
from flask import Flask

from hub.web.pages.errors import stale
from tests.conftest import START
from tests.web.pages.conftest import Visit


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough: what a page keeps is nothing to its rows."""
    return sqlite_database


def test_an_unknown_address_says_so_and_nothing_else(visit: Visit) -> None:
    browser = visit()
    first, second = browser.page("/no/such/page", 404), browser.page("/another", 404)
    assert first == second
    assert "没有找到" in first


def test_a_stale_case_says_who_changed_it_and_keeps_what_was_typed(app: Flask) -> None:
    with app.test_request_context("/portal/negotiations/x"):
        answer = stale(changed_by="clerk@bank.example", changed_at=START, back="/portal/", typed="写给客户的话")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "clerk@bank.example" in text
    assert "10:00" in text
    assert "写给客户的话" in text
