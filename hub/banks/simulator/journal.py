"""What a simulated bank has seen and said: a file of JSON lines that outlives a restart, and a line each for people.

Ids, kinds and digests alone; nothing personal ever enters.
"""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from hub.banks.simulator.port import Clock
from hub.domain.plain import instant

_NAME = "journal.jsonl"


class Journal:
    """The journal in `folder`; each line is given to `tell` as well, for people."""

    def __init__(self, folder: Path, clock: Clock, tell: Callable[[str], None]) -> None:
        self._path = folder / _NAME
        self._clock = clock
        self._tell = tell
        self._lock = threading.Lock()

    def write(self, what: str, **facts: str | int) -> None:
        """The line is in the file and was told."""
        at = instant(self._clock.now())
        line = json.dumps({"at": at, "what": what, **facts}, ensure_ascii=False)
        with self._lock:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
            self._tell(" ".join([at[11:19], f"{what:<8}", *(f"{name}={value}" for name, value in facts.items())]))

    def read(self) -> Iterator[dict[str, str | int]]:
        """Every line, oldest first; a last one that was cut is left out."""
        if not self._path.exists():
            return
        for line in self._path.read_text(encoding="utf-8").splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                continue
