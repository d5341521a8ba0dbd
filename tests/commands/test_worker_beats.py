"""Real workers, as `/metrics` tells of them: whoever was killed is missed, whoever ended is not."""

import re
import urllib.request

import pytest

from tests.commands.processes import StartHub, answers
from tests.jobs.waiting import wait_until
from tests.storage.postgres_server import free_port

pytestmark = pytest.mark.slow

_AGE = re.compile(r'^hub_worker_heartbeat_age_seconds\{worker="([^"]+)"\} (\S+)$', re.MULTILINE)


def ages(address: str) -> dict[str, float]:
    """How old the last beat of each worker is."""
    with urllib.request.urlopen(f"{address}/metrics", timeout=20) as answer:
        return {name: float(age) for name, age in _AGE.findall(answer.read().decode())}


def test_every_web_process_tells_the_beats_of_every_worker(
    start_hub: StartHub, postgresql_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_DATABASE_URL", postgresql_database)
    port = free_port()
    web = start_hub("web", "--port", str(port), "--workers", "2")
    first, second = start_hub("worker", "--printers", "1"), start_hub("worker", "--printers", "1")
    address = f"http://127.0.0.1:{port}"
    wait_until(lambda: answers(address) or not web.runs, what="an answer")
    wait_until(lambda: set(ages(address)) == {"slot-1", "slot-2"}, what="the beats of both")
    first.kill()
    assert second.end() == 0, second.said
    # Each web process keeps what it was told for a few seconds, and one of the two may have answered all the six.
    told: list[dict[str, float]] = []

    def is_one_left() -> bool:
        told[:] = [ages(address) for _ in range(6)]
        return all(len(each) == 1 for each in told)

    wait_until(is_one_left, what="the end of the one that ended")
    [(killed, age)] = told[-1].items()
    wait_until(lambda: ages(address).get(killed, 0) > age, what="a figure that grows")
