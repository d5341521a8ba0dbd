"""Indexes that are made while others write: nobody waits, and what was broken off is made anew."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from storage import index_building
from storage.database import create_engine
from tests.jobs.waiting import wait_until

NEW = [("ix_grown_n", "grown", ["n", "id"], None), ("ix_grown_few", "grown", ["id"], "n > 5")]


@pytest.fixture
def engine(postgresql_database: str) -> Iterator[sa.Engine]:
    """A database with a table that somebody writes to."""
    engine = create_engine(postgresql_database)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE grown (id serial PRIMARY KEY, n integer NOT NULL)"))
    yield engine
    engine.dispose()


def put(connection: sa.Connection) -> None:
    connection.execute(sa.text("SET LOCAL lock_timeout = '2s'"))
    connection.execute(sa.text("INSERT INTO grown (n) VALUES (7)"))


def indexes(engine: sa.Engine) -> dict[str, bool]:
    """Whether each index of the table serves, by name."""
    query = "SELECT indexrelid::regclass::text, indisvalid FROM pg_index WHERE indrelid = 'grown'::regclass"
    with engine.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(sa.text(f"{query} AND NOT indisprimary"))}


def builders(engine: sa.Engine) -> list[int]:
    """Who waits for a writer just now, to go on with an index."""
    query = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX%' AND wait_event_type = 'Lock'"
    with engine.connect() as connection:
        return list(connection.scalars(sa.text(query)))


@contextmanager
def begun(engine: sa.Engine) -> Iterator[tuple[sa.Connection, Future[None]]]:
    """Who has written and not committed, and the making of an index that waits for them."""
    with ThreadPoolExecutor(1) as pool, engine.connect() as first:
        first.execute(sa.text("INSERT INTO grown (n) VALUES (1)"))
        building = pool.submit(index_building.build, engine, NEW)
        wait_until(lambda: builders(engine), what="the index to be begun")
        yield first, building


def test_others_write_while_an_index_is_made(engine: sa.Engine) -> None:
    with begun(engine) as (first, building):
        with engine.begin() as second:
            put(second)
        first.commit()
        building.result(timeout=60)
    assert indexes(engine) == {"ix_grown_n": True, "ix_grown_few": True}


def test_one_that_was_broken_off_is_made_anew_and_one_that_serves_is_left(engine: sa.Engine) -> None:
    with begun(engine) as (_, building):
        with engine.connect() as other:
            other.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": builders(engine)[0]})
        with pytest.raises(sa.exc.DBAPIError):
            building.result(timeout=60)
    assert indexes(engine) == {"ix_grown_n": False}
    index_building.build(engine, NEW)
    index_building.build(engine, NEW)
    assert indexes(engine) == {"ix_grown_n": True, "ix_grown_few": True}


def test_two_take_turns(engine: sa.Engine) -> None:
    with ThreadPoolExecutor(2) as pool:
        for building in [pool.submit(index_building.build, engine, NEW) for _ in range(2)]:
            building.result(timeout=60)
    assert indexes(engine) == {"ix_grown_n": True, "ix_grown_few": True}
