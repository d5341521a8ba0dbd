"""Walls around the child processes that read what nobody trusts, and around the memory that they must not read.

Limits hold on every kernel. Two walls of the kernel's stand behind one another: its filter of system calls
(`system_calls`) and Landlock (`landlock`). Either of them alone keeps a process from files, network and others; the
first also from all else that a kernel does.
"""

import ctypes
import os
import resource
import signal
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hub.documents import landlock, system_calls
from hub.documents.system_calls import Calls

MEMORY_LIMIT: Final = 1536 * 1024 * 1024
# What a printer may say of itself on its standard error, which may be a file.
_MOST_SAID: Final = 64 * 1024

_SET_PARENT_DEATH_SIGNAL, _SET_DUMPABLE, _SET_NO_NEW_PRIVS = 1, 4, 38


@dataclass(frozen=True, slots=True, kw_only=True)
class Walls:
    """Which walls this kernel has for the children that decode and print."""

    filters_calls: bool
    landlock: int
    """The version of Landlock, 0 for none; from 4 on it knows the network, from 6 on signals."""

    @property
    def missing(self) -> tuple[str, ...]:
        """What is missing, in the words of the kernel's documents."""
        names = (("seccomp", self.filters_calls), ("Landlock", bool(self.landlock)))
        return tuple(name for name, is_there in names if not is_there)


def walls() -> Walls:
    """The walls that stand around the next child."""
    return Walls(filters_calls=system_calls.can_filter(), landlock=landlock.version())


def hide_memory() -> None:
    """No other process of this user can read or stop this one (prctl(2), PR_SET_DUMPABLE); it leaves no core."""
    _prctl(_SET_DUMPABLE, 0)


def die_with_parent(parent: int) -> None:
    """This process is killed when its parent, whose id that is, has ended; at once where that was before."""
    _prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def confine(cpu_s: int, *, most_written: int = 0) -> None:
    """This process can compute, and read and write what it has open; it has little memory and time, and no way out.

    No file that it holds grows over `most_written` bytes. It opens nothing, makes no process and reaches none, where
    the kernel has filters; without them it opens nothing. Raises OSError where a wall that the kernel has does not
    stand.
    """
    _build_walls((), Calls.TO_COMPUTE, memory=MEMORY_LIMIT, most_written=most_written, cpu_s=cpu_s)


def let_read(places: Iterable[Path], *, memory: int) -> None:
    """This process can read what lies beneath `places`, and no more: it changes nothing, has no network, no process.

    `memory` in bytes. To be called before other threads are there. Without Landlock it reads all that its user may;
    without either wall only the limits hold. Raises as `confine` does.
    """
    _build_walls(places, Calls.TO_READ, memory=memory, most_written=_MOST_SAID, cpu_s=None)


def _build_walls(places: Iterable[Path], calls: Calls, *, memory: int, most_written: int, cpu_s: int | None) -> None:
    there = walls()
    _prctl(_SET_NO_NEW_PRIVS, 1)
    hide_memory()
    if there.landlock:
        landlock.allow_only_reading(places)
    for limit, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, most_written),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    if calls is Calls.TO_COMPUTE:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    if cpu_s is not None:
        # The soft limit sends SIGXCPU, which tells this end from others; the hard one kills.
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))
    if there.filters_calls:
        system_calls.allow_only(calls)


def _prctl(what: int, argument: int) -> None:
    ctypes.CDLL(None).prctl(what, *map(ctypes.c_ulong, (argument, 0, 0, 0)))
