"""The worker: takes jobs from the queues, fires schedules, keeps watches, and finds the work of workers that died.

The engine lives once in a process, so one Worker at a time does. It knows two workflows, one that runs any
job and one that runs any schedule; what they run is given to the Worker by name.
"""

import contextlib
import logging
import math
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from dbos import DBOS, ScheduleInput
from dbos import DBOSPortableJSONSerializer as PortableJson
from dbos import error as engine_errors

from hub.domain.errors import HubError, Unusable
from hub.jobs.engine import APPLICATION, APPLICATION_VERSION, RUN_JOB, RUN_SCHEDULE, close_engine, open_engine
from hub.jobs.lease import SlotLease, take_lease
from hub.jobs.port import QUEUES, QueueRule, Schedule, Watch
from hub.steps import reached

ATTEMPTS = 3
# A job that was taken this often by workers which then died is poison, and is given up.
MAX_RECOVERIES = 5
# A database that is away would otherwise fill the log.
_LONGER_AFTER_AN_ERROR = 10

_log = logging.getLogger(__name__)
_one_in_a_process = threading.Lock()
_Given = TypeVar("_Given")


class JobFailedError(Exception):
    """A job raised; the text names the error and its place, and nothing of the data it was working on."""


def end_process() -> None:
    """The process is asked to end as an operator would ask it."""
    os.kill(os.getpid(), signal.SIGTERM)


class Worker:
    """Runs `jobs`, `schedules` and `watches` in threads of this process between start() and stop().

    A job runs at least once, and again after any failure or crash: its function must bear being repeated.
    """

    def __init__(
        self,
        database_url: str,
        *,
        jobs: Mapping[str, Callable[[str], None]],
        schedules: Mapping[str, Schedule],
        watches: Mapping[str, Watch] | None = None,
        queues: Iterable[QueueRule] = QUEUES,
        polling_interval_s: float = 0.5,
        retry_wait_s: float = 1.0,
        sweep_interval_s: float = 15.0,
        on_lost: Callable[[], None] = end_process,
        give_way: Callable[[], None] = lambda: None,
    ) -> None:
        """`retry_wait_s` is the wait before a job's second attempt; that before the third is twice as long.

        `on_lost` is called, from another thread, when another worker has taken this one for dead; `give_way` before
        each job and each look of a watch, and may hold them up for a moment.
        """
        self._database_url = database_url
        self._jobs = dict(jobs)
        self._schedules = dict(schedules)
        self._watches = dict(watches or {})
        self._queues = tuple(queues)
        self._polling_interval_s = polling_interval_s
        self._retry_wait_s = retry_wait_s
        self._sweep_interval_s = sweep_interval_s
        self._on_lost = on_lost
        self._give_way = give_way
        self._running = 0
        self._running_lock = threading.Lock()
        self._busy_schedules: set[str] = set()
        self._stopping = threading.Event()
        self._sweeper: threading.Thread | None = None
        self._watchers: list[threading.Thread] = []
        self._open = ExitStack()
        self.executor_id: str | None = None

    def start(self) -> None:
        """Jobs are being taken, those first that this worker's predecessor of the same name left unfinished.

        Raises Unusable if a worker already runs where only one may, or the database is not migrated.
        """
        if not _one_in_a_process.acquire(blocking=False):
            raise Unusable("A worker already runs in this process: stop it before another is started.")
        with ExitStack() as opened:
            opened.callback(_one_in_a_process.release)
            lease = take_lease(self._database_url)
            opened.callback(lease.release)
            self.executor_id = lease.executor_id
            engine = open_engine(self._database_url, pool_size=20)
            opened.callback(close_engine, engine)
            opened.callback(self._end_engine, 0.0)
            self._launch(engine)
            self._open = opened.pop_all()
        self._stopping.clear()
        if isinstance(lease, SlotLease):
            self._sweeper = threading.Thread(target=self._sweep, args=(lease,), name="hub-sweep", daemon=True)
            self._sweeper.start()
        self._watchers = [
            threading.Thread(target=self._keep, args=(name, watch), name=f"hub-watch-{name}", daemon=True)
            for name, watch in self._watches.items()
            for _ in range(watch.at_once)
        ]
        for watcher in self._watchers:
            watcher.start()

    def stop(self, timeout_s: float) -> bool:
        """No job is taken any more, and those running had `timeout_s` seconds to finish; True if all did.

        What did not finish is handed back: it runs again in the next worker. Its thread may live on, though.
        """
        self._stopping.set()
        if self._sweeper is not None:
            self._sweeper.join(timeout=10.0)
            self._sweeper = None
        deadline = time.monotonic() + timeout_s
        if self._running:
            self._end_engine(timeout_s)
        for watcher in self._watchers:
            watcher.join(max(0.0, deadline - time.monotonic()))
        self._watchers = []
        self._open.close()
        return not self._running

    def _end_engine(self, timeout_s: float) -> None:
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=math.ceil(timeout_s))

    def _launch(self, engine: sa.Engine) -> None:
        DBOS(
            config={
                "name": APPLICATION,
                "system_database_engine": engine,
                "executor_id": self.executor_id,
                "application_version": APPLICATION_VERSION,
                "serializer": PortableJson(),
                "run_migrations": False,
                "enable_otlp": False,
                "log_level": "WARNING",
                # No job waits for messages of the engine, so it needs no connection held open for them; the
                # thread that looks for them instead finds nothing to ask for, and stop() waits out its turn.
                "use_listen_notify": False,
                "notification_listener_polling_interval_sec": 0.1,
            }
        )
        self._define_run_job()
        run_schedule = self._define_run_schedule()
        DBOS.listen_queues([rule.name for rule in self._queues])
        try:
            DBOS.launch()
        except engine_errors.DBOSInitializationError as error:
            raise Unusable("The database is not up to date: run `hub db upgrade`.") from error
        for rule in self._queues:
            DBOS.register_queue(
                rule.name,
                worker_concurrency=rule.at_once,
                partition_concurrency=rule.per_partition,
                polling_interval_sec=self._polling_interval_s,
                on_conflict="always_update",
            )
        self._apply_schedules(run_schedule)

    def _apply_schedules(self, run_schedule: Callable[[datetime, str], None]) -> None:
        wanted: list[ScheduleInput] = [
            {
                "schedule_name": name,
                "workflow_fn": run_schedule,
                "schedule": schedule.cron,
                "context": name,
                "cron_timezone": "Asia/Shanghai",
            }
            for name, schedule in self._schedules.items()
        ]
        DBOS.apply_schedules(wanted)
        # Schedules live in the database; one that this version no longer has would fire for ever.
        for known in DBOS.list_schedules():
            if known["schedule_name"] not in self._schedules:
                DBOS.delete_schedule(known["schedule_name"])

    def _define_run_job(self) -> None:
        @DBOS.step(
            name="attempt",
            retries_allowed=True,
            max_attempts=ATTEMPTS,
            interval_seconds=self._retry_wait_s,
            backoff_rate=2.0,
        )
        def attempt(name: str, argument: str) -> None:
            self._attempt(name, argument)

        @DBOS.workflow(name=RUN_JOB, max_recovery_attempts=MAX_RECOVERIES)
        def run_job(name: str, argument: str, _queue: str) -> None:
            with self._counted():
                try:
                    attempt(name, argument)
                except engine_errors.DBOSMaxStepRetriesExceeded as error:
                    raise JobFailedError(str(error.errors[-1])) from None

    def _define_run_schedule(self) -> Callable[[datetime, str], None]:
        @DBOS.workflow(name=RUN_SCHEDULE, max_recovery_attempts=MAX_RECOVERIES)
        def run_schedule(at: datetime, name: str) -> None:
            with self._counted(), self._alone(name) as alone:
                # A schedule that was taken away may have one last run waiting.
                if alone and name in self._schedules:
                    _described(name, lambda: self._schedules[name].run(at.astimezone(UTC)))

        return run_schedule

    def _attempt(self, name: str, argument: str) -> None:
        function = self._jobs.get(name)
        if function is None:
            raise JobFailedError(f"this version of the hub has no job named {name}")
        self._give_way()
        reached("job.taken")
        _described(name, lambda: function(argument))
        reached("job.done")

    def _keep(self, name: str, watch: Watch) -> None:
        while not self._stopping.is_set():
            self._give_way()
            if self._stopping.is_set():
                return
            wait_s = watch.every_s * _LONGER_AFTER_AN_ERROR
            # A failure is logged, and what was not done is found again.
            with self._counted(), contextlib.suppress(JobFailedError):
                wait_s = 0.0 if _described(name, watch.run) else watch.every_s
            self._stopping.wait(wait_s)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._running_lock:
            self._running += 1
        try:
            yield
        finally:
            with self._running_lock:
                self._running -= 1

    @contextmanager
    def _alone(self, name: str) -> Iterator[bool]:
        with self._running_lock:
            alone = name not in self._busy_schedules
            self._busy_schedules.add(name)
        try:
            yield alone
        finally:
            if alone:
                self._busy_schedules.discard(name)

    def _sweep(self, lease: SlotLease) -> None:
        while not self._stopping.wait(self._sweep_interval_s):
            try:
                if not lease.keep():
                    self._on_lost()
                    return
                recover_dead_workers(lease)
            except Exception:  # noqa: BLE001 - whatever it was, the sweeper must go on
                # The next look heals what this one could not do; a sweeper that ended would heal nothing.
                _log.exception("looking for the work of dead workers failed")


