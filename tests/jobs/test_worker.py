import socket
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hub.domain.errors import TryAgain, Unusable
from hub.jobs.engine import DbosQueue
from hub.jobs.port import Schedule, Watch
from hub.jobs.worker import ATTEMPTS, Worker
from storage.database import Database
from tests.jobs.conftest import StartWorker, put
from tests.jobs.waiting import wait_until


def test_a_committed_job_runs_once(
    database_url: str, database: Database, queue: DbosQueue, start_worker: StartWorker
) -> None:
    ran: list[str] = []
    put(database, queue, "print", "1")
    worker = start_worker(database_url, {"print": ran.append})
    put(database, queue, "print", "1")
    put(database, queue, "print", "2")
    wait_until(lambda: len(ran) == 2, what="both jobs")
    assert worker.stop(5.0)
    assert sorted(ran) == ["1", "2"]
    assert queue.count_waiting() == {}


def test_a_job_may_put_in_the_next_one(
    database_url: str, database: Database, queue: DbosQueue, start_worker: StartWorker
) -> None:
    ran: list[str] = []
    put(database, queue, "screen")
    start_worker(
        database_url,
        {
            "screen": lambda id_: put(database, queue, "deliver", id_, queue="deliver", partition="01020000"),
            "deliver": ran.append,
        },
    )
    wait_until(lambda: ran == ["1"], what="the delivery")


def test_papers_and_other_banks_go_on_while_a_bank_has_a_long_table_made(
    database_url: str, database: Database, queue: DbosQueue, start_worker: StartWorker
) -> None:
    taken, let_go, ran = threading.Event(), threading.Event(), []

    def table(argument: str) -> None:
        if argument == "long":
            taken.set()
            assert let_go.wait(30.0)
        ran.append(argument)

    put(database, queue, "table", "long", queue="exports", partition="01020000")
    start_worker(database_url, {"table": table, "paper": ran.append})
    assert taken.wait(30.0)
    put(database, queue, "table", "behind it", queue="exports", partition="01020000")
    put(database, queue, "table", "another bank's", queue="exports", partition="03080000")
    put(database, queue, "paper", "paper", queue="documents")
    wait_until(lambda: len(ran) == 2, what="the paper and the other bank's table")
    assert sorted(ran) == ["another bank's", "paper"]
    let_go.set()
    wait_until(lambda: len(ran) == 4, what="the tables of the first bank")
    assert ran[2:] == ["long", "behind it"]


def test_a_job_that_fails_is_tried_again(
    database_url: str, database: Database, queue: DbosQueue, start_worker: StartWorker
) -> None:
    tries: list[str] = []

    def fail_once(argument: str) -> None:
        tries.append(argument)
        if len(tries) < ATTEMPTS:
            raise TryAgain("not yet")

    put(database, queue, "deliver")
    worker = start_worker(database_url, {"deliver": fail_once})
    wait_until(lambda: len(tries) == ATTEMPTS, what="the last attempt")
    assert worker.stop(5.0)
    assert queue.list_dead() == []


def test_a_job_that_always_fails_is_dead_until_it_is_sent_again(
    database_url: str, database: Database, queue: DbosQueue, start_worker: StartWorker
) -> None:
    tries: list[str] = []
    mended = threading.Event()

    def fail(argument: str) -> None:
        tries.append(argument)
        if not mended.is_set():
            raise TryAgain("bank is down")

    put(database, queue, "deliver", queue="deliver", partition="01020000")
    start_worker(database_url, {"deliver": fail})
    wait_until(queue.list_dead, what="the dead job")
    assert len(tries) == ATTEMPTS
    [dead] = queue.list_dead()
    assert (dead.key, dead.name, dead.argument) == ("deliver:1", "deliver", "1")
    assert dead.error.startswith("TryAgain: bank is down (test_worker.py:")

    mended.set()
    queue.send_again("deliver:1")
    wait_until(lambda: len(tries) == ATTEMPTS + 1, what="the run after sending again")
    assert queue.list_dead() == []


def test_what_a_failed_job_was_working_on_is_not_kept(
    sqlite_url: str, start_worker: StartWorker, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_argument: str) -> None:
        raise RuntimeError("6222100000000007") from ValueError("insert failed for 王小明")

    database, queue = Database(sqlite_url), DbosQueue(sqlite_url)
    put(database, queue, "print")
    start_worker(sqlite_url, {"print": fail})
    wait_until(queue.list_dead, what="the dead job")
    [dead] = queue.list_dead()
    assert dead.error.startswith("RuntimeError (test_worker.py:")
    queue.close()
    database.close()
    stored = b"".join(path.read_bytes() for path in Path(sa.make_url(sqlite_url).database or "").parent.iterdir())
    for secret in ("王小明", "6222100000000007"):
        assert secret.encode() not in stored
        assert secret not in caplog.text


