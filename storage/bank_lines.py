"""Lines to banks: failures in a row, and until when nothing is tried; and the batches that travel on them."""

from datetime import date, datetime

import sqlalchemy as sa

from storage.records import BankLineRecord, BatchRecord, DeliveryRecord, new_id
from storage.transaction import Transaction


def closed_until(tx: Transaction, bank_code: str) -> datetime | None:
    """Until when nothing is tried on the bank's line, or None where it is open."""
    record = tx.session.get(BankLineRecord, bank_code)
    closed = None if record is None else record.closed_until
    return closed if closed is not None and closed > tx.now else None


def failures_of(tx: Transaction, bank_code: str) -> int:
    """How many attempts failed in a row."""
    record = tx.session.get(BankLineRecord, bank_code)
    return 0 if record is None else record.failures


def _held(tx: Transaction, bank_code: str) -> BankLineRecord:
    record = tx.session.get(BankLineRecord, bank_code, with_for_update=True, populate_existing=True)
    if record is None:
        record = BankLineRecord(bank_code=bank_code, failures=0)
        tx.session.add(record)
        tx.session.flush()
    return record


def count_failure(tx: Transaction, bank_code: str) -> int:
    """One more attempt failed; gives how many in a row."""
    record = _held(tx, bank_code)
    record.failures += 1
    return record.failures


def close_until(tx: Transaction, bank_code: str, at: datetime) -> None:
    """Nothing is tried on the bank's line before `at`."""
    _held(tx, bank_code).closed_until = at


def open_again(tx: Transaction, bank_code: str) -> bool:
    """The bank took something: its failures are forgotten. True where the line had been closed."""
    record = tx.session.get(BankLineRecord, bank_code)
    if record is None or (record.failures == 0 and record.closed_until is None):
        return False
    held = _held(tx, bank_code)
    was_closed = held.closed_until is not None
    held.failures = 0
    held.closed_until = None
    return was_closed


def list_closed(tx: Transaction) -> list[tuple[str, int, datetime]]:
    """(bank, failures in a row, closed until) of each line on which nothing is tried just now."""
    query = sa.select(BankLineRecord).where(BankLineRecord.closed_until > tx.now).order_by(BankLineRecord.bank_code)
    return [
        (record.bank_code, record.failures, record.closed_until)
        for record in tx.session.scalars(query)
        if record.closed_until is not None
    ]


def add_batch(tx: Transaction, bank_code: str, day: date) -> BatchRecord:
    """The next batch of the bank on that day, numbered from 1 on."""
    # The line's row is held, so that two workers never take one number.
    _held(tx, bank_code)
    last = tx.session.scalar(
        sa.select(sa.func.max(BatchRecord.number)).where(BatchRecord.bank_code == bank_code, BatchRecord.day == day)
    )
    record = BatchRecord(id=new_id(), bank_code=bank_code, day=day, number=(last or 0) + 1, made_at=tx.now)
    tx.session.add(record)
    tx.session.flush()
    return record


def get_batch(tx: Transaction, batch_id: str) -> BatchRecord:
    """The batch of that id."""
    return tx.session.get_one(BatchRecord, batch_id)


def messages_of_batch(tx: Transaction, batch_id: str) -> list[DeliveryRecord]:
    """Every message that travels in the batch, also those that have arrived meanwhile; oldest first."""
    return list(
        tx.session.scalars(
            sa.select(DeliveryRecord)
            .where(DeliveryRecord.batch_id == batch_id)
            .order_by(DeliveryRecord.queued_at, DeliveryRecord.id)
        )
    )
