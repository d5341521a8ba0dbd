"""Runs the jobs that wait in the real tables, here and now, for tests that want no worker."""

import json
from collections.abc import Callable, Mapping

import sqlalchemy as sa

from hub.jobs.engine import RUN_JOB


def run_waiting(engine: sa.Engine, jobs: Mapping[str, Callable[[str], None]]) -> int:
    """No job waits any more, those put in by others included; says how many ran, ordered by when they came.

    Each runs once, outside any transaction. One that raises is dead, as after a worker's last attempt, and
    the error comes out here.
    """
    ran = 0
    while waiting := list_waiting(engine):
        for key, name, argument in waiting:
            try:
                jobs[name](argument)
            except BaseException as error:
                finish(engine, key, "ERROR", error)
                raise
            finish(engine, key, "SUCCESS", None)
            ran += 1
    return ran


def list_waiting(engine: sa.Engine) -> list[tuple[str, str, str]]:
    """(key, name, argument) of each waiting job, ordered by when they came."""
    # Several jobs of one moment bear the same time, so the order is that of the rows on disk.
    on_sqlite = engine.dialect.name == "sqlite"
    schema, place = ("", "rowid") if on_sqlite else ("dbos.", "ctid")
    query = (
        f"SELECT run.workflow_uuid, input.inputs FROM {schema}workflow_status run "
        f"JOIN {schema}workflow_input input ON input.workflow_uuid = run.workflow_uuid "
        "WHERE run.status IN ('ENQUEUED', 'DELAYED') AND run.name = :name "
        f"ORDER BY run.created_at, run.{place}"
    )
    with engine.connect() as connection:
        found = connection.execute(sa.text(query), {"name": RUN_JOB}).all()
    jobs = [(key, json.loads(inputs)["positionalArgs"]) for key, inputs in found]
    return [(key, name, argument) for key, (name, argument, _queue) in jobs]


def finish(engine: sa.Engine, key: str, status: str, error: BaseException | None) -> None:
    """The job waits no longer: it ended with that status."""
    on_sqlite = engine.dialect.name == "sqlite"
    schema = "" if on_sqlite else "dbos."
    now_ms = (
        "CAST(strftime('%s', 'now') AS INTEGER) * 1000" if on_sqlite
        else "CAST(extract(epoch FROM now()) * 1000 AS bigint)"
    )  # fmt: skip
    failure = error and json.dumps({"name": type(error).__name__, "message": str(error)})
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                f"UPDATE {schema}workflow_status SET status = :status, completed_at = {now_ms}, "
                f"updated_at = {now_ms} WHERE workflow_uuid = :key"
            ),
            {"status": status, "key": key},
        )
        connection.execute(
            sa.text(f"INSERT INTO {schema}workflow_output (workflow_uuid, error) VALUES (:key, :failure)"),
            {"key": key, "failure": failure},
        )
