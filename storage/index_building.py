"""Indexes of tables that may be large, made before the migration that wants them, while others go on writing.

CREATE INDEX holds up every writer of its table until it is done. Made concurrently it holds up nobody, but takes no
part in a transaction, and where it is broken off an index stays that serves nobody: the next run makes it anew.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa

NewIndex = tuple[str, str, list[str], str | None]
"""As migrations spell one: name, table, columns, and which rows, where it is not all."""

_TURN: Final = sa.text("SELECT pg_try_advisory_lock(7005)")
_LOOKS_EVERY_S: Final = 0.2
_IS_VALID: Final = sa.text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)")


def build(engine: sa.Engine, indexes: Sequence[NewIndex]) -> None:
    """The indexes are there, and serve. They are of tables and columns that were there before; PostgreSQL alone."""
    if not indexes:
        return
    with _taking_turns(engine) as connection:
        for name, table, columns, which in indexes:
            is_valid = connection.execute(_IS_VALID, {"name": name}).scalar()
            if is_valid:
                continue
            if is_valid is False:
                connection.exec_driver_sql(f"DROP INDEX CONCURRENTLY {name}")
            where = "" if which is None else f" WHERE {which}"
            connection.exec_driver_sql(f"CREATE INDEX CONCURRENTLY {name} ON {table} ({', '.join(columns)}){where}")


@contextmanager
def _taking_turns(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection without a transaction, that may take its time. Nobody else builds meanwhile."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            for limit in ("statement_timeout", "lock_timeout"):
                connection.exec_driver_sql(f"SET {limit} = 0")
            # Whoever waited for the lock in a statement would be waited for by the one that builds.
            while not connection.execute(_TURN).scalar_one():
                time.sleep(_LOOKS_EVERY_S)
            yield connection
        finally:
            # With it goes the lock, and nobody else has a connection without limits.
            connection.invalidate()
