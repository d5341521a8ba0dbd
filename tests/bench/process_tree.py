"""What processes cost, from /proc: processor time of a tree of them, and the memory it really takes."""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    # The name stands in brackets and may hold anything; what follows it has a fixed order.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _all() -> dict[int, list[str]]:
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                found[int(entry.name)] = _stat(int(entry.name))
            except (FileNotFoundError, ProcessLookupError):
                continue
    return found


def tree(root: int) -> list[int]:
    """The process and all that come from it."""
    parents = {pid: int(stat[1]) for pid, stat in _all().items()}
    found = [root] if root in parents else []
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def cpu_ms(pids: Iterable[int]) -> float:
    """User and system time of the processes, and of the children they have waited for."""
    ticks = 0
    for pid in pids:
        try:
            ticks += sum(map(int, _stat(pid)[11:15]))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return ticks * 1000 / _TICKS_A_SECOND


def own_cpu_ms(pid: int) -> float:
    """User and system time of the process alone, without its children."""
    return sum(map(int, _stat(pid)[11:13])) * 1000 / _TICKS_A_SECOND


def pss_mb(pids: Iterable[int]) -> float:
    """Memory in MiB, shared pages counted in parts. Of a hub only root can see it: its memory is hidden."""
    total = 0
    for pid in pids:
        # What decodes a file lives for a moment only.
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total / 1024


def backends_of(server: int, user: str) -> list[int]:
    """The processes of a PostgreSQL that work for the connections of that user."""
    title = f"postgres: {user} ".encode()
    found = []
    for pid in tree(server):
        try:
            if Path(f"/proc/{pid}/cmdline").read_bytes().startswith(title):
                found.append(pid)
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found