def recover_dead_workers(lease: SlotLease) -> None:
    """What dead workers had taken waits in its queue again, with its count of recoveries kept."""
    taken = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
    for executor_id in {run.executor_id for run in taken if run.executor_id} - {lease.executor_id}:
        with lease.borrow(executor_id) as dead:
            if dead:
                _recover(executor_id)


def _recover(executor_id: str) -> None:
    # The public resume_workflow starts the count of recoveries anew, so that a job which kills its worker
    # would be resumed for ever. This private call keeps the count; a test pins its name and what it does.
    DBOS._recover_pending_workflows([executor_id])  # noqa: SLF001


def _described(name: str, run: Callable[[], _Given]) -> _Given:
    """What `run` gives; an error comes out as a JobFailedError that may be stored and logged."""
    try:
        return run()
    except Exception as error:  # noqa: BLE001 - a job may raise anything, and it is raised again below
        text = _describe(error)
        stack = "".join(traceback.format_tb(error.__traceback__))
        _log.warning("a job failed", extra={"job": name, "key": DBOS.workflow_id, "error": text, "stack": stack})
        # Without its cause, whose message may quote a person's data.
        raise JobFailedError(text) from None


def _describe(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    # Only the hub's own errors are known to carry nothing but codes and what is safe to log.
    text = f": {error}" if isinstance(error, HubError) else ""
    return f"{type(error).__name__}{text} ({Path(frame.filename).name}:{frame.lineno})"
