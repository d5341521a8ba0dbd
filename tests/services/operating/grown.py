"""A hub on PostgreSQL whose every case is there many times over, filled by rows, and what a run reads of them.

The demo has each kind of thing in several statuses. Once nothing of it is due, its rows are doubled again and again:
what was not due before is not due in the copies either, so whoever works off what is due has nothing to read there.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa

from storage.records import Record
from storage.records.base import Id
from tests.jobs.waiting import wait_until
from tests.services.operating.kept_few import FEW, OF_FEW

TWIN: Final = "09990000"
"""The bank of all copies."""
_HISTORY: Final = frozenset({"audit_entry", "access_entry", "log_entry", "request_entry", "attempt"})
"""Tables whose rows say when something was done: that of a copy was done earlier."""
_COUNTED_ON: Final = {"log_end": "position", "log_node": "position", "row_seal": "sequence"}
_DAY_MS: Final = 86_400_000


def multiply(engine: sa.Engine, times: int) -> dict[str, int]:
    """Of each row of what grows there are `times` more, of other people and of the bank TWIN; gives rows by table."""
    tables = [each for each in Record.metadata.sorted_tables if each.name not in FEW]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # Neither foreign keys nor triggers: the copies speak of each other, and some of nothing that is there.
        connection.execute(sa.text("SET session_replication_role = replica"))
        connection.execute(sa.text("SET statement_timeout = 0"))
        for table in tables:
            connection.execute(sa.text(_copying(table)), {"times": times})
        connection.execute(sa.text("SET session_replication_role = origin"))
        connection.execute(sa.text("VACUUM (ANALYZE)"))
        # As with a thousand times as many rows: who reads a whole table then does so for want of an index alone.
        connection.execute(sa.text(f"ALTER DATABASE {engine.url.database} SET enable_seqscan = off"))
        return {
            each.name: connection.execute(sa.select(sa.func.count()).select_from(each)).scalar_one() for each in tables
        }


def _copying(table: sa.Table) -> str:
    names = [column.name for column in table.columns]
    values = {column.name: _copied(table, column) for column in table.columns}
    for unique in _unique_sets(table):
        if all(values[name] == f't."{name}"' for name in unique if name != "bank_code"):
            free = [each for each in unique if each not in OF_FEW | {"bank_code"}]
            changed = next((each for each in free if _is_changeable(table.columns[each])), None)
            if changed is not None:
                values[changed] = _another(table, table.columns[changed])
    columns = ", ".join(f'"{name}"' for name in names)
    where = " WHERE chain NOT IN ('access', 'audit')" if table.name == "log_end" else ""
    chosen = f"SELECT {', '.join(values[name] for name in names)} FROM {table.name} t"
    # What two banks had of one matter the one bank of the copies has once.
    return (
        f"INSERT INTO {table.name} ({columns}) {chosen}, generate_series(CAST(1 AS bigint), :times) k{where} "
        "ON CONFLICT DO NOTHING"
    )


def _copied(table: sa.Table, column: sa.Column[object]) -> str:
    here = f't."{column.name}"'
    if column.name == "bank_code":
        return f"CASE WHEN {here} IS NULL THEN NULL ELSE '{TWIN}' END"
    if column.name == "file_key_sealed":
        # There are no files of copies to read.
        return "''::bytea"
    if column.type is Id and column.name not in OF_FEW:
        # As old as the copy is: an id begins with the milliseconds at which it was drawn.
        began = f"('x' || lpad(substr({here}, 1, 12), 16, '0'))::bit(64)::bigint"
        return (
            f"CASE WHEN {here} ~ '^[0-9a-f]{{32}}$' THEN lpad(to_hex({began} - (:times + 1 - k) * {_DAY_MS}), 12, '0') "
            f"|| substr(md5({here} || k), 1, 20) ELSE {here} END"
        )
    if column.name == "at" and table.name in _HISTORY:
        return f"{here} - (:times + 1 - k) * interval '1 day'"
    if _COUNTED_ON.get(table.name) == column.name:
        return f"{here} + k * (SELECT max({column.name}) + 1 FROM {table.name})"
    return here


def _unique_sets(table: sa.Table) -> Iterator[list[str]]:
    yield from ([each.name for each in index.columns] for index in table.indexes if index.unique)
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint | sa.PrimaryKeyConstraint):
            yield [each.name for each in constraint.columns]


def _is_changeable(column: sa.Column[object]) -> bool:
    return isinstance(column.type, sa.LargeBinary | sa.String | sa.Integer)


def _another(table: sa.Table, column: sa.Column[object]) -> str:
    here = f't."{column.name}"'
    # Of two banks' rows neither is the other's in the bank of the copies.
    whose = " || coalesce(t.bank_code, '')" if "bank_code" in table.columns else ""
    if isinstance(column.type, sa.LargeBinary):
        return f"sha256({here} || convert_to(k{whose or '::text'}, 'UTF8'))"
    if isinstance(column.type, sa.String):
        return f"substr(md5({here} || k{whose}), 1, {column.type.length or 32})"
    return f"{here} + k * 1000000"


def end_others(engine: sa.Engine) -> None:
    """Nobody else is connected any more: whoever ends says only then what it read, and a run would count it as its own.

    Pools connect again.
    """
    others = "pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text(f"SELECT pg_terminate_backend(pid) FROM {others}"))
        ended = sa.text(f"SELECT count(*) = 0 FROM {others}")
        wait_until(lambda: connection.execute(ended).scalar_one(), what="the others to end")


_FORCED = sa.text("SELECT pg_stat_force_next_flush()")
# Rows that a scan of the whole table read, and entries that scans of its indexes gave.
_READ = sa.text(
    "SELECT t.relname, t.seq_tup_read, coalesce(sum(i.idx_tup_read), 0)::bigint FROM pg_stat_user_tables t "
    "LEFT JOIN pg_stat_user_indexes i ON i.relid = t.relid WHERE t.schemaname = 'public' "
    "GROUP BY t.relid, t.relname, t.seq_tup_read"
)


class Meter:
    """Tells how many rows of each table were read between two looks, by whoever used the engine."""

    def __init__(self, engine: sa.Engine, outside: sa.Engine) -> None:
        """`outside` is another engine on the same database, so that looking counts for nothing."""
        self._engine = engine
        self._outside = outside

    def read_by(self, run: Callable[[], object]) -> dict[str, int]:
        """The rows that `run` read of each table, whole tables and entries of indexes together."""
        before = self._look()
        run()
        after = self._look()
        return {table: count - before.get(table, 0) for table, count in after.items() if count > before.get(table, 0)}

    def _look(self) -> dict[str, int]:
        with self._all_flushed(), self._outside.connect() as connection:
            return {table: scanned + found for table, scanned, found in connection.execute(_READ)}

    @contextmanager
    def _all_flushed(self) -> Iterator[None]:
        """Every connection that rests in the pool has told the server what it read."""
        held = [self._engine.connect() for _ in range(max(1, self._engine.pool.checkedin()))]  # type: ignore[attr-defined]
        try:
            for each in held:
                each.execute(_FORCED)
                each.commit()
            yield
        finally:
            for each in held:
                each.close()