def test_a_job_of_an_unknown_name_is_dead(
    database_url: str, database: Database, queue: DbosQueue, start_worker: StartWorker
) -> None:
    put(database, queue, "gone")
    start_worker(database_url, {})
    wait_until(queue.list_dead, what="the dead job")
    [dead] = queue.list_dead()
    assert "no job named gone" in dead.error


def test_no_more_jobs_of_one_bank_run_than_its_share(
    database_url: str, database: Database, queue: DbosQueue, start_worker: StartWorker
) -> None:
    running: list[str] = []
    let_go = threading.Event()

    def deliver(argument: str) -> None:
        running.append(argument)
        assert let_go.wait(30.0)

    for number in range(5):
        put(database, queue, "deliver", f"slow-{number}", queue="deliver", partition="01020000")
    worker = start_worker(database_url, {"deliver": deliver})
    wait_until(lambda: len(running) == 2, what="the share of the slow bank")
    put(database, queue, "deliver", "other", queue="deliver", partition="01030000")
    wait_until(lambda: "other" in running, what="the other bank's delivery")
    assert len(running) == 3
    let_go.set()
    wait_until(lambda: len(running) == 6, what="the rest")
    assert worker.stop(5.0)


def test_a_schedule_fires_at_its_times_and_outlives_a_failure(
    database_url: str, start_worker: StartWorker, queue: DbosQueue
) -> None:
    times: list[datetime] = []

    def fail(at: datetime) -> None:
        times.append(at)
        raise ZeroDivisionError

    start_worker(database_url, {}, {"sweep": Schedule(cron="* * * * * *", run=fail)})
    wait_until(lambda: len(times) >= 2, what="two ticks")
    assert all(at.tzinfo is UTC and at.microsecond == 0 for at in times)
    assert len(set(times)) == len(times)
    assert queue.list_dead() == []


def test_a_schedule_that_is_no_longer_there_stops(sqlite_url: str) -> None:
    old = Worker(sqlite_url, jobs={}, schedules={"old": Schedule(cron="* * * * * *", run=lambda _: None)})
    old.start()
    old.stop(0.0)
    new = Worker(sqlite_url, jobs={}, schedules={"new": Schedule(cron="* * * * * *", run=lambda _: None)})
    new.start()
    new.stop(0.0)
    with sa.create_engine(sqlite_url).connect() as connection:
        names = connection.execute(sa.text("SELECT schedule_name FROM workflow_schedules")).scalars().all()
    assert names == ["new"]


@pytest.mark.slow
def test_a_slow_schedule_never_runs_beside_itself(sqlite_url: str, start_worker: StartWorker) -> None:
    running: list[datetime] = []
    others: list[datetime] = []
    let_go = threading.Event()

    def slow(at: datetime) -> None:
        running.append(at)
        assert let_go.wait(30.0)

    every_second = "* * * * * *"
    worker = start_worker(
        sqlite_url,
        {},
        {
            "slow": Schedule(cron=every_second, run=slow),
            "other": Schedule(cron=every_second, run=others.append),
        },
    )
    wait_until(lambda: running and len(others) >= 4, what="four ticks of the other schedule")
    assert len(running) == 1
    let_go.set()
    wait_until(lambda: len(running) >= 2, what="the next tick")
    worker.stop(5.0)


@pytest.mark.slow
def test_pruning_forgets_the_runs_of_schedules(sqlite_url: str) -> None:
    times: list[datetime] = []
    worker = Worker(sqlite_url, jobs={}, schedules={"tick": Schedule(cron="* * * * * *", run=times.append)})
    worker.start()
    wait_until(lambda: len(times) >= 1, what="a tick")
    assert worker.stop(5.0)
    queue = DbosQueue(sqlite_url)
    assert queue.prune(datetime.now(UTC) + timedelta(hours=1)) >= 1
    queue.close()


def test_a_watch_is_kept_in_as_many_threads_as_it_says_and_goes_on_after_an_error(
    sqlite_url: str, start_worker: StartWorker
) -> None:
    together, met, seen = threading.Barrier(2), set[threading.Thread](), list[str]()

    def look() -> bool:
        if threading.current_thread() not in met:
            met.add(threading.current_thread())
            # Both threads are here at once, or the barrier breaks.
            together.wait(30.0)
        seen.append(threading.current_thread().name)
        if len(seen) < 5:
            raise ValueError("away")
        return len(seen) < 20

    start_worker(sqlite_url, {}, watches={"look": Watch(run=look, every_s=0.01, after_error_s=0.01, at_once=2)})
    wait_until(lambda: len(seen) >= 25, what="looks without anything to do")
    assert set(seen) == {"hub-watch-look"}


