"""`python -m tests.bench [NAME ...]`: measures beside a floor and prints Markdown tables; everything without names."""

import argparse
import os
import platform
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import (
    banks_apart,
    cage,
    delivering,
    idle,
    idle_workers,
    memory,
    painting,
    paper,
    queue_page,
    room,
    submitting,
    sweeping,
    takeover,
    throughput,
    workers,
)
from tests.bench.million import measuring as million
from tests.bench.servers import Place, place

KINDS = ("postgresql", "sqlite")
BENCHES: Mapping[str, Callable[[Place, int], str]] = {
    "submitting": submitting.measure,
    "throughput": throughput.measure,
    "queue": queue_page.measure,
    "sweep": sweeping.measure,
    "delivering": delivering.measure,
    "apart": banks_apart.measure,
    "room": room.measure,
}
# These are the same on both.
ON_EITHER: Mapping[str, Callable[[int], str]] = {
    "paper": paper.measure,
    "cage": cage.measure,
    "idle": idle.measure,
    "painting": painting.measure,
}
# Nobody waits for this one without asking for it.
ALONE = ("memory", "workers", "idle-workers", "takeover", "million")


def main() -> None:
    """The tables are on standard output."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument(
        "names", nargs="*", help=f"of {', '.join([*BENCHES, *ON_EITHER, *ALONE])}; all but `million` without any"
    )
    parser.add_argument("--database", choices=KINDS, action="append", help="one kind alone")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", default="1,2,4,8", help="of `workers` and `idle-workers`, PostgreSQL alone")
    parser.add_argument("--uploads", type=int, default=memory.UPLOADS, help="of `memory`")
    parser.add_argument("--sizes", default=",".join(map(str, million.SIZES)), help="of `million`, with commas")
    parser.add_argument("--keep", type=Path, help="where the data of `million` stay, to be measured again unfilled")
    given = parser.parse_args()

    def remember(_rounds: int) -> str:
        return memory.measure(given.uploads)

    counts = [int(each) for each in given.workers.split(",")]
    either: Mapping[str, Callable[[int], str]] = {
        **ON_EITHER,
        "memory": remember,
        "workers": lambda rounds: workers.measure(rounds, counts),
        "takeover": takeover.measure,
        "idle-workers": lambda rounds: idle_workers.measure(rounds, counts),
    }
    wanted = given.names or [*BENCHES, *either]
    unknown = set(wanted) - {*BENCHES, *either, "million"}
    if unknown:
        parser.error(f"no bench: {', '.join(sorted(unknown))}")
    say(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} processors, {platform.platform()}, ")
    say(f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}\n\n")
    for name in wanted:
        if name == "million":
            sizes = [int(size) for size in given.sizes.split(",")]
            million.measure(say, sizes=sizes, keep=given.keep, rounds=given.rounds)
            continue
        if name in either:
            say(either[name](given.rounds) + "\n")
            continue
        for kind in given.database or KINDS:
            with place(kind) as where:
                say(BENCHES[name](where, given.rounds) + "\n")


def say(text: str) -> None:
    """`text` is out at once, for those who wait."""
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
