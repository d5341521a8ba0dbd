"""`docs/ux-checklist.md` is true: all hundred are there, and each test that it names exists."""

import re

import pytest

from tests.test_law_document import ROOT, TEST, names_in

TEXT = (ROOT / "docs" / "ux-checklist.md").read_text(encoding="utf-8")


def test_all_are_there_in_order_each_with_a_test_or_a_word() -> None:
    rows = [line.strip("| ").split(" | ") for line in TEXT.splitlines() if re.match(r"\| \d", line)]
    assert [int(row[0]) for row in rows] == list(range(1, 101))
    assert all(len(row) == 3 and all(row) for row in rows)
    assert all(TEST.fullmatch(row[2]) or row[2].startswith("seen") for row in rows)


@pytest.mark.parametrize(("path", "name"), sorted(set(TEST.findall(TEXT))))
def test_each_test_exists(path: str, name: str) -> None:
    assert name in names_in(f"tests/{path}")
