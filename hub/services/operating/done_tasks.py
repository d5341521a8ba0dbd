"""Tasks that are done: by the word of an operator, or by themselves once their cause is over."""

from collections.abc import Collection

from hub.domain.actor import HUB
from hub.domain.operator_task import TaskKind
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction, Transactions
from storage import negotiations, tasks
from storage.records import OperatorTaskRecord


def files_are_whole(transactions: Transactions, store_names: Collection[str]) -> None:
    """Tasks of damaged files that are whole again under these names are done."""
    with transactions.reading(HUB) as tx:
        over = [
            task.id
            for task in tasks.records_open(tx)
            if task.kind == TaskKind.FILE_DAMAGED and task.params.get("name") in store_names
        ]
    if over:
        with transactions.writing(HUB) as tx:
            for task_id in over:
                tasks.finish(tx, task_id, by=tasks.BY_ITSELF)


def finish(tx: HubTransaction, task_id: str) -> bool:
    """The task is done, by the word of whoever acts; False where it does not wait any more."""
    if not tasks.finish(tx, task_id, by=str(tx.actor)):
        return False
    done = tasks.find(tx, task_id)
    if done is not None:
        audit.note(tx, AuditKind.TASK_DONE, _reference(tx, done) or done.bank_code or "", task=done.kind)
    return True


def _reference(tx: HubTransaction, task: OperatorTaskRecord) -> str | None:
    found = None if task.negotiation_id is None else negotiations.find_negotiation(tx, task.negotiation_id)
    return None if found is None else found.reference
