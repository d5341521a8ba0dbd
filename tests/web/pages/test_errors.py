"""Errors as pages."""

import pytest
from flask import Flask

from hub.web.pages.errors import page_of, stale
from hub.web.problems import Problem
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


def _problem(code: str, status: int) -> Problem:
    return Problem(status=status, kind=code, code=code, detail_code=code)


def test_a_page_of_an_error_names_one_next_step(app: Flask) -> None:
    for path, problem, step in (
        ("/my/x?y=1", _problem("unavailable", 503), 'href="/my/x?y=1">再试一次'),
        ("/my/x", _problem("not_found", 404), 'href="/my/">回到“我的协商”'),
        ("/sign-in/x", _problem("not_found", 404), 'href="/">回到首页'),
    ):
        with app.test_request_context(path):
            text = page_of(problem).get_data(as_text=True)
        main = text.partition("<main")[2].partition("</main>")[0]
        assert step in main
        assert main.count("<a ") == 1


def test_what_was_sent_is_not_sent_again_by_a_link(app: Flask) -> None:
    with app.test_request_context("/my/x", method="POST"):
        assert "再试一次" not in page_of(_problem("unavailable", 503)).get_data(as_text=True)


def test_a_stale_case_says_who_changed_it_and_keeps_what_was_typed(app: Flask) -> None:
    with app.test_request_context("/portal/negotiations/x"):
        answer = stale(changed_by="clerk@bank.example", changed_at=START, back="/portal/", typed="写给客户的话")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "clerk@bank.example" in text
    assert "10:00" in text
    assert "写给客户的话" in text
