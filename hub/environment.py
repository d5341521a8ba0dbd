"""The HUB_ variables of the environment and of a `.env` file, as text that can be relied on or refused by name."""

import io
import os
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from hub.domain.errors import Unusable

_PREFIX = "HUB_"
# What editors put in front of the text, by the encoding that they put it in; UTF-32's must be looked for first.
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def read_environment() -> dict[str, str]:
    """The HUB_ variables in force: the environment's over the `.env` file's.

    Raises `Unusable` for a file that cannot be read, and for a value that is no text, naming it.
    """
    both = {**_from_file(Path.cwd() / ".env"), **os.environ}
    ours = {name: value for name, value in both.items() if name.startswith(_PREFIX)}
    wrong = sorted(name for name, value in ours.items() if not _is_text(value))
    if wrong:
        raise Unusable(f"settings: {', '.join(wrong)} must be UTF-8 text in one line")
    return ours


def _is_text(value: str) -> bool:
    # The system hands bytes that are no UTF-8 on as halves of surrogate pairs.
    return not any(char < " " or "\ud800" <= char <= "\udfff" for char in value.strip())


def _from_file(path: Path) -> Mapping[str, str]:
    try:
        content = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        return {}
    except OSError as error:
        raise Unusable(f"{path} cannot be read ({error.strerror}): correct its rights, or remove it") from error
    text = _decoded(path, content)
    for binding in parse_stream(io.StringIO(text)):
        if binding.error:
            raise Unusable(f"{path}: line {binding.original.line} is not NAME=VALUE")
    return {name: value or "" for name, value in dotenv_values(stream=io.StringIO(text)).items()}


def _decoded(path: Path, content: bytes) -> str:
    encoding = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), "utf-8-sig")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unusable(f"{path} is not UTF-8 text: save it as UTF-8") from error
    if "\0" in text:
        raise Unusable(f"{path} is not UTF-8 text: save it as UTF-8")
    return text
