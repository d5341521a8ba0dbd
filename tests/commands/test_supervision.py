"""A watching process and those it watches over, as real processes."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.jobs.waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="Linux alone can watch")]

ENDS_WITHIN_S = 60
Begin = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def begin() -> Iterator[Begin]:
    """A way to start the watched program; whatever is left of it is killed."""
    begun: list[subprocess.Popen[str]] = []

    def start(*words: str) -> subprocess.Popen[str]:
        run = [sys.executable, "-m", "tests.commands.watched", *words]
        begun.append(subprocess.Popen(run, stderr=subprocess.PIPE, text=True))
        return begun[-1]

    yield start
    for each in begun:
        for pid in sorted(children_of(each)):
            os.kill(pid, signal.SIGKILL)
        each.kill()
        each.wait()
        assert each.stderr is not None
        each.stderr.close()


def children_of(process: subprocess.Popen[str]) -> set[int]:
    try:
        return {int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()}
    except FileNotFoundError:
        return set()


def two_of(process: subprocess.Popen[str], *, without: frozenset[int] = frozenset()) -> set[int]:
    """The two processes; a nursery that has forked is none of them."""

    def both() -> bool:
        found = children_of(process)
        return len(found) == 2 and not found & without and not any(_has_children(pid) for pid in found)

    wait_until(both, what="two processes")
    return children_of(process)


def _has_children(pid: int) -> bool:
    try:
        return bool(Path(f"/proc/{pid}/task/{pid}/children").read_text())
    except FileNotFoundError:
        return True


@contextmanager
def inherited(number: int, what: signal.Handlers) -> Iterator[None]:
    """Whoever is started meanwhile does `what` at the signal, whatever these tests were started with."""
    before = signal.signal(number, what)
    try:
        yield
    finally:
        signal.signal(number, before)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_ends_with_zero_and_leaves_nobody(begin: Begin, number: int) -> None:
    with inherited(number, signal.SIG_DFL):
        process = begin()
    kept = two_of(process)
    process.send_signal(number)
    assert process.wait(ENDS_WITHIN_S) == 0
    assert not [pid for pid in kept if Path(f"/proc/{pid}").exists()]


def test_one_that_died_is_replaced_and_the_other_stays(begin: Begin) -> None:
    process = begin()
    first, second = sorted(two_of(process))
    os.kill(first, signal.SIGKILL)
    assert second in two_of(process, without=frozenset({first}))
    process.terminate()
    assert (process.wait(ENDS_WITHIN_S), f"process {first} ended with -9" in process.communicate()[1]) == (0, True)


def test_a_replacement_that_fails_once_is_tried_again_and_the_other_stays(begin: Begin) -> None:
    process = begin("stumbles")
    first, second = sorted(two_of(process))
    os.kill(first, signal.SIGKILL)
    assert second in two_of(process, without=frozenset({first}))
    process.terminate()
    assert (process.wait(ENDS_WITHIN_S), "for once" in process.communicate()[1]) == (0, True)


def test_a_signal_that_whoever_started_it_ignores_does_not_end_it(begin: Begin) -> None:
    with inherited(signal.SIGHUP, signal.SIG_IGN):
        process = begin()
    kept = two_of(process)
    process.send_signal(signal.SIGHUP)
    os.kill(min(kept), signal.SIGKILL)
    assert max(kept) in two_of(process, without=frozenset({min(kept)}))
    process.terminate()
    assert process.wait(ENDS_WITHIN_S) == 0


def test_those_whose_watching_process_is_killed_end_by_themselves(begin: Begin) -> None:
    process = begin()
    kept = two_of(process)
    process.kill()
    wait_until(lambda: not any(_runs(pid) for pid in kept), what="both to end")


def _runs(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def test_a_nursery_that_is_killed_leaves_what_it_forked(begin: Begin) -> None:
    process = begin("slow")
    before = two_of(process)
    first, second = sorted(before)
    os.kill(first, signal.SIGKILL)

    def nurseries() -> set[int]:
        return {pid for pid in children_of(process) - before if _has_children(pid)}

    wait_until(nurseries, what="a nursery that has forked")
    os.kill(nurseries().pop(), signal.SIGKILL)
    assert second in two_of(process, without=frozenset({first}))
    process.terminate()
    assert process.wait(ENDS_WITHIN_S) == 0


@pytest.mark.parametrize(("wrong", "words"), [("refused", "nothing to serve"), ("all-die", "again and again")])
def test_it_ends_with_one_where_they_cannot_be_kept(begin: Begin, wrong: str, words: str) -> None:
    process = begin(wrong)
    said = process.communicate(timeout=ENDS_WITHIN_S)[1]
    assert (process.returncode, words in said) == (1, True), said
