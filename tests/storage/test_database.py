"""The two ways to open a session, on both databases, also where another transaction is in the way."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hub.domain.errors import NotFound, Unavailable
from storage.database import Database, written_together
from storage.row_security import ROLE
from tests.storage.owner import as_owner

COUNT = sa.text("SELECT count(*) FROM note")
MANY = sa.text("INSERT INTO note VALUES (:text)")


def insert(text: str) -> sa.Executable:
    return sa.text("INSERT INTO note VALUES (:text)").bindparams(text=text)


@pytest.fixture
def opened(database: str) -> Iterator[Database]:
    """A database with one more table."""
    made = Database(database)
    with as_owner(database) as connection:
        connection.execute(sa.text("CREATE TABLE note (text VARCHAR(20) NOT NULL PRIMARY KEY CHECK (text <> ''))"))
        if not made.on_sqlite:
            connection.execute(sa.text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON note TO {ROLE}"))
    yield made
    made.close()


def count_rows(opened: Database) -> int | None:
    """How many rows stand, for somebody who looks now."""
    with opened.reading() as looking:
        found: int | None = looking.scalar(COUNT)
        return found


def _write_and_fail(opened: Database) -> None:
    with opened.writing() as session:
        session.execute(insert("two"))
        raise NotFound


def test_what_is_written_is_there_after_the_end_and_not_after_an_error(opened: Database) -> None:
    with opened.writing() as session:
        session.execute(insert("one"))
    with pytest.raises(NotFound):
        _write_and_fail(opened)
    assert count_rows(opened) == 1


def test_a_look_writes_nothing(opened: Database) -> None:
    with opened.reading() as session:
        session.execute(insert("one"))
    assert count_rows(opened) == 0


def test_a_look_sees_one_state_of_things_while_others_write(opened: Database) -> None:
    with opened.reading() as looking:
        assert looking.scalar(COUNT) == 0
        with opened.writing() as session:
            session.execute(insert("one"))
        assert looking.scalar(COUNT) == 0
    assert count_rows(opened) == 1


@pytest.mark.parametrize("way", [Database.writing, Database.autocommitting], ids=["in a transaction", "alone"])
def test_a_row_that_another_wrote_first_is_worth_another_try(
    opened: Database, way: Callable[[Database], AbstractContextManager[Session]]
) -> None:
    with way(opened) as session:
        session.execute(insert("one"))
    with pytest.raises(Unavailable) as refusal, way(opened) as session:
        session.execute(insert("one"))
    assert refusal.value.at_once


def test_one_statement_stands_as_soon_as_it_is_done_and_lends_nothing_to_the_next_transaction(opened: Database) -> None:
    with opened.autocommitting() as session:
        session.execute(insert("one"))
        assert count_rows(opened) == 1
    # The same connection of the pool: on PostgreSQL it must begin transactions again.
    with pytest.raises(NotFound):
        _write_and_fail(opened)
    assert count_rows(opened) == 1


def _write_alone_and_fail(opened: Database) -> None:
    with opened.autocommitting() as session:
        session.execute(insert("one"))
        raise NotFound


def test_a_statement_without_a_transaction_stands_whatever_follows(opened: Database) -> None:
    with pytest.raises(NotFound):
        _write_alone_and_fail(opened)
    assert count_rows(opened) == 1


def test_what_is_written_together_stands_in_the_order_it_was_written(opened: Database) -> None:
    with opened.writing() as session:
        with written_together(session):
            session.execute(MANY, [{"text": "one"}, {"text": "two"}])
            session.execute(insert("three"))
            session.execute(sa.text("UPDATE note SET text = 'four' WHERE text = 'three'"))
        assert session.scalars(sa.text("SELECT text FROM note ORDER BY text")).all() == ["four", "one", "two"]
    assert count_rows(opened) == 3


def _write_together(opened: Database, *rows: str) -> None:
    with opened.writing() as session, written_together(session):
        session.execute(MANY, [{"text": "two"}, {"text": "three"}])
        for each in rows:
            session.execute(insert(each))


@pytest.mark.parametrize("rows", [("one",), ("one", "four")], ids=["the last", "the last but one"])
def test_of_what_is_written_together_nothing_stands_where_one_thing_fails(
    opened: Database, rows: tuple[str, ...]
) -> None:
    with opened.writing() as session:
        session.execute(insert("one"))
    with pytest.raises(Unavailable) as refusal:
        _write_together(opened, *rows)
    assert refusal.value.at_once
    with opened.writing() as session:
        assert session.scalar(COUNT) == 1


def _cut_while_writing_together(database: Database) -> None:
    with database.writing() as session:
        pid = session.scalar(sa.text("SELECT pg_backend_pid()"))
        with written_together(session):
            session.execute(insert("one"))
            # Only a superuser ends the connection of one.
            with as_owner(database.url) as other:
                other.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})


def test_a_connection_that_is_cut_while_things_are_written_together_is_not_used_again(postgresql_database: str) -> None:
    database = Database(postgresql_database)
    with as_owner(postgresql_database) as connection:
        connection.execute(sa.text("CREATE TABLE note (text VARCHAR(20) PRIMARY KEY)"))
        connection.execute(sa.text(f"GRANT SELECT, INSERT ON note TO {ROLE}"))
    with pytest.raises(Unavailable) as refusal:
        _cut_while_writing_together(database)
    assert not refusal.value.at_once
    with database.writing() as session:
        assert session.scalar(COUNT) == 0
    database.close()


def test_writers_of_one_process_wait_for_each_other(opened: Database) -> None:
    inside = threading.Event()

    def write(text: str) -> None:
        with opened.writing() as session:
            # Where the second writer came in too early, SQLite would refuse it and PostgreSQL not see the first.
            seen = session.scalar(COUNT)
            inside.set()
            session.execute(insert(f"{text}{seen}"))

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcdef"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert count_rows(opened) == len(threads)


def test_no_database_is_an_unavailable_one(tmp_path: Path) -> None:
    for address in (
        f"sqlite:///{tmp_path / 'no' / 'such' / 'folder' / 'hub.db'}",
        "postgresql+psycopg://nobody@127.0.0.1:1/none",
    ):
        missing = Database(address)
        for way in (missing.writing, missing.reading):
            with pytest.raises(Unavailable), way() as session:
                session.execute(sa.text("SELECT 1"))
        missing.close()


ORPHAN = "INSERT INTO access_token (digest, client_id, scopes, expires_at) VALUES ('x', 'x', '[]', '2026-01-01')"


@pytest.mark.parametrize(
    "statement",
    [ORPHAN, "INSERT INTO note VALUES (NULL)", "INSERT INTO note VALUES ('')"],
    ids=["a row that is not there", "no value", "a value that no rule allows"],
)
def test_any_other_constraint_that_is_broken_is_no_lost_race(opened: Database, statement: str) -> None:
    with pytest.raises(sa.exc.IntegrityError), opened.writing() as session:
        session.execute(sa.text(statement))
    assert count_rows(opened) == 0


def test_postgresql_asks_at_once_what_it_is_asked(postgresql_database: str) -> None:
    opened = Database(postgresql_database)
    with opened.reading() as session:
        said = [session.scalar(sa.text(f"SHOW {each}")) for each in ("jit", "max_parallel_workers_per_gather")]
    opened.close()
    assert said == ["off", "0"]
