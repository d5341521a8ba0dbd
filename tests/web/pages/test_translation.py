"""The pages' two languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2.ext import babel_extract

from hub.web.catalogue import english
from hub.web.pages.rendering import TEMPLATES
from tests.web.pages.conftest import Visit


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough: what a page keeps is nothing to its rows."""
    return sqlite_database


ROOT = Path(__file__).parents[3]


def test_chinese_is_read_unless_english_was_chosen(visit: Visit) -> None:
    browser = visit()
    assert "用手机号登录" in browser.page("/sign-in/")
    assert "用手机号登录" in browser.get("/sign-in/", headers={"Accept-Language": "en-US"}).get_data(as_text=True)
    assert "Sign in with your mobile number" in browser.page("/sign-in/?lang=en")
    assert "Sign in with your mobile number" in browser.page("/sign-in/")
    assert "用手机号登录" in browser.page("/sign-in/?lang=zh")


def texts_of_templates() -> Iterator[tuple[str, str]]:
    options = {"trim_blocks": "true", "lstrip_blocks": "true"}
    for path in sorted(TEMPLATES.rglob("*.html")):
        if path.relative_to(TEMPLATES).parts[0] in {"documents", "email"}:
            continue
        with path.open("rb") as file:
            for _, _, message, _ in babel_extract(file, ["translate"], [], options):
                # A text that is named by a variable comes from the code, and is found there.
                said = message[0] if isinstance(message, tuple) else message
                if said:
                    yield str(path.relative_to(TEMPLATES)), said


def texts_of_code() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "hub" / "web" / "pages").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"translate", "marked"} and node.args:
                said = node.args[0]
                if isinstance(said, ast.Constant) and isinstance(said.value, str):
                    yield path.name, said.value


def test_every_text_of_a_page_has_its_english() -> None:
    texts = [*texts_of_templates(), *texts_of_code()]
    assert len(texts) > 100
    missing = sorted({f"{where}: {text}" for where, text in texts if text not in english()})
    assert not missing


def test_no_template_says_anything_outside_the_catalogue() -> None:
    for path in sorted(TEMPLATES.rglob("*.html")):
        if path.relative_to(TEMPLATES).parts[0] in {"documents", "email"}:
            continue
        bare = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", "", path.read_text(), flags=re.DOTALL)
        assert not re.search(r"[\u4e00-\u9fff]", bare), path


def test_the_other_language_keeps_what_the_address_says(visit: Visit) -> None:
    person = visit("cardholder-1")
    page = person.get("/my/?done=call&again=1").get_data(as_text=True)
    assert "?done=call&amp;again=1&amp;lang=en" in page
