"""What a serving process does about its memory, in a process of its own."""

import subprocess
import sys

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="the heap is glibc's")]

# 24 pieces of 1 MiB are freed below one that stays, so that the heap does not end sooner.
_PROGRAM = """
from pathlib import Path
from hub.commands.heap import give_back_when_idle, share_one_heap
from tests.jobs.waiting import wait_until

def resident_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4 / 1024

share_one_heap()
give_back_when_idle()
pieces = [b"x" * 2**20 for _ in range(25)]
full = resident_mb()
del pieces[:-1]
assert resident_mb() > full - 12
wait_until(lambda: resident_mb() < full - 20, what="the memory to go back")
"""


def test_what_was_freed_goes_back_once_there_is_nothing_to_do() -> None:
    run = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 0, run.stderr
