"""`docs/law.md` is true: each rule is there, and each place and each test that it names exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "law.md").read_text(encoding="utf-8")
PLACE = re.compile(r"`([\w/-]+\.(?:py|html|txt))(?::([A-Za-z_][\w.]*))?`")
TEST = re.compile(r"`([\w/-]+\.py)::(\w+)`")
OUTSIDE_HUB = ("schemas/", "storage/", "templates/", "tests/")
RULES = [f"R{number}" for number in range(1, 26)]


def file_of(path: str) -> str:
    """The path in the repository of a place as the document writes it."""
    return path if path.startswith(OUTSIDE_HUB) else f"hub/{path}"


@cache
def names_in(path: str) -> frozenset[str]:
    """What a module defines: its functions, classes with their methods, and what it assigns, fields of classes too."""
    found: set[str] = set()

    def collect(body: list[ast.stmt], below: str = "") -> None:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                found.add(below + node.name)
            if isinstance(node, ast.ClassDef):
                collect(node.body, f"{below}{node.name}.")
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            found.update(below + each.id for each in targets if isinstance(each, ast.Name))

    collect(ast.parse((ROOT / path).read_text(encoding="utf-8")).body)
    return frozenset(found)


def rows() -> list[list[str]]:
    """The cells of each row of the table of rules."""
    lines = [line for line in TEXT.partition("## The rules")[2].splitlines() if re.match(r"\| R\d", line)]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_place_and_a_test(rule: str) -> None:
    own = [row for row in rows() if row[0] == rule]
    assert own
    for _, asked, place, test in own:
        assert asked
        assert PLACE.fullmatch(place)
        assert ".py`" not in place
        assert TEST.fullmatch(test)


def test_no_row_is_of_another_rule() -> None:
    assert {row[0] for row in rows()} == set(RULES)


@pytest.mark.parametrize(("path", "name"), sorted(set(PLACE.findall(TEXT))))
def test_each_place_exists(path: str, name: str) -> None:
    assert (ROOT / file_of(path)).is_file()
    # Of a template, and of a test without a name, the file is the place.
    assert not name or name in names_in(file_of(path))


@pytest.mark.parametrize(("path", "name"), sorted(set(TEST.findall(TEXT))))
def test_each_test_exists(path: str, name: str) -> None:
    assert name in {each.rpartition(".")[2] for each in names_in(f"tests/{path}")}


def test_no_line_is_longer_than_a_reader_can_follow() -> None:
    assert max(len(line) for line in TEXT.splitlines()) < 200
