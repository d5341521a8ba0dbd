"""How the work of dead workers is found, on a real PostgreSQL. Pins the engine's private recovery call."""

import threading
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from hub.jobs.engine import DbosQueue
from hub.jobs.lease import SlotLease
from hub.jobs.recovery import recover_dead_workers
from hub.jobs.worker import MAX_RECOVERIES, Worker
from storage.database import Database
from tests.jobs.conftest import StartWorker, put
from tests.jobs.waiting import wait_until

Abandoned = Callable[..., tuple[Database, DbosQueue]]


def abandon(database: Database, key: str, *, executor_id: str, taken: int) -> None:
    """The job is in the hands of that executor, which took it as the last of so many."""
    with database.writing() as session:
        session.execute(
            sa.text(
                "UPDATE dbos.workflow_status SET status = 'PENDING', executor_id = :executor, "
                "recovery_attempts = :taken WHERE workflow_uuid = :key"
            ),
            {"executor": executor_id, "taken": taken, "key": key},
        )


@pytest.fixture
def abandoned(postgres_url: str) -> Iterator[Abandoned]:
    """Puts in a job that is in the hands of a dead executor, and was taken so many times before."""
    database, queue = Database(postgres_url), DbosQueue(postgres_url)

    def make(taken: int, executor_id: str = "slot-9") -> tuple[Database, DbosQueue]:
        put(database, queue, "work", queue="deliver", partition="01020000")
        abandon(database, "work:1", executor_id=executor_id, taken=taken)
        return database, queue

    yield make
    queue.close()
    database.close()


def recoveries(database: Database) -> int:
    with database.reading() as session:
        query = sa.text("SELECT recovery_attempts FROM dbos.workflow_status WHERE workflow_uuid = 'work:1'")
        count: int = session.execute(query).scalar_one()
        return count


@pytest.mark.parametrize("executor_id", ["slot-9", "embedded"])
def test_the_work_of_a_dead_worker_is_taken_over_and_keeps_its_count(
    postgres_url: str, abandoned: Abandoned, start_worker: StartWorker, executor_id: str
) -> None:
    database, _queue = abandoned(taken=3, executor_id=executor_id)
    ran: list[str] = []
    start_worker(postgres_url, {"work": ran.append}, sweep_interval_s=0.05)
    wait_until(lambda: ran == ["1"], what="the abandoned job")
    assert recoveries(database) == 4


def test_a_job_that_kills_its_workers_is_dead_and_can_be_sent_again(
    postgres_url: str, abandoned: Abandoned, start_worker: StartWorker
) -> None:
    _database, queue = abandoned(taken=MAX_RECOVERIES + 1)
    ran: list[str] = []
    start_worker(postgres_url, {"work": ran.append}, sweep_interval_s=0.05)
    wait_until(queue.list_dead, what="the dead job")
    assert ran == []
    [dead] = queue.list_dead()
    assert (dead.name, dead.argument) == ("work", "1")
    assert "worker died" in dead.error

    queue.send_again("work:1")
    wait_until(lambda: ran == ["1"], what="the job sent again")


def test_the_work_of_a_living_worker_is_left_alone(
    postgres_url: str, abandoned: Abandoned, start_worker: StartWorker
) -> None:
    database, _queue = abandoned(taken=1, executor_id="slot-2")
    start_worker(postgres_url, {"work": lambda _: None})
    living, looking = SlotLease(sa.make_url(postgres_url)), SlotLease(sa.make_url(postgres_url))
    assert living.executor_id == "slot-2"

    def status() -> str:
        with database.reading() as session:
            query = sa.text("SELECT status FROM dbos.workflow_status WHERE workflow_uuid = 'work:1'")
            found: str = session.execute(query).scalar_one()
            return found

    recover_dead_workers(looking)
    assert status() == "PENDING"
    living.release()
    recover_dead_workers(looking)
    wait_until(lambda: status() == "SUCCESS", what="the job of the released slot")
    looking.release()


def test_a_worker_whose_slot_was_taken_is_told_and_says_so(postgres_url: str, caplog: pytest.LogCaptureFixture) -> None:
    lost = threading.Event()
    worker = Worker(postgres_url, jobs={}, schedules={}, sweep_interval_s=0.05, on_lost=lost.set)
    worker.start()
    thief = SlotLease(sa.make_url(postgres_url))
    database = Database(postgres_url)
    with database.writing() as session:
        # The other lease waits for slot 1 on the server, so that it has it the moment its holder is gone.
        waiting = threading.Thread(
            target=lambda: thief._connection.execute(sa.text("SELECT pg_advisory_lock(7001, 1)"))
        )
        waiting.start()
        holder = sa.text(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' "
            "AND classid = 7001 AND objid = 1 AND granted"
        )
        blocked = sa.text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        wait_until(lambda: session.execute(blocked).scalar_one(), what="the thief to wait")
        session.execute(holder)
    waiting.join(30.0)
    assert lost.wait(30.0)
    assert "another worker has this one's place" in caplog.text
    worker.stop(0.0)
    thief.release()
    database.close()
