"""From submitted to the bank's queue: negotiations a second, beside bare WeasyPrint that prints the same forms."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import count
from urllib.parse import urlsplit

import sqlalchemy as sa

from hub.documents import application_form
from hub.domain.actor import HUB
from hub.services.documents.printing import form_of
from hub.wiring import Hub
from storage.records import NegotiationRecord
from tests.bench import process_tree as processes
from tests.bench.bare_printing import print_all
from tests.bench.load import Plan
from tests.bench.servers import Place, Served, hub_served, open_hub
from tests.bench.submitting import add_host_app, send
from tests.bench.tables import middle, table

# Applications a round, each to two banks, from so many clients at once.
APPLICATIONS, CLIENTS = 40, 8
_WARM_UP = 8
_ARRIVES_WITHIN = timedelta(minutes=5)
_LOOK_INTERVAL_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """`many` negotiations reached their banks in so many seconds, from the first byte of the first submission."""

    many: int
    seconds: float
    submitting_s: float
    cpu_ms: float
    documents: list[str]

    @property
    def rate(self) -> float:
        """Negotiations a second."""
        return self.many / self.seconds


@contextmanager
def both_served(where: Place) -> Iterator[tuple[Served, ...]]:
    """Web and worker, the web first: one process on SQLite, and on PostgreSQL a worker beside two processes."""
    if where.server is None:
        with hub_served(where, "hub", "up") as both:
            yield (both,)
        return
    with (
        hub_served(where, "hub", "worker", user="work") as worker,
        hub_served(where, "hub", "web", "--workers", "2") as web,
    ):
        yield web, worker


def measure(where: Place, rounds: int) -> str:
    """The table for one kind of database."""
    client_id, secret = add_host_app(where, "hub")
    hub, numbers = open_hub(where, "hub"), count(1, 1000)
    found: list[Round] = []
    try:
        with both_served(where) as served:
            port = urlsplit(served[0].address).port or 0
            plan = Plan(what="hub", port=port, clients=CLIENTS, ops=_WARM_UP, client_id=client_id, secret=secret)
            one_round(hub, served, plan, next(numbers))
            floors, floor_costs = list[float](), list[float]()
            for _ in range(rounds):
                found.append(one_round(hub, served, plan, next(numbers), APPLICATIONS))
                seconds, cpu_ms = print_all(found[-1].documents)
                floors.append(found[-1].many / seconds)
                floor_costs.append(cpu_ms / found[-1].many)
    finally:
        hub.close()
    ratios = [each.rate / floor for each, floor in zip(found, floors, strict=True)]
    heads = ("", "a second", "to floor", "CPU ms each", "of which submitting took, s")
    rows = [
        ("bare WeasyPrint on all processors", middle(floors, ".2f"), "1", middle(floor_costs, ".0f"), "-"),
        (
            "submitted to the bank's queue",
            middle([each.rate for each in found], ".2f"),
            middle(ratios, ".2f"),
            middle([each.cpu_ms / each.many for each in found], ".0f"),
            middle([each.submitting_s for each in found]),
        ),
    ]
    head = f"Throughput, {where.kind}, {rounds} rounds of {APPLICATIONS} applications to two banks, {CLIENTS} clients"
    return f"{head}\n\n{table(heads, rows)}"


def one_round(hub: Hub, served: tuple[Served, ...], plan: Plan, first: int, ops: int = _WARM_UP) -> Round:
    """`ops` applications, each with three files to two banks, were submitted and stand in the banks' queues."""
    at, before = hub.real_clock.now(), _cpu_ms(served)
    seen = send(Plan(**{**asdict(plan), "ops": ops, "first": first}))
    if seen.failed:
        raise RuntimeError(str(seen.errors))
    arrived = _arrived(hub, at, 2 * ops)
    spent = _cpu_ms(served) - before
    return Round(
        many=len(arrived),
        seconds=(max(arrived.values()) - at).total_seconds(),
        submitting_s=seen.seconds,
        cpu_ms=spent,
        documents=_forms(hub, list(arrived)),
    )


def _cpu_ms(served: tuple[Served, ...]) -> float:
    return sum(processes.cpu_ms(processes.tree(each.pid)) for each in served)


def _arrived(hub: Hub, since: datetime, many: int) -> dict[str, datetime]:
    """When each negotiation opened since then reached its bank, once all `many` have."""
    wanted = sa.select(NegotiationRecord.id, NegotiationRecord.reached_bank_at).where(
        NegotiationRecord.opened_at >= since, NegotiationRecord.reached_bank_at.is_not(None)
    )
    while hub.real_clock.now() - since < _ARRIVES_WITHIN:
        with hub.reading(HUB) as tx:
            found = {id_: at for id_, at in tx.session.execute(wanted) if at is not None}
        if len(found) == many:
            return found
        time.sleep(_LOOK_INTERVAL_S)
    raise RuntimeError(f"{len(found)} of {many} reached their banks")


def _forms(hub: Hub, ids: list[str]) -> list[str]:
    """What was printed for them; only the head of the log is another by now."""
    with hub.reading(HUB) as tx:
        rows = [tx.session.get_one(NegotiationRecord, id_) for id_ in ids]
        return [application_form.html_of(form_of(tx, row)) for row in rows]
