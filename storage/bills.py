"""Bills of people's cards: finding and writing them. The only writer of a bill's status."""

from collections.abc import Sequence
from datetime import date, datetime, time

import sqlalchemy as sa

from hub.domain.bill import KEPT_AFTER_DUE, Bill, BillContents, BillEvent, BillSource, BillStatus, next_status
from hub.domain.bill_reminder import BillReminder
from hub.domain.china import china_instant
from hub.domain.plain import from_plain, to_plain
from storage.database import added
from storage.records import BillRecord, new_id
from storage.sealed_json import open_json, seal_json
from storage.spans import WHOLE, Span
from storage.transaction import Transaction

_TABLE = "bill"


def find(tx: Transaction, name: str, *, client_id: str) -> BillRecord | None:
    """The client's bill of that name, whoever's it is; locked."""
    query = sa.select(BillRecord).where(BillRecord.client_id == client_id, BillRecord.name == name)
    return tx.session.scalar(query.with_for_update())


def list_of(
    tx: Transaction,
    owner_indexes: Sequence[bytes],
    *,
    client_id: str,
    first: date = date.min,
    last: date = date.max,
    lock: bool = False,
) -> list[BillRecord]:
    """The person's bills with a day from `first` to `last`, the earliest first."""
    query = (
        sa.select(BillRecord)
        .where(
            BillRecord.owner_index.in_(owner_indexes),
            BillRecord.client_id == client_id,
            BillRecord.due_on.between(first, last),
        )
        .order_by(BillRecord.due_on, BillRecord.id)
    )
    return list(tx.session.scalars(query.with_for_update() if lock else query))


def add(
    tx: Transaction,
    owner_index: bytes,
    *,
    client_id: str,
    name: str,
    source: BillSource,
    contents: BillContents,
    consent_id: str | None = None,
) -> BillRecord | None:
    """An open bill with these contents, or None where another transaction has just written one of that name."""
    row = new_id()
    record = BillRecord(
        id=row,
        name=name,
        owner_index=owner_index,
        client_id=client_id,
        bank_code=contents.bank_code,
        source=source,
        status=BillStatus.OPEN,
        due_on=contents.due_on,
        as_of=tx.now,
        consent_id=consent_id,
        contents_sealed=_sealed(tx, row, contents),
        changed_at=tx.now,
        expires_at=_expires_at(tx, contents),
    )
    return record if added(tx.session, record) else None


def save(tx: Transaction, record: BillRecord, contents: BillContents) -> None:
    """`contents` take the place of what the bill said; its status follows by `apply_event`."""
    record.bank_code = contents.bank_code
    record.due_on = contents.due_on
    record.contents_sealed = _sealed(tx, record.id, contents)
    record.as_of = record.changed_at = tx.now
    record.expires_at = _expires_at(tx, contents)


def set_told(record: BillRecord, as_of: datetime) -> None:
    """What the bill says is of that moment."""
    record.as_of = as_of


def apply_event(tx: Transaction, record: BillRecord, event: BillEvent) -> None:
    """The bill's status is what `event` leads to; raises `StatusConflict`."""
    record.status = next_status(BillStatus(record.status), event)
    record.changed_at = tx.now
    tx.session.flush()


def value_of(tx: Transaction, record: BillRecord) -> Bill:
    """The bill that the row holds."""
    return Bill(
        id=record.name,
        source=BillSource(record.source),
        status=BillStatus(record.status),
        contents=contents_of(tx, record),
        as_of=record.as_of,
    )


def contents_of(tx: Transaction, record: BillRecord) -> BillContents:
    """What the bill says."""
    plain = open_json(tx, record.contents_sealed, table=_TABLE, column="contents", row=record.id)
    return from_plain(BillContents, plain)


def lock(tx: Transaction, bill_id: str) -> BillRecord | None:
    """The bill with the id of its row, locked; None where it is gone."""
    return tx.session.get(BillRecord, bill_id, with_for_update=True, populate_existing=True)


def set_reminder(tx: Transaction, record: BillRecord, reminder: BillReminder | None) -> None:
    """What the person wants to be told of the bill; None for nothing."""
    plain = None if reminder is None else to_plain(reminder)
    record.reminder_sealed = (
        None if plain is None else seal_json(tx, plain, table=_TABLE, column="reminder", row=record.id)
    )
    record.changed_at = tx.now


def reminder_of(tx: Transaction, record: BillRecord) -> BillReminder | None:
    """What the person wants to be told of the bill."""
    if record.reminder_sealed is None:
        return None
    plain = open_json(tx, record.reminder_sealed, table=_TABLE, column="reminder", row=record.id)
    return from_plain(BillReminder, plain)


def list_to_remind(tx: Transaction, at: datetime, limit: int) -> list[str]:
    """Ids of bills of which something is to be told by now, the longest due first."""
    query = sa.select(BillRecord.id).where(sa.text("remind_at IS NOT NULL"), BillRecord.remind_at <= at)
    return list(tx.session.scalars(query.order_by(BillRecord.remind_at, BillRecord.id).limit(limit)))


def remove(tx: Transaction, record: BillRecord) -> None:
    """The bill is gone, with its sums."""
    tx.session.delete(record)
    tx.session.flush()


def forget_expired(tx: Transaction) -> None:
    """Bills whose time is over are gone."""
    tx.session.execute(sa.delete(BillRecord).where(BillRecord.expires_at <= tx.now))


def list_disagreeing(tx: Transaction, span: Span = WHOLE) -> list[tuple[str, str]]:
    """(id, what is wrong) of each bill whose row says otherwise than what is sealed in it."""
    found = []
    for record in tx.session.scalars(
        sa.select(BillRecord).where(*span.of(BillRecord.id)).order_by(BillRecord.id)
    ).yield_per(500):
        contents = contents_of(tx, record)
        if (record.bank_code, record.due_on) != (contents.bank_code, contents.due_on):
            found.append((record.id, "bank or day of the row are not those of the bill"))
        is_paid = contents.event is BillEvent.PAID_IN_FULL
        if record.status != BillStatus.SUPERSEDED and is_paid != (record.status == BillStatus.PAID):
            found.append((record.id, f"{record.status} is not what its sums say"))
    return found


def _sealed(tx: Transaction, row: str, contents: BillContents) -> bytes:
    return seal_json(tx, to_plain(contents), table=_TABLE, column="contents", row=row)


def _expires_at(tx: Transaction, contents: BillContents) -> datetime:
    day = china_instant(contents.due_on, time())
    return max(tx.now, day) + KEPT_AFTER_DUE
