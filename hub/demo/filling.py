"""Demo data that are filled in behind the pages: by a process of their own, before the worker looks for what is due.

The stories are told with a clock of the past; a worker beside them would let lapse what is still to be accepted.
"""

import subprocess
import sys
import threading
from collections.abc import Callable

from hub.jobs.worker import end_process


class DemoFilling:
    """`hub demo` runs; once it has ended, `afterwards` is called from a thread."""

    def __init__(self, afterwards: Callable[[], None]) -> None:
        self._afterwards = afterwards
        self._given_up = False
        self._process = subprocess.Popen([sys.executable, "-m", "hub", "demo"], stdout=subprocess.DEVNULL)
        self._waiting = threading.Thread(target=self._wait, name="hub-demo-filling", daemon=True)
        self._waiting.start()

    def _wait(self) -> None:
        self._process.wait()
        if self._given_up:
            return
        try:
            self._afterwards()
        except BaseException:
            end_process()
            raise

    def end(self) -> None:
        """The process is gone; what it had not told yet is left out."""
        self._given_up = True
        self._process.terminate()
        self._waiting.join()
