"""Whether a port can be had, and what is said where it cannot."""

import errno
import os
import socket
import time
from collections.abc import Callable
from typing import Final

from hub.domain.errors import Unusable

HELD_FOR_S: Final = 5.0
"""How long a start waits for a port that is in use."""
_LOOK_INTERVAL_S: Final = 0.1
_REASONS = {
    errno.EADDRINUSE: "port {port} of {host} is in use: stop what listens there, or choose another with {chosen}",
    errno.EACCES: "port {port} is not for everybody: choose one above 1023 with {chosen}",
    errno.EADDRNOTAVAIL: "{host} is no address of this machine: choose another with --host",
}


def require_free(host: str, port: int, *, chosen: str = "--port", wait: Callable[[float], None] = time.sleep) -> None:
    """Somebody could listen there just now; raises `Unusable` saying what to do instead.

    `chosen` is where the port is named. A predecessor that was killed may hold the port for a moment longer: it is
    waited for, `HELD_FOR_S` at the most.
    """
    deadline = time.monotonic() + HELD_FOR_S
    while (error := _error_at(host, port)) is not None:
        if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
            raise Unusable(_reason(error, host, port, chosen)) from error
        wait(_LOOK_INTERVAL_S)


def _error_at(host: str, port: int) -> OSError | None:
    """What keeps from listening there; None where nothing does."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise Unusable(f"{host} is no name or address of this machine: choose another with --host") from error
    for family, kind, protocol, _, place in found:
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind(place)
                # Whoever waits there by SO_REUSEADDR alone is noticed only now.
                tried.listen(1)
            except OSError as error:
                return error
    return None


def _reason(error: OSError, host: str, port: int, chosen: str) -> str:
    known = _REASONS.get(error.errno or 0)
    words = os.strerror(error.errno) if error.errno else str(error)
    return (
        known.format(host=host, port=port, chosen=chosen)
        if known
        else f"nobody can listen at port {port} of {host}: {words}"
    )
