"""`hub web`."""

import os
import tempfile

import click

from hub.commands.addresses import host_option, port_option, public_url
from hub.commands.opened import check_production, errors_as_one_line, opened_hub
from hub.environment import read_environment
from hub.server import log_lines
from hub.server.deadlines import allow_connections
from hub.server.ports import require_free
from hub.settings import parse_settings
from hub.wiring import hub_from_environment


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
    allow_connections()
    with errors_as_one_line():
        require_free(host, port)
        if settings.metrics_port is not None:
            require_free(host, settings.metrics_port, chosen="HUB_METRICS_PORT")
    with opened_hub() as hub:
        check_production(hub)
    with tempfile.TemporaryDirectory(prefix="hub-metrics-") as counted:
        # What each process counts lies there, and whichever is asked adds it up.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = counted
        # The library that counts reads the variable when it is imported.
        from hub.app import create_app  # noqa: PLC0415
        from hub.server import processes  # noqa: PLC0415

        with errors_as_one_line():
            # Another one: a process must not be forked with open connections.
            hub = hub_from_environment(public_url=public_url(host, port))
        processes.serve(create_app(hub), host, port, count=workers, metrics_port=settings.metrics_port)
