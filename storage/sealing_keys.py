"""Which keys the database was sealed with, so that a lost or wrong one is noticed before anything else is sealed.

A row for each key that ever came first: its id, and a check value that only its secret gives.
"""

import hmac
from collections.abc import Iterator, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hub.domain.errors import EvidenceDamaged, KeysUnusable
from storage.records import Record, SealingKeyRecord
from storage.sealing import Keyring, key_id_of


def holds_anything(session: Session) -> bool:
    """Whether any table holds a row; also of a database that has no tables yet, or not all of them."""
    there = set(sa.inspect(session.connection()).get_table_names())
    return any(
        session.scalar(sa.select(sa.exists(sa.select(sa.literal(1)).select_from(table))))
        for table in Record.metadata.sorted_tables
        if table.name in there
    )


def require(session: Session, keyring: Keyring, *, place: str) -> bool:
    """Whether the first key of the ring is noted already; raises `KeysUnusable` where the ring lacks a key.

    A database that notes no key is asked for the oldest and the newest of every kind of sealed value. `place` is where
    the operator gives the keys.
    """
    checks = keyring.check_values()
    noted = {record.key_id: record.check_value for record in session.scalars(sa.select(SealingKeyRecord))}
    used: Mapping[str, bytes | None] = noted or {
        key_id: checks.get(key_id) for key_id in _ids_of_sealed_values(session)
    }
    lacking = [
        key_id
        for key_id, value in used.items()
        if value is None or key_id not in checks or not hmac.compare_digest(checks[key_id], value)
    ]
    if lacking:
        raise KeysUnusable(
            f"The database was sealed with key {', '.join(sorted(lacking))}, which {place} does not hold: "
            "put its secret back, behind the others; nothing was changed"
        )
    return next(iter(checks)) in noted


def note(session: Session, keyring: Keyring, at: datetime) -> None:
    """The first key of the ring is noted, and every other of it that sealed something before keys were noted."""
    checks = keyring.check_values()
    noted = set(session.scalars(sa.select(SealingKeyRecord.key_id)))
    used = set() if noted else set(_ids_of_sealed_values(session))
    for key_id in ({next(iter(checks))} | used) - noted:
        session.add(SealingKeyRecord(key_id=key_id, check_value=checks[key_id], first_used_at=at))
    session.flush()


def list_noted(session: Session) -> list[tuple[str, datetime]]:
    """(id, since when it sealed first) of each key that ever came first, the newest first."""
    query = sa.select(SealingKeyRecord.key_id, SealingKeyRecord.first_used_at)
    return [(id_, at) for id_, at in session.execute(query.order_by(SealingKeyRecord.first_used_at.desc()))]


def _ids_of_sealed_values(session: Session) -> Iterator[str]:
    for table in Record.metadata.sorted_tables:
        key = list(table.primary_key.columns)
        for column in table.columns:
            if not column.name.endswith("_sealed"):
                continue
            for order in ([each.asc() for each in key], [each.desc() for each in key]):
                value = session.scalar(sa.select(column).where(column.is_not(None)).order_by(*order).limit(1))
                if value is not None:
                    try:
                        yield key_id_of(value)
                    except EvidenceDamaged:
                        # `hub check` names what is damaged; it says nothing of the keys.
                        continue
