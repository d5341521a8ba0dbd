"""`hub simulate-bank` and `hub conformance`, as an operator or a bank's engineer calls them."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.domain.actor import HUB
from hub.wiring import Hub
from storage import banks as bank_rows
from tests.banks.joined import FAR
from tests.commands.conftest import CommandResult, RunHub
from tests.commands.processes import Process
from tests.jobs.waiting import wait_until
from tests.storage.postgres_server import free_port

pytestmark = pytest.mark.slow


class Simulated(Process):
    """A simulated bank that was started by its command."""

    @property
    def added_by(self) -> list[str]:
        """The words behind `hub` that add it, once it has said them."""
        found = re.search(r"^ *hub (bank add .*)$", self.said, re.MULTILINE)
        return [] if found is None else shlex.split(found[1])

    @property
    def environment(self) -> dict[str, str]:
        """What the hub needs in its environment."""
        found = re.search(r"^The hub needs (\S+) in its environment", self.said, re.MULTILINE)
        return {} if found is None else dict([found[1].split("=", 1)])


@pytest.fixture
def started(home: Path, tmp_path: Path) -> Iterator[list[Simulated]]:
    """The simulated banks that were started; whatever still runs is killed at the end."""
    found: list[Simulated] = []
    yield found
    for each in found:
        if each.runs:
            each.kill()


def start(started: list[Simulated], folder: Path, kind: str, port: int, *words: str) -> Simulated:
    started.append(
        Simulated(folder, ("simulate-bank", "--adapter", kind, "--port", str(port), "--pause", "0.1", *words))
    )
    made = started[-1]
    wait_until(lambda: "listens" in made.said or not made.runs, what="the bank to listen")
    return made


def add(made: Simulated, run_hub: RunHub) -> CommandResult:
    wait_until(lambda: made.added_by or not made.runs, what="the line that adds it")
    return run_hub(*made.added_by, "--json")


@pytest.mark.parametrize("kind", FAR)
def test_the_line_that_it_prints_joins_a_hub_to_it_and_it_ends_with_zero(
    started: list[Simulated], run_hub: RunHub, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = free_port()
    made = start(started, tmp_path, kind, free_port(), "--hub-url", f"http://127.0.0.1:{door}")
    added = add(made, run_hub)
    assert (added.status, added.error) == (0, "")
    assert added.json["adapter"] == kind
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    examined = run_hub("conformance", added.json["code"], "--listen", str(door), "--wait", "20", "--json")
    assert examined.status == 0
    checks = json.loads(examined.out)
    assert {check["mark"] for check in checks} <= {"pass", "not asked"}
    assert sum(check["mark"] == "pass" for check in checks) >= 1
    assert made.end() == 0


def test_it_goes_on_with_its_keys_when_it_is_started_again(
    started: list[Simulated], home: Path, tmp_path: Path
) -> None:
    port = free_port()
    first = start(started, tmp_path, "webhook", port)
    wait_until(lambda: first.added_by, what="the line that adds it")
    joined = first.added_by
    assert first.end() == 0
    second = start(started, tmp_path, "webhook", port)
    wait_until(lambda: second.added_by, what="the line that adds it")
    assert second.added_by == joined
    assert (home / "simulated" / f"webhook-{port}" / "secret").stat().st_mode & 0o077 == 0


def test_a_bank_that_the_hub_has_at_that_port_is_taken_with_its_code_and_keys(
    started: list[Simulated], hub: Hub, run_hub: RunHub, tmp_path: Path
) -> None:
    port, secret = free_port(), "whsec_c29tZSBzZWNyZXQgb2YgdGhlIGh1YidzIG93bg=="
    with hub.writing(HUB) as tx:
        bank_rows.add_bank(
            tx,
            code="01020000",
            name_zh="中国工商银行",
            name_en="ICBC",
            adapter="webhook",
            settings={"url": f"http://127.0.0.1:{port}/negotiations", "secret": secret},
        )
    made = start(started, tmp_path, "webhook", port)
    wait_until(lambda: "has it already as 01020000" in made.said, what="the bank to know itself")
    examined = run_hub("conformance", "01020000", "--json")
    assert (examined.status, [check for check in examined.json if check["mark"] == "FAIL"]) == (0, [])
    assert secret not in made.said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--adapter", "portal", "--port", "0"], "nothing to simulate"),
        (["--adapter", "pigeon", "--port", "0"], "pigeon"),
        (["--adapter", "webhook", "--port", "0", "--behaviour", "lazy"], "accept"),
        (["--adapter", "webhook", "--port", "0", "--behaviour", "in-process"], "in-process"),
        (["--adapter", "webhook", "--port", "0", "--secret", "short"], "secret"),
        (["--adapter", "webhook", "--port", "0", "--bank", "01020000"], "portal"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(run_hub: RunHub, hub: Hub, words: list[str], says: str) -> None:
    with hub.writing(HUB) as tx:
        bank_rows.add_bank(tx, code="01020000", name_zh="行", name_en="B", adapter="portal", settings={})
    said = run_hub("simulate-bank", *words)
    assert (said.status, said.out, len(said.error.splitlines())) == (1, "", 1)
    assert says in said.error


def test_no_process_that_serves_loads_a_simulated_bank() -> None:
    look = "import sys, hub.commands.serving; print([name for name in sys.modules if 'simulator' in name])"
    loaded = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True, timeout=120)
    assert loaded.stdout.strip() == "[]"
