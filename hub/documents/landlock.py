"""A process gives up files, network and signals for good: the kernel's Landlock (landlock(7)), by its system calls.

Only `hub.documents.confinement` uses this.
"""

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Final

# The same on every processor.
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION: Final = 1
_BENEATH: Final = 1
_READ_FILE, _READ_DIRECTORY = 1 << 2, 1 << 3
# How many rights over files each version of Landlock knows: the newer ones move, shorten, and command devices.
_RIGHTS: Final = ((5, 16), (3, 15), (2, 14), (1, 13))
_NETWORK_FROM, _BIND_AND_CONNECT = 4, 0b11
_SCOPES_FROM, _ABSTRACT_SOCKETS_AND_SIGNALS = 6, 0b11


def version() -> int:
    """Which Landlock this kernel has: from 4 on with the network, from 6 on with signals; 0 for none."""
    try:
        return _call(_CREATE, 0, 0, _VERSION)
    except OSError:
        return 0


def allow_only_reading(places: Iterable[Path]) -> None:
    """This thread, and those it starts, can read what lies beneath `places`, and open and change nothing else.

    It must have no new privileges. A place that is not there is left out. As far as the kernel goes, it also reaches
    nobody over TCP, and sends no signal to others. Raises OSError where the kernel refuses.
    """
    known = version()
    rights = next(count for since, count in _RIGHTS if known >= since)
    network = _BIND_AND_CONNECT if known >= _NETWORK_FROM else 0
    scopes = _ABSTRACT_SOCKETS_AND_SIGNALS if known >= _SCOPES_FROM else 0
    # An older kernel takes what is longer as long as the rest is 0.
    attributes = ctypes.create_string_buffer(struct.pack("=QQQ", (1 << rights) - 1, network, scopes), 24)
    rules = _call(_CREATE, ctypes.addressof(attributes), 24, 0)
    try:
        for place in places:
            _allow_beneath(rules, place)
        _call(_RESTRICT, rules, 0)
    finally:
        os.close(rules)


def _allow_beneath(rules: int, place: Path) -> None:
    try:
        opened = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rights = _READ_FILE | (_READ_DIRECTORY if place.is_dir() else 0)
        rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, opened), 12)
        _call(_ADD, rules, _BENEATH, ctypes.addressof(rule), 0)
    finally:
        os.close(opened)


def _call(*arguments: int) -> int:
    library = ctypes.CDLL(None, use_errno=True)
    answer: int = library.syscall(*map(ctypes.c_ulong, arguments))
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"Landlock: {os.strerror(number)}")
    return answer
