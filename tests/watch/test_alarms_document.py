"""docs/deploy/alarms.md: a paragraph for each alarm and none for another, and commands that are there."""

import re

import click
import pytest

from hub.__main__ import main
from tests.watch import ALARMS
from tests.watch.prometheus import rules

TEXT = ALARMS.read_text(encoding="utf-8")
PARAGRAPHS = dict(re.findall(r"^### (Hub\w+)\n\n(.+?)(?=\n\n|\Z)", TEXT, re.MULTILINE | re.DOTALL))
COMMANDS = sorted({" ".join(each.split()) for each in re.findall(r"`hub ([^`]+)`", TEXT)})


def test_each_alarm_has_its_paragraph_and_each_paragraph_its_alarm() -> None:
    assert set(PARAGRAPHS) == {rule["alert"] for rule in rules()}
    assert re.findall(r"^### (\w+)$", TEXT, re.MULTILINE) == [rule["alert"] for rule in rules()]


@pytest.mark.parametrize("alarm", sorted(PARAGRAPHS))
def test_a_paragraph_says_what_it_means_and_what_to_do(alarm: str) -> None:
    text = PARAGRAPHS[alarm]
    assert 15 <= len(text.split()) <= 90
    assert "`" in text or "Hub" in text


@pytest.mark.parametrize("line", COMMANDS)
def test_each_command_is_there_with_its_options(line: str) -> None:
    words = line.split()
    command: click.Command | None = main
    context = click.Context(main)
    while words and isinstance(command, click.Group):
        command = command.get_command(context, words.pop(0))
    assert command is not None, line
    known = {option for each in command.params for option in each.opts}
    assert {word for word in words if word.startswith("--")} <= known
