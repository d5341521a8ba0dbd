"""What only an operator can settle: each function raises one task, in the caller's transaction, once."""

from enum import StrEnum

from hub.domain.china import china_day
from hub.services.transaction import HubTransaction
from storage import tasks
from storage.records import DeliveryRecord, NegotiationRecord
from storage.tasks import Task

MOST_SHOWN = 200


class TaskKind(StrEnum):
    """What an operator is asked to look into."""

    UNDELIVERABLE = "undeliverable"
    LINE_CLOSED = "line_closed"


def undeliverable(tx: HubTransaction, negotiation: NegotiationRecord, record: DeliveryRecord) -> None:
    """A message was given up; each time it is given up again is a task of its own."""
    tasks.raise_task(
        tx,
        key=f"{TaskKind.UNDELIVERABLE}:{record.id}:{record.attempts}",
        kind=TaskKind.UNDELIVERABLE,
        bank_code=negotiation.bank_code,
        negotiation_id=negotiation.id,
        params={"attempts": record.attempts},
    )


def line_closed(tx: HubTransaction, bank_code: str, *, failures: int) -> None:
    """A bank's system does not answer and is left alone for a while: one task a day."""
    tasks.raise_task(
        tx,
        key=f"{TaskKind.LINE_CLOSED}:{bank_code}:{china_day(tx.now):%Y%m%d}",
        kind=TaskKind.LINE_CLOSED,
        bank_code=bank_code,
        params={"failures": failures},
    )


def open_tasks(tx: HubTransaction) -> list[Task]:
    """Tasks that wait, the oldest first; at most `MOST_SHOWN`."""
    return tasks.list_open(tx, limit=MOST_SHOWN)


def finish(tx: HubTransaction, task_id: str) -> bool:
    """The task is done, by the word of whoever acts; False where it does not wait any more."""
    return tasks.finish(tx, task_id, by=str(tx.actor))
