"""The large print: chosen by a link, kept in the browser, for everybody."""

import pytest

from tests.web.pages.conftest import Visit

LARGE = '<html lang="zh-CN" class="text-large">'


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough: a cookie is nothing to its rows."""
    return sqlite_database


def test_large_print_is_chosen_by_a_link_and_kept(visit: Visit) -> None:
    browser = visit()
    assert LARGE not in browser.page("/sign-in/")
    assert 'href="?text=large"' in browser.page("/sign-in/")
    assert LARGE in browser.page("/sign-in/?text=large")
    assert LARGE in browser.page("/sign-in/")
    assert LARGE in browser.page("/no-such-page", 404)
    assert LARGE not in browser.page("/sign-in/?text=normal")
    assert LARGE not in browser.page("/sign-in/")


def test_the_link_keeps_what_else_the_address_says(visit: Visit) -> None:
    text = visit().page("/sign-in/?next=/my/")
    assert "next=%2Fmy%2F&amp;text=large" in text


def test_a_size_that_is_none_changes_nothing(visit: Visit) -> None:
    browser = visit()
    answer = browser.get("/sign-in/?text=huge")
    assert LARGE not in answer.get_data(as_text=True)
    assert "hub_text" not in answer.headers.get("Set-Cookie", "")
