"""The file in which the embedded default keeps the secret keys that it made itself."""

import os
from contextlib import suppress
from pathlib import Path

from hub.domain.errors import Unusable


def read(path: Path) -> str | None:
    """What the file holds, None where it is not there; raises `Unusable` where it holds no text."""
    try:
        text = path.read_text(encoding="utf-8-sig").strip()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        text = ""
    if not text:
        raise Unusable(f"{path} holds no secret: put it back from its copy")
    return text


def make(path: Path, secret: str) -> str:
    """The file is there, whole from the first moment and readable by its owner alone; gives what it holds.

    Where another process made it meanwhile, that one's stays.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    with open(part, "x", encoding="ascii", opener=for_the_owner_alone) as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    try:
        with suppress(FileExistsError):
            os.link(part, path)
    finally:
        part.unlink()
    return path.read_text(encoding="ascii").strip()


def for_the_owner_alone(path: str, flags: int) -> int:
    """An opener of files that nobody else on the machine can read."""
    return os.open(path, flags, 0o600)
