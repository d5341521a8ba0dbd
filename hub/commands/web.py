"""`hub web`. It stays small where it only watches over web processes: what serves is loaded by those."""

import importlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from hub.commands import log_lines, supervision
from hub.commands.addresses import host_option, port_option, require_free
from hub.domain.errors import Unusable
from hub.environment import read_environment
from hub.settings import Settings, parse_settings

# The server's own allocator (jemalloc) reads this when it is loaded: one arena for all threads, where every thread of
# its own would otherwise keep what others have freed.
_ALLOCATOR = ("_RJEM_MALLOC_CONF", "narenas:1")


@click.command()
@host_option
@port_option
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes, on PostgreSQL.")
def web(host: str, port: int, workers: int) -> None:
    """Serve the faces alone; as many as wanted where they share a PostgreSQL and the evidence store."""
    log_lines.install()
    if _settings().on_sqlite:
        _loaded("serving").serve_alone(host, port)
        return
    with _errors_as_one_line():
        require_free(host, port)
    os.environ.setdefault(*_ALLOCATOR)
    with tempfile.TemporaryDirectory(prefix="hub-metrics-") as counted:
        # What each process counts lies there, and whichever is asked adds it up.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = counted
        _serve(host, port, workers)


def _serve(host: str, port: int, workers: int) -> None:
    if not supervision.can_watch():
        _loaded("web_processes").serve(host, port, workers)
        return

    watching = os.getpid()

    def bring_up(count: int, *, is_first: bool) -> None:
        _loaded("web_processes").bring_up(host, port, count, is_first=is_first, watching=watching)

    status = supervision.Supervision(bring_up, workers).kept()
    if status:
        raise SystemExit(status)


def _settings() -> Settings:
    with _errors_as_one_line():
        return parse_settings(read_environment())


@contextmanager
def _errors_as_one_line() -> Iterator[None]:
    # What every other command has for it loads the hub.
    try:
        yield
    except Unusable as error:
        raise click.ClickException(" ".join(str(error).split())) from error


def _loaded(module: str) -> Any:
    return importlib.import_module(f"hub.commands.{module}")
