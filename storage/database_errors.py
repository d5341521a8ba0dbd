"""What an error of the database is to the hub: something to try again, a caller's mistake, or the hub's own."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
import sqlalchemy as sa

from hub.domain.errors import Malformed, Unavailable

NO_ANSWER: Final = "no_answer"
# Deadlocks and lost races of PostgreSQL: the transaction that is begun again finds its way free.
_LOST_RACES = frozenset({"40001", "40P01"})
# A unique constraint: somebody else wrote that row first.
_DOUBLED = frozenset({"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"})
_REASONS = {
    "53300": "too_many_connections",
    "too many clients": "too_many_connections",
    "remaining connection slots": "too_many_connections",
    "53100": "no_room",
    "SQLITE_FULL": "no_room",
    "55P03": "locked",
    "SQLITE_BUSY": "locked",
    "57P03": "starting",
    "starting up": "starting",
    "in recovery mode": "starting",
    "28P01": "sign_in_refused",
    "28000": "sign_in_refused",
    "authentication failed": "sign_in_refused",
    "pg_hba.conf": "sign_in_refused",
    'FATAL:  role "': "sign_in_refused",
    "3D000": "no_such_database",
    'FATAL:  database "': "no_such_database",
    "no such database": "no_such_database",
    "08P01": "pooler_no_answer",
    "unsupported startup parameter": "pooler_not_set",
}
"""What an operator is told of an error, by its code or by words of it where it came without one."""


@contextmanager
def errors_as_unavailable() -> Iterator[None]:
    """No connection, no lock in time, or a row that another transaction wrote first: Unavailable.

    Any other broken constraint comes out as the `IntegrityError` it is. A value that no column holds (NUL, half a
    character, a day before the first year) can only be a caller's: Malformed.
    """
    try:
        yield
    except sa.exc.IntegrityError as error:
        # A missing value, a row that is not there, a value no rule allows: the hub's own mistake, and no better again.
        if not is_doubled(error):
            raise
        raise Unavailable(type(error.orig).__name__, at_once=True) from error
    except sa.exc.OperationalError as error:
        raise Unavailable(reason_of(error.orig), at_once=_code(error.orig) in _LOST_RACES) from error
    except (sa.exc.DataError, OverflowError, UnicodeEncodeError) as error:
        raise Malformed("malformed") from error
    except sa.exc.DBAPIError as error:
        # A connection that is gone may be noticed by the driver alone, which knows no code for it.
        if not error.connection_invalidated:
            raise
        raise Unavailable(reason_of(error.orig)) from error
    except sa.exc.TimeoutError as error:
        raise Unavailable("too_many_connections") from error


def is_doubled(error: sa.exc.IntegrityError) -> bool:
    """Whether another transaction wrote that row first."""
    return _code(error.orig) in _DOUBLED


def _code(error: BaseException | None) -> str:
    """SQLSTATE of PostgreSQL, or SQLite's name of an error; empty where a connection never came about."""
    return str(getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None) or "")


def reason_of(error: BaseException | None) -> str:
    """Why the database did not do it, in a word: one of `Unavailable`, or the kind of the error."""
    code, text = _code(error), str(error)
    known = (reason for mark, reason in _REASONS.items() if mark == code or (not code and mark in text))
    no_words = NO_ANSWER if _has_no_answer(error, code, text) else type(error).__name__
    return next(known, no_words)


def _has_no_answer(error: BaseException | None, code: str, text: str) -> bool:
    # Whatever a server says when it refuses a connection, it says as FATAL.
    return isinstance(error, psycopg.OperationalError) and not code and "FATAL" not in text


def is_of_sqlite(error: BaseException | None) -> bool:
    """Whether it was SQLite that did not do it, as far as the error knows where it came from."""
    while error is not None:
        if isinstance(error, sqlite3.Error) or isinstance(getattr(error, "orig", None), sqlite3.Error):
            return True
        error = error.__cause__
    return False
