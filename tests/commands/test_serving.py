"""`hub up`, `hub web`, `hub worker` and `hub demo` as processes of their own."""

import signal
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands.conftest import RunHub
from tests.commands.processes import StartHub, status_of
from tests.jobs.waiting import PATIENTLY_S, wait_until

pytestmark = pytest.mark.slow


def statuses_in(home: Path) -> set[str]:
    with closing(sqlite3.connect(home / "hub.db")) as database:
        return {status for (status,) in database.execute("SELECT DISTINCT status FROM negotiation")}


@pytest.mark.parametrize("command", ["up", "web"])
def test_it_serves_and_ends_with_zero_on_sigterm(start_hub: StartHub, command: str) -> None:
    process = start_hub(command, "--port", "0")
    wait_until(lambda: process.address or not process.runs, what="an address")
    address = process.address
    assert address is not None, process.said
    assert [status_of(address, path) for path in ("/healthz", "/readyz")] == [200, 200]
    assert process.said.count("WARNING") == 1
    assert (process.end(), "Traceback" in process.said) == (0, False), process.said


def test_up_makes_an_empty_home_ready_by_itself(start_hub: StartHub, home: Path) -> None:
    (home / "hub.db").unlink()
    process = start_hub("up", "--port", "0")
    wait_until(lambda: process.address or not process.runs, what="an address")
    assert process.address is not None, process.said
    assert status_of(process.address, "/readyz") == 200
    assert process.end(signal.SIGINT) == 0


def test_a_worker_takes_jobs_and_ends_with_zero(start_hub: StartHub) -> None:
    process = start_hub("worker")
    wait_until(lambda: "takes jobs" in process.said or not process.runs, what="the worker")
    assert process.runs, process.said
    assert (process.end(), "Traceback" in process.said) == (0, False), process.said


def test_a_command_of_the_shell_says_json_and_nothing_else(home: Path, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "hub", "bank", "list", "--json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENTLY_S,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "[]\n", "")


def test_up_serves_while_demo_data_are_filled_in_behind_its_pages(
    start_hub: StartHub, run_hub: RunHub, home: Path
) -> None:
    process = start_hub("up", "--port", "0", "--demo")
    wait_until(lambda: process.address or not process.runs, what="an address")
    address = process.address
    assert address is not None, process.said

    def demo_page() -> str:
        with urllib.request.urlopen(f"{address}/demo/", timeout=20) as answer:
            return str(answer.read().decode())

    wait_until(lambda: "演示数据正在准备" in demo_page(), what="a page before the data are whole")
    wait_until(lambda: "演示数据正在准备" not in demo_page(), what="the data", within_s=240)
    # What is sent by then is worked off: the worker has begun.
    wait_until(lambda: "screening" not in statuses_in(home), what="the worker")
    assert run_hub("check", "--all").status == 0
    assert (process.end(), "Traceback" in process.said) == (0, False), process.said


def test_an_end_in_the_middle_of_filling_is_an_end(start_hub: StartHub) -> None:
    process = start_hub("up", "--port", "0", "--demo")
    wait_until(lambda: process.address or not process.runs, what="an address")
    assert (process.end(), "Traceback" in process.said) == (0, False), process.said


def test_demo_data_can_be_filled_in_beside_a_worker(start_hub: StartHub, run_hub: RunHub) -> None:
    process = start_hub("worker")
    wait_until(lambda: "takes jobs" in process.said or not process.runs, what="the worker")
    filled = run_hub("demo")
    assert (filled.status, filled.error) == (0, "")
    assert (process.end(), "Traceback" in process.said) == (0, False), process.said
    assert run_hub("check", "--all").status == 0


def test_a_seal_that_cannot_be_used_stops_the_worker_by_name(
    start_hub: StartHub, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_PAPER_KEY_FILE", str(home / "absent.pem"))
    process = start_hub("worker")
    wait_until(lambda: not process.runs, what="the end of the worker")
    assert "HUB_PAPER_KEY_FILE" in process.said
    assert "Traceback" not in process.said
