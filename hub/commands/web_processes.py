"""The web processes of `hub web` on PostgreSQL: the application is made once, and each is forked with it."""

import gc
import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flask import Flask
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.mp import MPServer

from hub.app import create_app
from hub.commands import log_lines
from hub.commands.addresses import public_url
from hub.commands.buffered import Buffered
from hub.commands.deadlines import HEAD_WITHIN_S, MOST_CONNECTIONS, allow_connections
from hub.commands.heap import give_back_when_idle, share_one_heap
from hub.commands.metrics_port import serve_metrics
from hub.commands.opened import errors_as_one_line, opened_hub, refuse_demo_accounts
from hub.commands.supervision import FINISH_WITHIN_S, end_without, fork
from hub.wiring import hub_from_environment

# How much of a body is read ahead for each connection: a quarter of what the server would, for as much processor.
_READ_AHEAD = 131_072
# Of each process, for requests whose bodies are there.
_THREADS = 4
_LOGGING: dict[str, Any] = {
    "formatters": {},
    "handlers": {},
    "loggers": {"_granian": {"handlers": [], "level": "INFO", "propagate": True}},
}


class _Forked(Exception):
    """The web processes are there."""


class _Brood(MPServer):
    """A server that leaves its processes to whoever watches over them."""

    def startup(self, spawn_target: Any, target_loader: Any) -> None:
        """Raises `_Forked` once the processes are there."""
        start: Callable[..., None] = super().startup
        start(spawn_target, target_loader)
        raise _Forked


def bring_up(host: str, port: int, count: int, *, is_first: bool, watching: int) -> None:
    """As many processes as `count` serve; this one, which they were forked from, can end.

    They end with the process `watching` over them.

    `is_first` asks for what the start needs: the database up to date, and no demo account in production's.
    """
    _prepare(host, port, is_first=is_first)
    _parents.extend((os.getpid(), watching))
    with suppress(_Forked):
        _server(_Brood, host, port, count).serve()


def serve(host: str, port: int, count: int) -> None:
    """As many processes as `count` serve until this one, which watches over them, is asked to end."""
    _prepare(host, port, is_first=True)
    _server(MPServer, host, port, count).serve()


def _server(kind: type[MPServer], host: str, port: int, count: int) -> MPServer:
    return kind(
        "hub.commands.web_processes:production_app",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        # Plain HTTP/1.1 is what a proxy in front speaks, and the least work for each body.
        http=HTTPModes.http1,
        websockets=False,
        workers=count,
        backpressure=MOST_CONNECTIONS,
        http1_settings=HTTP1Settings(max_buffer_size=_READ_AHEAD, header_read_timeout=int(HEAD_WITHIN_S * 1000)),
        # Its lines go where ours go, as JSON.
        log_dictconfig=_LOGGING,
        respawn_failed_workers=True,
        # One that is told to end while it starts does not hear it, and would be waited for without end.
        workers_kill_timeout=FINISH_WITHIN_S,
    )


def _prepare(host: str, port: int, *, is_first: bool) -> None:
    share_one_heap()
    allow_connections()
    with errors_as_one_line():
        hub = hub_from_environment(public_url=public_url(host, port))
    if is_first:
        _check_in_a_child()
    _share(create_app(hub))
    _metrics_host.append(host)


def _check_in_a_child() -> None:
    """The database is up to date and no demo account is in production's; otherwise the command ends with 1.

    What the check needs in memory goes with the child: the web processes would each inherit it.
    """
    _, ended = os.waitpid(fork(_check), 0)
    if ended:
        raise SystemExit(1)


def _check() -> None:
    with opened_hub() as hub:
        refuse_demo_accounts(hub)


# The application, made once before the web processes are forked from this one. It holds no connection yet.
_shared: list[Flask] = []
# Where the port of the metrics is, in each process.
_metrics_host: list[str] = []
# Who may be the parent of a web process, where it is not to be the one that forks it for good.
_parents: list[int] = []


def _share(app: Flask) -> None:
    """The web processes will have `app` and all that is loaded by now in common, each page of memory once."""
    _shared.append(app)
    gc.collect()
    # The collector of a process would otherwise write to every object it looks at, and so make the page its own.
    gc.freeze()


def production_app() -> Buffered:
    """The application of one web process: the one it was forked with, or one from the environment."""
    app = _application()
    port = app.extensions["hub"].hub.settings.metrics_port
    if port is not None:
        serve_metrics(app, _metrics_host[0] if _metrics_host else "127.0.0.1", port)
    return Buffered(app, threads=_THREADS)


def _application() -> Flask:
    give_back_when_idle()
    if _parents:
        end_without(*_parents)
    if _shared:
        return _shared[0]
    log_lines.install()
    return create_app(hub_from_environment())
