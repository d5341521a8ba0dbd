"""PostgreSQL with the roles of docs/deploy, which ask for their passwords; and a real pgbouncer in front of it."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.deploy import DEPLOY
from tests.dying_together import dying_with_us
from tests.jobs.waiting import wait_until
from tests.storage.postgres_server import PostgresServer, free_port, start_postgres

PGBOUNCER = shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin:/usr/bin")
OWNER, RUNNER = "hub_owner", "hub_runner"
PASSWORDS = {OWNER: "the-owners-own", RUNNER: "the-runners-own"}
# As Debian has it, but for the superuser: tests have no socket of the server's own user.
_WHO_MAY = "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoledServer:
    """A server with the roles, and their empty database `hub`."""

    server: PostgresServer

    def url(self, user: str, port: int | None = None) -> str:
        """For HUB_DATABASE_URL; `port`: of what stands in front."""
        return f"postgresql+psycopg://{user}:{PASSWORDS[user]}@127.0.0.1:{port or self.server.port}/hub"

    def ask(self, query: str, user: str = "postgres") -> list[tuple[Any, ...]]:
        """The rows, as that user sees them."""
        with psycopg.connect(
            host="127.0.0.1", port=self.server.port, user=user, password=PASSWORDS.get(user), dbname="hub"
        ) as connection:
            return connection.execute(query.encode()).fetchall()


@contextmanager
def roled_server() -> Iterator[RoledServer]:
    """The server, up and with its roles."""
    server = start_postgres()
    try:
        said = subprocess.run(
            ["psql", "-h", "127.0.0.1", "-p", str(server.port), "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-q",
             "-f", str(DEPLOY / "postgresql" / "roles.sql"), "-f", str(DEPLOY / "postgresql" / "database.sql")],
            env=os.environ | {"HUB_OWNER_PASSWORD": PASSWORDS[OWNER], "HUB_RUNNER_PASSWORD": PASSWORDS[RUNNER]},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert said.returncode == 0, said.stderr
        (server.folder / "data" / "pg_hba.conf").write_text(_WHO_MAY)
        server.execute("SELECT pg_reload_conf()")
        yield RoledServer(server=server)
    finally:
        server.stop()


class PgBouncer:
    """A pgbouncer that can be ended and started again."""

    def __init__(self, place: Path, roled: RoledServer, **changes: str) -> None:
        self.port = free_port()
        self._place = place
        text = (DEPLOY / "pgbouncer" / "pgbouncer.ini").read_text(encoding="utf-8")
        for written, ours in (
            ("port=5432", f"port={roled.server.port}"),
            ("listen_port = 6432", f"listen_port = {self.port}"),
            ("/etc/pgbouncer/userlist.txt", str(place / "userlist.txt")),
            ("/var/log/postgresql/pgbouncer.log", str(place / "log")),
            ("/run/postgresql/pgbouncer.pid", str(place / "pid")),
            *((f"{name} = ", f"{name} = {value}\n;") for name, value in changes.items()),
        ):
            assert written in text, written
            text = text.replace(written, ours)
        (place / "ini").write_text(text, encoding="utf-8")
        # As the document makes the file: what PostgreSQL has of the password, and not the password.
        rows = roled.ask(f"SELECT rolname, rolpassword FROM pg_authid WHERE rolname = '{RUNNER}'")
        (place / "userlist.txt").write_text("".join(f'"{name}" "{secret}"\n' for name, secret in rows))
        if os.geteuid() == 0:
            for path in (place, *place.iterdir()):
                shutil.chown(path, "postgres", "postgres")
        self.start()

    def start(self) -> None:
        """It takes connections."""
        assert PGBOUNCER is not None
        # It refuses to run as root.
        user: dict[str, Any] = {"user": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        self._process = subprocess.Popen(
            dying_with_us([PGBOUNCER, "-q", str(self._place / "ini")], signal.SIGTERM), cwd=self._place, **user
        )
        wait_until(lambda: self._listens() or self._process.poll() is not None, what="pgbouncer")
        assert self._process.poll() is None, (self._place / "log").read_text()

    def end(self) -> None:
        """Nobody gets through any more."""
        self._process.kill()
        self._process.wait(timeout=20)
        (self._place / "pid").unlink(missing_ok=True)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def pgbouncer_before(roled: RoledServer, **changes: str) -> Iterator[PgBouncer]:
    """The pooler, its settings with those `changes`."""
    with tempfile.TemporaryDirectory(prefix="hub-pgbouncer-") as folder:
        made = PgBouncer(Path(folder), roled, **changes)
        try:
            yield made
        finally:
            made.end()
