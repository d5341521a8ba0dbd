"""Lines to banks: failures in a row, and until when nothing is tried; and the batches that travel on them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from hub.domain.delivery import DeliveryStatus
from storage.database import added
from storage.records import BankLineRecord, BatchRecord, DeliveryRecord, new_id
from storage.transaction import Transaction

# No bank is asked so late: a time further ahead is one of a clock that was set back since.
_FURTHEST_AHEAD = timedelta(hours=1)


def closed_until(tx: Transaction, bank_code: str) -> datetime | None:
    """Until when nothing is tried on the bank's line, or None where it is open."""
    record = tx.session.get(BankLineRecord, bank_code)
    closed = None if record is None else record.closed_until
    return closed if closed is not None and closed > tx.now else None


def failures_of(tx: Transaction, bank_code: str) -> int:
    """How many attempts failed in a row."""
    record = tx.session.get(BankLineRecord, bank_code)
    return 0 if record is None else record.failures


def collect_failures_of(tx: Transaction, bank_code: str) -> int:
    """How many times in a row the bank could not be asked for what it lays out."""
    record = tx.session.get(BankLineRecord, bank_code)
    return 0 if record is None else record.collect_failures


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How a line is: failures in a row, whether nothing is tried just now, and failures to ask for what is laid out."""

    failures: int
    is_closed: bool
    collect_failures: int


def list_lines(tx: Transaction) -> dict[str, Line]:
    """How each line is that was ever used, by the code of its bank."""
    return {
        record.bank_code: Line(
            failures=record.failures,
            is_closed=record.closed_until is not None and record.closed_until > tx.now,
            collect_failures=record.collect_failures,
        )
        for record in tx.session.scalars(sa.select(BankLineRecord))
    }


def _held(tx: Transaction, bank_code: str) -> BankLineRecord:
    record = tx.session.get(BankLineRecord, bank_code, with_for_update=True, populate_existing=True)
    if record is not None:
        return record
    # Two workers that meet a new bank at once both find no row; the one that comes second takes the other's.
    added(tx.session, BankLineRecord(bank_code=bank_code, failures=0, collect_failures=0))
    return tx.session.get_one(BankLineRecord, bank_code, with_for_update=True, populate_existing=True)


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


def hold(tx: Transaction, bank_code: str) -> None:
    """Nobody else holds the bank's line until this transaction ends."""
    _held(tx, bank_code)


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


def _waiting_in(batch_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return DeliveryRecord.batch_id == batch_id, DeliveryRecord.status == DeliveryStatus.WAITING


def keep_in_hand(tx: Transaction, batch_id: str, until: datetime) -> None:
    """Nobody else takes up the batch's waiting messages before `until`."""
    tx.session.execute(sa.update(DeliveryRecord).where(*_waiting_in(batch_id)).values(next_try_at=until))


def is_due_before(tx: Transaction, batch_id: str, at: datetime) -> bool:
    """Whether somebody else may take up the batch before `at`."""
    first = tx.session.scalar(sa.select(sa.func.min(DeliveryRecord.next_try_at)).where(*_waiting_in(batch_id)))
    return first is not None and first < at


def disband(tx: Transaction, batch_id: str, *, due_at: datetime) -> None:
    """The batch's waiting messages are free to travel in another, from `due_at` on."""
    tx.session.execute(
        sa.update(DeliveryRecord).where(*_waiting_in(batch_id)).values(batch_id=None, next_try_at=due_at)
    )


def collect_times(tx: Transaction) -> dict[str, datetime]:
    """When each bank is next asked for what it has laid out, by its code; those that never were are left out."""
    query = sa.select(BankLineRecord.bank_code, BankLineRecord.collect_at).where(BankLineRecord.collect_at.is_not(None))
    return {code: at for code, at in tx.session.execute(query) if at is not None}


def is_collect_time(at: datetime | None, now: datetime) -> bool:
    """Whether a bank is to be asked now, where it was to be asked `at`; also where the clock was set back since."""
    return at is None or at <= now or at - now > _FURTHEST_AHEAD


def begin_collecting(tx: Transaction, bank_code: str, until: datetime) -> bool:
    """The bank is being asked, and by nobody else before `until`; False where somebody else has begun."""
    record = _held(tx, bank_code)
    if not is_collect_time(record.collect_at, tx.now):
        return False
    record.collect_at = until
    return True


def count_collecting(tx: Transaction, bank_code: str, *, failed: bool) -> int:
    """How many times in a row the bank could not be asked, this time counted."""
    record = _held(tx, bank_code)
    record.collect_failures = record.collect_failures + 1 if failed else 0
    return record.collect_failures


def collect_again(tx: Transaction, bank_code: str, at: datetime) -> None:
    """The bank is asked again `at` that time."""
    _held(tx, bank_code).collect_at = at
