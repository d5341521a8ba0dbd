"""A row of the job tables that somebody wrote by hand runs nothing but a job that the hub has."""

import base64
import pickle
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from dbos._serialization import DBOSDefaultSerializer

from hub.domain.errors import InvalidValue
from hub.jobs.engine import DbosQueue, open_engine, runs_of
from storage.database import Database
from tests.jobs.conftest import StartWorker, put
from tests.jobs.waiting import wait_until


class Touching:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


def forge(database_url: str, key: str, written: str, how: str = "portable_json") -> None:
    """The waiting job of that key says something else, as whoever may write to the database can have it."""
    engine = open_engine(database_url, pool_size=1)
    schema = runs_of(engine).schema
    changes = {"workflow_status": {"serialization": how}, "workflow_input": {"inputs": written}}
    with engine.begin() as connection:
        for name, values in changes.items():
            table = sa.table(name, *(sa.column(each) for each in ("workflow_uuid", *values)), schema=schema)
            changed = connection.execute(sa.update(table).where(table.c.workflow_uuid == key).values(values))
            assert changed.rowcount == 1
    engine.dispose()


def test_what_is_pickled_is_neither_run_nor_read_and_holds_up_nobody(
    database_url: str, database: Database, queue: DbosQueue, start_worker: StartWorker, tmp_path: Path
) -> None:
    ran: list[str] = []
    made = tmp_path / "made"
    put(database, queue, "print", "forged")
    pickled = base64.b64encode(pickle.dumps({"args": (Touching(made),), "kwargs": {}})).decode()
    forge(database_url, "print:forged", pickled, "py_pickle")
    put(database, queue, "print", "honest")
    worker = start_worker(database_url, {"print": ran.append})
    wait_until(lambda: "honest" in ran, what="the honest job")
    assert not made.exists()
    # The desk of the operator looks at the rows too.
    queue.list_dead()
    assert worker.stop(5.0)
    assert not made.exists()


def test_a_job_that_names_a_function_of_something_else_is_dead(
    database_url: str, database: Database, queue: DbosQueue, start_worker: StartWorker, tmp_path: Path
) -> None:
    made = tmp_path / "made"
    put(database, queue, "print", "1")
    forge(database_url, "print:1", f'{{"positionalArgs":["os.mkdir","{made}","default"],"namedArgs":{{}}}}')
    start_worker(database_url, {"print": lambda _: None})
    wait_until(queue.list_dead, what="the dead job")
    [dead] = queue.list_dead()
    assert dead.error.startswith("this version of the hub has no job named os.mkdir")
    assert not made.exists()


def test_the_engine_reads_and_writes_no_pickle_in_any_process_that_knows_it() -> None:
    for deed in (DBOSDefaultSerializer.deserialize, DBOSDefaultSerializer.serialize):
        with pytest.raises(InvalidValue):
            deed(base64.b64encode(pickle.dumps("anything")).decode())
