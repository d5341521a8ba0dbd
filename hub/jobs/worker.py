"""The worker: takes jobs from the queues, fires schedules, keeps watches, and finds the work of workers that died.

The engine lives once in a process, so one Worker at a time does. It knows two workflows, one that runs any
job and one that runs any schedule; what they run is given to the Worker by name.
"""

import contextlib
import math
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial

import sqlalchemy as sa
from dbos import DBOS, Queue
from dbos import DBOSPortableJSONSerializer as PortableJson
from dbos import error as engine_errors
from dbos._queue import queue_worker_thread

from hub.domain.errors import Unusable
from hub.jobs.engine import (
    APPLICATION,
    APPLICATION_VERSION,
    RUN_JOB,
    RUN_SCHEDULE,
    QueuesWithJobs,
    close_engine,
    open_engine,
)
from hub.jobs.failures import JobFailedError, described
from hub.jobs.lease import KEPT_EVERY_S, SlotLease, take_lease
from hub.jobs.lookout import Lookout, Turn
from hub.jobs.outage import outlasting, waited_out
from hub.jobs.port import QUEUES, QueueRule, Schedule, Watch, none_waits
from hub.jobs.recovery import keep_and_recover
from hub.jobs.schedules import SCHEDULES_QUEUE, apply_schedules
from hub.jobs.without_queue_thread import leave_queue_thread_out
from hub.steps import reached

ATTEMPTS = 3
# A job that was taken this often by workers which then died is poison, and is given up.
MAX_RECOVERIES = 5

_one_in_a_process = threading.Lock()

leave_queue_thread_out()


def end_process() -> None:
    """The process is asked to end as an operator would ask it."""
    os.kill(os.getpid(), signal.SIGTERM)


