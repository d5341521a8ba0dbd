"""The job queue and its desk on the DBOS engine, whose tables stand in the hub's own database.

Putting a job in goes over the caller's session, so that it commits with the rows it is about. Everything else
uses a small pool of its own: the engine's own reads must not take the write lock that the hub's SQLite
transactions begin with, and a desk call must not wait for the very transaction it was called from.
"""

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from sqlite3 import Connection as SqliteConnection
from typing import Any, Final

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, EnqueueOptions, WorkflowStatus
from dbos import DBOSPortableJSONSerializer as PortableJson
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from hub.connecting import GIVES_UP_SOON, LETS_GO_SOON
from hub.domain.errors import InvalidValue, NotFound, Unavailable
from hub.jobs.port import QUEUES, DeadJob, Job, QueueRule
from hub.jobs.without_pickle import refuse_pickles

APPLICATION: Final = "hub"
# Workers take and recover only work of their own version. It stays the same for ever: a job that changes its
# meaning gets a new name instead, or the work of the version before would wait for ever.
APPLICATION_VERSION: Final = "hub-1"
RUN_JOB: Final = "run_job"
RUN_SCHEDULE: Final = "run_schedule"

# A failed run, and one whose worker died each time it was tried.
_DEAD = ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_PRUNE_BATCH = 500
_MOST_LOOKED_AT: Final = 100_000
# In the words of the index, which holds work of these two statuses alone: SQLite does not conclude it.
_WAITS: Final = "status IN ('ENQUEUED', 'PENDING') AND status = 'ENQUEUED'"

refuse_pickles()

# The engine prints a banner and its own console lines unless its logger has a handler; with this one its
# warnings go where the hub's other log lines go.
_engine_log = logging.getLogger("dbos")
_engine_log.addHandler(logging.NullHandler())
_engine_log.setLevel(logging.WARNING)


def migrate(database_url: str) -> None:
    """The engine's tables are there and up to date: schema `dbos` on PostgreSQL, the same file on SQLite."""
    DBOS.migrate(database_url)


def open_engine(database_url: str, *, pool_size: int, pooled: bool = False) -> sa.Engine:
    """A pool of connections for the job engine alone, with the durability of the hub's own.

    `pooled`: a pooler hands them out by the transaction.
    """
    engine = sa.create_engine(
        database_url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=30,
        pool_pre_ping=True,
        connect_args=_connecting(database_url, pooled=pooled),
    )
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _connecting(database_url: str, *, pooled: bool) -> dict[str, Any]:
    if database_url.startswith("sqlite"):
        return {}
    # With a pooler the next transaction may run on another connection of the server's.
    return {**GIVES_UP_SOON, **({"prepare_threshold": None} if pooled else {"options": LETS_GO_SOON})}


def _prepare_sqlite(connection: SqliteConnection, _record: ConnectionPoolEntry) -> None:
    # The engine counts on this driver mode: reads take no lock, the first write of a transaction takes it at
    # once. The hub's own way, BEGIN IMMEDIATE before everything, breaks the engine's migrations, which begin
    # their transaction themselves, and makes each of its polls wait for the writer.
    connection.isolation_level = "IMMEDIATE"
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def runs_of(engine: sa.Engine) -> sa.TableClause:
    """The engine's table of all jobs and runs of schedules."""
    schema = None if engine.dialect.name == "sqlite" else "dbos"
    names = ("name", "status", "queue_name", "created_at")
    return sa.table("workflow_status", *(sa.column(name) for name in names), schema=schema)


