"""`/metrics` of real servers: whole over all processes, at a port of its own."""

import re
import socket
import urllib.error
import urllib.request

import pytest

from tests.commands.processes import StartHub, answers, status_of
from tests.jobs.waiting import wait_until
from tests.storage.postgres_server import free_port

pytestmark = pytest.mark.slow

_COUNTED = re.compile(r'^hub_requests_total\{method="GET",route="/sign-in/",status="200"\} (\S+)$', re.MULTILINE)


def counted(address: str) -> float:
    """How many looks at the sign-in the figures know of."""
    with urllib.request.urlopen(f"{address}/metrics", timeout=20) as answer:
        found = _COUNTED.search(answer.read().decode())
    return float(found[1]) if found else 0.0


@pytest.mark.parametrize("command", ["up", "web"])
def test_the_port_tells_the_figures_of_all_processes_and_nothing_else(
    start_hub: StartHub, command: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if command == "web":
        monkeypatch.setenv("HUB_DATABASE_URL", request.getfixturevalue("postgresql_database"))
    port, metrics = free_port(), free_port()
    monkeypatch.setenv("HUB_METRICS_PORT", str(metrics))
    process = start_hub(command, "--port", str(port))
    address, figures = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{metrics}"
    wait_until(lambda: answers(address) or not process.runs, what="an answer")
    for _ in range(20):
        assert status_of(address, "/sign-in/") == 200
    assert [counted(figures) for _ in range(8)] == [20.0] * 8
    for elsewhere in (f"{address}/metrics", f"{figures}/healthz", f"{figures}/sign-in/"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(elsewhere, timeout=20)
        with refused.value as answer:
            assert answer.status == 404
    assert process.end() == 0, process.said
    assert "Traceback" not in process.said, process.said
    if command == "web":
        assert [line for line in process.said.splitlines() if not line.startswith("{")] == []


def test_a_port_that_something_else_has_is_named_by_its_setting(
    start_hub: StartHub, postgresql_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_DATABASE_URL", postgresql_database)
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setenv("HUB_METRICS_PORT", str(other.getsockname()[1]))
        process = start_hub("web", "--port", str(free_port()))
        wait_until(lambda: not process.runs, what="the end of a start")
    assert "is in use: stop what listens there, or choose another with HUB_METRICS_PORT" in process.said
    assert "Traceback" not in process.said
