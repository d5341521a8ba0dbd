"""The processes of `hub web` on PostgreSQL: as many as wanted serve, and none outlives its parent."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.commands.processes import Process, StartHub, answers
from tests.jobs.waiting import wait_until
from tests.storage.postgres_server import free_port

pytestmark = pytest.mark.slow

StartWeb = Callable[[], Process]


@pytest.fixture
def port() -> int:
    """A port for all that a test starts."""
    return free_port()


@pytest.fixture
def start_web(start_hub: StartHub, port: int, postgresql_database: str, monkeypatch: pytest.MonkeyPatch) -> StartWeb:
    """A way to have two processes serve."""
    monkeypatch.setenv("HUB_DATABASE_URL", postgresql_database)

    def start() -> Process:
        process = start_hub("web", "--port", str(port), "--workers", "2")
        wait_until(lambda: answers(f"http://127.0.0.1:{port}") or not process.runs, what="an answer")
        assert process.runs, process.said
        two_of(process)
        return process

    return start


def two_of(process: Process, *, without: frozenset[int] = frozenset()) -> set[int]:
    """The two processes."""
    wait_until(lambda: len(process.children - without) == 2, what="two processes")
    return process.children - without


def runs(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


@contextmanager
def inherited(number: int, what: signal.Handlers) -> Iterator[None]:
    """Whoever is started meanwhile does `what` at the signal, whatever these tests were started with."""
    before = signal.signal(number, what)
    try:
        yield
    finally:
        signal.signal(number, before)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_ends_with_zero_and_leaves_nobody(start_web: StartWeb, number: signal.Signals) -> None:
    with inherited(number, signal.SIG_DFL):
        process = start_web()
    kept = two_of(process)
    assert process.end(number) == 0, process.said
    assert not [pid for pid in kept if runs(pid)]


def test_one_that_died_is_replaced_and_the_other_stays(start_web: StartWeb) -> None:
    process = start_web()
    first, second = sorted(two_of(process))
    os.kill(first, signal.SIGKILL)
    assert second in two_of(process, without=frozenset({first}))
    assert process.end() == 0, process.said


def test_a_signal_that_whoever_started_it_ignores_does_not_end_it(start_web: StartWeb) -> None:
    with inherited(signal.SIGHUP, signal.SIG_IGN):
        process = start_web()
    kept = two_of(process)
    process.send(signal.SIGHUP)
    os.kill(min(kept), signal.SIGKILL)
    assert max(kept) in two_of(process, without=frozenset({min(kept)}))
    assert process.end() == 0, process.said


def test_those_whose_parent_is_killed_end_and_another_serves_at_once(start_web: StartWeb) -> None:
    process = start_web()
    kept = two_of(process)
    process.kill()
    start_web()
    assert not [pid for pid in kept if runs(pid)]
