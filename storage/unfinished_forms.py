"""Forms as they were left, sound or not: sealed, one for each person and address, written whole each time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.database import added
from storage.records import Record, UnfinishedFormRecord, new_id
from storage.sealed_json import open_json, seal_json
from storage.transaction import Transaction

_TABLE = UnfinishedFormRecord.__tablename__
_COLUMNS = Record.metadata.tables[_TABLE].c
# Made once: every queue asks it.
_ADDRESSES = sa.select(_COLUMNS.address).where(
    _COLUMNS.owner_index.in_(sa.bindparam("owners", expanding=True)),
    _COLUMNS.client_id == sa.bindparam("client_id"),
    _COLUMNS.held.is_(False),
    _COLUMNS.expires_at > sa.bindparam("at"),
    sa.func.substr(_COLUMNS.address, 1, sa.bindparam("length")) == sa.bindparam("below"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormOwner:
    """Whose a form is: keyed hashes under old keys and new, and the way they came in."""

    indexes: Sequence[bytes]
    client_id: str


def owner_of_staff(tx: Transaction, staff_id: str, *, bank_code: str | None) -> FormOwner:
    """Whose the forms of that account are; an operator has no bank."""
    return FormOwner(indexes=tx.keyring.indexes(staff_id, purpose="staff_form"), client_id=bank_code or "hub")


def list_below(tx: Transaction, owner: FormOwner, address: str, *, held: bool = False) -> list[UnfinishedFormRecord]:
    """The owner's forms whose address begins with `address`, also those whose time is over."""
    query = sa.select(UnfinishedFormRecord).where(
        UnfinishedFormRecord.owner_index.in_(owner.indexes),
        UnfinishedFormRecord.client_id == owner.client_id,
        UnfinishedFormRecord.held == held,
        UnfinishedFormRecord.address.startswith(address, autoescape=True),
    )
    return list(tx.session.scalars(query))


def list_addresses(tx: Transaction, owner: FormOwner, address: str, *, at: datetime) -> list[str]:
    """The addresses of the owner's forms that begin with `address` and are kept beyond `at`."""
    values = {
        "owners": list(owner.indexes),
        "client_id": owner.client_id,
        "at": at,
        "below": address,
        "length": len(address),
    }
    return list(tx.session.scalars(_ADDRESSES, values))


def find(
    tx: Transaction, owner: FormOwner, address: str, *, held: bool = False, lock: bool = False
) -> UnfinishedFormRecord | None:
    """The owner's form of that address, also one whose time is over."""
    query = sa.select(UnfinishedFormRecord).where(
        UnfinishedFormRecord.owner_index.in_(owner.indexes),
        UnfinishedFormRecord.client_id == owner.client_id,
        UnfinishedFormRecord.held == held,
        UnfinishedFormRecord.address == address,
    )
    return tx.session.scalar(query.with_for_update() if lock else query)


def find_by_id(tx: Transaction, form_id: str) -> UnfinishedFormRecord | None:
    """The form of that id, locked."""
    return tx.session.get(UnfinishedFormRecord, form_id, with_for_update=True)


def values_of(tx: Transaction, record: UnfinishedFormRecord) -> Any:
    """What was typed, as plain data."""
    return open_json(tx, record.values_sealed, table=_TABLE, column="values", row=record.id)


def save(
    tx: Transaction, owner: FormOwner, address: str, values: Any, *, held: bool = False, at: datetime, until: datetime
) -> str:
    """`values` take the place of what was kept there before, until then; gives the form's id."""
    record = find(tx, owner, address, held=held, lock=True)
    if record is None:
        form_id = new_id()
        fresh = UnfinishedFormRecord(
            id=form_id,
            owner_index=owner.indexes[0],
            client_id=owner.client_id,
            address=address,
            held=held,
            values_sealed=_sealed(tx, form_id, values),
            changed_at=at,
            expires_at=until,
        )
        if added(tx.session, fresh):
            return form_id
        # Another of the person's windows has begun it in this moment.
        record = find(tx, owner, address, held=held, lock=True)
        if record is None:
            return form_id
    record.values_sealed = _sealed(tx, record.id, values)
    record.changed_at, record.expires_at = at, until
    tx.session.flush()
    return record.id


def _sealed(tx: Transaction, form_id: str, values: Any) -> bytes:
    return seal_json(tx, values, table=_TABLE, column="values", row=form_id)


def remove(tx: Transaction, record: UnfinishedFormRecord) -> None:
    """The form is gone."""
    tx.session.delete(record)
    tx.session.flush()


def forget_all(tx: Transaction, owner: FormOwner) -> None:
    """Nothing is kept of the owner's forms, held ones neither."""
    tx.session.execute(
        sa.delete(UnfinishedFormRecord).where(
            UnfinishedFormRecord.owner_index.in_(owner.indexes), UnfinishedFormRecord.client_id == owner.client_id
        )
    )


def forget_oldest(tx: Transaction, owner: FormOwner, *, beyond: int) -> None:
    """Of the owner's forms that are not held the newest are left, so many as `beyond` says."""
    older = (
        sa.select(UnfinishedFormRecord.id)
        .where(
            UnfinishedFormRecord.owner_index.in_(owner.indexes),
            UnfinishedFormRecord.client_id == owner.client_id,
            UnfinishedFormRecord.held.is_(False),
        )
        .order_by(UnfinishedFormRecord.changed_at.desc(), UnfinishedFormRecord.id.desc())
        .offset(beyond)
    )
    old = tx.session.scalars(older).all()
    if old:
        tx.session.execute(sa.delete(UnfinishedFormRecord).where(UnfinishedFormRecord.id.in_(old)))


def forget_expired(tx: Transaction, *, kept_before: datetime, held_before: datetime) -> None:
    """Forms whose time was over then are gone; those held for a sign-in by a time of their own."""
    for held, before in ((False, kept_before), (True, held_before)):
        tx.session.execute(
            sa.delete(UnfinishedFormRecord).where(
                UnfinishedFormRecord.held == held, UnfinishedFormRecord.expires_at <= before
            )
        )
