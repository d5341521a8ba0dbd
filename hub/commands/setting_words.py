"""`KEY=VALUE` words of the command line, whose values may come from a file or from standard input."""

from pathlib import Path

import click

from hub.commands.opened import key_values

# A value is a line or a paragraph; whatever is longer is the wrong file.
MOST_BYTES = 64 * 1024


def setting_words(words: tuple[str, ...]) -> dict[str, str]:
    """The words as a mapping: `KEY=@FILE` is what the file holds, `KEY=-` what comes by standard input.

    Line ends at the end of such a value, and a byte order mark before it, are left out. Raises `click.UsageError`
    naming the key, never the value.
    """
    given = key_values(words)
    if sum(value == "-" for value in given.values()) > 1:
        raise click.UsageError("Standard input (-) can give the value of one key only.")
    return {key: _value(key, value) for key, value in given.items()}


def _value(key: str, value: str) -> str:
    if value == "-":
        with click.open_file("-", "rb") as stream:
            return _text(key, "standard input", stream.read(MOST_BYTES + 1))
    if not value.startswith("@"):
        return value
    path = value.removeprefix("@")
    try:
        with Path(path).open("rb") as file:
            return _text(key, path, file.read(MOST_BYTES + 1))
    except OSError as error:
        raise click.UsageError(f"{key}: {path or 'the file'} cannot be read ({error.strerror}).") from error


def _text(key: str, place: str, content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise click.UsageError(f"{key}: {place} holds more than {MOST_BYTES // 1024} KiB; a value is shorter.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{key}: {place} is not UTF-8 text.") from error
    if "\0" in text:
        raise click.UsageError(f"{key}: {place} is not text.")
    text = text.rstrip("\r\n")
    if not text:
        raise click.UsageError(f"{key}: {place} is empty; write {key}= to take the key away.")
    return text
