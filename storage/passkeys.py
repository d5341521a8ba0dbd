"""Passkeys of staff: writing down and finding."""

from collections.abc import Sequence

import sqlalchemy as sa

from storage.records import PasskeyRecord
from storage.transaction import Transaction


def add(tx: Transaction, record: PasskeyRecord) -> None:
    """The passkey can be used."""
    tx.session.add(record)
    tx.session.flush()


def list_of(tx: Transaction, staff_id: str) -> Sequence[PasskeyRecord]:
    """The account's passkeys, the first one first."""
    return tx.session.scalars(
        sa.select(PasskeyRecord).where(PasskeyRecord.staff_id == staff_id).order_by(PasskeyRecord.id)
    ).all()


def holders(tx: Transaction, staff_ids: Sequence[str]) -> set[str]:
    """Those of the accounts that have a passkey."""
    found = sa.select(PasskeyRecord.staff_id).where(PasskeyRecord.staff_id.in_(staff_ids)).distinct()
    return set(tx.session.scalars(found))


def find(tx: Transaction, credential_id: bytes) -> PasskeyRecord | None:
    """The passkey that the device calls so, locked."""
    return tx.session.scalar(
        sa.select(PasskeyRecord)
        .where(PasskeyRecord.credential_id == credential_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def remove(tx: Transaction, staff_id: str, passkey_id: str) -> bool:
    """The account's passkey is gone; false where it has none of that id."""
    record = tx.session.get(PasskeyRecord, passkey_id)
    if record is None or record.staff_id != staff_id:
        return False
    tx.session.delete(record)
    tx.session.flush()
    return True


def forget(tx: Transaction, staff_id: str) -> None:
    """The account has no passkeys."""
    tx.session.execute(sa.delete(PasskeyRecord).where(PasskeyRecord.staff_id == staff_id))
