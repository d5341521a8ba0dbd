"""What is kept, as `docs/data-map.md` lists it: `python -m tests.storage.data_map_table` writes it anew."""

import textwrap
from pathlib import Path
from typing import Final

from hub.domain.retention import RULES, DataClass
from storage.data_map import TABLES
from storage.personal_data import Whose

_WIDTH: Final = 120
DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "data-map.md"
_WORDS: Final = """\
# What is kept of whom

Made from `hub/domain/retention.py` and `storage/data_map.py`. After a change: `make data-map`. A test compares this
page with the code, and fails on a column that nobody has given a class.

## Classes

The days are the shortest; `HUB_RETENTION` makes those of a negotiation longer, never shorter (`hub retention show`). A
legal hold (`hub retention hold`) stops all erasing of a negotiation.
"""
_COLUMNS: Final = """
## Columns

*Sealed*: AES-256-GCM under the hub's keys, bound to table, column and row. *Keyed*: a hash under a key, or a digest;
nobody reads it back. What is in no column named here (ids, times, statuses, counts) is of no person by itself.
"""
_NAMES: Final = {
    Whose.CARDHOLDER: "the cardholder",
    Whose.OTHERS_TOO: "the cardholder, and others that words or papers speak of",
    Whose.STAFF: "people who work here",
}


def document() -> str:
    """The whole of `docs/data-map.md`."""
    columns = [
        (table, each.of, _NAMES[whose], ", ".join(_spelt(name, each.keyed) for name in names))
        for table, each in TABLES.items()
        for whose in _NAMES
        if (names := getattr(each, whose).split())
    ]
    of_nobody = ", ".join(f"`{name}`" for name in TABLES if _is_of_nobody(name))
    return (
        f"{_WORDS}\n{''.join(map(_class, RULES))}{_COLUMNS}\n"
        + "".join(_item(f"`{table}` (`{of}`), {whose}: {names}") for table, of, whose, names in columns)
        + f"\n{textwrap.fill(f'Of nobody: {of_nobody}.', _WIDTH, break_on_hyphens=False)}\n"
    )


def _class(name: DataClass) -> str:
    rule = RULES[name]
    kept = (
        f"{rule.days} day{'' if rule.days == 1 else 's'} from {rule.begins}, then {rule.ends}"
        if rule.days
        else rule.ends
    )
    said = (("Why", rule.basis), ("How long", kept), ("Who sees it", rule.seen_by))
    return _item(f"`{name}`: {rule.what}.") + "".join(_item(f"{head}: {words}.", "  ") for head, words in said if words)


def _item(words: str, indent: str = "") -> str:
    item = textwrap.fill(f"- {words}", _WIDTH - 4, subsequent_indent="  ", break_on_hyphens=False)
    return textwrap.indent(item, indent) + "\n"


def _is_of_nobody(table: str) -> bool:
    return all(whose is Whose.NOBODY for _, whose in TABLES[table].columns())


def _spelt(column: str, keyed: str) -> str:
    how = "sealed" if column.endswith("_sealed") else "keyed" if column in keyed.split() else ""
    return f"`{column}`" + (f" ({how})" if how else "")


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
