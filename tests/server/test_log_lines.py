"""What a serving process writes about itself."""

import ast
import json
import logging
from pathlib import Path

import hub
import storage
from hub.server.log_lines import JsonLine


def given_to_lines() -> set[str]:
    """The names that lines are given beside their words, all over the code."""
    rooms = [Path(str(room.__file__)).parent for room in (hub, storage)]
    found: set[str] = set()
    for path in (each for room in rooms for each in room.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "extra" and isinstance(node.value, ast.Dict):
                found |= {str(each.value) for each in node.value.keys if isinstance(each, ast.Constant)}
    return found


def test_whatever_a_line_is_given_is_written() -> None:
    names = given_to_lines()
    assert {"file", "error", "due"} <= names
    record = logging.LogRecord("hub", logging.WARNING, "", 0, "a file was not judged", None, None)
    record.__dict__ |= dict.fromkeys(names, "x")
    assert names <= set(json.loads(JsonLine().format(record)))
