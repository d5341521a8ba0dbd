"""Waiting for what another thread or process does: by looking again and again, never by a fixed sleep."""

import time
from collections.abc import Callable

# What is waited for shares the machine with whatever else it does.
PATIENTLY_S = 150.0


def wait_until(condition: Callable[[], object], *, what: str, within_s: float = PATIENTLY_S) -> None:
    """The condition holds. Fails, naming `what` was waited for, after `within_s`."""
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.02)
