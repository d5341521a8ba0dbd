"""What a worker asks of PostgreSQL while there is nothing to do: so many questions a look."""

from typing import Any

import pytest
import sqlalchemy as sa

from hub.jobs.engine import QueuesWithJobs, open_engine
from hub.jobs.port import QUEUES
from hub.services.operating import sweeps
from hub.wiring import Hub
from hub.work.jobs import sweeps_of, wake_of, watches_of
from tests.storage.owner import as_owner
from tests.storage.statements import sent_by

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def test_a_look_for_work_is_two_questions_and_no_transaction(hub: Hub) -> None:
    wake, engine = wake_of(hub), open_engine(hub.settings.database_url, pool_size=1)
    waiting = QueuesWithJobs(engine, [rule.name for rule in QUEUES])
    alone = list[bool]()

    def note(_connection: object, cursor: Any, *_rest: object) -> None:
        alone.append(cursor.connection.autocommit)

    for each in (hub.database.engine, engine):
        with each.connect():
            # What is asked once of a server is no matter.
            sa.event.listen(each, "before_cursor_execute", note)
    for _ in range(3):
        assert list(wake()) == list(waiting()) == []
    waiting.close()
    engine.dispose()
    assert alone == [True] * 6


def test_queues_are_asked_for_over_another_connection_once_one_is_lost(hub: Hub) -> None:
    engine = open_engine(hub.settings.database_url, pool_size=1)
    waiting = QueuesWithJobs(engine, ["default"])
    waiting()
    with as_owner(hub.settings.database_url) as connection:
        connection.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                "AND query LIKE '%workflow_status%' AND pid <> pg_backend_pid()"
            )
        )
    with pytest.raises(sa.exc.OperationalError):
        waiting()
    assert waiting() == []
    waiting.close()
    engine.dispose()


def test_a_sweep_that_finds_nothing_due_is_one_look(hub: Hub) -> None:
    sweeps.run_due(hub)
    begun: list[object] = []
    sa.event.listen(hub.database.engine, "begin", begun.append)
    with sent_by(hub.database.engine) as sent:
        assert sweeps.run_due(hub) == 0
    assert len(begun) == 1
    assert len(sent) < 40


def test_every_worker_judges_and_sends_and_one_looks_what_is_due(hub: Hub) -> None:
    assert {name for name, watch in sweeps_of(hub).items() if not watch.led} == {"send_mail", "send_sms"}
    assert {(watch.led, watch.sleeps) for watch in watches_of(hub).values()} == {(False, True)}
