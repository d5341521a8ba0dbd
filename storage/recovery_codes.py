"""Recovery codes of staff: writing down and finding."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from storage.records import RecoveryCodeRecord, new_id
from storage.transaction import Transaction


def replace(tx: Transaction, staff_id: str, digests: Sequence[bytes], *, at: datetime) -> None:
    """The account has these codes from `at` on, and none of before."""
    forget(tx, staff_id)
    tx.session.add_all(
        RecoveryCodeRecord(id=new_id(), staff_id=staff_id, digest=digest, made_at=at) for digest in digests
    )
    tx.session.flush()


def forget(tx: Transaction, staff_id: str) -> None:
    """The account has no codes."""
    tx.session.execute(sa.delete(RecoveryCodeRecord).where(RecoveryCodeRecord.staff_id == staff_id))


def use(tx: Transaction, staff_id: str, digests: Sequence[bytes], *, at: datetime) -> bool:
    """The code of one of the `digests` is used up; false where there is none, or it was used before."""
    used = tx.session.scalar(
        sa.update(RecoveryCodeRecord)
        .where(
            RecoveryCodeRecord.staff_id == staff_id,
            RecoveryCodeRecord.digest.in_(digests),
            RecoveryCodeRecord.used_at.is_(None),
        )
        .values(used_at=at)
        .returning(RecoveryCodeRecord.id)
    )
    return used is not None


def count_left(tx: Transaction, staff_id: str) -> int:
    """How many of the account's codes were not used yet."""
    counted = tx.session.scalar(
        sa.select(sa.func.count())
        .select_from(RecoveryCodeRecord)
        .where(RecoveryCodeRecord.staff_id == staff_id, RecoveryCodeRecord.used_at.is_(None))
    )
    return int(counted or 0)
