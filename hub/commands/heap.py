"""How a serving process asks the C library for memory."""

import ctypes

# What glibc is told about its heap (`mallopt`): one for all threads, where pieces of files of 1 MiB are cut from memory
# that is already there, instead of a heap a thread and fresh pages a piece; beyond 16 MiB what is free is given back.
_HEAP = {-8: 1, -3: 4 * 2**20, -1: 16 * 2**20}
"""Values by M_ARENA_MAX, M_MMAP_THRESHOLD and M_TRIM_THRESHOLD."""


def share_one_heap() -> None:
    """Threads that begin from now on allocate from one heap; nothing is done where the C library is not glibc."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for option, value in _HEAP.items():
            mallopt(option, value)
