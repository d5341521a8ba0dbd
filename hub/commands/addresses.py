"""Where a serving command listens, and where the links of an embedded hub lead."""

import errno
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import click

from hub.domain.errors import Unusable
from hub.environment import read_environment

host_option = click.option("--host", default="127.0.0.1", show_default=True)
port_option = click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))

HELD_FOR_S: Final = 5.0
"""How long a start waits for a port that is in use."""
_LOOK_INTERVAL_S: Final = 0.1
# Holds the address; without it what is told by a command would lead to the port of the default.
_SERVED = "served-at"

_REASONS = {
    errno.EADDRINUSE: "port {port} of {host} is in use: stop what listens there, or choose another with --port",
    errno.EACCES: "port {port} is not for everybody: choose one above 1023 with --port",
    errno.EADDRNOTAVAIL: "{host} is no address of this machine: choose another with --host",
}


def public_url(host: str, port: int) -> str | None:
    """Where links lead unless HUB_PUBLIC_URL says otherwise: to this very process."""
    try:
        is_set = "HUB_PUBLIC_URL" in read_environment()
    except Unusable as error:
        raise click.ClickException(str(error)) from error
    return None if is_set or port == 0 else address_of(host, port)


def note_served(home: Path, address: str | None) -> None:
    """Commands run beside the server lead their links there; None leaves things as they are."""
    if address is not None:
        (home / _SERVED).write_text(address)


def last_served() -> str | None:
    """Where the hub of this HUB_HOME was served last; None where that is unknown, or HUB_PUBLIC_URL says better."""
    try:
        given = read_environment()
        if "HUB_PUBLIC_URL" in given:
            return None
        return (Path(given.get("HUB_HOME", "").strip() or "./var") / _SERVED).read_text().strip() or None
    except (OSError, Unusable):
        # What is wrong with the settings is said by whoever reads them all.
        return None


def address_of(host: str, port: int) -> str:
    """The address of what listens there; one of IPv6 stands in brackets."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def require_free(host: str, port: int, *, wait: Callable[[float], None] = time.sleep) -> None:
    """Somebody could listen there just now; raises `Unusable` saying what to do instead.

    A predecessor that was killed may hold the port for a moment longer: it is waited for, `HELD_FOR_S` at the most.
    """
    deadline = time.monotonic() + HELD_FOR_S
    while (error := _error_at(host, port)) is not None:
        if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
            raise Unusable(_reason(error, host, port)) from error
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


def _reason(error: OSError, host: str, port: int) -> str:
    known = _REASONS.get(error.errno or 0)
    words = os.strerror(error.errno) if error.errno else str(error)
    return known.format(host=host, port=port) if known else f"nobody can listen at port {port} of {host}: {words}"
