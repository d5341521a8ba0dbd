"""A machine that is gone from one moment to the next, its database with it: what was answered is there afterwards."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.jobs.waiting import wait_until
from tests.kills.conftest import Snapshots, Visit, told
from tests.kills.far_bank import FarBank
from tests.kills.findings import faults_of
from tests.kills.house import House, children_of, living
from tests.kills.story import Story
from tests.kills.stubborn import over_http
from tests.kills.test_kills_under_load import under_kills
from tests.kills.warm import kill_all
from tests.storage.postgres_server import PostgresServer, free_port, start_postgres
from tests.weather.test_database import restart_at_once

pytestmark = pytest.mark.slow

KILLS = 3


@pytest.fixture
def safe_server() -> Iterator[PostgresServer]:
    """A PostgreSQL of the test's own, which flushes what it commits."""
    server = start_postgres({"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"})
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def snapshots(safe_server: PostgresServer, bank_of_all: FarBank, tmp_path: Path) -> Snapshots:
    folder = tmp_path / "story"
    folder.mkdir()
    return told(folder, safe_server, bank_of_all)


@pytest.fixture
def visit(snapshots: Snapshots, safe_server: PostgresServer, tmp_path: Path) -> Iterator[Visit]:
    """The story before its first file, on that server."""
    begun = snapshots["upload"]
    assert begun.template is not None
    url = safe_server.create_database("gone", template=begun.template)
    house = House(begun.home, url, free_port())
    story: Story = begun.story.carried_on(over_http(house.port), house.revive)
    yield Visit(house=house, story=story)
    house.destroy()


def _answers(server: PostgresServer) -> bool:
    try:
        server.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def test_a_machine_that_is_gone_with_its_database_comes_back_with_all_that_was_answered(
    visit: Visit, safe_server: PostgresServer
) -> None:
    house, calls = visit.house, visit.story.journal.calls
    house.start("web", "web", "--port", str(house.port), "--workers", "2")
    house.start("worker", "worker")

    def answered() -> int:
        return sum(call.answered for call in calls)

    def all_is_gone(house: House, _chance: random.Random) -> None:
        so_far = answered()
        # A hub that has only just come up could lose nothing.
        house.wait_until(lambda: answered() > so_far + 1, what="answers")
        children = [child for name in house.names for child in children_of(house.process(name).pid)]
        for name in house.names:
            house.kill(name)
        kill_all(children)
        wait_until(lambda: not living(children), what="whatever is left to end")
        # Stopped as by a crash, it reads its log again when it starts.
        restart_at_once(safe_server)
        wait_until(lambda: _answers(safe_server), what="the database to be there again")

    under_kills(visit, random.Random(7), all_is_gone, kills=KILLS, until_the_last=True)
    house.wait_for_work()
    assert len(house.deaths) >= 2 * KILLS
    assert faults_of(house, visit.story) == []
