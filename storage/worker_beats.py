"""Beats of workers: each says in a row of its own that it is there, and whoever watches sees how long ago that was."""

from datetime import datetime

import sqlalchemy as sa

from storage.database import added
from storage.records import WorkerBeatRecord
from storage.transaction import Transaction


def beat(tx: Transaction, name: str, *, started_at: datetime, at: datetime) -> None:
    """The worker of that name, which began at `started_at`, is there `at` that time."""
    table = WorkerBeatRecord
    said = sa.update(table).where(table.name == name).values(started_at=started_at, at=at)
    if not tx.session.execute(said).rowcount:  # type: ignore[attr-defined]  # a result of an update has one
        added(tx.session, WorkerBeatRecord(name=name, started_at=started_at, at=at))


def end(tx: Transaction, name: str, *, started_at: datetime) -> None:
    """The worker that began then is none any more; one that has taken its name since stays."""
    table = WorkerBeatRecord
    tx.session.execute(sa.delete(table).where(table.name == name, table.started_at == started_at))


def forget(tx: Transaction, *, before: datetime) -> None:
    """Workers that have said nothing since then are forgotten."""
    tx.session.execute(sa.delete(WorkerBeatRecord).where(WorkerBeatRecord.at < before))


def last_beats(tx: Transaction) -> dict[str, datetime]:
    """When each worker last said that it is there, by its name."""
    table = WorkerBeatRecord
    return dict(tx.session.execute(sa.select(table.name, table.at).order_by(table.name)).all())
