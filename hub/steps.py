"""Named steps at which a process can be made to die, for the tests that prove nothing is lost.

`TEST_CRASH_AT=NAME` ends the process the first time it reaches that step, `NAME:3` the third time, and `*:7` at the
seventh step of any name. A hub of `HUB_ENV=production` never looks at the variable: its steps do nothing.
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


# What happens at a step; tests put here what raises an error instead of ending the process.
on_step: Callable[[str], None] = _pass


def die_where_set(environment: Mapping[str, str]) -> None:
    """From now on this process dies at the step that TEST_CRASH_AT names, if that is set."""
    global on_step  # noqa: PLW0603 - there is one process to die
    wanted = environment.get("TEST_CRASH_AT")
    if wanted:
        on_step = _Crash(wanted)


def reached(name: str) -> None:
    """The process has come as far as the step called `name`."""
    on_step(name)
