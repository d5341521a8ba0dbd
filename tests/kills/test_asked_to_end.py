"""SIGTERM while requests come in: the process ends with zero all the same, whatever it was just doing."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.kills.conftest import EVERY_STEP, Begin, Snapshots, Visit

pytestmark = pytest.mark.slow

CLIENTS = 2
TIMES = 20 if EVERY_STEP else 3


def _ask_on(visit: Visit, asked: threading.Semaphore, ended: threading.Event) -> None:
    """Request after request, each on a connection of its own, whether or not somebody answers."""
    send = visit.story.app.send
    while not ended.is_set():
        try:
            send("GET", "/healthz", {}, b"")
        except OSError:
            ended.wait(0.02)
        else:
            asked.release()


def test_a_busy_hub_that_is_asked_to_end_ends_with_zero(sqlite_snapshots: Snapshots, begin: Begin) -> None:
    visit = begin(sqlite_snapshots["upload"])
    asked, ended = threading.Semaphore(0), threading.Event()
    with ThreadPoolExecutor(CLIENTS) as pool:
        for _ in range(CLIENTS):
            pool.submit(_ask_on, visit, asked, ended)
        try:
            for _ in range(TIMES):
                visit.house.start("up", "up", "--port", str(visit.house.port))
                # Some answers of this very process.
                while asked.acquire(blocking=False):
                    pass
                for _ in range(20):
                    assert asked.acquire(timeout=60)
                visit.house.end()
        finally:
            ended.set()
