"""A pass of a command over everything stored: it can stop after a while, or be killed, and goes on where it was."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

import click

from hub.commands.opened import OPERATOR
from hub.domain.errors import Unusable
from hub.services import passes
from hub.services.passes import Place, Section
from hub.wiring import Hub

F = TypeVar("F")
_KEPT: Final = ("command", "database", "section", "after", "broken")


def in_parts(command: Any) -> Any:
    """Gives a command the options `--progress` and `--limit`."""
    command = click.option(
        "--limit", type=click.IntRange(min=1), metavar="ROWS", help="Stop after about so many rows; with --progress."
    )(command)
    return click.option(
        "--progress",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Keep in FILE how far this came; the same command goes on there, and begins anew after the end.",
    )(command)


@dataclass(kw_only=True)
class Passing(Generic[F]):
    """One run of a command over the sections of its pass. `file` keeps where it is, where one was named."""

    hub: Hub
    command: str
    sections: Sequence[Section[F]]
    file: Path | None
    limit: int | None
    was_broken: bool = False
    """Whether an earlier run of this pass found something that does not hold."""
    place: Place | None = None
    """Where the next run goes on; None where this one came to the end."""
    went_on: bool = field(init=False, default=False)
    """Whether this run goes on where another one stopped."""
    _database: str | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        if self.limit is not None and self.file is None:
            raise click.UsageError("--limit wants --progress FILE, so that the next run goes on where this one stops.")

    def _load(self, file: Path) -> None:
        names = {each.name for each in self.sections}
        try:
            kept = json.loads(file.read_text())
            command, database, section, after, self.was_broken = (kept[name] for name in _KEPT)
            key = None if after is None else tuple(map(_value, after))
        except (ValueError, LookupError, TypeError):
            command = database = section = key = None
        if command != self.command or section not in names:
            raise Unusable(f"{file} is no progress of `hub {self.command}`: remove it to begin anew")
        if database != self._database:
            raise Unusable(f"{file} is the progress of another database: name another file, or remove it to begin anew")
        self.place, self.went_on = Place(section=section, after=key), True

    def run(self, is_broken: Callable[[F], bool]) -> Iterator[F]:
        """All that is found, in the order in which it is; `is_broken` says of each whether it does not hold.

        What was given is never given again by the run that goes on, but where this one was killed meanwhile. Raises
        `Unusable` where the file is of something else, or another run goes on with it.
        """
        if self.file is None:
            yield from self._run(is_broken)
            return
        with _alone(self.file):
            self._database = passes.name_of_database(self.hub, OPERATOR)
            if self.file.exists():
                self._load(self.file)
            yield from self._run(is_broken)

    def _run(self, is_broken: Callable[[F], bool]) -> Iterator[F]:
        rows = 0
        for each in passes.run(self.hub, OPERATOR, self.sections, self.place):
            self.was_broken |= any(map(is_broken, each.found))
            yield from each.found
            self.place = each.place
            self._keep()
            rows += each.rows
            if self.place is not None and self.limit is not None and rows >= self.limit:
                return

    def _keep(self) -> None:
        if self.file is None:
            return
        if self.place is None:
            self.file.unlink(missing_ok=True)
            return
        after = None if self.place.after is None else list(map(_spelt, self.place.after))
        values = (self.command, self._database, self.place.section, after, self.was_broken)
        kept = dict(zip(_KEPT, values, strict=True))
        part = self.file.with_name(f"{self.file.name}.part")
        try:
            part.write_text(json.dumps(kept))
            part.replace(self.file)
        except OSError as error:
            # A full disk names no file.
            error.filename = error.filename or str(part)
            raise

    def say_where(self) -> None:
        """Says on standard error that more is to come, where this run stopped before the end."""
        if self.place is not None:
            click.echo(f"Not at the end yet, stopped in: {self.place.section}. The same command goes on.", err=True)


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """No other run goes on with the file; the kernel lets go of it where this one is killed."""
    lock = file.with_name(f"{file.name}.lock")
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # One that ended just now took its lock away, and with it what was opened here.
            is_ours = lock.exists() and os.path.samestat(os.fstat(descriptor), lock.stat())
        except BlockingIOError:
            is_ours = False
        if not is_ours:
            raise Unusable(f"another run goes on with {file}: wait for it, or name another file")
        try:
            yield
        finally:
            lock.unlink()
    finally:
        os.close(descriptor)


def _spelt(value: str | int | bytes) -> object:
    return {"hex": value.hex()} if isinstance(value, bytes) else value


def _value(spelt: Any) -> str | int | bytes:
    return bytes.fromhex(spelt["hex"]) if isinstance(spelt, dict) else spelt
