"""Saved views of queues: each a name, sealed, and a query, of one account or of all of a bank."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from storage.records import Record, SavedViewRecord, new_id
from storage.transaction import Transaction

_TABLE = Record.metadata.tables["saved_view"]
_OF_PERSON = (
    sa.select(_TABLE.c.id, _TABLE.c.staff_id, _TABLE.c.name_sealed, _TABLE.c.query, _TABLE.c.counted)
    .where(
        _TABLE.c.bank_code == sa.bindparam("bank_code"),
        sa.or_(_TABLE.c.staff_id == sa.bindparam("staff_id"), _TABLE.c.staff_id.is_(None)),
    )
    .order_by(_TABLE.c.staff_id.is_(None), _TABLE.c.position, _TABLE.c.id)
)


def list_for(tx: Transaction, bank_code: str, staff_id: str) -> Sequence[sa.Row[Any, Any, Any, Any, Any]]:
    """What the account sees: id, staff_id, name_sealed, query and counted of its own views, then of those of all."""
    return tx.session.execute(_OF_PERSON, {"bank_code": bank_code, "staff_id": staff_id}).all()


def name_of(tx: Transaction, view_id: str, sealed: bytes) -> str:
    """What the view is called."""
    return tx.keyring.open_text(sealed, table="saved_view", column="name", row=view_id)


def add(tx: Transaction, *, bank_code: str, staff_id: str | None, made_by: str, name: str, query: str) -> str:
    """The view stands behind the others of its owner; gives its id."""
    last = tx.session.scalar(sa.select(sa.func.max(SavedViewRecord.position)).where(*_of(bank_code, staff_id)))
    record = SavedViewRecord(
        id=new_id(),
        bank_code=bank_code,
        staff_id=staff_id,
        query=query,
        position=(last or 0) + 1,
        counted=None,
        made_by=made_by,
        made_at=tx.now,
        name_sealed=b"",
    )
    rename(tx, record, name)
    tx.session.add(record)
    tx.session.flush()
    return record.id


def rename(tx: Transaction, record: SavedViewRecord, name: str) -> None:
    """The view is called so."""
    record.name_sealed = tx.keyring.seal(name, table="saved_view", column="name", row=record.id)


def list_of_owner(tx: Transaction, bank_code: str, staff_id: str | None) -> list[SavedViewRecord]:
    """The views of one account, or those of all of the bank, in their order; held."""
    query = (
        sa.select(SavedViewRecord)
        .where(*_of(bank_code, staff_id))
        .order_by(SavedViewRecord.position, SavedViewRecord.id)
        .with_for_update()
    )
    return list(tx.session.scalars(query))


def find(tx: Transaction, view_id: str) -> SavedViewRecord | None:
    """The view of that id, whosever it is."""
    return tx.session.get(SavedViewRecord, view_id)


def remove(tx: Transaction, record: SavedViewRecord) -> None:
    """The view is gone."""
    tx.session.delete(record)
    tx.session.flush()


def list_to_count(tx: Transaction, bank_code: str, most: int) -> list[SavedViewRecord]:
    """The bank's views, those of all first, then the newest; `most` of them."""
    query = (
        sa.select(SavedViewRecord)
        .where(SavedViewRecord.bank_code == bank_code)
        .order_by(SavedViewRecord.staff_id.is_not(None), SavedViewRecord.id.desc())
        .limit(most)
    )
    return list(tx.session.scalars(query))


def set_counts(tx: Transaction, counts: Sequence[tuple[str, int]]) -> None:
    """So many are in each view, by its id; one that is gone stays gone."""
    for view_id, number in counts:
        tx.session.execute(sa.update(SavedViewRecord).where(SavedViewRecord.id == view_id).values(counted=number))


def _of(bank_code: str, staff_id: str | None) -> tuple[sa.ColumnElement[bool], ...]:
    return SavedViewRecord.bank_code == bank_code, SavedViewRecord.staff_id == staff_id
