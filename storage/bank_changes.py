"""Changes of banks' own settings: each stays as it was made, with what became of it."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from hub.domain.own_settings import ChangeStatus
from storage.records import BankChangeRecord, new_id
from storage.transaction import Transaction


def add(
    tx: Transaction, *, bank_code: str, words: Mapping[str, tuple[str, str]], by: str, status: ChangeStatus
) -> BankChangeRecord:
    """The change stands, in force or waiting."""
    record = BankChangeRecord(
        id=new_id(),
        bank_code=bank_code,
        status=status,
        words={key: list(pair) for key, pair in words.items()},
        asked_by=by,
        asked_at=tx.now,
    )
    tx.session.add(record)
    tx.session.flush()
    return record


def find(tx: Transaction, change_id: str, *, bank_code: str) -> BankChangeRecord | None:
    """The bank's change of that id, locked."""
    return tx.session.scalar(
        sa.select(BankChangeRecord)
        .where(BankChangeRecord.id == change_id, BankChangeRecord.bank_code == bank_code)
        .with_for_update()
    )


def decide(tx: Transaction, record: BankChangeRecord, status: ChangeStatus, *, by: str) -> None:
    """What waited is decided."""
    record.status = status
    record.decided_by = by
    record.decided_at = tx.now


def list_newest(tx: Transaction, bank_code: str, *, limit: int) -> Sequence[BankChangeRecord]:
    """The bank's changes, the newest first."""
    query = sa.select(BankChangeRecord).where(BankChangeRecord.bank_code == bank_code)
    return tx.session.scalars(query.order_by(BankChangeRecord.id.desc()).limit(limit)).all()


def list_asked(tx: Transaction, bank_code: str) -> Sequence[BankChangeRecord]:
    """Those that wait for a second person, the oldest first, locked."""
    query = sa.select(BankChangeRecord).where(
        BankChangeRecord.bank_code == bank_code, BankChangeRecord.status == ChangeStatus.ASKED
    )
    return tx.session.scalars(query.order_by(BankChangeRecord.id).with_for_update()).all()
