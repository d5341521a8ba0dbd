"""Every column of every table has a class, and the page that says so is true."""

import pytest

from storage.data_map import TABLES
from storage.personal_data import Whose
from storage.records import Record
from tests.storage.data_map_table import DOCUMENT, document


def test_every_table_has_a_class() -> None:
    """A new table is named in `storage/data_map.py`."""
    assert set(TABLES) == set(Record.metadata.tables)


@pytest.mark.parametrize("table", sorted(Record.metadata.tables))
def test_every_column_is_somebodys_or_nobodys(table: str) -> None:
    """A new column is named in `storage/data_map.py`, once."""
    named = [name for name, _ in TABLES[table].columns()]

    assert sorted(named) == sorted(column.name for column in Record.metadata.tables[table].columns)


@pytest.mark.parametrize("table", sorted(TABLES))
def test_what_is_keyed_is_somebodys(table: str) -> None:
    """A keyed hash is personal data as long as the key is there."""
    somebodys = {name for name, whose in TABLES[table].columns() if whose is not Whose.NOBODY}

    assert set(TABLES[table].keyed.split()) <= somebodys


def test_the_page_says_what_the_code_says() -> None:
    """`docs/data-map.md` is up to date; `make data-map` writes it anew."""
    assert DOCUMENT.read_text(encoding="utf-8") == document()
