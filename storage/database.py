"""The database: engines that are safe on SQLite and PostgreSQL, and the two ways to open a session.

A writing transaction on SQLite takes the write lock at its start, so that nothing read in it can be stale when it
writes; writers of one process queue up on a lock of their own instead of polling the file.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from hub.connecting import GIVES_UP_SOON, LETS_GO_SOON
from hub.domain.errors import Unavailable, Unusable
from hub.steps import reached
from storage.database_errors import errors_as_unavailable, is_doubled
from storage.row_security import BECOME_THE_APPLICATION, CONFINE, EVERY_BANK, ROLE, SETTING

RESTED_AFTER_S = 1.0
_BACK_AT = "back_at"
# How long a transaction waits for another's lock before its caller is asked to come back: no request hangs on one.
PATIENCE_S = 10.0
SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    # An application that was answered must survive a power cut.
    "synchronous=FULL",
    "foreign_keys=ON",
    # What was erased is in no free page of the file.
    "secure_delete=ON",
)
# What the hub does itself is for every bank; a transaction in which one bank acts is confined to it (row_security).
# Where tables are large PostgreSQL would compile questions first, and start workers to ask them with, even those that
# nothing can answer: that takes longer than any of them.
_ASKED_AT_ONCE = "-c jit=off -c max_parallel_workers_per_gather=0"
POSTGRESQL_OPTIONS = f"{_ASKED_AT_ONCE} -c statement_timeout=15000 {LETS_GO_SOON} -c {SETTING}={EVERY_BANK}"


def create_engine(url: str, *, patience_s: float = PATIENCE_S, pooled: bool = False) -> sa.Engine:
    """An engine whose transactions begin as this project needs them; no connection is opened yet.

    With `pooled` a pooler hands out connections by the transaction, so nothing is said or prepared for longer.
    """
    if url.startswith("sqlite"):
        engine = sa.create_engine(url, connect_args={"timeout": patience_s})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    options = f"{POSTGRESQL_OPTIONS} -c lock_timeout={round(patience_s * 1000)}"
    connecting = {**GIVES_UP_SOON, **({"prepare_threshold": None} if pooled else {"options": options})}
    engine = sa.create_engine(url, pool_size=10, connect_args=connecting)
    _ask_rested_connections(engine)
    return engine


def _require_the_application(connection: Any, _record: Any) -> None:
    """The connections of a pooler are what they have to be already; raises `Unusable` where they are not."""
    connection.autocommit = True
    [(bank, is_owner)] = connection.execute(_SAID_TO_A_POOLER).fetchall()
    connection.autocommit = False
    if bank != EVERY_BANK or is_owner:
        raise Unusable(
            "the pooler's connections are not the application's: let it sign in as a role whose settings say so "
            "(docs/deploy/postgresql/database.sql)"
        )


def _become_the_application(connection: Any, _record: Any) -> None:
    # One trip, and no transaction that a later ROLLBACK would undo it with.
    connection.autocommit = True
    connection.execute(BECOME_THE_APPLICATION, (ROLE,))
    connection.autocommit = False


def _ask_rested_connections(engine: sa.Engine) -> None:
    """One that has rested is asked whether it still lives before it is used; a new one takes a dead connection's place.

    One that was used a moment ago is not asked: that would be a third of what a short transaction costs.
    """

    @event.listens_for(engine, "checkin")
    def note(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info[_BACK_AT] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
        back_at = record.info.get(_BACK_AT)
        if back_at is None or time.monotonic() - back_at < RESTED_AFTER_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            # The others were cut off by the same thing.
            raise sa.exc.InvalidatePoolError from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not begin transactions by itself: `_begin_sqlite` does.
    connection.isolation_level = None
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("autocommits", False):
        connection.exec_driver_sql("BEGIN" if options.get("reads_only", False) else "BEGIN IMMEDIATE")


_SAID_TO_A_POOLER = (
    f"SELECT current_setting('{SETTING}', true),"  # noqa: S608 - names of ours
    " EXISTS (SELECT FROM pg_tables WHERE tableowner = current_user AND schemaname = current_schema())"
)


def added(session: Session, record: object) -> bool:
    """Whether the row could be added; false where another transaction was first."""
    try:
        with session.begin_nested():
            session.add(record)
    except sa.exc.IntegrityError as error:
        if not is_doubled(error):
            raise
        return False
    return True


def adding_once(table: sa.Table, *names: str, by: Sequence[str]) -> sa.TextClause:
    """The statement that adds a row with these columns, and leaves one alone that is there by the columns `by`."""
    # Both databases spell it alike, and what is written out is compiled once; SQLAlchemy's own form of it each time.
    into, values = ", ".join(names), ", ".join(f":{name}" for name in names)
    once = f"ON CONFLICT ({', '.join(by)}) DO NOTHING"
    text = f"INSERT INTO {table.name} ({into}) VALUES ({values}) {once}"  # noqa: S608 - names of ours
    return sa.text(text).bindparams(*(sa.bindparam(name, type_=table.c[name].type) for name in names))


@contextmanager
def written_together(session: Session) -> Iterator[None]:
    """What is written meanwhile goes to PostgreSQL in one trip, and stands in the transaction at the end.

    Nothing can be read meanwhile. Raises what the writing itself would raise, at the end at the latest. SQLite, which
    is no trip away, is written to at once.
    """
    connection = session.connection()
    dialect = connection.dialect
    if dialect.name == "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    errors = dialect.loaded_dbapi.Error
    try:
        with driver.pipeline():
            yield
    except errors as error:
        gone = dialect.is_disconnect(error, driver, None)
        if gone:
            connection.invalidate(error)
        raise sa.exc.DBAPIError.instance(
            None, None, error, errors, connection_invalidated=gone, dialect=dialect
        ) from error


class Database:
    """One database and its sessions. Sessions are plain: faces, jobs and commands open them alike."""

    def __init__(self, url: str, *, patience_s: float = PATIENCE_S, pooled: bool = False) -> None:
        """`patience_s` bounds the wait for another writer's lock; `pooled` as in `create_engine`.

        On PostgreSQL its connections are those of the role that owns no table, where `row_security.make_role` was run.
        """
        self.url = url
        self.engine = create_engine(url, patience_s=patience_s, pooled=pooled)
        if not self.on_sqlite:
            event.listen(self.engine, "connect", _require_the_application if pooled else _become_the_application)
        self._patience_s = patience_s
        # On PostgreSQL each statement would see a state of its own; SQLite's transactions see one anyway.
        one_state = {} if self.on_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._reading = self.engine.execution_options(reads_only=True, **one_state)
        # SQLite's driver begins nothing by itself.
        each_alone = {} if self.on_sqlite else {"isolation_level": "AUTOCOMMIT"}
        self._autocommitting = self.engine.execution_options(autocommits=True, **each_alone)
        self._writers = threading.Lock() if self.on_sqlite else None

    @property
    def on_sqlite(self) -> bool:
        """Whether this is a SQLite file."""
        return self.url.startswith("sqlite")

    @contextmanager
    def writing(self, bank_code: str | None = None) -> Iterator[Session]:
        """A session in a transaction that is committed at the end, or rolled back whole on any error.

        With a `bank_code` PostgreSQL shows and takes rows of that bank alone. Raises `Unavailable` where the database
        did not do it.
        """
        with self._turn(), errors_as_unavailable(), Session(self.engine) as session:
            with session.begin():
                self._confine(session, bank_code)
                yield session
                reached("commit.before")
            reached("commit.after")

    @contextmanager
    def autocommitting(self) -> Iterator[Session]:
        """A session without a transaction: each statement stands as soon as it is done, whatever becomes of the next.

        For what is one statement: to begin a transaction and to end it are two trips more. Raises `Unavailable` where
        the database did not do it.
        """
        with self._turn(), errors_as_unavailable(), Session(self._autocommitting) as session:
            reached("commit.before")
            yield session
            reached("commit.after")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Nobody else in this process writes to the file meanwhile; raises `Unavailable` where that takes too long."""
        if self._writers is None:
            yield
            return
        if not self._writers.acquire(timeout=self._patience_s):
            raise Unavailable("locked")
        try:
            yield
        finally:
            self._writers.release()

    @contextmanager
    def reading(self, bank_code: str | None = None) -> Iterator[Session]:
        """A session that sees one state of the database and writes nothing; `bank_code` as in `writing`.

        Raises `Unavailable`.
        """
        with errors_as_unavailable(), Session(self._reading) as session:
            self._confine(session, bank_code)
            yield session

    @contextmanager
    def asking(self) -> Iterator[Session]:
        """A session for one question: to begin a transaction for it and to end it would be two trips more.

        Raises `Unavailable`.
        """
        with errors_as_unavailable(), Session(self._reading if self.on_sqlite else self._autocommitting) as session:
            yield session

    def _confine(self, session: Session, bank_code: str | None) -> None:
        if bank_code is None or self.on_sqlite:
            return
        with written_together(session):
            # In one trip with the BEGIN that has to be sent anyway; over with the transaction.
            session.execute(CONFINE, {"bank_code": bank_code})

    def close(self) -> None:
        """All pooled connections are closed."""
        self.engine.dispose()