class QueuesWithJobs:
    """Those of the queues in which a job waits, asked again and again: on PostgreSQL over a connection that stays."""

    def __init__(self, engine: sa.Engine, names: Sequence[str]) -> None:
        self._engine = engine
        self._query = queues_with_jobs_query(engine, names)
        self._connection: sa.Connection | None = None

    def __call__(self) -> Sequence[str]:
        """Their names now."""
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                return connection.scalars(self._query).all()
        try:
            if self._connection is None:
                # Without a transaction: to begin one for one question and to end it would be two trips more.
                self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            return self._connection.scalars(self._query).all()
        except sa.exc.SQLAlchemyError:
            self.close()
            raise

    def close(self) -> None:
        """Its connection is given back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def queues_with_jobs_query(engine: sa.Engine, names: Sequence[str]) -> sa.Select[Any]:
    """The question behind `QueuesWithJobs`, which reads one index however much work is done and kept."""
    runs = runs_of(engine)
    return sa.select(runs.c.queue_name).where(sa.text(_WAITS), runs.c.queue_name.in_(names)).distinct()


def close_engine(engine: sa.Engine) -> None:
    """Its connections are closed, those still in use as soon as they are given back."""
    sa.event.listen(engine, "checkin", _close_returned)
    engine.dispose()


def _close_returned(_connection: object, record: ConnectionPoolEntry) -> None:
    record.invalidate()


def _client(engine: sa.Engine) -> DBOSClient:
    """A client that connects when it is first used; it never closes `engine`."""
    return DBOSClient(
        system_database_engine=engine,
        serializer=PortableJson(),
        application_name=APPLICATION,
        lazy=True,
        retry_connection_errors=False,
    )


class DbosQueue:
    """A `JobQueue` and a `JobDesk`. Connects when the desk is first used; close() ends its connections."""

    def __init__(self, database_url: str, *, queues: Iterable[QueueRule] = QUEUES, pooled: bool = False) -> None:
        """`queues` are those that the workers serve; `pooled` as in `open_engine`."""
        self._queues = {rule.name: rule for rule in queues}
        self._engine = open_engine(database_url, pool_size=2, pooled=pooled)
        self._client = _client(self._engine)
        # The engine prepares its statements once, but for connections of its own dialect alone: jobs go in over the
        # hub's connections, so a client of the hub's engine puts them in.
        self._putting: tuple[sa.Engine, DBOSClient] | None = None
        self._runs = runs_of(self._engine)

    def close(self) -> None:
        """No connection of this queue is open any more."""
        self._client.destroy()
        close_engine(self._engine)

    def enqueue(self, session: Session, job: Job) -> None:
        """See `JobQueue`."""
        rule = self._queues.get(job.queue)
        if rule is None or (rule.per_partition is None) != (job.partition is None):
            # The engine would take such a job and never run it.
            raise InvalidValue("job_queue", queue=job.queue)
        options: EnqueueOptions = {
            "workflow_name": RUN_JOB,
            "workflow_id": job.key,
            "queue_name": job.queue,
            "app_version": APPLICATION_VERSION,
        }
        if job.partition is not None:
            options["queue_partition_key"] = job.partition
        # The queue is an argument too, because the engine forgets it when it gives a job up.
        self._client_of(session).enqueue_in_transaction(session, options, job.name, job.argument, job.queue)

    def _client_of(self, session: Session) -> DBOSClient:
        engine, putting = session.connection().engine, self._putting
        if putting is None or putting[0] is not engine:
            # Threads that come here together each make one, and the last stays: a client holds nothing open.
            putting = self._putting = (engine, _client(engine))
        return putting[1]

    def list_dead(self) -> list[DeadJob]:
        """See `JobDesk`."""
        return [_dead_job(run) for run in self._client.list_workflows(name=RUN_JOB, status=_DEAD)]

    def send_again(self, key: str) -> None:
        """See `JobDesk`."""
        runs = self._client.list_workflows(workflow_ids=[key], name=RUN_JOB, status=_DEAD)
        if not runs:
            raise NotFound(key)
        _name, _argument, queue = _arguments(runs[0])
        self._client.rewind_workflow(key, queue_name=queue, queue_partition_key=runs[0].queue_partition_key)

    def count_dead(self) -> int:
        """See `JobDesk`."""
        # In the words of the index, which holds work that failed alone.
        failed = sa.text("status IN ('ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED')")
        dead = (failed, self._runs.c.status.in_(_DEAD), self._runs.c.name == RUN_JOB)
        with self._reading() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(self._runs).where(*dead)) or 0

    def count_waiting(self) -> dict[str, int]:
        """See `JobDesk`."""
        query = (
            sa.select(self._runs.c.queue_name, sa.func.count().label("waiting"))
            .where(*self._waiting())
            .group_by(self._runs.c.queue_name)
        )
        with self._reading() as connection:
            return {row.queue_name: row.waiting for row in connection.execute(query)}

    def oldest_waiting_s(self) -> float:
        """See `JobDesk`."""
        # With a limit, or SQLite would go through all work that is kept in the order of its making.
        waiting = sa.select(self._runs.c.created_at).where(*self._waiting()).limit(_MOST_LOOKED_AT).subquery()
        query = sa.select(sa.func.min(waiting.c.created_at))
        with self._reading() as connection:
            created_at_ms = connection.execute(query).scalar()
        # The engine stamps its rows with the machine's clock, which a hub clock moved on for a demo is not.
        return 0.0 if created_at_ms is None else max(0.0, time.time() - created_at_ms / 1000)

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except (sa.exc.OperationalError, sa.exc.TimeoutError) as error:
            raise Unavailable(type(error).__name__) from error

    def prune(self, older_than: datetime) -> int:
        """See `JobDesk`."""
        forgotten = self._forget(older_than, status=["SUCCESS", "CANCELLED"])
        # A failed run of a schedule is no dead job: the next one does its work.
        return forgotten + self._forget(older_than, status=_DEAD, name=RUN_SCHEDULE)

    def _forget(self, older_than: datetime, *, status: list[str], name: str | None = None) -> int:
        forgotten = 0
        while runs := self._client.list_workflows(
            status=status,
            name=name,
            completed_before=older_than.isoformat(),
            limit=_PRUNE_BATCH,
            load_input=False,
            load_output=False,
        ):
            # Small lots, so that nobody waits long for the write lock.
            self._client.delete_workflows([run.workflow_id for run in runs])
            forgotten += len(runs)
        return forgotten

    def _waiting(self) -> tuple[sa.ColumnElement[bool] | sa.TextClause, ...]:
        return sa.text(_WAITS), self._runs.c.name == RUN_JOB


def _dead_job(run: WorkflowStatus) -> DeadJob:
    name, argument, _queue = _arguments(run)
    given_up_at_ms = run.completed_at or run.updated_at or 0
    return DeadJob(
        key=run.workflow_id,
        name=name,
        argument=argument,
        error=str(run.error) if run.error else "the worker died each time it ran this job",
        since=datetime.fromtimestamp(given_up_at_ms / 1000, UTC),
    )


def _arguments(run: WorkflowStatus) -> tuple[str, str, str]:
    if run.input is None:
        raise NotFound(run.workflow_id)
    name, argument, queue = run.input["args"]
    return name, argument, queue
