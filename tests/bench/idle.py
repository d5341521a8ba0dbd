"""What `hub up` takes of a processor while nobody asks anything, beside a Python process that sleeps."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench import process_tree as processes
from tests.bench.servers import Place, Served, hub_served, place
from tests.bench.submitting import add_host_app
from tests.bench.tables import middle, table

# It has loaded what it loads late, and its first sweeps are over.
_SETTLES_S = 20
_LOOKS_S = 60
_SLEEPER = "import time\nwhile True: time.sleep(1)"


def measure(rounds: int) -> str:
    """The table: shares of one processor in per cent over a minute each."""
    ours, floor = list[float](), list[float]()
    sleeper = subprocess.Popen([sys.executable, "-c", _SLEEPER])
    try:
        with place("sqlite") as where, _up(where) as up:
            time.sleep(_SETTLES_S)
            for _ in range(rounds):
                before = _cpu_ms(up.pid), _cpu_ms(sleeper.pid)
                time.sleep(_LOOKS_S)
                ours.append(_share(before[0], _cpu_ms(up.pid)))
                floor.append(_share(before[1], _cpu_ms(sleeper.pid)))
    finally:
        sleeper.kill()
        sleeper.wait()
    rows = [
        ("a Python process that wakes each second", middle(floor, ".2f")),
        ("`hub up`, embedded", middle(ours, ".2f")),
    ]
    head = f"Idle, {rounds} rounds of {_LOOKS_S} seconds"
    return f"{head}\n\n" + table(("", "% of one processor"), rows)


@contextmanager
def _up(where: Place) -> Iterator[Served]:
    add_host_app(where, "hub")
    with hub_served(where, "hub", "up") as up:
        yield up


def _cpu_ms(pid: int) -> float:
    return processes.cpu_ms(processes.tree(pid))


def _share(before_ms: float, after_ms: float) -> float:
    return (after_ms - before_ms) / (_LOOKS_S * 10)
