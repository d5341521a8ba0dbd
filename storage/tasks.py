"""Tasks of operators: each thing once, however often it is found, until somebody says that it is done."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from hub.domain.operator_task import Task
from storage import staff
from storage.records import NegotiationRecord, OperatorTaskRecord, new_id
from storage.transaction import Transaction

# The parameter that is the id of somebody's account; `who` of a task that is read is what they are called.
ACCOUNT = "account"
# Who finished a task whose cause is over.
BY_ITSELF = "hub"


def raise_task(
    tx: Transaction,
    *,
    key: str,
    kind: str,
    bank_code: str | None,
    negotiation_id: str | None = None,
    params: Mapping[str, Any] | None = None,
    counted: bool = False,
) -> bool:
    """The task is there; False where it was before, done or not.

    One whose cause was over, and is back, waits again: nobody had looked into it.

    With `counted` its params say under `times` how often it was raised, as long as it is not done.
    """
    known = tx.session.scalar(sa.select(OperatorTaskRecord).where(OperatorTaskRecord.key == key).with_for_update())
    if known is not None and known.done_by == BY_ITSELF:
        known.done_at, known.done_by, known.told_at, known.raised_at = None, None, None, tx.now
        known.params = {**(params or {}), **({"times": 1} if counted else {})}
        return True
    if known is not None:
        if counted and known.done_at is None:
            known.params = {**known.params, "times": known.params.get("times", 1) + 1}
        return False
    tx.session.add(
        OperatorTaskRecord(
            id=new_id(),
            key=key,
            kind=kind,
            bank_code=bank_code,
            negotiation_id=negotiation_id,
            params={**(params or {}), **({"times": 1} if counted else {})},
            raised_at=tx.now,
        )
    )
    tx.session.flush()
    return True


def list_open(tx: Transaction, *, limit: int) -> list[Task]:
    """Tasks that wait for an operator, the oldest first."""
    return _listed(tx, limit, sa.true())


def list_untold(tx: Transaction, *, limit: int) -> list[Task]:
    """Tasks that wait and that no operator was mailed of, the oldest first."""
    return _listed(tx, limit, OperatorTaskRecord.told_at.is_(None))


def mark_notified(tx: Transaction, task_ids: Sequence[str]) -> None:
    """The operators were mailed of these."""
    tx.session.execute(sa.update(OperatorTaskRecord).where(OperatorTaskRecord.id.in_(task_ids)).values(told_at=tx.now))


def records_open(tx: Transaction) -> list[OperatorTaskRecord]:
    """The rows of all tasks that wait, the oldest first."""
    query = sa.select(OperatorTaskRecord).where(sa.text("operator_task.done_at IS NULL"))
    return list(tx.session.scalars(query.order_by(OperatorTaskRecord.raised_at, OperatorTaskRecord.id)))


def count_by_kind(tx: Transaction) -> dict[str, int]:
    """How many tasks wait of each kind of which any does."""
    query = (
        sa.select(OperatorTaskRecord.kind, sa.func.count())
        .where(sa.text("operator_task.done_at IS NULL"))
        .group_by(OperatorTaskRecord.kind)
    )
    return dict(tx.session.execute(query).all())


def oldest_raised(tx: Transaction) -> datetime | None:
    """When the task was raised that has waited longest; None where none waits."""
    return tx.session.scalar(
        sa.select(sa.func.min(OperatorTaskRecord.raised_at)).where(sa.text("operator_task.done_at IS NULL"))
    )


def _listed(tx: Transaction, limit: int, which: sa.ColumnElement[bool]) -> list[Task]:
    query = (
        sa.select(OperatorTaskRecord, NegotiationRecord.reference)
        .outerjoin(NegotiationRecord, NegotiationRecord.id == OperatorTaskRecord.negotiation_id)
        .where(sa.text("operator_task.done_at IS NULL"), which)
        .order_by(OperatorTaskRecord.raised_at, OperatorTaskRecord.id)
        .limit(limit)
    )
    return [
        Task(
            id=record.id,
            kind=record.kind,
            bank_code=record.bank_code,
            # A request has no row that the task could name by its key; tasks of appointments say theirs in a sentence.
            reference=reference or record.params.get("request") or record.params.get("reference"),
            params=_params_of(tx, record),
            raised_at=record.raised_at,
        )
        for record, reference in tx.session.execute(query)
    ]


def _params_of(tx: Transaction, record: OperatorTaskRecord) -> Mapping[str, Any]:
    if ACCOUNT not in record.params:
        return record.params
    person = staff.find(tx, record.params[ACCOUNT])
    return {**record.params, "who": "" if person is None else staff.email_of(tx, person) or staff.called(tx, person)}


def find(tx: Transaction, task_id: str) -> OperatorTaskRecord | None:
    """The task of that id, done or not."""
    return tx.session.get(OperatorTaskRecord, task_id)


def count_open(tx: Transaction, *, kind: str | None = None) -> int:
    """How many tasks wait; of one kind alone where it is named."""
    count = sa.select(sa.func.count()).select_from(OperatorTaskRecord).where(sa.text("done_at IS NULL"))
    if kind is not None:
        count = count.where(OperatorTaskRecord.kind == kind)
    return tx.session.scalar(count) or 0


def waits(tx: Transaction, *, kind: str, bank_code: str) -> bool:
    """Whether a task of that kind about the bank waits."""
    mine = (OperatorTaskRecord.kind == kind, OperatorTaskRecord.bank_code == bank_code)
    return bool(tx.session.scalar(sa.select(sa.exists().where(sa.text("done_at IS NULL"), *mine))))


def finish_by_key(tx: Transaction, key: str) -> None:
    """The task of that key is done by itself, where it waits."""
    record = tx.session.scalar(sa.select(OperatorTaskRecord).where(OperatorTaskRecord.key == key))
    if record is not None:
        finish(tx, record.id, by=BY_ITSELF)


def finish(tx: Transaction, task_id: str, *, by: str) -> bool:
    """The task is done, on the word of `by`; False where it is none that waits."""
    record = tx.session.get(OperatorTaskRecord, task_id, with_for_update=True)
    if record is None or record.done_at is not None:
        return False
    record.done_at, record.done_by = tx.now, by
    return True
