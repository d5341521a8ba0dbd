"""`hub up`, `hub web` and `hub worker`: the processes that serve. Each ends with 0 on SIGTERM."""

import ctypes
import gc
import os
import signal
import sys
import threading
import traceback
from socket import socket

import click
from flask import Flask
from granian.constants import HTTPModes, Interfaces
from granian.server import Server as Granian
from waitress import wasyncore
from waitress.server import create_server

from hub.app import create_app
from hub.commands import log_lines
from hub.commands.opened import OPERATOR, errors_as_one_line, opened_hub
from hub.domain.evidence import MAX_FILE_SIZE
from hub.jobs.worker import Worker
from hub.services import staff
from hub.settings import read_environment
from hub.wiring import Hub, hub_from_environment
from hub.work.jobs import jobs_of, schedules_of, watches_of

WEB_THREADS = 8
FINISH_WITHIN_S = 20
# Where both share a machine, whoever waits for an answer goes first; a third of a processor is still left for a file
# whose decoding has a time limit.
WORKER_NICENESS = 5
# How long a server with nothing to do may take to see that it was asked to end.
LOOK_INTERVAL_S = 0.5
# What glibc is told about its heap (`mallopt`): one for all threads, where pieces of files of 1 MiB are cut from memory
# that is already there, instead of a heap a thread and fresh pages a piece; beyond 16 MiB what is free is given back.
_HEAP = {-8: 1, -3: 4 * 2**20, -1: 16 * 2**20}
"""Values by M_ARENA_MAX, M_MMAP_THRESHOLD and M_TRIM_THRESHOLD."""

_host = click.option("--host", default="127.0.0.1", show_default=True)
_port = click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))


def _ended_by_signals() -> threading.Event:
    """Set once the operator asks the process to end.

    Nothing is raised: an error that comes up in the middle of anything may be taken there for that thing's own.
    """
    ended = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: ended.set())
    return ended


def _share_one_heap() -> None:
    """Threads that begin from now on allocate from one heap; nothing is done where the C library is not glibc."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for option, value in _HEAP.items():
            mallopt(option, value)


def _public_url(host: str, port: int) -> str | None:
    """Where links lead unless HUB_PUBLIC_URL says otherwise: to this very process."""
    return None if "HUB_PUBLIC_URL" in read_environment() or port == 0 else f"http://{host}:{port}"


def _refuse_demo_accounts(hub: Hub) -> None:
    """Raises `Unusable` in production where somebody could come in without a password."""
    if not hub.settings.embedded:
        with hub.reading(OPERATOR) as tx:
            staff.require_no_demo(tx)


def _worker(hub: Hub) -> Worker:
    return Worker(hub.settings.database_url, jobs=jobs_of(hub), schedules=schedules_of(hub), watches=watches_of(hub))


def _stop(worker: Worker) -> None:
    """Work in hand is finished or handed back; a thread that goes on all the same must not hold the process open."""
    if not worker.stop(FINISH_WITHIN_S):
        os._exit(0)


def _serve(hub: Hub, host: str, port: int, ended: threading.Event) -> None:
    """Answers requests until the process is asked to end; those in hand are finished."""
    sockets: dict[int, socket] = {}
    server = create_server(
        create_app(hub),
        map=sockets,
        host=host,
        port=port,
        threads=WEB_THREADS,
        # An evidence file passes through memory in one piece of work instead of a temporary file.
        recv_bytes=262_144,
        inbuf_overflow=MAX_FILE_SIZE + 2_000_000,
        # What is larger than a file may be still reaches the application, which refuses it in words.
        max_request_body_size=4 * MAX_FILE_SIZE,
        ident=None,
    )
    # Port 0 asks for any free one; several sockets, as for "localhost", always bear the one that was given.
    address = f"http://{host}:{getattr(server, 'effective_port', port)}"
    click.echo(f"Negotiated Repayment Hub 协商还款 listens on {address}")
    if hub.settings.embedded:
        click.echo(
            f"  demo      {address}/demo/   cardholders, every bank's staff and the operator, without a password"
        )
    click.echo(f"  API       {address}/api/docs")
    click.echo(f"  health    {address}/readyz")
    try:
        while not ended.is_set():
            wasyncore.loop(timeout=LOOK_INTERVAL_S, map=sockets, count=1)
    finally:
        server.task_dispatcher.shutdown(cancel_pending=False, timeout=FINISH_WITHIN_S)
        server.close()


@click.command()
@_host
@_port
def up(host: str, port: int) -> None:
    """Bring the database up to date, then serve web and worker in this one process."""
    _share_one_heap()
    with opened_hub(up_to_date=False, public_url=_public_url(host, port)) as hub:
        log_lines.install()
        ended = _ended_by_signals()
        hub.upgrade()
        _refuse_demo_accounts(hub)
        worker = _worker(hub)
        worker.start()
        try:
            _serve(hub, host, port, ended)
        finally:
            _stop(worker)


@click.command()
@_host
@_port
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes, on PostgreSQL.")
def web(host: str, port: int, workers: int) -> None:
    """Serve the faces alone; as many as wanted where they share a PostgreSQL and the evidence store."""
    _share_one_heap()
    log_lines.install()
    with errors_as_one_line():
        to_serve = hub_from_environment(public_url=_public_url(host, port))
    if to_serve.settings.on_sqlite:
        with opened_hub(public_url=_public_url(host, port)) as hub:
            _refuse_demo_accounts(hub)
            _serve(hub, host, port, _ended_by_signals())
        return
    _check_in_a_child()
    _share(create_app(to_serve))
    Granian(
        "hub.commands.serving:production_app",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        # Plain HTTP/1.1 is what a proxy in front speaks, and the least work for each body.
        http=HTTPModes.http1,
        websockets=False,
        respawn_failed_workers=True,
        # One that is told to end while it starts does not hear it, and would be waited for without end.
        workers_kill_timeout=FINISH_WITHIN_S,
    ).serve()


def _check_in_a_child() -> None:
    """The database is up to date and no demo account is in production's; otherwise the command ends with 1.

    What the check needs in memory goes with the child: the web processes would each inherit it.
    """
    child = os.fork()
    if child == 0:
        status = 1
        try:
            with opened_hub() as hub:
                _refuse_demo_accounts(hub)
            status = 0
        except click.ClickException as error:
            error.show()
        except Exception:  # noqa: BLE001 - a child that goes on as its parent would serve twice
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    if ended:
        raise SystemExit(1)


# The application, made once before the web processes are forked from this one. It holds no connection yet.
_shared: list[Flask] = []


def _share(app: Flask) -> None:
    """The web processes will have `app` and all that is loaded by now in common, each page of memory once."""
    _shared.append(app)
    gc.collect()
    # The collector of a process would otherwise write to every object it looks at, and so make the page its own.
    gc.freeze()


def production_app() -> Flask:
    """The application of one web process: the one it was forked with, or one from the environment."""
    if _shared:
        return _shared[0]
    log_lines.install()
    return create_app(hub_from_environment())


@click.command()
def worker() -> None:
    """Run background work alone; as many as wanted on PostgreSQL, one on SQLite."""
    log_lines.install()
    os.nice(WORKER_NICENESS)
    with opened_hub() as hub:
        _refuse_demo_accounts(hub)
        ended = _ended_by_signals()
        running = _worker(hub)
        running.start()
        click.echo(f"Worker {running.executor_id} (process {os.getpid()}) takes jobs.")
        try:
            ended.wait()
        finally:
            _stop(running)
