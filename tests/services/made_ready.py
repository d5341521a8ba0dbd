"""What comes of submitting and screening, made once a process on SQLite and copied for every test that begins there."""

import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import Submitted


@dataclass(frozen=True, slots=True)
class _Outcome:
    sent: Submitted
    database: sqlite3.Connection
    evidence: Path


_DATABASE = frozenset({"hub.db", "hub.db-wal", "hub.db-shm"})
# What a bank without secrets has sealed: two bytes, never twice in the same words.
_NO_SECRETS = re.compile(r"X'01[0-9A-F]{68}'")


class MadeReady:
    """Outcomes by what was in the database before: a hub that holds anything else is never given another's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._outcomes: dict[tuple[object, ...], _Outcome] = {}

    def copied_or_made(self, home: Path, make: Callable[[], Submitted], *circumstances: object) -> Submitted:
        """What `make` says and leaves in the database and the evidence of `home`.

        `circumstances` are whatever else its outcome hangs on. With more in `home` afterwards nothing is kept.
        """
        with closing(sqlite3.connect(home / "hub.db")) as database:
            key = (*circumstances, tuple(_NO_SECRETS.sub("", each) for each in database.iterdump()))
            if (found := self._outcomes.get(key)) is not None:
                found.database.backup(database)
                shutil.copytree(found.evidence, home / "evidence", dirs_exist_ok=True)
                return found.sent
            sent = make()
            if {each.name for each in home.iterdir()} != _DATABASE | {"evidence"}:
                return sent
            copy = sqlite3.connect(":memory:")
            database.backup(copy)
            evidence = self._folder / str(len(self._outcomes))
            shutil.copytree(home / "evidence", evidence)
            self._outcomes[key] = _Outcome(sent, copy, evidence)
            return sent
