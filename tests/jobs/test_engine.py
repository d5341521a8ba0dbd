from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hub.domain.errors import InvalidValue, NotFound
from hub.jobs.engine import DbosQueue, migrate, queues_with_jobs_query
from hub.jobs.port import Job
from storage.database import Database
from tests.jobs.draining import run_waiting


def job(key: str = "print:1", **fields: str) -> Job:
    return Job(**{"name": "print", "key": key, "argument": "1"} | fields)


def put(database: Database, queue: DbosQueue, *jobs: Job) -> None:
    with database.writing() as session:
        for each in jobs:
            queue.enqueue(session, each)


def test_a_rolled_back_transaction_leaves_neither_row_nor_job(database: Database, queue: DbosQueue) -> None:
    def write_and_fail(session: Session) -> None:
        session.execute(sa.text("INSERT INTO note VALUES ('written')"))
        queue.enqueue(session, job())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), database.writing() as session:
        write_and_fail(session)
    with database.reading() as session:
        assert session.execute(sa.text("SELECT count(*) FROM note")).scalar() == 0
    assert queue.count_waiting() == {}


def test_a_committed_transaction_leaves_both(database: Database, queue: DbosQueue) -> None:
    with database.writing() as session:
        session.execute(sa.text("INSERT INTO note VALUES ('before')"))
        queue.enqueue(session, job())
        session.execute(sa.text("INSERT INTO note VALUES ('after')"))
    with database.reading() as session:
        assert session.execute(sa.text("SELECT count(*) FROM note")).scalar() == 2
    assert queue.count_waiting() == {"default": 1}


def test_a_key_put_in_twice_is_one_job(database: Database, queue: DbosQueue) -> None:
    put(database, queue, job(), job())
    put(database, queue, job())
    assert queue.count_waiting() == {"default": 1}


def test_a_key_of_a_finished_job_is_not_run_again(database: Database, queue: DbosQueue) -> None:
    ran: list[str] = []
    for _ in range(2):
        put(database, queue, job())
        run_waiting(database.engine, {"print": ran.append})
    assert ran == ["1"]


@pytest.mark.parametrize(
    "fields",
    [
        {"queue": "nowhere"},
        {"queue": "default", "partition": "01020000"},
        {"queue": "deliver"},
    ],
    ids=["no such queue", "a partition too many", "a partition missing"],
)
def test_a_job_that_no_worker_would_take_is_refused(sqlite_url: str, fields: dict[str, str]) -> None:
    database, queue = Database(sqlite_url), DbosQueue(sqlite_url)
    with pytest.raises(InvalidValue, match="job_queue"), database.writing() as session:
        queue.enqueue(session, job(**fields))
    queue.close()
    database.close()


def test_waiting_jobs_are_counted_by_queue(database: Database, queue: DbosQueue) -> None:
    assert queue.oldest_waiting_s() == 0.0
    put(database, queue, job("a"), job("b"), job("c", queue="deliver", partition="01020000"))
    assert queue.count_waiting() == {"default": 2, "deliver": 1}
    assert 0.0 <= queue.oldest_waiting_s() < 60.0


def test_the_desk_answers_while_another_transaction_writes(database: Database, queue: DbosQueue) -> None:
    with database.writing() as session:
        queue.enqueue(session, job())
        assert queue.list_dead() == []
        assert queue.count_waiting() == {}


def test_draining_runs_jobs_in_order_and_those_they_put_in(database: Database, queue: DbosQueue) -> None:
    ran: list[str] = []

    def first(argument: str) -> None:
        ran.append(argument)
        put(database, queue, job("later", name="second", argument="3"))

    jobs = [job("z", name="first"), job("a", name="second", argument="2")]
    put(database, queue, *jobs)
    assert run_waiting(database.engine, {"first": first, "second": ran.append}) == 3
    assert ran == ["1", "2", "3"]
    assert run_waiting(database.engine, {}) == 0


def test_a_job_that_fails_in_draining_is_dead_and_can_be_sent_again(database: Database, queue: DbosQueue) -> None:
    def fail(argument: str) -> None:
        raise ZeroDivisionError("broken " + argument)

    put(database, queue, job("k", queue="deliver", partition="01020000"))
    with pytest.raises(ZeroDivisionError):
        run_waiting(database.engine, {"print": fail})
    [dead] = queue.list_dead()
    assert (dead.key, dead.name, dead.argument, dead.error) == ("k", "print", "1", "broken 1")
    assert abs(dead.since - datetime.now(UTC)) < timedelta(minutes=1)

    queue.send_again("k")
    assert queue.list_dead() == []
    assert queue.count_waiting() == {"deliver": 1}
    assert run_waiting(database.engine, {"print": lambda _: None}) == 1


@pytest.mark.parametrize("key", ["waiting", "finished", "unknown"])
def test_only_a_dead_job_is_sent_again(database: Database, queue: DbosQueue, key: str) -> None:
    put(database, queue, job("finished"))
    run_waiting(database.engine, {"print": lambda _: None})
    put(database, queue, job("waiting"))
    with pytest.raises(NotFound):
        queue.send_again(key)


def test_pruning_forgets_finished_jobs_and_keeps_waiting_and_dead_ones(database: Database, queue: DbosQueue) -> None:
    put(database, queue, job("finished"))
    run_waiting(database.engine, {"print": lambda _: None})
    put(database, queue, job("dead", name="fail"))
    with pytest.raises(KeyError):
        run_waiting(database.engine, {})
    put(database, queue, job("waiting"))

    now = datetime.now(UTC)
    assert queue.prune(now - timedelta(hours=1)) == 0
    assert queue.prune(now + timedelta(hours=1)) == 1
    assert [dead.key for dead in queue.list_dead()] == ["dead"]
    put(database, queue, job("finished"))
    assert queue.count_waiting() == {"default": 2}


def test_migrating_again_changes_nothing(database: Database, database_url: str) -> None:
    migrate(database_url)
    with database.reading() as session:
        assert session.execute(sa.text("SELECT count(*) FROM note")).scalar() == 0


def test_whether_jobs_wait_is_read_in_an_index(sqlite_url: str) -> None:
    engine = sa.create_engine(sqlite_url)
    query = queues_with_jobs_query(engine, ["default", "deliver"])
    text = str(query.compile(engine, compile_kwargs={"literal_binds": True}))
    with engine.connect() as connection:
        [step] = connection.execute(sa.text(f"EXPLAIN QUERY PLAN {text}"))
    engine.dispose()
    assert "USING COVERING INDEX" in step.detail
