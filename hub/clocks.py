"""The clocks that a hub can run by: the machine's, and for demos and tests one that a file moves on.

What is done at a time is not said here; everybody is handed the clock.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant in UTC."""
        return datetime.now(UTC)


class MovableClock:
    """The machine's clock, moved on by what a file says; on the embedded default only, for demos and tests.

    Every process of the hub reads the file, so all move together.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, timedelta] = (0, timedelta())

    def now(self) -> datetime:
        """The present instant in UTC, moved."""
        return datetime.now(UTC) + self.moved_by()

    def moved_by(self) -> timedelta:
        """How far ahead of the machine's clock the hub's is."""
        try:
            changed = self._path.stat().st_mtime_ns
        except FileNotFoundError:
            return timedelta()
        if changed != self._seen[0]:
            seconds = json.loads(self._path.read_text())["ahead_by_s"]
            self._seen = (changed, timedelta(seconds=seconds))
        return self._seen[1]

    def advance(self, by: timedelta) -> None:
        """The hub's clock is `by` further on."""
        self._write(self.moved_by() + by)

    def reset(self) -> None:
        """The hub's clock is the machine's again."""
        self._path.unlink(missing_ok=True)

    def _write(self, ahead_by: timedelta) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_suffix(".part")
        part.write_text(json.dumps({"ahead_by_s": ahead_by.total_seconds()}))
        part.replace(self._path)
