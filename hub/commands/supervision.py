"""A small process that watches over others, which have most of their memory in common.

They are forked from a process that has loaded all they need, the nursery, which ends thereupon: a page that its
children write to would otherwise be kept once more, by a process that does nothing. The watching process takes over
the children of a nursery that ended, so it needs a kernel that lets it (Linux).
"""

import ctypes
import logging
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, Protocol

import click

FINISH_WITHIN_S: Final = 20
_ENDS: Final = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
_SET_CHILD_SUBREAPER: Final = 36
# More deaths than two a process, and two, in this time are no accident.
_SPAN_S: Final = 60
_LOOK_INTERVAL_S: Final = 1.0

_log = logging.getLogger("hub.web")


class BringUp(Protocol):
    """Loads what is needed and forks `count` processes that serve; it returns once they are there.

    `is_first` says that nothing has served yet, so that what stands in the way may be said and end the command.
    """

    def __call__(self, count: int, *, is_first: bool) -> None: ...


def fork(work: Callable[[], None]) -> int:
    """The id of a new process that does `work` and ends: with 0, or with 1 once it has said why."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        work()
        status = 0
    except click.ClickException as error:
        error.show()
    except Exception:  # noqa: BLE001 - a child that went on would do its parent's work a second time
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def end_without(*parents: int) -> None:
    """This process, just forked, asks itself to end once none of `parents` is its parent: nursery, watching process.

    Whoever is started anew would otherwise share the port with what a killed one left behind.
    """
    threading.Thread(target=_end_without, args=(set(parents),), name="follow", daemon=True).start()


def _end_without(parents: set[int]) -> None:
    while os.getppid() in parents:
        time.sleep(_LOOK_INTERVAL_S)
    os.kill(os.getpid(), signal.SIGTERM)


def can_watch() -> bool:
    """Whether this process has become the parent of what its children leave behind, and can list its children."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    return prctl is not None and prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0 and _list_of_children().exists()


class Supervision:
    """Keeps as many processes as `wanted` serving until it is asked to end."""

    def __init__(self, bring_up: BringUp, wanted: int) -> None:
        self._bring_up = bring_up
        self._wanted = wanted
        self._nursery = 0
        # The processes that serve; in a container there may be children that are none.
        self._kept: set[int] = set()
        self._has_served = False
        self._deaths: list[float] = []
        self._ends: set[signal.Signals] = set()

    def kept(self) -> int:
        """The status to end with: 0 once a signal asked for it, 1 where they cannot be kept. None of them runs."""
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        # Whoever started the command may have it ignore one, as `nohup` does; a blocked signal would be heard again.
        self._ends = {each for each in _ENDS if signal.getsignal(each) != signal.SIG_IGN}
        heard = {*self._ends, signal.SIGCHLD}
        # Signals are waited for, not handled: none can come at the wrong moment.
        signal.pthread_sigmask(signal.SIG_BLOCK, heard)
        try:
            self._nurse(self._wanted)
            while signal.sigwait(heard) == signal.SIGCHLD:
                if not self._goes_on():
                    return 1
        finally:
            _end_all()
        return 0

    def _goes_on(self) -> bool:
        ended = _reaped()
        if self._nursery in ended:
            nursed = ended[self._nursery]
            if nursed > 0 and not self._has_served:
                # It has said why.
                return False
            # What it left behind, also where it failed; some of that may have ended with it.
            self._kept |= _children() | ended.keys()
            if nursed == 0:
                self._has_served = True
                del ended[self._nursery]
                self._kept.discard(self._nursery)
            self._nursery = 0
        deaths = self._kept & ended.keys()
        self._kept -= ended.keys()
        for pid in deaths:
            _log.error("process %d ended with %d", pid, ended[pid])
        if self._are_too_many(len(deaths)):
            _log.error("processes end again and again")
            return False
        # Those that a nursery at work has forked are not this process's yet.
        missing = 0 if self._nursery else self._wanted - len(self._kept & _children())
        if missing > 0:
            self._nurse(missing)
        return True

    def _are_too_many(self, deaths: int) -> bool:
        now = time.monotonic()
        self._deaths = [at for at in self._deaths if now - at < _SPAN_S] + [now] * deaths
        return len(self._deaths) > 2 * self._wanted + 2

    def _nurse(self, count: int) -> None:
        self._nursery = fork(partial(self._be_nursery, count))

    def _be_nursery(self, count: int) -> None:
        for number in self._ends:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {*self._ends, signal.SIGCHLD})
        self._bring_up(count, is_first=not self._has_served)


def _list_of_children() -> Path:
    return Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")


def _children() -> set[int]:
    """The processes that are this one's; those that ended too, until they are reaped."""
    return {int(word) for word in _list_of_children().read_text().split()}


def _reaped() -> dict[int, int]:
    """Statuses of the children that have ended, by process; minus the signal's number where one killed it."""
    ended = {}
    while _children():
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            break
        ended[pid] = os.waitstatus_to_exitcode(status)
    return ended


def _end_all() -> None:
    """No child runs any more: each was asked to end, and killed where it took too long."""
    told: set[int] = set()
    deadline = time.monotonic() + FINISH_WITHIN_S
    while left := _children():
        # A nursery that ends leaves its own behind, who have not been told.
        for pid in left - told:
            os.kill(pid, signal.SIGTERM)
            told.add(pid)
        if time.monotonic() > deadline:
            for pid in left:
                os.kill(pid, signal.SIGKILL)
        signal.sigtimedwait({signal.SIGCHLD}, 0.2)
        _reaped()
