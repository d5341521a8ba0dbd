"""While files are judged that ask for all there is, the hub answers whoever else calls."""

import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from hub.domain.evidence import MAX_FILE_SIZE
from tests.documents.files import active_pdfs, heavy_pdfs, odd_pdfs
from tests.documents.files.sample import TAKEN, Sample
from tests.dying_together import dying_with_us
from tests.jobs.waiting import wait_until
from tests.weather.conftest import Serve
from tests.weather.serving import Program, ServedHub

pytestmark = pytest.mark.slow

LONGEST_GAP_S = 2.0
PAUSE_S = 0.2
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+(?=/)")


@dataclass
class Gaps:
    """The longest time without an answer, and how many answers there were."""

    longest_s: float = 0.0
    answers: int = 0


@contextmanager
def asked_all_the_while(ask: Callable[[], object]) -> Iterator[Gaps]:
    """What `ask` answers to somebody who asks again and again until the end."""
    gaps, is_over = Gaps(), threading.Event()

    def go_on() -> None:
        last = time.monotonic()
        while not is_over.wait(PAUSE_S):
            ask()
            now = time.monotonic()
            gaps.longest_s, gaps.answers, last = max(gaps.longest_s, now - last), gaps.answers + 1, now

    asker = threading.Thread(target=go_on)
    asker.start()
    try:
        yield gaps
    finally:
        is_over.set()
        asker.join()


@contextmanager
def idle_server(folder: Path) -> Iterator[Callable[[], object]]:
    """A way to call a server that has nothing else to do: how long that takes is the machine's doing.

    Like the hub's, its answer takes several turns of a processor, in the caller and in the server.
    """
    words = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(folder)]
    with (folder / "said").open("wb") as log:
        process = subprocess.Popen(dying_with_us(words, signal.SIGTERM), stdout=log, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: _ADDRESS.search((folder / "said").read_text()), what="the idle server")
        [address] = _ADDRESS.findall((folder / "said").read_text())
        program = Program(address=address, token="")
        yield lambda: program.get("/").status
    finally:
        process.kill()
        process.wait()


# On a machine without a processor to spare these are judged another time; they do their worst meanwhile.
NOT_WAITED_FOR = frozenset({"bomb.pdf", "bomb in a bomb.pdf"})


def hostile() -> list[Sample]:
    """Those that take long, and some of the others between them."""
    others = [*active_pdfs.samples()][::12] + [*odd_pdfs.samples()][::8]
    return [*heavy_pdfs.samples(), *others]


def verdict_of(program: Program, evidence_id: str) -> str | None:
    """What became of the file; None while it waits."""
    told = program.get(f"/api/v1/evidence/{evidence_id}").json
    if told["status"] == "checking":
        return None
    return TAKEN if told["status"] == "clean" else str(told["reason"])


def has_verdict(program: Program, evidence_id: str) -> bool:
    return verdict_of(program, evidence_id) is not None


def test_the_hub_answers_without_a_gap_while_hostile_files_are_judged(serve: Serve, tmp_path: Path) -> None:
    hub: ServedHub = serve()
    files = {sample.name: (sample, data) for sample in hostile() if len(data := sample.make()) <= MAX_FILE_SIZE}
    assert len(files) >= 40
    ids: dict[str, str] = {}
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    with (
        idle_server(nothing) as call_nobody,
        asked_all_the_while(call_nobody) as machine,
        asked_all_the_while(lambda: hub.program.get("/healthz").json["status"]) as hubs,
    ):
        for name, (sample, data) in files.items():
            sent = hub.program.upload(data)
            if sent.status != 201:
                assert sent.code == sample.verdict, name
            elif name not in NOT_WAITED_FOR:
                ids[name] = sent.json["id"]
        for name, evidence_id in ids.items():
            wait_until(
                partial(has_verdict, hub.program, evidence_id),
                what=f"a verdict over {name}",
            )
    found = {name: verdict_of(hub.program, evidence_id) for name, evidence_id in ids.items()}
    assert found == {name: files[name][0].verdict for name in ids}
    # A fast machine judges them all in three seconds.
    assert hubs.answers > 0
    # What a caller of a server that does nothing had to wait for, the hub's had to wait for too.
    assert hubs.longest_s < LONGEST_GAP_S + machine.longest_s, (hubs, machine)
    assert hub.program.get("/readyz").status == 200
