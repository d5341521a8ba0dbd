"""What was assigned at once: writing it down, and finding it to be shown or undone."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from storage.records import AssignmentRecord, new_id
from storage.transaction import Transaction


def add(tx: Transaction, *, bank_code: str, staff_id: str | None, way: str, rows: Sequence[Any]) -> AssignmentRecord:
    """It is written down what one press did."""
    record = AssignmentRecord(id=new_id(), bank_code=bank_code, staff_id=staff_id, way=way, rows=list(rows), at=tx.now)
    tx.session.add(record)
    tx.session.flush()
    return record


def find(tx: Transaction, assignment_id: str, *, bank_code: str) -> AssignmentRecord | None:
    """The bank's assignment of that id, held; None for an unknown one and another bank's alike."""
    return tx.session.scalar(
        sa.select(AssignmentRecord)
        .where(AssignmentRecord.id == assignment_id, AssignmentRecord.bank_code == bank_code)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def find_last(tx: Transaction, way: str, *, bank_code: str) -> AssignmentRecord | None:
    """What the bank assigned last that way."""
    return tx.session.scalar(
        sa.select(AssignmentRecord)
        .where(AssignmentRecord.bank_code == bank_code, AssignmentRecord.way == way)
        .order_by(AssignmentRecord.at.desc(), AssignmentRecord.id.desc())
        .limit(1)
    )
