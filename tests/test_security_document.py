"""`docs/security.md` is true: each module, setting and test it names exists, and ASVS is there chapter by chapter."""

import re

import pytest

from hub.settings import KNOWN
from tests.test_law_document import PLACE, ROOT, TEST, file_of, names_in

TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
THREATS = TEXT.partition("## Threats")[2].partition("\n## ")[0]
ASVS = TEXT.partition("## OWASP ASVS")[2].partition("\n## ")[0]
DOORS = {"F": 12, "P": 10, "A": 11, "M": 5, "W": 6, "L": 7}
WORDS = ("met", "partly", "not met", "not applicable", "the operator's")
# The last requirement of level 1 or 2 in each section of ASVS 5.0.0: 70 and 183, and no gap in front of any of them.
LAST = {
    1: (2, 9, 11, 3, 2), 2: (3, 3, 4, 1), 3: (0, 2, 4, 6, 5, 0, 2), 4: (3, 1, 2, 4), 5: (1, 3, 2, 3),
    6: (3, 12, 4, 4, 5, 3, 0, 4), 7: (3, 4, 2, 5, 2, 2), 8: (2, 3, 1, 1), 9: (3, 4), 10: (2, 2, 4, 11, 5, 2, 3),
    11: (2, 3, 3, 4, 1, 1, 0), 12: (3, 2, 4), 13: (1, 5, 2, 5), 14: (2, 4, 3), 15: (3, 3, 7, 0), 16: (1, 5, 4, 3, 3),
    17: (1, 4, 2),
}  # fmt: skip


def rows(text: str, first: str) -> list[list[str]]:
    """The cells of each row whose first cell is of that form."""
    lines = [line.strip("|").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in cells] for cells in lines if re.fullmatch(first, cells[0].strip())]


def test_each_threat_has_its_row_with_a_control_and_a_test() -> None:
    found = rows(THREATS, r"[FPAMWL]\d+")
    assert [row[0] for row in found] == [
        f"{door}{number}" for door, most in DOORS.items() for number in range(1, most + 1)
    ]
    tested = set(re.findall(r"^- ([FPAMWL]\d+) `[\w/-]+\.py::\w+`$", THREATS, flags=re.MULTILINE))
    for name, threat, control in found:
        assert threat, name
        assert PLACE.search(control) or "`HUB_" in control, name
        assert name in tested, name


@pytest.mark.parametrize(("path", "name"), sorted(set(PLACE.findall(TEXT))))
def test_each_place_exists(path: str, name: str) -> None:
    assert (ROOT / file_of(path)).is_file()
    assert not name or name in names_in(file_of(path))


@pytest.mark.parametrize(("path", "name"), sorted(set(TEST.findall(TEXT))))
def test_each_test_exists(path: str, name: str) -> None:
    assert name in {each.rpartition(".")[2] for each in names_in(f"tests/{path}")}


def test_each_setting_exists() -> None:
    assert set(re.findall(r"`(HUB_[A-Z0-9_]+)", TEXT)) <= set(KNOWN)


def numbers(written: str) -> list[str]:
    """The requirements that a row is about: `1.2.1 to 1.2.3, 1.2.5` are four."""
    found: list[str] = []
    for part in written.split(", "):
        first, _, last = part.partition(" to ")
        section, _, number = first.rpartition(".")
        found += [f"{section}.{each}" for each in range(int(number), int((last or first).rpartition(".")[2]) + 1)]
    return found


def test_each_requirement_of_asvs_up_to_level_2_has_one_answer() -> None:
    found = rows(ASVS, r"\d+\.\d+\.\d+.*")
    answered = [number for row in found for number in numbers(row[0])]
    assert len(set(answered)) == len(answered)
    asked = {
        f"{chapter}.{section}.{number}"
        for chapter, sections in LAST.items()
        for section, last in enumerate(sections, start=1)
        for number in range(1, last + 1)
    }
    assert len(asked) == 70 + 183
    assert asked - set(answered) == set()
    for number, short, answer, where in found:
        assert short, number
        assert answer in WORDS, (number, answer)
        assert where, number


def test_no_line_is_longer_than_a_reader_can_follow() -> None:
    assert max(len(line) for line in TEXT.splitlines()) <= 200
