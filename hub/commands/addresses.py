"""Where a serving command listens, and where the links of an embedded hub lead."""

import click

from hub.settings import read_environment

host_option = click.option("--host", default="127.0.0.1", show_default=True)
port_option = click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))


def public_url(host: str, port: int) -> str | None:
    """Where links lead unless HUB_PUBLIC_URL says otherwise: to this very process."""
    return None if "HUB_PUBLIC_URL" in read_environment() or port == 0 else f"http://{host}:{port}"
