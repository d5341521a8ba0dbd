"""`hub up` and `hub worker`, and `hub web` on SQLite: the processes that serve. Each ends with 0 on SIGTERM."""

import os
import signal
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from functools import partial

import click

from hub.app import create_app
from hub.commands.addresses import address_of, host_option, note_served, port_option, public_url
from hub.commands.opened import OPERATOR, check_production, opened_hub
from hub.demo import demonstration, turns
from hub.demo import people as demo_people
from hub.demo.filling import DemoFilling
from hub.documents.confinement import walls
from hub.documents.printing import Printers
from hub.domain.errors import Unavailable
from hub.jobs.port import Watch, queues_for
from hub.jobs.worker import Worker
from hub.server import embedded, log_lines
from hub.server.deadlines import FINISH_WITHIN_S, allow_connections
from hub.server.giving_way import RequestsInHand
from hub.server.metrics_port import serve_metrics
from hub.server.ports import require_free
from hub.services.operating import heartbeats
from hub.services.operating.heartbeats import Heartbeat
from hub.settings import is_loopback
from hub.wiring import Hub
from hub.work.jobs import hold_of, jobs_of, schedules_of, sweeps_of, wake_of, watches_of

MOST_PRINTERS = 64
# Where both share a machine, whoever waits for an answer goes first. What decodes and prints goes lower still.
WORKER_NICENESS = 10


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


def _warn_of_missing_walls() -> None:
    """One line where this kernel has not all walls for what decodes and prints; `hub doctor` says it too."""
    missing = walls().missing
    if missing:
        click.echo(f"WARNING: this kernel has no {' and no '.join(missing)} around what decodes files", err=True)


def _worker(hub: Hub, printers: Printers, *, give_way: Callable[[], None] = lambda: None) -> tuple[Worker, Heartbeat]:
    _warn_of_missing_walls()
    # A key that cannot be used stops the start by name, and not the first paper.
    hub.sealing.require()
    jobs = jobs_of(hub, printer=printers.print_pdf)
    schedules = schedules_of(hub)
    watches = {**watches_of(hub), **sweeps_of(hub)}
    if hub.settings.embedded:
        # `hub demo` may be run beside this.
        in_turn = partial(turns.after_filling, hub.settings.home)
        jobs = {name: in_turn(run) for name, run in jobs.items()}
        schedules = {name: replace(each, run=in_turn(each.run)) for name, each in schedules.items()}
        watches = {name: replace(each, run=in_turn(each.run)) for name, each in watches.items()}
    heartbeat = Heartbeat(hub, hub.real_clock, lambda: made.executor_id)
    every_s = heartbeats.EVERY.total_seconds()
    made = Worker(
        hub.settings.database_url,
        jobs=jobs,
        schedules=schedules,
        # Not in turn with a demo that is filled: they would be missed meanwhile.
        watches={
            **watches,
            "beat": Watch(run=heartbeat.beat, every_s=every_s, after_error_s=every_s),
            "hold": hold_of(hub),
        },
        wake=wake_of(hub),
        queues=queues_for(printers.count),
        give_way=give_way,
    )
    return made, heartbeat


def _stop(worker: Worker, heartbeat: Heartbeat) -> None:
    """Work in hand is finished or handed back; a thread that goes on all the same must not hold the process open."""
    is_over = worker.stop(FINISH_WITHIN_S)
    # A database that is away will find its row old instead.
    with suppress(Unavailable):
        heartbeat.end()
    if not is_over:
        os._exit(0)


def _serve(hub: Hub, app: RequestsInHand, host: str, port: int, ended: threading.Event) -> None:
    """Answers requests until the process is asked to end; those in hand are finished."""

    def announce(port: int) -> None:
        address = address_of(host, port)
        click.echo(f"Negotiated Repayment Hub 协商还款 listens on {address}")
        if demo_is_open(hub, host):
            click.echo(
                f"  demo      {address}/demo/   cardholders, every bank's staff and the operator, without a password"
            )
            click.echo("  WARNING   whoever is on this machine enters at /demo/; HUB_ENV=production closes it")
        click.echo(f"  API       {address}/api/docs")
        click.echo(f"  health    {address}/readyz")

    if hub.settings.metrics_port is not None:
        serve_metrics(app, host, hub.settings.metrics_port)
    embedded.serve(app, host, port, ended, announce=announce)


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
        check_production(hub)
        if demo:
            demonstration.require_fit(hub)
        app = _app(hub, host)
        worker, heartbeat = _worker(hub, printing, give_way=app.give_way)
        filling = DemoFilling(worker.start) if demo and not demonstration.is_there(hub) else None
        if filling is None:
            worker.start()
        try:
            _serve(hub, app, host, port, ended)
        finally:
            if filling is not None:
                filling.end()
            _stop(worker, heartbeat)


def serve_alone(host: str, port: int) -> None:
    """Serves in this one process, without a worker, until it is asked to end."""
    allow_connections()
    with opened_hub(public_url=public_url(host, port)) as hub:
        require_free(host, port)
        _note_address(hub, host, port)
        check_production(hub)
        _serve(hub, _app(hub, host), host, port, _ended_by_signals())


@click.command()
@_printers_option
def worker(printers: int) -> None:
    """Run background work alone; as many as wanted on PostgreSQL, one on SQLite."""
    log_lines.install()
    with opened_hub() as hub, closing(Printers(printers)) as printing:
        hub.require_no_pooler("a worker holds a lock for as long as it runs")
        check_production(hub)
        # Threads and children have it from here on. One that cannot start asks for nothing.
        os.nice(WORKER_NICENESS)
        ended = _ended_by_signals()
        running, heartbeat = _worker(hub, printing)
        running.start()
        click.echo(f"Worker {running.executor_id} (process {os.getpid()}) takes jobs.")
        try:
            ended.wait()
        finally:
            _stop(running, heartbeat)
