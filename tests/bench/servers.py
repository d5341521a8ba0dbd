"""The processes under test: PostgreSQL with fsync, the floor under gunicorn, and the hub as its operator runs it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from psycopg import sql

from hub.domain.clock import Clock
from hub.settings import Settings
from hub.wiring import Hub
from tests.bench import floor
from tests.storage.postgres_server import PostgresServer, free_port, start_postgres

SECRET = "a-secret-of-the-bench-that-is-long-enough-to-be-one"
ROOT = Path(__file__).parents[2]
ENDS_WITHIN_S = 60
DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
    "shared_buffers": "256MB",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one kind of database is, and a folder beside it. `server` is None for SQLite."""

    kind: str
    folder: Path
    server: PostgresServer | None

    def address(self, database: str, user: str) -> str:
        """The address of a database as that user, so that its backends can be told from others'."""
        if self.server is None:
            return f"sqlite:///{self.folder / database / 'hub.db'}"
        return self.server.url(database).replace("postgres@", f"{user}@")


@contextmanager
def place(kind: str, changes: Mapping[str, str] = MappingProxyType({})) -> Iterator[Place]:
    """An empty place of that kind, `sqlite` or `postgresql` with those `changes`; all in it is gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix=f"hub-bench-{kind}-"))
    server = start_postgres({**DURABLE, **changes}) if kind == "postgresql" else None
    try:
        if server is not None:
            for user in ("web", "work", "floor"):
                server.execute(sql.SQL("CREATE ROLE {} SUPERUSER LOGIN").format(sql.Identifier(user)))
        yield Place(kind=kind, folder=folder, server=server)
    finally:
        if server is not None:
            server.stop()
        # Deleting many files makes the next minutes' files dear, so it comes last.
        shutil.rmtree(folder, ignore_errors=True)


def make_home(where: Place, name: str) -> Path:
    """A folder, and on PostgreSQL a database, by that name."""
    home = where.folder / name
    home.mkdir(mode=0o700)
    if where.server is not None:
        where.server.create_database(name)
    return home


def open_hub(where: Place, name: str, *, clock: Clock | None = None) -> Hub:
    """The hub of that home, in this process."""
    return hub_over(where.folder / name, where.address(name, "web"), clock=clock)


def hub_over(home: Path, database_url: str, *, clock: Clock | None = None) -> Hub:
    """The hub of that home over that database."""
    return Hub(
        Settings(
            home=home,
            database_url=database_url,
            evidence_url=f"file://{home / 'evidence'}",
            secret_keys=SECRET,
        ),
        clock=clock,
    )


@dataclass(slots=True)
class Served:
    """A process that serves, and where."""

    process: subprocess.Popen[bytes]
    address: str
    log: Path

    @property
    def pid(self) -> int:
        """The process at the root of its tree."""
        return self.process.pid

    def end(self) -> int:
        """The status it ended with, asked by SIGTERM."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(ENDS_WITHIN_S)


# What docs/operating.md has the operator set.
_ONE_HEAP = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "4194304",
    "MALLOC_TRIM_THRESHOLD_": "16777216",
    "_RJEM_MALLOC_CONF": "narenas:1",
}


def _start(words: list[str], log: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    with log.open("wb") as out:
        return subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=out, stderr=out, env={**kept, **environment})


def _wait_for(served: Served, path: str) -> Served:
    deadline = time.monotonic() + ENDS_WITHIN_S
    while served.process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(served.address + path, timeout=5):
                return served
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"it does not serve: {served.log.read_text()[-2000:]}")


@contextmanager
def floor_served(where: Place, *, queue_of: str = "hub") -> Iterator[Served]:
    """The floor, under gunicorn with two workers of four threads; its queue is that of the hub of that name."""
    home, port = make_home(where, "floor"), free_port()
    database = where.address("floor", "floor")
    floor.prepare(database)
    log = home / "log"
    words = ["-m", "gunicorn", "-w", "2", "--threads", "4", "-b", f"127.0.0.1:{port}", "--keep-alive", "75"]
    process = _start(
        [*words, "--no-control-socket", "tests.bench.floor:create()"],
        log,
        {"FLOOR_FOLDER": str(home), "FLOOR_DATABASE": database, "FLOOR_QUEUE": where.address(queue_of, "floor")},
    )
    served = Served(process, f"http://127.0.0.1:{port}", log)
    try:
        yield _wait_for(served, "/healthz")
    finally:
        served.end()


def hub_started(
    where: Place, name: str, *words: str, user: str = "web", variables: Mapping[str, str] = MappingProxyType({})
) -> Served:
    """`hub WORDS` over that home has begun, with those `variables` beside its own; it serves at the address."""
    home, port = where.folder / name, free_port()
    log = home / f"{words[0]}-{port}.log"
    own = {
        "HUB_HOME": str(home),
        "HUB_DATABASE_URL": where.address(name, user),
        "HUB_EVIDENCE_URL": f"file://{home / 'evidence'}",
        "HUB_SECRET_KEYS": SECRET,
        **_ONE_HEAP,
        **variables,
    }
    process = _start(["-m", "hub", *words, *([] if words[0] == "worker" else ["--port", str(port)])], log, own)
    return Served(process, f"http://127.0.0.1:{port}", log)


@contextmanager
def hub_served(where: Place, name: str, *words: str, user: str = "web") -> Iterator[Served]:
    """`hub WORDS` over that home, ready."""
    served = hub_started(where, name, *words, user=user)
    try:
        yield served if words[0] == "worker" else _wait_for(served, "/readyz")
    finally:
        status = served.end()
    if status:
        raise RuntimeError(f"hub {words[0]} ended with {status}: {served.log.read_text()[-2000:]}")
