"""Three files and an application to two banks, by the API, beside the floor: rates, processor time, memory."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from itertools import count
from urllib.parse import urlsplit

from hub.domain.actor import HUB
from storage import banks
from storage.clients import add_client
from tests import applications
from tests.bench import process_tree as processes
from tests.bench.load import Plan, Seen
from tests.bench.servers import ROOT, Place, Served, floor_served, hub_served, make_home, open_hub
from tests.bench.tables import middle, table

# Clients at once, and operations a round.
LOADS = ((1, 40), (8, 120), (32, 160))
ROUNDS = 5
# A process compiles its statements, and a connection prepares its own, over the first dozens of requests.
_WARM_UP = 120
# After so long a process that has nothing to do has given back what it can.
_AT_REST_S = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Something that takes submissions. `parts`: the processor time so far in ms, by the name of what spends it."""

    name: str
    plan: Plan
    parts: Callable[[], dict[str, float]]
    root: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One run of one system: what the callers saw, and processor time in ms an operation."""

    seen: Seen
    cpu: dict[str, float]

    @property
    def rate(self) -> float:
        """Operations a second."""
        return self.seen.done / self.seen.seconds

    @property
    def cpu_ms(self) -> float:
        """What the requests cost: the server, and its part of the database."""
        return sum(self.cpu[name] for name in ("server", "database") if name in self.cpu)


def send(plan: Plan) -> Seen:
    """What a load generator of its own process saw."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench.load"],
        input=json.dumps(asdict(plan)).encode(), stdout=subprocess.PIPE, cwd=ROOT, check=True,
    )  # fmt: skip
    return Seen(**json.loads(run.stdout))


def add_host_app(where: Place, name: str) -> tuple[str, str]:
    """The hub is there with two banks and a client; gives the client's id and secret."""
    make_home(where, name)
    hub = open_hub(where, name)
    try:
        hub.upgrade()
        with hub.writing(HUB) as tx:
            for code, (zh, en) in applications.BANK_NAMES.items():
                banks.add_bank(tx, code=code, name_zh=zh, name_en=en, adapter="portal", settings={"hotline": "95588"})
            scopes = ("applications:write", "applications:read")
            client, secret = add_client(tx, name="host app", scopes=scopes, bank_code=None)
    finally:
        hub.close()
    return client.id, secret


def _port(served: Served) -> int:
    return urlsplit(served.address).port or 0


@contextmanager
def _floor(where: Place) -> Iterator[System]:
    with floor_served(where) as low:
        plan = Plan(what="floor", port=_port(low), clients=1, ops=1)
        yield System(name="floor", plan=plan, parts=partial(_parts, where, low.pid, "floor"), root=low.pid)


@contextmanager
def _web_alone(where: Place, client: tuple[str, str]) -> Iterator[System]:
    """The web, as it is while the worker has nothing to do: two processes on PostgreSQL, one on SQLite."""
    words = () if where.server is None else ("--workers", "2")
    with hub_served(where, "hub", "web", *words) as web:
        parts = partial(_parts, where, web.pid, "web")
        yield System(name="hub", plan=_plan(web, client), parts=parts, root=web.pid)


@contextmanager
def _worker_beside(where: Place, client: tuple[str, str]) -> Iterator[System]:
    """Web and worker, which has more to do than it can: what came in before it was there waits for it."""
    if where.server is None:
        with hub_served(where, "hub", "up") as both:
            yield System(name="hub", plan=_plan(both, client), parts=_parts_of_one(both.pid), root=both.pid)
        return
    with (
        hub_served(where, "hub", "worker", user="work") as worker,
        hub_served(where, "hub", "web", "--workers", "2") as web,
    ):

        def parts() -> dict[str, float]:
            return {**_parts(where, web.pid, "web"), "worker": sum(_parts(where, worker.pid, "work").values())}

        yield System(name="hub", plan=_plan(web, client), parts=parts, root=web.pid)


def _plan(served: Served, client: tuple[str, str]) -> Plan:
    return Plan(what="hub", port=_port(served), clients=1, ops=1, client_id=client[0], secret=client[1])


def _parts(where: Place, server: int, user: str) -> dict[str, float]:
    """What the server spent, and what the database did for it, whose user it is there; SQLite works in the server."""
    spent = {"server": processes.cpu_ms(processes.tree(server))}
    if where.server is not None:
        spent["database"] = processes.cpu_ms(processes.backends_of(where.server.process.pid, user))
    return spent


