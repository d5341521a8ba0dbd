"""Servers that tests start die with the process that started them, however that ends: also by SIGKILL."""

import os
import shutil
import signal
import sys
from collections.abc import Sequence


def dying_with_us(command: Sequence[str], how: signal.Signals = signal.SIGKILL) -> list[str]:
    """`command`, which gets the signal `how` once the thread that starts it is gone; its process id stays its own.

    Where the system cannot see to that, the command alone.
    """
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    if setpriv is None:
        return list(command)
    # Whoever was gone before the system had been told will not be missed later.
    begun = ["sh", "-c", f'test "$PPID" -eq {os.getpid()} && exec "$@"', "sh"]
    return [setpriv, "--pdeathsig", how.name.removeprefix("SIG"), "--", *begun, *command]
