"""While files are judged that ask for all there is, the hub answers whoever else calls."""

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import pytest

from hub.domain.evidence import MAX_FILE_SIZE
from tests.documents.files import active_pdfs, heavy_pdfs, odd_pdfs
from tests.documents.files.sample import TAKEN, Sample
from tests.jobs.waiting import wait_until
from tests.weather.conftest import Serve
from tests.weather.serving import Program, ServedHub

pytestmark = pytest.mark.slow

LONGEST_GAP_S = 2.0
PAUSE_S = 0.2


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
def idle_process() -> Iterator[Callable[[], object]]:
    """A way to ask a process that has nothing else to do: how long that takes is the machine's doing."""
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        to, back = process.stdin, process.stdout

        def ask() -> object:
            to.write(b"?")
            return back.read(1)

        yield ask
        to.close()


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


def test_the_hub_answers_without_a_gap_while_hostile_files_are_judged(serve: Serve) -> None:
    hub: ServedHub = serve()
    files = {sample.name: (sample, data) for sample in hostile() if len(data := sample.make()) <= MAX_FILE_SIZE}
    assert len(files) >= 40
    ids: dict[str, str] = {}
    with (
        idle_process() as ask_nobody,
        asked_all_the_while(ask_nobody) as machine,
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
    # What a process that does nothing had to wait for, the hub had to wait for too.
    assert hubs.longest_s < LONGEST_GAP_S + machine.longest_s, (hubs, machine)
    assert hub.program.get("/readyz").status == 200
