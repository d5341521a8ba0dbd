"""A program under `Supervision`: it keeps two processes that sleep. What its one argument names goes wrong."""

import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from hub.commands.supervision import Supervision, can_watch, end_without

WATCHING = os.getpid()
STUMBLED = Path(tempfile.gettempdir()) / f"stumbled-{WATCHING}"


def _sleep_as_child() -> None:
    nursery = os.getpid()
    if os.fork() == 0:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        if sys.argv[1:] == ["all-die"]:
            os._exit(3)
        end_without(nursery, WATCHING)
        while True:
            signal.pause()


def _bring_up(count: int, *, is_first: bool) -> None:
    if sys.argv[1:] == ["refused"]:
        raise ValueError("nothing to serve")
    if sys.argv[1:] == ["stumbles"] and not is_first:
        if not STUMBLED.exists():
            STUMBLED.touch()
            raise MemoryError("for once")
        STUMBLED.unlink()
    for _ in range(count):
        _sleep_as_child()
    if sys.argv[1:] == ["slow"] and not is_first:
        time.sleep(60)


if __name__ == "__main__":
    assert can_watch()
    sys.exit(Supervision(_bring_up, 2).kept())
