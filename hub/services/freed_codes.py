"""Signing that was stopped because somebody seemed to guess, and is let go on by an operator who looked into it."""

from hub.domain.errors import NotFound
from hub.domain.operator_task import TaskKind
from hub.services.agreements import confirmation_codes
from hub.services.instalments import signing
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import tasks


def free(tx: HubTransaction, task_id: str) -> bool:
    """What the task is about takes codes again as if none had been sent; False for a task that is over.

    Raises `NotFound` for a task of another kind.
    """
    task = tasks.find(tx, task_id)
    if task is None or task.kind != TaskKind.CODES_GUESSED:
        raise NotFound
    if not tasks.finish(tx, task_id, by=str(tx.actor)):
        return False
    if task.negotiation_id is None:
        reference = signing.free(tx, str(task.params["request_id"]), str(task.params["quote"]))
    else:
        reference = confirmation_codes.free(tx, task.negotiation_id, str(task.params["offer"]))
    audit.note(tx, AuditKind.CODES_FREED, reference)
    return True
