"""What a worker asks of the rows again and again, at each size: its time, and what is read without an index."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import psycopg

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.services.applications import screening
from hub.services.delivery import queueing
from hub.services.notifications import client_notices, staff_mails
from hub.services.operating import sweeps
from hub.services.reading.operator.figures import figures, log_figures
from hub.services.referrals import handing_over
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from hub.work.jobs import schedules_of, sweeps_of, wake_of
from storage import clocks
from tests.bench.million.filling import address_of, name_of
from tests.bench.million.keeping import StoriesStore
from tests.bench.servers import Place, open_hub

# A table that is this small may be read whole.
_SMALL: Final = 2_000
_READ: Final = """
SELECT relname, coalesce(seq_tup_read, 0) FROM pg_stat_all_tables WHERE schemaname IN ('public', 'dbos')
"""
Question = Callable[[], object]


@dataclass(slots=True)
class Asked:
    """What came of one question at one size."""

    ms: list[float] = field(default_factory=list)
    read_whole: dict[str, int] = field(default_factory=dict)


def questions_of(hub: Hub) -> Mapping[str, Question]:
    """Every question by its name, as workers ask them."""

    def reading(find: Callable[[HubTransaction], object]) -> Question:
        def ask() -> object:
            with hub.reading(HUB) as tx:
                return find(tx)

        return ask

    def due_now(find: sweeps.Finding) -> Callable[[HubTransaction], object]:
        return lambda tx: find(tx, tx.now, sweeps.BATCH)

    due = {
        "deliveries": queueing.jobs_due,
        "stuck screenings": screening.jobs_stuck,
        "notices to host apps": client_notices.jobs_due,
        "told partners": handing_over.jobs_due,
    }
    each_some_s, schedules = sweeps_of(hub), schedules_of(hub)
    now = hub.clock.now()
    return {
        **{f"due: {sweeps._name_of(act)}": reading(due_now(find)) for find, act in sweeps._KINDS},
        **{f"due: {name}": reading(partial(find, limit=sweeps.BATCH)) for name, find in due.items()},
        "due: mornings": reading(staff_mails.banks_to_tell),
        "due: reminders": reading(lambda tx: clocks.any_to_remind(tx, tx.now)),
        "watches: files that wait": wake_of(hub),
        **{f"sweep: {name}": watch.run for name, watch in each_some_s.items()},
        **{f"schedule: {name}": partial(schedules[name].run, now) for name in schedules if name != "look_at_scanner"},
        "metrics: work": reading(partial(figures, real_now=now + timedelta(hours=2))),
        "metrics: log": reading(log_figures),
    }


class _EmptyStore(StoriesStore):
    """Lists nothing and deletes nothing: the stories' bytes are every size's."""

    def list_names(self, _older_than: datetime, **_part: object) -> Iterator[str]:
        """None."""
        return iter(())

    def delete(self, _name: str) -> None:
        """Kept."""


@contextmanager
def opened(where: Place, size: int) -> Iterator[Hub]:
    """The hub of that size, at the moment at which nothing is due in it."""
    with psycopg.connect(address_of(where, name_of(size))) as connection:
        [[moment]] = connection.execute("SELECT max(at) FROM log_head").fetchall()
    hub = open_hub(where, name_of(size), clock=FixedClock(moment + timedelta(minutes=1)))
    # What was filled by an older version of the hub.
    hub.upgrade()
    names = list(hub.store.list_names(hub.clock.now() + timedelta(days=3650)))
    vars(hub)["store"] = _EmptyStore(hub.store, names)
    try:
        yield hub
    finally:
        hub.close()


def read_whole(where: Place, size: int) -> dict[str, int]:
    """How many rows were read by scans of whole tables so far, by table."""
    with psycopg.connect(address_of(where, name_of(size))) as connection:
        return dict(connection.execute(_READ).fetchall())


def ask_all(where: Place, sizes: Sequence[int], rounds: int) -> dict[str, dict[int, Asked]]:
    """What came of every question at every size, asked in turns."""
    found: dict[str, dict[int, Asked]] = {}
    with ExitStack() as stack:
        hubs = {size: stack.enter_context(opened(where, size)) for size in sizes}
        asks = {size: questions_of(hub) for size, hub in hubs.items()}
        for name in asks[sizes[0]]:
            found[name] = {size: Asked() for size in sizes}
            for size, hub in hubs.items():
                # What a connection read is told at its end.
                hub.database.close()
                before = read_whole(where, size)
                asks[size][name]()
                hub.database.close()
                after = read_whole(where, size)
                more = {table: read - before.get(table, 0) for table, read in after.items()}
                found[name][size].read_whole = {table: read for table, read in more.items() if read > _SMALL}
                asks[size][name]()
            for _ in range(rounds):
                for size in sizes:
                    began = time.perf_counter()
                    asks[size][name]()
                    found[name][size].ms.append(1000 * (time.perf_counter() - began))
    return found
