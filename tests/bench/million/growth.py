"""What a size takes: room by table, a sweep with much due, checking a lot of negotiations, and cleaning up."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import psycopg
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.services.documents import records
from hub.services.operating import sweeps
from hub.services.transaction import HubTransaction
from storage.records import NegotiationRecord
from tests.bench.million.filling import address_of, name_of
from tests.bench.million.questions import opened
from tests.bench.servers import Place

DUE: Final = 300
LOOKED_AT: Final = 200
_ROOM: Final = """
SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY pg_total_relation_size(oid) DESC
"""
_TO_REMIND: Final = """
SELECT id, remind_at FROM clock WHERE answered_at IS NULL AND ended_at IS NULL AND paused_on IS NULL
AND remind_at > %s ORDER BY id LIMIT %s
"""


def room(where: Place, size: int) -> list[tuple[str, int, int]]:
    """(table, bytes, bytes of its indexes), the largest first."""
    with psycopg.connect(address_of(where, name_of(size))) as connection:
        return connection.execute(_ROOM).fetchall()


def sweep_s(where: Place, size: int) -> tuple[float, int]:
    """Seconds that a sweep took with `DUE` desks to be reminded, and how many things were done; then all is as before.

    Of fewer open cases as many as there are.
    """
    address = address_of(where, name_of(size))
    with opened(where, size) as hub, psycopg.connect(address, autocommit=True) as connection:
        now = hub.clock.now()
        due = connection.execute(_TO_REMIND, (now, DUE)).fetchall()
        connection.execute("UPDATE clock SET remind_at = %s WHERE id = ANY(%s)", (now, [id_ for id_, _ in due]))
        began = time.perf_counter()
        done = sweeps.run_due(hub)
        took = time.perf_counter() - began
        with connection.cursor() as cursor:
            cursor.executemany("UPDATE clock SET remind_at = %s WHERE id = %s", [(at, id_) for id_, at in due])
        connection.execute("DELETE FROM mail WHERE planned_at = %s", (now,))
    return took, done


def check_s(where: Place, size: int) -> Mapping[str, float]:
    """Seconds that ten thousand negotiations take, by some in the middle of all; raises where one is broken."""
    with opened(where, size) as hub, hub.reading(HUB) as tx:
        found = _in_the_middle(tx, size)
        began = time.perf_counter()
        broken = [each for each in found if records.verify_log(tx, each.id) is not None]
        verified = time.perf_counter()
    if broken:
        raise RuntimeError(f"not whole: {broken[:3]}")
    return {"log verify": (verified - began) * 10_000 / len(found)}


def _in_the_middle(tx: HubTransaction, size: int) -> Sequence[NegotiationRecord]:
    query = sa.select(NegotiationRecord).order_by(NegotiationRecord.id)
    return tx.session.scalars(query.offset(size // 2).limit(min(LOOKED_AT, size // 2))).all()


def vacuum_s(where: Place, size: int, tables: Sequence[str]) -> Iterator[tuple[str, float]]:
    """Seconds that VACUUM (ANALYZE) of each of these tables takes."""
    with psycopg.connect(address_of(where, name_of(size)), autocommit=True) as connection:
        for table in tables:
            began = time.perf_counter()
            connection.execute(f"VACUUM (ANALYZE) {table}")
            yield table, time.perf_counter() - began
