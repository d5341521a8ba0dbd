"""Filling: the stories are told once, and each size is a database of its own that holds so many copies of them."""

import multiprocessing
import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Final

import psycopg
import sqlalchemy as sa
from psycopg import sql

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from tests.bench.million import heads, stories, world
from tests.bench.million.copies import LOT, Told, Writer, plan
from tests.bench.million.reading import cases_in, with_readings
from tests.bench.million.stories import PLOTS, Plot
from tests.bench.servers import Place, hub_over, make_home, open_hub

_BASE: Final = "base"
_STORIES: Final = "stories"
WRITERS: Final = 3
# Others need some of the disk too.
LEFT_FREE: Final = 10 << 30
LEAVES: Final = "leaves"


def name_of(size: int) -> str:
    """The database of so many negotiations."""
    return f"m{size}"


def tell(where: Place, *, plots: Sequence[Plot] = PLOTS) -> list[Told]:
    """The stories, told in a database of their own beside an empty one that the sizes are made of."""
    assert where.server is not None
    make_home(where, _BASE)
    with closing(open_hub(where, _BASE)) as hub:
        world.make(hub)
        now = hub.clock.now()
    (where.folder / _STORIES).mkdir(mode=0o700)
    where.server.create_database(_STORIES, template=_BASE)
    with closing(open_hub(where, _STORIES, clock=FixedClock(now))) as hub:
        told = stories.tell(hub, plots)
        with hub.reading(HUB) as tx:
            shared = {*world.people_of(tx, world.TOLD_AT), *tx.session.scalars(sa.text("SELECT id FROM client"))}
            cases = cases_in(tx, shared)
    with closing(open_hub(where, _BASE, clock=FixedClock(now))) as hub:
        world.add_others(hub)
    by_id = {each.one("application")["id"]: with_readings(each) for each in cases}
    return [Told(plot, person, by_id[id_]) for id_, (plot, person) in told.items()]


def fill(where: Place, told: Sequence[Told], size: int, say: Callable[[str], None] = lambda _: None) -> None:
    """The database of that size is there, whole, analysed and under signed heads."""
    assert where.server is not None
    name, began = name_of(size), time.monotonic()
    home = where.folder / name
    home.mkdir(mode=0o700)
    # The bytes of all copies are those of the stories: see `PatternStore`.
    (home / "evidence").symlink_to(where.folder / _STORIES / "evidence")
    where.server.create_database(name, template=_BASE)
    leaves = home / LEAVES
    leaves.mkdir()
    lots = _lots(told, size)
    indexes = _without_indexes(address_of(where, name))
    parts = [lots[place::WRITERS] for place in range(WRITERS)]
    _together([(home, where.address(name, "web"), told, part) for part in parts if part])
    _make_indexes(address_of(where, name), indexes)
    say(f"{size}: rows after {time.monotonic() - began:.0f} s\n")
    with closing(open_hub(where, name)) as hub:
        heads.sign(hub, address_of(where, name), leaves)
    leaves.rmdir()
    with psycopg.connect(address_of(where, name), autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
    say(f"{size}: whole after {time.monotonic() - began:.0f} s\n")


_INDEXES: Final = """
SELECT indexname, indexdef FROM pg_indexes JOIN pg_class ON pg_class.relname = indexname
WHERE schemaname = 'public' AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = pg_class.oid)
ORDER BY tablename, indexname
"""


def _without_indexes(address: str) -> list[str]:
    """There are no indexes but those of keys; gives how the others are made."""
    with psycopg.connect(address) as connection:
        found = connection.execute(_INDEXES).fetchall()
        for name, _ in found:
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    return [made for _, made in found]


def _make_indexes(address: str, made: Sequence[str]) -> None:
    """Each is there, made whole at once: sooner, and smaller than one that grew."""

    def make(part: Sequence[str]) -> None:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("SET maintenance_work_mem = '512MB'")
            for each in part:
                connection.execute(each)

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(make, [made[place::WRITERS] for place in range(WRITERS)]))


def _lots(told: Sequence[Told], size: int) -> list[tuple[int, list[tuple[int, str]]]]:
    copies = plan(told, size)
    lots = iter(lambda: list(islice(copies, LOT)), [])
    return [(place * LOT, lot) for place, lot in enumerate(lots)]


_Part = tuple[Path, str, Sequence[Told], Sequence[tuple[int, list[tuple[int, str]]]]]


def _together(parts: Sequence[_Part]) -> None:
    """Each part is written, by a process of its own where there are several."""
    if len(parts) == 1:
        _write(*parts[0])
        return
    spawning = multiprocessing.get_context("spawn")
    processes = [spawning.Process(target=_write, args=part) for part in parts]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise RuntimeError("a part of the copies was not written")


def _write(home: Path, url: str, told: Sequence[Told], lots: Sequence[tuple[int, list[tuple[int, str]]]]) -> None:
    with closing(hub_over(home, url)) as hub, hub.reading(HUB) as tx:
        writer = Writer(tx, url.replace("+psycopg", ""), told, home / LEAVES)
        # What stands in the transaction was read; one that is open for minutes is cut off.
        tx.session.rollback()
        for first, lot in lots:
            if shutil.disk_usage(home).free < LEFT_FREE:
                raise RuntimeError(f"less than {LEFT_FREE >> 30} GB of the disk are free")
            writer.write(first, lot)
        writer.close()


def address_of(where: Place, name: str) -> str:
    """The database's address for psycopg, as the owner of its tables."""
    return where.address(name, "web").replace("+psycopg", "")
