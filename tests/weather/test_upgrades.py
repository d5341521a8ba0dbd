"""A schema that is brought up to date: under traffic that goes on, and by a process that is killed in the middle."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.services.operating.invariants import breaches
from hub.settings import Settings
from hub.wiring import Hub
from storage import schema
from storage.database import create_engine
from tests.applications import ICBC, application
from tests.conftest import Submit
from tests.jobs.waiting import PATIENTLY_S, wait_until
from tests.storage.owner import as_owner
from tests.weather.conftest import Serve
from tests.weather.serving import Answer, Program
from tests.weather.test_database import safe_server

__all__ = ["safe_server"]

pytestmark = pytest.mark.slow

BEFORE = "0056"
"""A database of then is sealed, given columns and filled again on its way here."""

# M1: a schema that a later version made wider, while this one serves

WIDER = (
    "ALTER TABLE application ADD COLUMN of_a_later_version VARCHAR(32)",
    "ALTER TABLE negotiation ADD COLUMN of_a_later_version INTEGER DEFAULT 0 NOT NULL",
    "CREATE TABLE thing_of_a_later_version (id VARCHAR(32) PRIMARY KEY, bank_code VARCHAR(8) NOT NULL)",
    "CREATE INDEX ix_of_a_later_version ON negotiation (of_a_later_version)",
)


def _submits(program: Program, ended: threading.Event, answers: list[Answer]) -> None:
    while not ended.is_set():
        body, key = application(ICBC), uuid.uuid4().hex
        while True:
            answer = program.post("/applications", body, key=key)
            answers.append(answer)
            if answer.status == 201:
                read = program.get(f"/api/v1/applications/{answer.json['id']}")
                answers.append(read)
                break
            threading.Event().wait(0.05)


def _made(answers: list[Answer]) -> int:
    return sum(answer.status == 201 for answer in answers)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_schema_that_a_later_version_makes_wider_under_traffic_costs_no_request(
    serve: Serve, kind: str, request: pytest.FixtureRequest
) -> None:
    on_postgresql = kind == "postgresql"
    url = request.getfixturevalue("safe_server").create_database("wider") if on_postgresql else None
    hub = serve(**({} if url is None else {"HUB_DATABASE_URL": url}))
    address = url or f"sqlite:///{hub.home / 'hub.db'}"
    answers: list[Answer] = []
    ended = threading.Event()
    with ThreadPoolExecutor(3) as pool:
        running = [pool.submit(_submits, hub.program, ended, answers) for _ in range(3)]
        try:
            for statement in WIDER:
                so_far = _made(answers)
                with as_owner(address) as connection:
                    connection.execute(sa.text(statement))
                wait_until(partial(_goes_on, answers, so_far), what="applications to go on")
        finally:
            ended.set()
        for each in running:
            each.result(60)
    # Not even a later try was asked for, but where a writer had to wait too long.
    others = [answer for answer in answers if answer.status not in (200, 201)]
    assert {(answer.status, answer.headers.get("Retry-After")) for answer in others} <= {(503, "2")}
    assert hub.count("application") == _made(answers)
    wait_until(lambda: hub.count("negotiation WHERE status = 'awaiting_bank'") > 2, what="the worker")


def _goes_on(answers: list[Answer], so_far: int) -> bool:
    return _made(answers) > so_far + 3


# M2: killed half way


@pytest.fixture
def engine(hub: Hub, submitted: Submit, settings: Settings) -> Iterator[sa.Engine]:
    """A database of an earlier version with rows of then."""
    submitted(ICBC)
    made = create_engine(settings.database_url)
    schema.downgrade(made, BEFORE, keyring=lambda: hub.keyring)
    yield made
    # The database is kept for other tests.
    schema.upgrade(made, keyring=lambda: hub.keyring)
    made.dispose()


def _upgrading(settings: Settings) -> subprocess.Popen[bytes]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    own = {
        "HUB_HOME": str(settings.home),
        "HUB_DATABASE_URL": settings.database_url,
        "HUB_SECRET_KEYS": str(settings.secret_keys),
    }
    return subprocess.Popen([sys.executable, "-m", "hub", "db", "upgrade"], cwd=settings.home, env=kept | own)


def _revision(engine: sa.Engine) -> str:
    with engine.execution_options(reads_only=True).connect() as connection:
        return str(connection.scalar(sa.text("SELECT version_num FROM alembic_version")))


def _has_begun(engine: sa.Engine) -> bool:
    """Whether another process holds what a migration works under."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7002"
            return bool(connection.scalar(sa.text(held)))
    other = sqlite3.connect(str(engine.url.database), isolation_level=None, timeout=0)
    try:
        other.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return True
    finally:
        other.close()
    return False


@pytest.mark.parametrize("later_s", [0.0, 0.2])
def test_a_migration_that_is_killed_half_way_is_whole_or_not_there_and_the_next_completes_it(
    engine: sa.Engine, hub: Hub, settings: Settings, later_s: float
) -> None:
    engine.dispose()
    process = _upgrading(settings)
    wait_until(lambda: _has_begun(engine) or process.poll() is not None, what="the migration")
    threading.Event().wait(later_s)
    process.kill()
    # At once after it began it cannot be through.
    assert process.wait(PATIENTLY_S) == -signal.SIGKILL or later_s
    assert _revision(engine) in {BEFORE, *(each.revision for each in schema.steps(after=BEFORE))}
    assert _revision(engine) != schema.newest_revision() or later_s
    assert _upgrading(settings).wait(PATIENTLY_S) == 0
    assert _revision(engine) == schema.newest_revision()
    with hub.reading(HUB) as tx:
        assert list(breaches(tx, hub.store)) == []
