"""`docs/faults.md` is true: every fault is there once, says what is seen of it, and each test that it names exists."""

import re

import pytest

from tests.test_law_document import ROOT, TEST, names_in
from tests.test_security_document import rows

TEXT = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
# So many faults of each kind: processes, disks, the database, the store, mails, banks, two at once, time, changes.
KINDS = {"K": 6, "D": 3, "B": 6, "S": 5, "E": 4, "N": 5, "C": 5, "T": 5, "M": 3, "R": 3}


def test_each_fault_has_one_row_that_says_what_is_seen_and_names_a_test() -> None:
    found = rows(TEXT, r"[A-Z]\d")
    assert [row[0] for row in found] == [
        f"{kind}{number}" for kind, most in KINDS.items() for number in range(1, most + 1)
    ]
    tested = re.findall(r"^- ([A-Z]\d) (.*)$", TEXT, re.MULTILINE)
    assert all(TEST.fullmatch(each) for _, each in tested)
    # In the order of the rows, at least one of each.
    assert list(dict.fromkeys(name for name, _ in tested)) == [row[0] for row in found]
    for name, fault, seen in found:
        assert fault, name
        assert seen.removesuffix("|").strip(), name


@pytest.mark.parametrize(("path", "name"), sorted(set(TEST.findall(TEXT))))
def test_each_test_exists(path: str, name: str) -> None:
    assert name in {each.rpartition(".")[2] for each in names_in(f"tests/{path}")}


def test_no_line_is_longer_than_a_reader_can_follow() -> None:
    assert max(len(line) for line in TEXT.splitlines()) <= 200