class Worker:
    """Runs `jobs`, `schedules` and `watches` in threads of this process between start() and stop().

    A job runs at least once, and again after any failure or crash: its function must bear being repeated. What fails
    while the database is away runs again once it answers, and that is no attempt.
    """

    def __init__(
        self,
        database_url: str,
        *,
        jobs: Mapping[str, Callable[[str], None]],
        schedules: Mapping[str, Schedule],
        watches: Mapping[str, Watch] | None = None,
        wake: Callable[[], Iterable[str]] = none_waits,
        queues: Iterable[QueueRule] = QUEUES,
        polling_interval_s: float = 0.5,
        retry_wait_s: float = 1.0,
        sweep_interval_s: float = KEPT_EVERY_S,
        on_lost: Callable[[], None] = end_process,
        give_way: Callable[[], None] = lambda: None,
    ) -> None:
        """`retry_wait_s` is the wait before a job's second attempt; that before the third is twice as long.

        `wake` is one cheap question of rows alone: it names those of the watches that sleep for which there is work.
        `on_lost` is called, from another thread, when another worker has taken this one for dead; `give_way` before
        each job and each look of a watch, and may hold them up for a moment.
        """
        self._database_url = database_url
        self._jobs = dict(jobs)
        self._schedules = dict(schedules)
        self._watches = dict(watches or {})
        self._wake = wake
        self._leads = False
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
        self._waited_out: Callable[[], bool] = lambda: False
        self._sweeper: threading.Thread | None = None
        self._lookout: Lookout | None = None
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
            lease = take_lease(self._database_url, kept_every_s=self._sweep_interval_s)
            opened.callback(lease.release)
            self.executor_id, self._leads = lease.executor_id, lease.leads()
            engine = open_engine(self._database_url, pool_size=20)
            opened.callback(close_engine, engine)
            self._waited_out = partial(waited_out, engine, self._stopping, look_every_s=self._polling_interval_s)
            opened.callback(self._end_engine, 0.0)
            self._stopping.clear()
            dbos, queues = self._launch(engine)
            waiting = QueuesWithJobs(engine, [queue.name for queue in queues])
            opened.callback(waiting.close)
            self._lookout = self._begin(engine, dbos, queues, waiting)
            self._open = opened.pop_all()
        if isinstance(lease, SlotLease):
            sweep = partial(
                keep_and_recover,
                lease,
                self._stopping,
                every_s=self._sweep_interval_s,
                on_lost=self._on_lost,
                on_leading=self._know_whether_it_leads,
            )
            self._sweeper = threading.Thread(target=sweep, name="hub-sweep", daemon=True)
            self._sweeper.start()

    def _begin(self, engine: sa.Engine, dbos: DBOS, queues: Sequence[Queue], waiting: QueuesWithJobs) -> Lookout:
        lookout = Lookout(engine, interval_s=self._polling_interval_s)
        for queue in queues:
            # What the engine's own threads do, but they ask twice a second, in two transactions each, whether a job is
            # there. A test pins the name, and what it does with its turn.
            lookout.keep(queue.name, partial(queue_worker_thread, dbos=dbos, queue=queue))
        self._watchers = [
            thread
            for name, watch in self._watches.items()
            for thread in lookout.keep(f"watch-{name}", partial(self._keep, name, watch), at_once=watch.at_once)
        ]
        lookout.begin(waiting, self._watches_with_work)
        return lookout

    def _registered(self, rule: QueueRule) -> Queue:
        return DBOS.register_queue(
            rule.name,
            worker_concurrency=rule.at_once,
            partition_concurrency=rule.per_partition,
            polling_interval_sec=self._polling_interval_s,
            on_conflict="always_update",
        )

    def _watches_with_work(self) -> Iterator[str]:
        return (f"watch-{name}" for name in self._wake())

    def stop(self, timeout_s: float) -> bool:
        """No job is taken any more, and those running had `timeout_s` seconds to finish; True if all did.

        What did not finish is handed back: it runs again in the next worker. Its thread may live on, though.
        """
        self._stopping.set()
        if self._sweeper is not None:
            self._sweeper.join(timeout=10.0)
            self._sweeper = None
        if self._lookout is not None:
            self._lookout.end()
            self._lookout = None
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

    def _launch(self, engine: sa.Engine) -> tuple[DBOS, Sequence[Queue]]:
        dbos = DBOS(
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
                "notification_listener_polling_interval_sec": 2 * self._polling_interval_s,
            }
        )
        self._define_run_job()
        run_schedule = self._define_run_schedule()
        # Nothing here has delays or deadlines, for which a thread of the engine would look each second.
        dbos._background_jobs_stop_event.set()  # noqa: SLF001
        try:
            DBOS.launch()
        except engine_errors.DBOSInitializationError as error:
            raise Unusable("The database is not up to date: run `hub db upgrade`.") from error
        queues = [self._registered(rule) for rule in (*self._queues, SCHEDULES_QUEUE)]
        apply_schedules(self._schedules, run_schedule)
        return dbos, queues

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
                    described(name, lambda: self._schedules[name].run(at.astimezone(UTC)))

        return run_schedule

    def _attempt(self, name: str, argument: str) -> None:
        function = self._jobs.get(name)
        if function is None:
            raise JobFailedError(f"this version of the hub has no job named {name}")
        outlasting(self._waited_out, partial(self._attempt_once, name, function, argument))

    def _attempt_once(self, name: str, function: Callable[[str], None], argument: str) -> None:
        self._give_way()
        reached("job.taken")
        described(name, lambda: function(argument))
        reached("job.done")

    def _keep(self, name: str, watch: Watch, turn: Turn) -> None:
        while not self._stopping.is_set():
            if watch.led and not self._leads:
                self._stopping.wait(watch.every_s)
                continue
            self._give_way()
            if self._stopping.is_set():
                return
            wait_s = watch.after_error_s
            # A failure is logged, and what was not done is found again.
            with self._counted(), contextlib.suppress(JobFailedError):
                wait_s = 0.0 if described(name, watch.run) else watch.every_s
            if not watch.sleeps:
                self._stopping.wait(wait_s)
            elif wait_s:
                turn.wait(wait_s)

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

    def _know_whether_it_leads(self, leads: bool) -> None:
        self._leads = leads
