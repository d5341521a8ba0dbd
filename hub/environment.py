"""The HUB_ variables: of the environment, of a `.env` file, and of files that hold one secret each.

As text that can be relied on, or refused by name.
"""

import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from hub.domain.errors import Unusable

SECRETS: Final = ("HUB_DATABASE_URL", "HUB_SECRET_KEYS", "HUB_SMTP_URL", "HUB_SMS_URL", "HUB_IDENTITY_URL")
"""The settings that hold a password or a key. `HUB_SMS_URL_FILE` names a file with the value of `HUB_SMS_URL`."""
CREDENTIALS: Final = "CREDENTIALS_DIRECTORY"
"""Where systemd puts what LoadCredential= names: a file that is called like a setting holds its value."""
_PREFIX = "HUB_"
# What editors put in front of the text, by the encoding that they put it in; UTF-32's must be looked for first.
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def read_environment() -> dict[str, str]:
    """The HUB_ variables in force: the environment's over the `.env` file's, and secrets out of files of their own.

    Raises `Unusable` for a file that cannot be read, for a secret that is given twice, and for a value that is no text,
    naming it.
    """
    both = {**_from_file(Path.cwd() / ".env"), **os.environ}
    ours = {name: value for name, value in both.items() if name.startswith(_PREFIX)}
    ours = _with_secrets(ours, both.get(CREDENTIALS))
    wrong = sorted(name for name, value in ours.items() if not _is_text(value))
    if wrong:
        raise Unusable(f"settings: {', '.join(wrong)} must be UTF-8 text in one line")
    return ours


def _with_secrets(given: Mapping[str, str], credentials: str | None) -> dict[str, str]:
    """`given`, with what stands in files in place of the variables that name them."""
    found = {name: value for name, value in given.items() if name.removesuffix("_FILE") not in SECRETS}
    for name in SECRETS:
        ways = [(name, given[name])] if given.get(name, "").strip() else []
        if file := given.get(f"{name}_FILE", "").strip():
            ways.append((f"{name}_FILE", _secret_in(Path(file), f"{name}_FILE")))
        if credentials and (credential := Path(credentials, name)).exists():
            ways.append((f"the credential {name}", _secret_in(credential, f"the credential {name}")))
        if len(ways) > 1:
            # A secret that was changed in one of two places would go on being the old one.
            raise Unusable(f"settings: {name} is given twice, as {' and as '.join(way for way, _ in ways)}: keep one")
        found.update((name, value) for _, value in ways)
    return found


def _secret_in(path: Path, way: str) -> str:
    try:
        text = _decoded(path, path.read_bytes()).strip()
    except OSError as error:
        raise Unusable(f"settings: {way}: {path} cannot be read ({error.strerror})") from error
    if not text:
        raise Unusable(f"settings: {way}: {path} is empty")
    return text


def _is_text(value: str) -> bool:
    # The system hands bytes that are no UTF-8 on as halves of surrogate pairs.
    return not any(char < " " or "\ud800" <= char <= "\udfff" for char in value.strip())


def _from_file(path: Path) -> Mapping[str, str]:
    try:
        content = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        return {}
    except OSError as error:
        if not _can_be_looked_for(path):
            # In a folder that is shut to the hub's user, as root's own is, nobody keeps settings for it.
            return {}
        raise Unusable(f"{path} cannot be read ({error.strerror}): correct its rights, or remove it") from error
    text = _decoded(path, content)
    for binding in parse_stream(io.StringIO(text)):
        if binding.error:
            raise Unusable(f"{path}: line {binding.original.line} is not NAME=VALUE")
    return {name: value or "" for name, value in dotenv_values(stream=io.StringIO(text)).items()}


def _can_be_looked_for(path: Path) -> bool:
    try:
        path.stat()
    except PermissionError:
        return False
    return True


def _decoded(path: Path, content: bytes) -> str:
    encoding = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), "utf-8-sig")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unusable(f"{path} is not UTF-8 text: save it as UTF-8") from error
    if "\0" in text:
        raise Unusable(f"{path} is not UTF-8 text: save it as UTF-8")
    return text
