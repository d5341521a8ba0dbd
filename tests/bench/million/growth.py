"""What a size takes: room by table, a sweep with much due, checking a lot of negotiations, and cleaning up."""

import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

import psycopg

from hub.domain.actor import HUB
from hub.services import passes
from hub.services.documents import log_verification
from hub.services.operating import invariants, sweeps
from hub.services.passes import Place as Start
from hub.services.passes import Section
from hub.wiring import Hub
from tests.bench.million.filling import address_of, name_of
from tests.bench.million.questions import opened
from tests.bench.servers import Place

DUE: Final = 300
_SLICES: Final = 3
_MIDDLE_NEGOTIATION: Final = "SELECT id FROM negotiation ORDER BY id OFFSET %s LIMIT 1"
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


def passes_s(where: Place, size: int) -> Mapping[str, float]:
    """Seconds that parts of `hub check` and `hub log verify` take for ten thousand rows, by slices from the middle on.

    Raises where something of these is broken.
    """
    with opened(where, size) as hub:
        with psycopg.connect(address_of(where, name_of(size))) as connection:
            [[negotiation]] = connection.execute(_MIDDLE_NEGOTIATION, (size // 2,)).fetchall()
            [[head]] = connection.execute("SELECT max(number) / 2 FROM log_head").fetchall()
        checks, verifies = invariants.sections(hub.store), log_verification.sections((), ())
        return {
            "`hub check`, negotiations": _slices_s(hub, checks, Start(section="negotiations", after=(negotiation,))),
            "`hub log verify`, chains": _slices_s(hub, verifies, Start(section="chains", after=(negotiation,))),
            "`hub log verify`, heads": _slices_s(hub, verifies, Start(section="heads", after=(head,))),
        }


def _slices_s(hub: Hub, sections: Sequence[Section[Any]], start: Start) -> float:
    began, rows = time.perf_counter(), 0
    for each in islice(passes.run(hub, HUB, sections, start), _SLICES):
        rows += each.rows
        broken = [found for found in each.found if getattr(found, "broken", found) is not None]
        if broken:
            raise RuntimeError(f"not whole: {broken[:3]}")
    return (time.perf_counter() - began) * 10_000 / rows


def vacuum_s(where: Place, size: int, tables: Sequence[str]) -> Iterator[tuple[str, float]]:
    """Seconds that VACUUM (ANALYZE) of each of these tables takes."""
    with psycopg.connect(address_of(where, name_of(size)), autocommit=True) as connection:
        for table in tables:
            began = time.perf_counter()
            connection.execute(f"VACUUM (ANALYZE) {table}")
            yield table, time.perf_counter() - began
