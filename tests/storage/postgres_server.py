"""A real PostgreSQL for the tests: a throw-away server on the loopback, from the machine's own binaries.

One server a test process: under xdist each worker has its own, so that nothing needs to be told between them.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import SystemRandom
from types import MappingProxyType
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from tests.dying_together import dying_with_us

STARTED_WITHIN_S = 120.0
# With all that is still to be written to the disk.
ENDED_WITHIN_S = 600.0
# Whose it is stands in the folder's name.
_PLACE, _PREFIX = "/tmp", "hub-postgres-"

# Below those that the system itself gives to connections; a range for each process of xdist. Of another run's processes
# none begins at the same place.
_FIRST_PORT, _PORTS_EACH, _RANGES = 10_000, 1_400, 16
_turns = count(SystemRandom().randrange(_PORTS_EACH))

# What a crash of the machine could lose is not worth waiting for in a test.
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "32MB",
    "max_connections": "200",
    "listen_addresses": "127.0.0.1",
}


class PostgresMissingError(Exception):
    """There are no PostgreSQL binaries on this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresServer:
    """A running server and its databases."""

    port: int
    process: subprocess.Popen[bytes]
    folder: Path

    def url(self, database: str = "postgres") -> str:
        """An address for HUB_DATABASE_URL."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str, *, template: str = "template1") -> str:
        """A database by that name is there, like `template` in all its tables; gives its address.

        Nobody may be connected to the template meanwhile.
        """
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        with self._connect() as connection:
            # By files: page by page through its log takes four times as long. Before 15 there was no other way.
            by_files = sql.SQL(" STRATEGY FILE_COPY" if connection.info.server_version >= 150000 else "")
            connection.execute(create + by_files)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """There is no database by that name, and whoever was connected to it is not any more."""
        self.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop(self) -> None:
        """The server has ended and its files are gone."""
        # Immediate, because there is nothing to keep.
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(timeout=20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def end(self) -> None:
        """The server has ended in peace; its files stay."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=ENDED_WITHIN_S)

    def execute(self, statement: sql.Composed | LiteralString) -> None:
        """The statement is done, as the superuser."""
        with self._connect() as connection:
            connection.execute(statement)

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(host="127.0.0.1", port=self.port, user="postgres", dbname="postgres", autocommit=True)


def start_postgres(changes: Mapping[str, str] = MappingProxyType({})) -> PostgresServer:
    """A new, empty server, its settings with those `changes`. Raises PostgresMissingError without the binaries."""
    binaries = server_binaries()
    # Not in pytest's own folder: that is closed to the user `postgres`, and its long path to a socket.
    _forget_ended()
    folder = new_place()
    try:
        _make_data(binaries, folder)
        return _serve(binaries, folder, folder / "data", changes)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _make_data(binaries: Path, folder: Path) -> None:
    arguments = [binaries / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "--no-sync"]
    subprocess.run(
        [*map(str, arguments), "--locale=C.UTF-8", "-E", "UTF8"],
        check=True, capture_output=True, cwd=folder, env=_environment(), **_user(),
    )  # fmt: skip


def make_cluster(folder: Path) -> None:
    """An empty cluster lies in `folder / "data"`, for `start_on`."""
    folder.mkdir()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    _make_data(server_binaries(), folder)


def start_on(folder: Path, changes: Mapping[str, str] = MappingProxyType({})) -> PostgresServer:
    """A server on what lies in `folder / "data"`, as a base backup left it.

    `stop` takes the folder away, `end` leaves it.
    """
    return _serve(server_binaries(), folder, folder / "data", changes)


def new_place() -> Path:
    """A folder of the server's user alone, gone with this process."""
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=_PLACE))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    return folder


def run_as_server(*words: str | Path) -> None:
    """A program of PostgreSQL's ended well, run as the user that the server runs as."""
    program, *others = (str(each) for each in words)
    subprocess.run(
        [str(server_binaries() / program), *others],
        check=True, capture_output=True, cwd=_PLACE, env=_environment(), **_user(),
    )  # fmt: skip


def _forget_ended() -> None:
    """What runs that were interrupted left in the folder for such things is gone: their servers died with them."""
    for folder in Path(_PLACE).glob(f"{_PREFIX}*-*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if owner.isdecimal() and not Path(f"/proc/{owner}").exists() and Path("/proc/self").exists():
            shutil.rmtree(folder, ignore_errors=True)


def _serve(binaries: Path, folder: Path, data: Path, changes: Mapping[str, str]) -> PostgresServer:
    port = free_port()
    settings = {**_SETTINGS, **changes} | {"port": str(port), "unix_socket_directories": str(folder)}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            dying_with_us([str(binaries / "postgres"), "-D", str(data), *options], signal.SIGQUIT),
            stdout=log, stderr=log, cwd=folder, env=_environment(), start_new_session=True, **_user(),
        )  # fmt: skip
    server = PostgresServer(port=port, process=process, folder=folder)
    deadline = time.monotonic() + STARTED_WITHIN_S
    while True:
        try:
            server._connect().close()
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                log_text = (folder / "log").read_text(errors="replace")
                process.kill()
                process.wait()
                raise RuntimeError(f"PostgreSQL did not start: {log_text[-2000:]}") from error
            time.sleep(0.05)
        else:
            return server


def server_binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: _version(path.parts[-3]))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    if on_path is None:
        raise PostgresMissingError("install PostgreSQL: apt-get install postgresql")
    return Path(on_path).resolve().parent


def _version(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _user() -> dict[str, Any]:
    # The server refuses to run as root; the package that brought the binaries brought this user too.
    if os.geteuid() != 0:
        return {}
    return {"user": "postgres", "group": "postgres", "extra_groups": []}


def _environment() -> Mapping[str, str]:
    # PGHOST and the like in the caller's environment must not lead anywhere else.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C.UTF-8"}


def free_port() -> int:
    """A port that nobody uses just now, and that is neither given again soon nor by another test process at all."""
    for _ in range(_PORTS_EACH):
        port = _FIRST_PORT + _worker() % _RANGES * _PORTS_EACH + next(_turns) % _PORTS_EACH
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("every port of this test process is in use")


def _worker() -> int:
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
