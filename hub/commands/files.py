"""Files that commands are given to read."""

import os
import pwd
from pathlib import Path
from typing import Any

import click


class _ReadableFile(click.Path):
    """A file that is there; what lies where the hub's user may not look is not said to be missing."""

    def __init__(self) -> None:
        super().__init__(exists=True, dir_okay=False, path_type=Path)

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; fails for one that names no file that can be read."""
        try:
            Path(value).stat()
        except PermissionError:
            self.fail(f"File {os.fspath(value)!r} is not there, or {user()} may not read it.", param, ctx)
        except OSError:
            # Said by click, below.
            pass
        return super().convert(value, param, ctx)


READABLE_FILE = _ReadableFile()


def user() -> str:
    """Who runs the command, as the operating system knows them."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
