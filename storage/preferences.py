"""What people chose for themselves: one row a person and way in, sealed, written whole each time."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from hub.domain.plain import from_plain, to_plain
from hub.domain.preferences import Preferences
from storage.database import added
from storage.records import PreferencesRecord, new_id
from storage.sealed_json import open_json, seal_json
from storage.transaction import Transaction


def find(
    tx: Transaction, owner_indexes: Sequence[bytes], *, client_id: str, lock: bool = False
) -> PreferencesRecord | None:
    """What the person chose who came in that way, also where its time is over; the newest under any key."""
    query = (
        sa.select(PreferencesRecord)
        .where(PreferencesRecord.owner_index.in_(owner_indexes), PreferencesRecord.client_id == client_id)
        .order_by(PreferencesRecord.changed_at.desc())
        .limit(1)
    )
    return tx.session.scalar(query.with_for_update() if lock else query)


def value_of(tx: Transaction, record: PreferencesRecord) -> Preferences:
    """What stands in the row."""
    return from_plain(Preferences, open_json(tx, record.body_sealed, table="preferences", column="body", row=record.id))


def save(tx: Transaction, record: PreferencesRecord, value: Preferences, *, expires_at: datetime) -> None:
    """`value` takes the place of what was chosen before, and is kept until `expires_at`."""
    record.body_sealed = _sealed(tx, record.id, value)
    record.changed_at = tx.now
    record.expires_at = expires_at
    tx.session.flush()


def add(tx: Transaction, owner_index: bytes, *, client_id: str, expires_at: datetime) -> PreferencesRecord | None:
    """A row in which nothing is chosen, or None where another transaction has just written one."""
    row = new_id()
    record = PreferencesRecord(
        id=row,
        owner_index=owner_index,
        client_id=client_id,
        body_sealed=_sealed(tx, row, Preferences()),
        changed_at=tx.now,
        expires_at=expires_at,
    )
    return record if added(tx.session, record) else None


def _sealed(tx: Transaction, row: str, value: Preferences) -> bytes:
    return seal_json(tx, to_plain(value), table="preferences", column="body", row=row)


def remove(tx: Transaction, owner_indexes: Sequence[bytes], *, client_id: str) -> None:
    """Nothing is known of what the person chose who came in that way."""
    tx.session.execute(
        sa.delete(PreferencesRecord).where(
            PreferencesRecord.owner_index.in_(owner_indexes), PreferencesRecord.client_id == client_id
        )
    )


def forget_expired(tx: Transaction) -> None:
    """Rows whose time is over are gone."""
    tx.session.execute(sa.delete(PreferencesRecord).where(PreferencesRecord.expires_at <= tx.now))
