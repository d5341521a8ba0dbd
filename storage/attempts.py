"""Tries that are limited: counting them one after the other, taking back, forgetting."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from storage.records import AttemptRecord
from storage.transaction import Transaction


def lock(tx: Transaction, key: Iterable[bytes]) -> None:
    """Nobody else counts tries of these until the transaction ends. On SQLite it holds the only lock there is."""
    if tx.session.get_bind().dialect.name != "postgresql":
        return
    # In one order for everybody, so that none waits for one who waits for it.
    for number in sorted(int.from_bytes(each[:8], signed=True) for each in key):
        tx.session.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def list_since(tx: Transaction, key: bytes, since: datetime) -> list[tuple[datetime, int]]:
    """When tries were made after `since`, oldest first, and how many at once."""
    rows = tx.session.execute(
        sa.select(AttemptRecord.at, AttemptRecord.amount)
        .where(AttemptRecord.key == key, AttemptRecord.at > since)
        .order_by(AttemptRecord.at)
    )
    return [(at, amount) for at, amount in rows]


def add(tx: Transaction, records: Iterable[AttemptRecord]) -> None:
    """The tries are counted."""
    tx.session.add_all(records)
    tx.session.flush()


def take_back(tx: Transaction, ids: Iterable[str]) -> None:
    """Those tries count for nothing."""
    tx.session.execute(sa.delete(AttemptRecord).where(AttemptRecord.id.in_(list(ids))))


def forget(tx: Transaction, before: datetime) -> None:
    """What counts for nothing since then is gone."""
    tx.session.execute(sa.delete(AttemptRecord).where(AttemptRecord.expires_at < before))
