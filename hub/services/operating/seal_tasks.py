"""The task of a seal whose certificate ends: there while it does, and done once another seals."""

from hub.documents.paper_seal import PaperSeal
from hub.domain.actor import HUB
from hub.domain.operator_task import TaskKind
from hub.services.negotiations.entries import spoken_time
from hub.services.operating import operator_tasks
from hub.services.transaction import Transactions
from storage import tasks


def look(transactions: Transactions, ending: PaperSeal | None) -> None:
    """There is a task of the `ending` seal, and none of any other."""
    serial = None if ending is None else ending.serial
    with transactions.reading(HUB) as tx:
        there = {
            each.id: each.params.get("serial") for each in tasks.records_open(tx) if each.kind == TaskKind.SEAL_ENDS
        }
    over = [task_id for task_id, about in there.items() if about != serial]
    is_new = serial is not None and serial not in there.values()
    if not over and not is_new:
        return
    with transactions.writing(HUB) as tx:
        for task_id in over:
            tasks.finish(tx, task_id, by=tasks.BY_ITSELF)
        if ending is not None and is_new:
            operator_tasks.seal_ends(tx, serial=ending.serial, on=spoken_time(ending.ends_at))