def _parts_of_one(pid: int) -> Callable[[], dict[str, float]]:
    """`hub up` is web and worker in one; only what works in child processes can be told apart."""

    def spent() -> dict[str, float]:
        whole, own = processes.cpu_ms(processes.tree(pid)), processes.own_cpu_ms(pid)
        return {"server": own, "worker": whole - own}

    return spent


def one_round(system: System, clients_at_once: int, ops: int, first: int) -> Round:
    """One run, measured."""
    plan = Plan(**{**asdict(system.plan), "clients": clients_at_once, "ops": ops, "first": first})
    before = system.parts()
    seen = send(plan)
    after = system.parts()
    return Round(seen=seen, cpu={name: (after[name] - before[name]) / max(1, seen.done) for name in after})


def measure(where: Place, rounds: int = ROUNDS, loads: Sequence[tuple[int, int]] = LOADS) -> str:
    """The tables for one kind of database: the web alone, and beside a worker that is at work."""
    client = add_host_app(where, "hub")
    numbers = count(1, 1000)
    with _floor(where) as low:
        with _web_alone(where, client) as ours:
            alone = _compared((low, ours), rounds, loads, numbers)
        with _worker_beside(where, client) as ours:
            beside = _compared((low, ours), rounds, loads, numbers)
    head = f"Submitting, {where.kind}, {rounds} rounds"
    return f"{head}, the web alone\n\n{alone}\n{head}, beside a worker at work\n\n{beside}\n"


def _compared(both: Sequence[System], rounds: int, loads: Sequence[tuple[int, int]], numbers: Iterator[int]) -> str:
    found: dict[tuple[int, str], list[Round]] = {}
    for each in both:
        one_round(each, 8, _WARM_UP, next(numbers))
    for turn in range(rounds):
        # Whoever goes second meets the disk that the first one left; so they take turns.
        for at_once, ops in loads:
            for each in both if turn % 2 == 0 else reversed(both):
                done = one_round(each, at_once, ops, next(numbers))
                found.setdefault((at_once, each.name), []).append(done)
                print(".", end="", file=sys.stderr, flush=True)  # noqa: T201 - a sign of life
    memory = _memory(both)
    time.sleep(_AT_REST_S)
    return f"{_table(found, loads)}\nPSS in MB after the run: {memory}; at rest: {_memory(both)}\n"


def _memory(both: Sequence[System]) -> str:
    return ", ".join(f"{each.name} {processes.pss_mb(processes.tree(each.root)):.0f}" for each in both)


def _table(found: dict[tuple[int, str], list[Round]], loads: Sequence[tuple[int, int]]) -> str:
    rows = []
    for at_once, _ in loads:
        low, ours = found[at_once, "floor"], found[at_once, "hub"]
        rates = [mine.rate / floor.rate for mine, floor in zip(ours, low, strict=True)]
        costs = [mine.cpu_ms / floor.cpu_ms for mine, floor in zip(ours, low, strict=True)]
        rows += [
            _row(at_once, "floor", low, "1", "1"),
            _row(at_once, "hub", ours, middle(rates, ".2f"), middle(costs, ".2f")),
        ]
    return table(
        (
            "c",
            "",
            "ops/s",
            "to floor",
            "CPU ms server + database",
            "to floor",
            "worker",
            "p50 / p95 / p99 ms",
            "failed",
        ),
        rows,
    )


def _row(at_once: int, name: str, rounds: list[Round], rate: str, cost: str) -> tuple[object, ...]:
    def part(which: str) -> str:
        return middle([each.cpu[which] for each in rounds]) if which in rounds[0].cpu else "-"

    times = (middle([getattr(each.seen, f"p{part}_ms") for each in rounds], ".0f").split()[0] for part in (50, 95, 99))
    failed = sum(each.seen.failed for each in rounds)
    errors = {error for each in rounds for error in each.seen.errors}
    return (
        at_once,
        name,
        middle([each.rate for each in rounds]),
        rate,
        f"{part('server')} + {part('database')}",
        cost,
        part("worker"),
        " / ".join(times),
        f"{failed} {sorted(errors)[:2]}" if failed else 0,
    )
