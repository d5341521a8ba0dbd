"""Where a serving command listens, and where the links of an embedded hub lead."""

from pathlib import Path

import click

from hub.domain.errors import Unusable
from hub.environment import read_environment

host_option = click.option("--host", default="127.0.0.1", show_default=True)
port_option = click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))

# Holds the address; without it what is told by a command would lead to the port of the default.
_SERVED = "served-at"


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
