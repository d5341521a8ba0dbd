"""Databases with the job engine's tables, on both kinds, and what works on them."""

import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
import sqlalchemy as sa

from hub.jobs.engine import DbosQueue, migrate
from hub.jobs.port import Job, Schedule, Watch, none_waits
from hub.jobs.worker import Worker
from storage.database import Database
from tests.storage.postgres_server import PostgresServer, start_postgres

POLLING_INTERVAL_S = 0.05


@pytest.fixture(scope="session")
def job_server() -> Iterator[PostgresServer]:
    """A PostgreSQL whose database `jobs` has the engine's tables and is nobody's but a template."""
    server = start_postgres()
    try:
        _prepare(server.create_database("jobs"))
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def job_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the engine's tables, to be copied."""
    folder = tmp_path_factory.mktemp("jobs")
    _prepare(f"sqlite:///{folder / 'written.db'}")
    # One whole file, whatever still lay in the log beside the first.
    engine = sa.create_engine(f"sqlite:///{folder / 'written.db'}", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"VACUUM INTO '{folder / 'template.db'}'"))
    engine.dispose()
    return folder / "template.db"


def _prepare(url: str) -> None:
    migrate(url)
    database = Database(url)
    with database.writing() as session:
        session.execute(sa.text("CREATE TABLE note (text VARCHAR(20) PRIMARY KEY)"))
    database.close()
    # The engine looks for new queues once a second; a worker finds those at once that were there before.
    worker = Worker(url, jobs={}, schedules={}, polling_interval_s=POLLING_INTERVAL_S)
    worker.start()
    worker.stop(0.0)


@pytest.fixture
def sqlite_url(job_file: Path, tmp_path: Path) -> str:
    """An empty SQLite database."""
    return f"sqlite:///{shutil.copy(job_file, tmp_path / 'hub.db')}"


@pytest.fixture
def postgres_url(job_server: PostgresServer) -> Iterator[str]:
    """An empty PostgreSQL database."""
    name = f"jobs_{uuid.uuid4().hex}"
    yield job_server.create_database(name, template="jobs")
    job_server.drop_database(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database, once of each kind."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The hub's own way into the database."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def queue(database_url: str) -> Iterator[DbosQueue]:
    """The queue and the desk."""
    opened = DbosQueue(database_url)
    yield opened
    opened.close()


class StartWorker(Protocol):
    """Starts a worker that is quick to look and to try again."""

    def __call__(
        self,
        url: str,
        jobs: dict[str, Callable[[str], None]],
        schedules: dict[str, Schedule] | None = None,
        sweep_interval_s: float = 3600.0,
        watches: dict[str, Watch] | None = None,
        wake: Callable[[], Iterable[str]] = none_waits,
    ) -> Worker: ...


@pytest.fixture
def start_worker() -> Iterator[StartWorker]:
    """Workers that are stopped at the end."""
    workers: list[Worker] = []

    def start(
        url: str,
        jobs: dict[str, Callable[[str], None]],
        schedules: dict[str, Schedule] | None = None,
        sweep_interval_s: float = 3600.0,
        watches: dict[str, Watch] | None = None,
        wake: Callable[[], Iterable[str]] = none_waits,
    ) -> Worker:
        worker = Worker(
            url,
            jobs=jobs,
            schedules=schedules or {},
            watches=watches,
            wake=wake,
            polling_interval_s=POLLING_INTERVAL_S,
            retry_wait_s=0.01,
            sweep_interval_s=sweep_interval_s,
        )
        worker.start()
        workers.append(worker)
        return worker

    yield start
    for worker in workers:
        worker.stop(0.0)


def put(database: Database, desk: DbosQueue, name: str, argument: str = "1", **fields: str) -> None:
    """One job is committed, its key made of its name and argument."""
    with database.writing() as session:
        desk.enqueue(session, Job(**{"name": name, "key": f"{name}:{argument}", "argument": argument} | fields))
