"""What every page keeps: its weight, its policy, both languages; and what every form keeps: what was typed."""

import gzip
import re

import pytest

from hub.domain.bank import Bank
from tests.applications import ICBC
from tests.web.pages.conftest import Visit

FIRST_VISITS = [
    ("cardholder-1", "/apply/", 70_000),
    ("cardholder-1", "/my/", 70_000),
    (None, "/sign-in/", 70_000),
    (f"reviewer-{ICBC}", "/portal/", 130_000),
    ("operator", "/ops/", 130_000),
    (None, "/sign-in/staff", 130_000),
]


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough: what a page keeps is nothing to its rows."""
    return sqlite_database


@pytest.mark.parametrize(("person", "path", "most"), FIRST_VISITS)
def test_a_first_visit_is_light_and_asks_nobody_else(
    visit: Visit, banks: dict[str, Bank], person: str | None, path: str, most: int
) -> None:
    browser = visit(person)
    text = browser.page(path)
    addresses = re.findall(r'<(?:link|script|img)[^>]+(?:href|src)="([^"]+)"', text)
    assert addresses
    assert all(each.startswith(("/assets/", "data:")) for each in addresses)
    weight = len(gzip.compress(text.encode()))
    for each in {each for each in addresses if each.startswith("/")}:
        weight += len(browser.get(each, headers={"Accept-Encoding": "gzip"}).get_data())
    assert weight <= most


@pytest.mark.parametrize(("person", "path", "_most"), FIRST_VISITS)
def test_a_page_has_a_strict_policy_and_is_kept_by_nobody(
    visit: Visit, banks: dict[str, Bank], person: str | None, path: str, _most: int
) -> None:
    answer = visit(person).get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    text = answer.get_data(as_text=True)
    assert not re.search(r"<style|<script(?![^>]*src=)|\sstyle=|\son[a-z]+=", text)


@pytest.mark.parametrize(("person", "path", "_most"), FIRST_VISITS)
def test_a_page_has_one_heading_a_language_and_a_title(
    visit: Visit, banks: dict[str, Bank], person: str | None, path: str, _most: int
) -> None:
    browser = visit(person)
    text = browser.page(path)
    assert text.count("<h1>") == 1
    assert '<html lang="zh-CN">' in text
    assert re.search(r"<title>[^<]+ · 还款协商</title>", text)
    assert '<html lang="en">' in browser.page(f"{path}?lang=en")
