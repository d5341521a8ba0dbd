"""SIGKILL at random moments while clients submit: whatever was answered is there, and nothing is there twice."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import count, takewhile

import pytest

from tests import applications
from tests.applications import ICBC
from tests.kills.conftest import EVERY_STEP, Begin, Snapshots, Visit
from tests.kills.findings import faults_of
from tests.kills.house import House, children_of, living
from tests.kills.story import Story, body_of
from tests.kills.stubborn import NotAnswered
from tests.kills.warm import kill_all

pytestmark = pytest.mark.slow

CLIENTS = 8
ROUNDS = 2
PAUSE_S = 0.5
KILLS = 5
SEEDS = range(1, 6) if EVERY_STEP else range(1, 2)


def _submit(story: Story, number: int, rounds: Iterable[int], over: threading.Event) -> None:
    """One client's files and applications. The last client asks each time once only, and never hears of some."""

    def between() -> None:
        if over.is_set():
            raise NotAnswered

    client = story.one_of_many(between, patience_s=0.0 if number == CLIENTS - 1 else None)
    for each in rounds:
        try:
            file = client.upload(applications.pdf(f"{number}/{each}"), kind="payslip", name=f"工资单{number}.pdf")
            client.post("/applications", body_of(100 + number + CLIENTS * each, [file["id"]], banks=(ICBC,)))
        except NotAnswered:
            continue


def under_kills(
    visit: Visit,
    chance: random.Random,
    kill: Callable[[House, random.Random], None],
    *,
    kills: int = KILLS,
    until_the_last: bool = False,
) -> None:
    """Every client has done what it wanted, and processes were killed and started again meanwhile.

    With `until_the_last` clients want something more, now and then, until the last kill.
    """
    over, killed = threading.Event(), threading.Event()

    def rounds() -> Iterable[int]:
        return takewhile(lambda each: each < ROUNDS or (until_the_last and not killed.wait(PAUSE_S)), count())

    with ThreadPoolExecutor(CLIENTS) as pool:
        working = [pool.submit(_submit, visit.story, number, rounds(), over) for number in range(CLIENTS)]
        try:
            for _ in range(kills):
                visit.house.stand_by(chance.uniform(0.3, 2.5))
                kill(visit.house, chance)
                visit.house.revive()
            killed.set()
            for each in working:
                visit.house.wait_until(each.done, what="a client")
        finally:
            over.set()
            killed.set()
    for each in working:
        each.result()


def _kill_all_of_it(house: House, _chance: random.Random) -> None:
    children = children_of(house.process("up").pid)
    house.kill("up")
    # What prints and decodes for it must not outlive it.
    house.wait_until(lambda: not living(children), what="its children to end")


def _kill_one(house: House, chance: random.Random) -> None:
    name = chance.choice(house.names)
    children = children_of(house.process(name).pid) if name == "web" else []
    if children and chance.random() < 0.5:
        # One of the processes that answer; the one above starts another.
        house.hurt(name, chance.choice(children))
        return
    house.kill(name)
    # Whoever supervises a service ends all of it before it is started again.
    kill_all(children)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_embedded_hub_that_is_killed_again_and_again(sqlite_snapshots: Snapshots, begin: Begin, seed: int) -> None:
    visit = begin(sqlite_snapshots["upload"])
    visit.house.start("up", "up", "--port", str(visit.house.port))
    under_kills(visit, random.Random(seed), _kill_all_of_it)
    visit.house.wait_for_work()
    assert len(visit.house.deaths) == KILLS
    assert faults_of(visit.house, visit.story) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_web_and_workers_that_are_killed_and_one_that_never_comes_back(
    postgresql_snapshots: Snapshots, begin: Begin, seed: int
) -> None:
    visit = begin(postgresql_snapshots["upload"])
    house = visit.house
    house.start("web", "web", "--port", str(house.port), "--workers", "2")
    for name in ("worker-1", "worker-2"):
        house.start(name, "worker")
    under_kills(visit, random.Random(seed), _kill_one)
    house.let_go("worker-1")
    house.wait_for_work()
    assert faults_of(house, visit.story) == []
