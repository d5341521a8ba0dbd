"""`python -m tests.bench million`: fills what is not there yet, and measures every size in turns."""

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import mkdtemp

from tests.bench.million import filling, growth, keeping, pages, questions
from tests.bench.million.questions import Asked
from tests.bench.servers import Place
from tests.bench.tables import table

SIZES = (1_000, 100_000, 1_000_000)
READINGS = 10
# Below this a table of a size is in one line with others.
_NAMED_FROM = 250


def measure(say: Callable[[str], None], *, sizes: Sequence[int], keep: Path | None, rounds: int) -> None:
    """All tables are said. With `keep` the data stay in that folder, and what it holds already is not filled again."""
    folder = keep or Path(mkdtemp(prefix="hub-million-"))
    # PostgreSQL's own user has to come by.
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    try:
        _fill(say, folder, sizes)
        with keeping.kept(folder, keeping.AS_ALWAYS) as where:
            for part in (_pages, _questions, _growth):
                say(part(where, sizes, rounds) + "\n")
    finally:
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)


def _fill(say: Callable[[str], None], folder: Path, sizes: Sequence[int]) -> None:
    missing = [size for size in sizes if not keeping.is_whole(folder, size)]
    if not missing:
        return
    with keeping.kept(folder, keeping.HURRIED) as where:
        told = keeping.told_before(folder, lambda: filling.tell(where))
        for size in missing:
            keeping.drop(where, size)
            filling.fill(where, told, size, say)
            keeping.note_whole(folder, size)


def _ratio(few: float, many: float) -> str:
    return f"{many / few:.2f}" if few else "-"


def _heads(sizes: Sequence[int]) -> tuple[str, ...]:
    return tuple(f"{size:,}" for size in sizes)


def _pages(where: Place, sizes: Sequence[int], rounds: int) -> str:
    found = pages.measure(where, sizes, rounds * READINGS)
    rows = []
    for name, by_size in found.items():
        if name.startswith(pages.FLOOR):
            continue
        each = [by_size[size] for size in sizes]
        floors = found.get(pages.FLOOR + name, {})
        low = [floors[size] for size in sizes] if floors else []
        above = f"{each[-1] / low[-1]:.0f}" if low else "-"
        growing = _ratio(low[0], low[-1]) if low else "-"
        floor = f"{low[-1]:.2f}" if low else "-"
        rows.append((name, *(f"{ms:.1f}" for ms in each), _ratio(each[0], each[-1]), floor, growing, above))
    heads = ("", *_heads(sizes), "ratio", "floor's SELECT", "its ratio", "to floor")
    return f"Pages and calls, p50 ms, load {os.getloadavg()[0]:.1f}\n\n{table(heads, rows)}"


def _questions(where: Place, sizes: Sequence[int], rounds: int) -> str:
    found = questions.ask_all(where, sizes, rounds)
    rows = [(name, *_asked(by_size, sizes)) for name, by_size in found.items()]
    heads = ("", *_heads(sizes), "ratio", "rows read without an index at the largest")
    return f"What a worker asks, least ms of {rounds}, load {os.getloadavg()[0]:.1f}\n\n{table(heads, rows)}"


def _asked(by_size: Mapping[int, Asked], sizes: Sequence[int]) -> tuple[str, ...]:
    least = [min(by_size[size].ms) for size in sizes]
    whole = ", ".join(f"{name} {rows:,}" for name, rows in sorted(by_size[sizes[-1]].read_whole.items()))
    return (*(f"{ms:.1f}" for ms in least), _ratio(least[0], least[-1]), whole or "none")


def _growth(where: Place, sizes: Sequence[int], rounds: int) -> str:
    sweeps = {size: [growth.sweep_s(where, size) for _ in range(rounds)] for size in sizes}
    checks = {size: growth.passes_s(where, size) for size in sizes}
    rows: list[tuple[str, ...]] = []
    seconds = [min(took for took, _ in sweeps[size]) for size in sizes]
    done = ", ".join(f"{median(many for _, many in sweeps[size]):.0f}" for size in sizes)
    rows.append((f"a sweep with {done} due, s", *(f"{each:.2f}" for each in seconds), _ratio(seconds[0], seconds[-1])))
    for name in checks[sizes[0]]:
        took = [checks[size][name] for size in sizes]
        rows.append((f"{name}, 10,000 of them, s", *(f"{each:.1f}" for each in took), _ratio(took[0], took[-1])))
    rooms = {size: {name: (rest + own) / size for name, rest, own in growth.room(where, size)} for size in sizes}
    totals = [sum(rooms[size].values()) for size in sizes]
    for name, room in rooms[sizes[-1]].items():
        if room >= _NAMED_FROM:
            rows.append((f"`{name}`, bytes", *(f"{rooms[size][name]:,.0f}" for size in sizes), ""))
    rows.append(("**all tables**, bytes", *(f"{total:,.0f}" for total in totals), _ratio(totals[0], totals[-1])))
    largest = list(rooms[sizes[-1]])[:4]
    rows += [
        (f"VACUUM (ANALYZE) `{name}`, s", *("" for _ in sizes[1:]), f"{took:.1f}", "")
        for name, took in growth.vacuum_s(where, sizes[-1], largest)
    ]
    heads = ("", *_heads(sizes), "ratio")
    return f"Sweep, check, room of a negotiation, load {os.getloadavg()[0]:.1f}\n\n{table(heads, rows)}"
