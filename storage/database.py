"""The database: engines that are safe on SQLite and PostgreSQL, and the two ways to open a session.

A writing transaction on SQLite takes the write lock at its start, so that nothing read in it can be stale when it
writes; writers of one process queue up on a lock of their own instead of polling the file.
"""

import contextlib
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from hub.domain.errors import Unavailable

SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    # An application that was answered must survive a power cut.
    "synchronous=FULL",
    "busy_timeout=30000",
    "foreign_keys=ON",
)
POSTGRESQL_OPTIONS = "-c statement_timeout=15000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000"


def create_engine(url: str) -> sa.Engine:
    """An engine whose transactions begin as this project needs them; no connection is opened yet."""
    if url.startswith("sqlite"):
        engine = sa.create_engine(url, connect_args={"timeout": 30})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return sa.create_engine(url, pool_pre_ping=True, pool_size=10, connect_args={"options": POSTGRESQL_OPTIONS})


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not begin transactions by itself: `_begin_sqlite` does.
    connection.isolation_level = None
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


# Deadlocks and lost races of PostgreSQL: the transaction that is begun again finds its way free.
_LOST_RACES = frozenset({"40001", "40P01"})


@contextmanager
def _database_errors_as_unavailable() -> Iterator[None]:
    """No connection, no lock in time, or a row that another transaction wrote first: Unavailable."""
    try:
        yield
    except sa.exc.IntegrityError as error:
        raise Unavailable(type(error.orig).__name__, at_once=True) from error
    except sa.exc.OperationalError as error:
        lost_race = getattr(error.orig, "sqlstate", None) in _LOST_RACES
        raise Unavailable(type(error.orig).__name__, at_once=lost_race) from error
    except sa.exc.TimeoutError as error:
        raise Unavailable("no free connection") from error


class Database:
    """One database and its sessions. Sessions are plain: faces, jobs and commands open them alike."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = create_engine(url)
        # On PostgreSQL each statement would see a state of its own; SQLite's transactions see one anyway.
        one_state = {} if self.on_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._reading = self.engine.execution_options(reads_only=True, **one_state)
        self._writers = threading.Lock() if self.on_sqlite else None

    @property
    def on_sqlite(self) -> bool:
        """Whether this is a SQLite file."""
        return self.url.startswith("sqlite")

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session in a transaction that is committed at the end, or rolled back whole on any error.

        Raises `Unavailable` where the database did not do it.
        """
        turn: AbstractContextManager[object] = contextlib.nullcontext() if self._writers is None else self._writers
        with turn, _database_errors_as_unavailable(), Session(self.engine) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the database and writes nothing; raises `Unavailable`."""
        with _database_errors_as_unavailable(), Session(self._reading) as session:
            yield session

    def close(self) -> None:
        """All pooled connections are closed."""
        self.engine.dispose()
