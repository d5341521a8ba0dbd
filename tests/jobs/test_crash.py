"""What is left when processes are killed: nothing is lost, nothing is done by two."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from hub.jobs.engine import DbosQueue
from hub.jobs.port import Job
from storage.database import Database
from tests.jobs.waiting import wait_until

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


class StartProcess(Protocol):
    def __call__(self, url: str) -> subprocess.Popen[str]: ...


@pytest.fixture
def start_process(tmp_path: Path) -> Iterator[StartProcess]:
    """Worker processes that write into the test's folder, killed at the end."""
    processes: list[subprocess.Popen[str]] = []

    def start(url: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.worker_process", url, str(tmp_path)],
            cwd=ROOT, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def lines(folder: Path, name: str) -> list[str]:
    path = folder / name
    return path.read_text().splitlines() if path.exists() else []


def test_a_job_whose_worker_is_killed_is_done_after_a_restart(
    database_url: str, database: Database, queue: DbosQueue, start_process: StartProcess, tmp_path: Path
) -> None:
    first = start_process(database_url)
    wait_until(lambda: lines(tmp_path, "ready"), what="the worker")
    with database.writing() as session:
        queue.enqueue(session, Job(name="work", key="work:1", argument="1"))
    wait_until(lambda: lines(tmp_path, "started"), what="the job to start")
    os.kill(first.pid, signal.SIGKILL)
    first.wait(timeout=60)

    second = start_process(database_url)
    wait_until(lambda: len(lines(tmp_path, "started")) == 2, what="the job to start again")
    (tmp_path / "let-go").touch()
    wait_until(lambda: lines(tmp_path, "finished") == ["1"], what="the job to finish")
    second.terminate()
    assert second.wait(timeout=60) == 0
    assert queue.list_dead() == []


def test_a_living_worker_takes_over_from_a_killed_one(
    postgres_url: str, start_process: StartProcess, tmp_path: Path
) -> None:
    database, queue = Database(postgres_url), DbosQueue(postgres_url)
    first = start_process(postgres_url)
    wait_until(lambda: lines(tmp_path, "ready"), what="the first worker")
    with database.writing() as session:
        queue.enqueue(session, Job(name="work", key="work:1", argument="1"))
    wait_until(lambda: lines(tmp_path, "started"), what="the job to start")
    start_process(postgres_url)
    wait_until(lambda: len(lines(tmp_path, "ready")) == 2, what="the second worker")
    assert [line.split()[1] for line in lines(tmp_path, "ready")] == ["slot-1", "slot-2"]
    os.kill(first.pid, signal.SIGKILL)
    (tmp_path / "let-go").touch()
    wait_until(lambda: lines(tmp_path, "finished") == ["1"], what="the other worker to finish the job")
    queue.close()
    database.close()


def test_two_workers_fire_a_schedule_once(postgres_url: str, start_process: StartProcess, tmp_path: Path) -> None:
    for _ in range(2):
        start_process(postgres_url)
    wait_until(lambda: len(lines(tmp_path, "ready")) == 2, what="both workers")
    before = len(lines(tmp_path, "ticks"))
    wait_until(lambda: len(lines(tmp_path, "ticks")) >= before + 4, what="four ticks")
    ticks = lines(tmp_path, "ticks")
    assert len(ticks) == len(set(ticks))


def test_a_second_process_on_one_file_is_refused(sqlite_url: str, start_process: StartProcess, tmp_path: Path) -> None:
    first = start_process(sqlite_url)
    wait_until(lambda: lines(tmp_path, "ready"), what="the first worker")
    second = start_process(sqlite_url)
    _out, said = second.communicate(timeout=60)
    assert second.returncode == 1
    assert "Another worker already runs on" in said
    assert first.poll() is None
