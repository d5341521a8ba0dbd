"""How a serving process asks the C library for memory, and when it gives memory back."""

import ctypes
import threading
import time
from collections.abc import Callable

# What glibc is told about its heap (`mallopt`): one for all threads, where pieces of files of 1 MiB are cut from memory
# that is already there, instead of a heap a thread and fresh pages a piece; beyond 16 MiB what is free is given back.
_HEAP = {-8: 1, -3: 4 * 2**20, -1: 16 * 2**20}
"""Values by M_ARENA_MAX, M_MMAP_THRESHOLD and M_TRIM_THRESHOLD."""
_LOOK_INTERVAL_S = 1.0
# Up to so much processor time between two looks counts as none: somebody asks whether the process is well.
_IDLE_S = 0.02


def share_one_heap() -> None:
    """Threads that begin from now on allocate from one heap; nothing is done where the C library is not glibc."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for option, value in _HEAP.items():
            mallopt(option, value)


def give_back_when_idle() -> None:
    """Free memory goes back to the system once this process had nothing to do for a second or two.

    It is kept as long as there is work: the next request would have to fetch it again. Nothing is done without glibc.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        threading.Thread(target=_give_back, args=(trim,), name="heap", daemon=True).start()


def _give_back(trim: Callable[[int], int]) -> None:
    spent, has_worked = time.process_time(), True
    while True:
        time.sleep(_LOOK_INTERVAL_S)
        before, spent = spent, time.process_time()
        if spent - before > _IDLE_S:
            has_worked = True
        elif has_worked:
            trim(0)
            has_worked = False
