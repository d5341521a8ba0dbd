"""`hub web`."""

import os
import tempfile

import click

from hub.commands import log_lines
from hub.commands.addresses import host_option, port_option, require_free
from hub.commands.opened import errors_as_one_line
from hub.environment import read_environment
from hub.settings import parse_settings


@click.command()
@host_option
@port_option
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes, on PostgreSQL.")
def web(host: str, port: int, workers: int) -> None:
    """Serve the faces alone; as many as wanted where they share a PostgreSQL and the evidence store."""
    log_lines.install()
    with errors_as_one_line():
        settings = parse_settings(read_environment())
        if settings.on_sqlite:
            # Each of the two servers is loaded where it is used.
            from hub.commands.serving import serve_alone  # noqa: PLC0415

            serve_alone(host, port)
            return
        require_free(host, port)
    with tempfile.TemporaryDirectory(prefix="hub-metrics-") as counted:
        # What each process counts lies there, and whichever is asked adds it up.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = counted
        # The library that counts reads the variable when it is imported.
        from hub.commands.web_processes import serve  # noqa: PLC0415

        serve(host, port, workers)
