"""Codes that were sent to sign a matter of one person: writing, finding and forgetting them."""

from datetime import datetime

import sqlalchemy as sa

from storage.records import MatterCodeRecord
from storage.transaction import Transaction


def add(tx: Transaction, record: MatterCodeRecord) -> None:
    """The code can be used, until it is too old or tried too often."""
    tx.session.add(record)
    tx.session.flush()


def list_of(tx: Transaction, matter_id: str, *, since: datetime | None = None) -> list[MatterCodeRecord]:
    """The codes that were sent for a matter, after `since` where it is given, oldest first; locked.

    All but the newest are good for nothing.
    """
    query = sa.select(MatterCodeRecord).where(MatterCodeRecord.matter_id == matter_id)
    if since is not None:
        query = query.where(MatterCodeRecord.sent_at > since)
    query = query.order_by(MatterCodeRecord.sent_at, MatterCodeRecord.id)
    return list(tx.session.scalars(query.with_for_update()))


def forget_expired(tx: Transaction) -> None:
    """Codes that count no more are gone."""
    tx.session.execute(sa.delete(MatterCodeRecord).where(MatterCodeRecord.expires_at <= tx.now))
