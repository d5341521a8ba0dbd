"""`hub` commands as processes of their own that start warm: forked from a process that has imported everything.

Such a process dies as any other does, of SIGKILL, SIGSTOP or os._exit at a named step; it only comes up sooner.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from hub.__main__ import main
from tests.jobs.waiting import PATIENTLY_S

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(
    ["tests.kills.warm", "hub.commands.serving", "hub.commands.checks", "hub.commands.records"]
)


def _become(words: tuple[str, ...], environment: Mapping[str, str], log: str) -> None:
    """This process is `hub` with those words, in that environment and no other HUB_ variable, writing to `log`."""
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(said, 1)
    os.dup2(said, 2)
    for name in [name for name in os.environ if name.startswith(("HUB_", "TEST_"))]:
        del os.environ[name]
    os.environ.update(environment)
    os.chdir(Path(log).parent)
    sys.argv = ["hub", *words]
    main(list(words))


class Process:
    """One running `hub` command. `log` is a file that it adds to."""

    def __init__(self, words: tuple[str, ...], environment: Mapping[str, str], log: Path) -> None:
        self.words = words
        self.log = log
        self._process = _context.Process(target=_become, args=(words, dict(environment), str(log)), daemon=False)
        self._process.start()

    @property
    def pid(self) -> int:
        """The number of the process."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def runs(self) -> bool:
        """Whether it has not ended, of whatever."""
        return self._process.is_alive()

    @property
    def status(self) -> int | None:
        """What it ended with; minus the signal's number where one killed it; None while it runs."""
        return self._process.exitcode

    def send(self, number: int) -> None:
        """The process, and no child of its own, gets the signal."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        """It is gone without having been asked."""
        self._process.kill()
        self._process.join(PATIENTLY_S)

    def end(self) -> int | None:
        """It was asked to end and did; gives its status."""
        self._process.terminate()
        self._process.join(PATIENTLY_S)
        return self._process.exitcode


def kill_all(pids: Iterable[int]) -> None:
    """None of the processes runs; those that had ended already are no matter."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
