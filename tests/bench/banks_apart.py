"""Ten banks, one of which never answers: how long a message to the other nine takes, before and meanwhile."""

import time
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles

from hub.domain.actor import HUB
from hub.domain.delivery import MessageKind
from hub.jobs.worker import Worker
from hub.services.delivery import queueing
from hub.wiring import Hub
from hub.work.jobs import jobs_of
from storage import banks, negotiation_locks
from storage.records import NegotiationRecord
from tests.bench import crowd
from tests.bench.delivering import SECRET
from tests.bench.far_banks import HANGS, FarBanks, far_banks
from tests.bench.servers import Place
from tests.bench.tables import table

BANKS = 10
ROUNDS = 12
EVERY_S = 2.0
PATIENCE_S = 60.0


def measure(where: Place, rounds: int) -> str:
    """A worker as it runs, a message to each bank every two seconds; medians over `rounds` of both phases."""
    hub, pattern = crowd.fill(where, "apart", large=0, small=0, now=datetime.now(UTC))
    codes = [f"99{number:02}0000" for number in range(BANKS)]
    with far_banks() as far:
        with hub.writing(HUB) as tx:
            for place, code in enumerate(codes):
                settings = {"url": far.url(code if place else f"{code}/{HANGS}"), "secret": SECRET}
                banks.add_bank(tx, code=code, name_zh=code, name_en=code, adapter="webhook", settings=settings)
        for code in codes:
            crowd.add(hub, pattern, code, 1, soonest=timedelta(days=20), spread=timedelta(days=1))
        worker = Worker(hub.database.url, jobs=jobs_of(hub), schedules={})
        worker.start()
        try:
            calm, beside = [], []
            for _ in range(rounds):
                calm.append(_p95(hub, far, codes[1:]))
                beside.append(_p95(hub, far, codes))
        finally:
            worker.stop(timeout_s=20)
    rows = [
        ("none", f"{median(calm):.0f}", "1"),
        ("one of ten", f"{median(beside):.0f}", f"{_ratio(calm, beside):.2f}"),
    ]
    return f"Banks kept apart, {where.kind}\n\n" + table(("hanging", "p95 ms to the others", "ratio"), rows)


def _ratio(calm: list[float], beside: list[float]) -> float:
    return median(one / other for one, other in zip(beside, calm, strict=True))


def _p95(hub: Hub, far: FarBanks, codes: list[str]) -> float:
    """The 95th percentile, in ms, of the time from the commit of a message to its arrival at a bank that answers."""
    far.came.clear()
    sent: list[tuple[str, float]] = []
    for _ in range(ROUNDS):
        began = time.monotonic()
        for code in codes:
            with hub.writing(HUB) as tx:
                row = tx.session.query(NegotiationRecord).filter_by(bank_code=code).one()
                data = {"text": "您好", "evidence": []}
                queueing.queue(tx, negotiation_locks.lock(tx, row.id), MessageKind.MESSAGE, data)
            sent.append((code, time.monotonic()))
        time.sleep(max(0.0, EVERY_S - (time.monotonic() - began)))
    mine = [(code, at) for code, at in sent if code != "99000000"]
    deadline = time.monotonic() + PATIENCE_S
    while len([path for path, _ in far.came if not path.endswith(HANGS)]) < len(mine):
        if time.monotonic() > deadline:
            raise RuntimeError("not all came")
        time.sleep(0.05)
    waits = []
    for code in {code for code, _ in mine}:
        began_at = [at for each, at in mine if each == code]
        # Messages of one bank may overtake each other: the first to come is paired with the first that was sent.
        came = sorted(at for path, at in far.came if path == code)
        waits += [(arrived - queued) * 1000 for queued, arrived in zip(began_at, came, strict=True)]
    return quantiles(waits, n=20)[-1]