def test_a_watch_that_sleeps_is_run_when_the_question_names_it(
    database_url: str, database: Database, start_worker: StartWorker
) -> None:
    looked: list[int] = []

    def count() -> int:
        with database.reading() as session:
            return int(session.execute(sa.text("SELECT count(*) FROM note")).scalar_one())

    def look() -> bool:
        looked.append(count())
        return False

    watches = {"look": Watch(run=look, sleeps=True, every_s=0.01)}
    start_worker(database_url, {}, watches=watches, wake=lambda: ["look"] if count() else [])
    wait_until(lambda: looked, what="the first look")
    with database.writing() as session:
        session.execute(sa.text("INSERT INTO note VALUES ('one')"))
    wait_until(lambda: 1 in looked, what="a look after something was written")
    assert looked[:2] == [0, 1]


def test_stopping_waits_for_the_watch_in_hand(sqlite_url: str, start_worker: StartWorker) -> None:
    started, let_go, done = threading.Event(), threading.Event(), list[str]()

    def look() -> bool:
        started.set()
        assert let_go.wait(30.0)
        done.append("looked")
        return True

    worker = start_worker(sqlite_url, {}, watches={"look": Watch(run=look)})
    assert started.wait(30.0)
    threading.Timer(0.2, let_go.set).start()
    assert worker.stop(10.0)
    assert done == ["looked"]


def test_each_piece_of_work_gives_way_first(database: Database, queue: DbosQueue, database_url: str) -> None:
    happened: list[str] = []

    def look() -> bool:
        happened.append("look")
        return False

    worker = Worker(
        database_url,
        jobs={"work": lambda _: happened.append("work")},
        schedules={},
        watches={"look": Watch(run=look, every_s=3600.0)},
        polling_interval_s=0.05,
        give_way=lambda: happened.append("give way"),
    )
    worker.start()
    try:
        wait_until(lambda: "look" in happened, what="the look")
        put(database, queue, "work")
        wait_until(lambda: "work" in happened, what="the job")
    finally:
        worker.stop(5.0)
    assert happened == ["give way", "look", "give way", "work"]


def test_stopping_waits_for_the_job_in_hand(
    database_url: str, database: Database, queue: DbosQueue, start_worker: StartWorker
) -> None:
    started, let_go, finished = threading.Event(), threading.Event(), threading.Event()

    def work(_argument: str) -> None:
        started.set()
        assert let_go.wait(30.0)
        finished.set()

    put(database, queue, "work")
    worker = start_worker(database_url, {"work": work})
    assert started.wait(30.0)
    threading.Timer(0.2, let_go.set).start()
    assert worker.stop(10.0)
    assert finished.is_set()
    again: list[str] = []
    put(database, queue, "other")
    start_worker(database_url, {"work": again.append, "other": again.append})
    wait_until(lambda: again, what="the other job")
    assert again == ["1"]
    assert queue.list_dead() == []


def test_what_stopping_cut_short_runs_again(
    database_url: str, database: Database, queue: DbosQueue, start_worker: StartWorker
) -> None:
    started, let_go = threading.Event(), threading.Event()

    def work(_argument: str) -> None:
        started.set()
        let_go.wait(30.0)

    put(database, queue, "work", queue="documents")
    worker = start_worker(database_url, {"work": work})
    assert started.wait(30.0)
    assert not worker.stop(0.0)
    again: list[str] = []
    start_worker(database_url, {"work": again.append})
    wait_until(lambda: again == ["1"], what="the job that was cut short")
    let_go.set()
    wait_until(lambda: worker.stop(0.0), what="the thread of the stopped worker")


def test_one_process_has_one_worker(postgres_url: str, start_worker: StartWorker) -> None:
    start_worker(postgres_url, {})
    with pytest.raises(Unusable, match="already runs in this process"):
        start_worker(postgres_url, {})


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_database_that_is_not_migrated_is_refused_and_can_be_started_later(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'empty.db'}"
        sa.create_engine(url).connect().close()
    else:
        server = request.getfixturevalue("job_server")
        server.drop_database("empty")
        url = server.create_database("empty")
    migrated_url = request.getfixturevalue("sqlite_url" if kind == "sqlite" else "postgres_url")
    # Asked for last, so that the worker is stopped before its database goes.
    start_worker: StartWorker = request.getfixturevalue("start_worker")
    with pytest.raises(Unusable, match="hub db upgrade"):
        start_worker(url, {})
    start_worker(migrated_url, {})


@pytest.mark.slow
def test_a_worker_on_a_file_calls_nobody(
    sqlite_url: str, start_worker: StartWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _socket, address: called.append(address))
    times: list[datetime] = []
    worker = start_worker(sqlite_url, {}, {"tick": Schedule(cron="* * * * * *", run=times.append)})
    wait_until(lambda: times, what="a tick")
    worker.stop(5.0)
    assert called == []
