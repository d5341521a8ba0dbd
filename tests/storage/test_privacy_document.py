"""`docs/privacy.md` says by table what the code says, and names no page, call or command that is not there."""

from __future__ import annotations

import re

from flask import Flask

from hub.domain.retention import DataClass
from storage.data_map import TABLES
from tests.storage.privacy_tables import DOCUMENT, classes, consents, with_tables

TEXT = DOCUMENT.read_text(encoding="utf-8")


def test_the_tables_are_those_of_the_code() -> None:
    """`make data-map` writes them anew."""
    assert with_tables(TEXT) == TEXT
    assert classes() in TEXT
    assert consents() in TEXT


def test_every_table_and_every_class_is_named() -> None:
    assert [name for name in TABLES if f"`{name}`" not in classes()] == []
    assert [name for name in DataClass if f"| `{name}` |" not in classes()] == []


def test_every_page_and_call_that_it_names_is_there(app: Flask) -> None:
    rules = {re.sub(r"<[^>]*>", "*", rule.rule) for rule in app.url_map.iter_rules()}
    named = re.findall(r"`(?:GET |POST )?((?:/my|/ops|/api/v1)/[^`…]*)`", TEXT)
    assert len(named) > 6
    assert [each for each in named if re.sub(r"<[^>]*>|\{[^}]*\}", "*", each) not in rules] == []


def test_every_setting_that_it_names_is_there() -> None:
    settings = (DOCUMENT.parents[1] / "hub" / "settings.py").read_text(encoding="utf-8")
    assert [each for each in re.findall(r"`(HUB_[A-Z_]+)`", TEXT) if each not in settings] == []
