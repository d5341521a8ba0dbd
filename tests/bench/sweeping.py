"""The sweep over 100,000 running clocks: nothing due, 300 reminders due, 300 answers overdue."""

import time
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.services.operating import sweeps
from hub.wiring import Hub
from storage.records import MailRecord
from tests.bench import crowd
from tests.bench.servers import Place
from tests.bench.tables import table

# A Tuesday at noon in China, far from any holiday.
_NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
DUE = 300


def _mails(hub: Hub) -> int:
    with hub.reading(HUB) as tx:
        return tx.session.scalar(sa.select(sa.func.count()).select_from(MailRecord)) or 0


def _swept(hub: Hub) -> tuple[float, float, int, int]:
    """Seconds by the wall and of the processor, what was done, and the mails that were queued by it."""
    mails, wall, cpu = _mails(hub), time.perf_counter(), time.process_time()
    done = sweeps.run_due(hub)
    return time.perf_counter() - wall, time.process_time() - cpu, done, _mails(hub) - mails


def measure(where: Place, rounds: int, *, large: int = 100_000) -> str:
    """The table for one kind of database."""
    hub, pattern = crowd.fill(where, "sweep", large=large, small=0, now=_NOON)
    rows = []
    try:
        sweeps.run_due(hub)
        for _ in range(rounds):
            rows.append(("nothing due", *_swept(hub)))
            # Their answers are due in the evening of the next working day: the step of one day before was this morning.
            crowd.add(
                hub, pattern, crowd.DUE, DUE, soonest=timedelta(hours=30), spread=timedelta(), lead=timedelta(days=7)
            )
            rows.append((f"{DUE} to be reminded", *_swept(hub)))
            crowd.add(hub, pattern, crowd.DUE, DUE, soonest=timedelta(hours=-1), spread=timedelta())
            rows.append((f"{DUE} overdue", *_swept(hub)))
    finally:
        hub.close()
    heads = ("", "s", "CPU s of the process", "things done", "mails queued")
    lines = [(name, f"{wall:.3f}", f"{cpu:.3f}", done, mails) for name, wall, cpu, done, mails in sorted(rows)]
    return f"The sweep over {large} running clocks, {where.kind}\n\n" + table(heads, lines)
