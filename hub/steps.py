"""Named steps at which a process can be made to die, for the tests that prove nothing is lost.

`TEST_CRASH_AT=NAME` ends the process the first time it reaches that step, `NAME:3` the third time, and `*:7` at the
seventh step of any name. Without the variable a step costs one call.
"""

import os
import threading
from collections.abc import Callable, Mapping

# What the shell calls the end of a process that was killed with SIGKILL.
KILLED = 137


def _pass(_name: str) -> None:
    pass


class _Crash:
    """Dies at one step; the count is of this process alone."""

    def __init__(self, wanted: str) -> None:
        name, _, times = wanted.partition(":")
        self._name = name
        self._left = int(times or 1)
        self._lock = threading.Lock()

    def __call__(self, name: str) -> None:
        if self._name not in ("*", name):
            return
        with self._lock:
            self._left -= 1
            if self._left == 0:
                # No handler runs and nothing is flushed, as when the machine itself goes.
                os._exit(KILLED)


def crash_from(environment: Mapping[str, str]) -> Callable[[str], None]:
    """What happens at each step in a process with this environment: nothing, unless TEST_CRASH_AT says otherwise."""
    wanted = environment.get("TEST_CRASH_AT")
    return _Crash(wanted) if wanted else _pass


# Replaced by tests that would rather see an error raised than a process die.
on_step: Callable[[str], None] = crash_from(os.environ)


def reached(name: str) -> None:
    """The process has come as far as the step called `name`."""
    on_step(name)
