"""Whose turn it is: the filling of demo data, or background work.

The stories are told with a clock of the past; work by today's clock beside them would let lapse what is still to be
accepted. A lock on a file in HUB_HOME, because they may be processes of their own, and the demo exists on the embedded
default alone.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

_NAME = "demo-filling.lock"
_Taken = ParamSpec("_Taken")
_Given = TypeVar("_Given")


@contextmanager
def filling(home: Path) -> Iterator[None]:
    """No background work of this HUB_HOME runs meanwhile, and nobody else fills it: both are waited for first."""
    with _held(home, fcntl.LOCK_EX):
        yield


def after_filling(home: Path, work: Callable[_Taken, _Given]) -> Callable[_Taken, _Given]:
    """The same work, which waits while demo data are filled in."""

    @wraps(work)
    def in_turn(*args: _Taken.args, **kwargs: _Taken.kwargs) -> _Given:
        with _held(home, fcntl.LOCK_SH):
            return work(*args, **kwargs)

    return in_turn


@contextmanager
def _held(home: Path, how: int) -> Iterator[None]:
    # Opened each time: what one opening holds, all threads that share it hold.
    file = os.open(home / _NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, how)
        yield
    finally:
        os.close(file)
