"""`hub up` and `hub worker`, and `hub web` on SQLite: the processes that serve. Each ends with 0 on SIGTERM."""

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import closing
from socket import socket

import click
from waitress import wasyncore
from waitress.server import create_server

from hub.app import create_app
from hub.commands import connections, log_lines
from hub.commands.addresses import address_of, host_option, note_served, port_option, public_url, require_free
from hub.commands.deadlines import FINISH_WITHIN_S, HEAD_WITHIN_S, MOST_CONNECTIONS, allow_connections
from hub.commands.filling import DemoFilling
from hub.commands.giving_way import RequestsInHand
from hub.commands.metrics_port import serve_metrics
from hub.commands.opened import OPERATOR, opened_hub, refuse_demo_accounts
from hub.demo import demonstration
from hub.demo import people as demo_people
from hub.documents.printing import Printers
from hub.domain.evidence import MAX_FILE_SIZE
from hub.jobs.port import queues_for
from hub.jobs.worker import Worker
from hub.settings import is_loopback
from hub.wiring import Hub
from hub.work.jobs import jobs_of, schedules_of, sweeps_of, watches_of

WEB_THREADS = 8
MOST_PRINTERS = 64
# Where both share a machine, whoever waits for an answer goes first. What decodes and prints goes lower still.
WORKER_NICENESS = 10
# How long a server with nothing to do may take to see that it was asked to end.
LOOK_INTERVAL_S = 0.5


def _ended_by_signals() -> threading.Event:
    """Set once the operator asks the process to end.

    Nothing is raised: an error that comes up in the middle of anything may be taken there for that thing's own.
    """
    ended = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: ended.set())
    return ended


_printers_option = click.option(
    "--printers",
    type=click.IntRange(1, MOST_PRINTERS),
    default=lambda: min(os.cpu_count() or 1, MOST_PRINTERS),
    show_default="the processors",
    help="How many documents are printed at once.",
)


def _worker(hub: Hub, printers: Printers, *, give_way: Callable[[], None] = lambda: None) -> Worker:
    return Worker(
        hub.settings.database_url,
        jobs=jobs_of(hub, printer=printers.print_pdf),
        schedules=schedules_of(hub),
        watches={**watches_of(hub), **sweeps_of(hub)},
        queues=queues_for(printers.count),
        give_way=give_way,
    )


def _stop(worker: Worker) -> None:
    """Work in hand is finished or handed back; a thread that goes on all the same must not hold the process open."""
    if not worker.stop(FINISH_WITHIN_S):
        os._exit(0)


def _serve(hub: Hub, app: RequestsInHand, host: str, port: int, ended: threading.Event) -> None:
    """Answers requests until the process is asked to end; those in hand are finished."""
    sockets: dict[int, socket] = {}
    server = create_server(
        app,
        map=sockets,
        host=host,
        port=port,
        threads=WEB_THREADS,
        # An evidence file passes through memory in one piece of work instead of a temporary file, and in few reads: one
        # thread reads for all connections, and a look at them costs it as much as a read.
        recv_bytes=1_048_576,
        inbuf_overflow=MAX_FILE_SIZE + 2_000_000,
        # An answer is made whole, and the thread is free. What is not taken yet lies in a file beyond a megabyte.
        outbuf_high_watermark=2**40,
        connection_limit=MOST_CONNECTIONS,
        channel_timeout=int(HEAD_WITHIN_S),
        cleanup_interval=5,
        # What is larger than a file may be still reaches the application, which refuses it in words.
        max_request_body_size=4 * MAX_FILE_SIZE,
        max_request_header_size=32_768,
        ident=None,
        # Whom to believe about forwarding, the application knows (HUB_TRUSTED_PROXIES).
        clear_untrusted_proxy_headers=False,
    )
    connections.use_on(sockets)
    if hub.settings.metrics_port is not None:
        serve_metrics(app, host, hub.settings.metrics_port)
    # Port 0 asks for any free one; several sockets, as for "localhost", always bear the one that was given.
    address = address_of(host, getattr(server, "effective_port", port))
    click.echo(f"Negotiated Repayment Hub 协商还款 listens on {address}")
    if demo_is_open(hub, host):
        click.echo(
            f"  demo      {address}/demo/   cardholders, every bank's staff and the operator, without a password"
        )
        click.echo("  WARNING   whoever is on this machine enters at /demo/; HUB_ENV=production closes it")
    click.echo(f"  API       {address}/api/docs")
    click.echo(f"  health    {address}/readyz")
    looked = time.monotonic()
    try:
        while not ended.is_set():
            wasyncore.loop(timeout=LOOK_INTERVAL_S, use_poll=True, map=sockets, count=1)
            if time.monotonic() - looked > LOOK_INTERVAL_S:
                looked = time.monotonic()
                connections.end_overdue(sockets)
    finally:
        server.task_dispatcher.shutdown(cancel_pending=False, timeout=FINISH_WITHIN_S)
        server.close()


def demo_is_open(hub: Hub, host: str) -> bool:
    """Whether `/demo/` lets in without a password: where nothing of the hub leaves this machine."""
    return hub.settings.is_local and is_loopback(host)


def _app(hub: Hub, host: str) -> RequestsInHand:
    is_open = demo_is_open(hub, host)
    if is_open:
        with hub.writing(OPERATOR) as tx:
            demo_people.add_accounts(tx)
    return RequestsInHand(create_app(hub, demo_is_open=is_open))


def _note_address(hub: Hub, host: str, port: int) -> None:
    if hub.settings.embedded:
        note_served(hub.settings.home, public_url(host, port))


@click.command()
@host_option
@port_option
@_printers_option
@click.option("--demo", is_flag=True, help="Fill an empty hub with demo data, behind the pages.")
def up(host: str, port: int, printers: int, demo: bool) -> None:
    """Bring the database up to date, then serve web and worker in this one process."""
    allow_connections()
    with (
        opened_hub(up_to_date=False, public_url=public_url(host, port)) as hub,
        closing(Printers(printers)) as printing,
    ):
        require_free(host, port)
        log_lines.install()
        ended = _ended_by_signals()
        hub.upgrade()
        _note_address(hub, host, port)
        refuse_demo_accounts(hub)
        if demo:
            demonstration.require_fit(hub)
        app = _app(hub, host)
        worker = _worker(hub, printing, give_way=app.give_way)
        filling = DemoFilling(worker.start) if demo and not demonstration.is_there(hub) else None
        if filling is None:
            worker.start()
        try:
            _serve(hub, app, host, port, ended)
        finally:
            if filling is not None:
                filling.end()
            _stop(worker)


def serve_alone(host: str, port: int) -> None:
    """Serves in this one process, without a worker, until it is asked to end."""
    allow_connections()
    with opened_hub(public_url=public_url(host, port)) as hub:
        require_free(host, port)
        _note_address(hub, host, port)
        refuse_demo_accounts(hub)
        _serve(hub, _app(hub, host), host, port, _ended_by_signals())


@click.command()
@_printers_option
def worker(printers: int) -> None:
    """Run background work alone; as many as wanted on PostgreSQL, one on SQLite."""
    log_lines.install()
    os.nice(WORKER_NICENESS)
    with opened_hub() as hub, closing(Printers(printers)) as printing:
        refuse_demo_accounts(hub)
        ended = _ended_by_signals()
        running = _worker(hub, printing)
        running.start()
        click.echo(f"Worker {running.executor_id} (process {os.getpid()}) takes jobs.")
        try:
            ended.wait()
        finally:
            _stop(running)
