"""What only an operator can settle about appointments: each function raises one task, once."""

from hub.domain.operator_task import TaskKind
from hub.domain.visit import Trouble
from hub.services.transaction import HubTransaction
from storage import tasks
from storage.records import ServiceRequestRecord


def _raise(tx: HubTransaction, kind: TaskKind, request: ServiceRequestRecord, step: str = "", **more: str) -> None:
    tasks.raise_task(
        tx,
        key=_key(kind, request, step),
        kind=kind,
        bank_code=request.bank_code,
        negotiation_id=request.negotiation_id,
        params={"reference": request.reference, **more},
    )


def _key(kind: TaskKind, request: ServiceRequestRecord, step: str = "") -> str:
    return f"{kind}:{request.id}{step}"


def identity_failed(tx: HubTransaction, request: ServiceRequestRecord) -> None:
    """Who was met is not whom the bank knows; one task a visit."""
    _raise(tx, TaskKind.IDENTITY_FAILED_AT_VISIT, request)


def not_reported(tx: HubTransaction, request: ServiceRequestRecord) -> None:
    """A visit began and was not reported the same day; one task a visit, which the report ends."""
    _raise(tx, TaskKind.VISIT_NOT_REPORTED, request)


def reported(tx: HubTransaction, request: ServiceRequestRecord) -> None:
    """The report is there: nobody need ask for it any more."""
    tasks.finish_by_key(tx, _key(TaskKind.VISIT_NOT_REPORTED, request))


def missed(tx: HubTransaction, request: ServiceRequestRecord) -> None:
    """Nobody of the bank was there; one task an appointment."""
    _raise(tx, TaskKind.VISIT_MISSED, request)


def trouble(tx: HubTransaction, request: ServiceRequestRecord, *, said: Trouble, number: int) -> None:
    """A person says that something went wrong; one task each time."""
    _raise(tx, TaskKind.VISIT_TROUBLE, request, step=f":{number}", trouble=str(said))
