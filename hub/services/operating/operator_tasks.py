"""What only an operator can settle: each function raises one task, in the caller's transaction, once."""

from collections.abc import Mapping

from hub.domain.china import china_day
from hub.domain.operator_task import Task, TaskKind
from hub.services.negotiations.entries import spoken_time
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import negotiations, tasks
from storage.records import (
    AgreementRecord,
    ClearanceRecord,
    ClientNoticeRecord,
    CollectionReportRecord,
    DeliveryRecord,
    NegotiationRecord,
    OperatorTaskRecord,
)
from storage.scrubbing import Owner

MOST_SHOWN = 200


def _today(tx: HubTransaction) -> str:
    return f"{china_day(tx.now):%Y%m%d}"


def _raise(
    tx: HubTransaction,
    kind: TaskKind,
    *about: str | int,
    bank_code: str | None,
    negotiation_id: str | None = None,
    counted: bool = False,
    params: Mapping[str, str | int],
) -> bool:
    """One task of the kind for each thing it is `about`; False where it was there before. See `tasks.raise_task`."""
    return tasks.raise_task(
        tx,
        key=":".join([kind, *map(str, about)]),
        kind=kind,
        bank_code=bank_code,
        negotiation_id=negotiation_id,
        params=params,
        counted=counted,
    )


def _about_message(tx: HubTransaction, kind: TaskKind, negotiation: NegotiationRecord, record: DeliveryRecord) -> None:
    _raise(
        tx,
        kind,
        record.id,
        record.attempts,
        bank_code=negotiation.bank_code,
        negotiation_id=negotiation.id,
        params={"attempts": record.attempts},
    )


def _about_bank_today(tx: HubTransaction, kind: TaskKind, bank_code: str, **params: str | int) -> None:
    if not tasks.waits(tx, kind=kind, bank_code=bank_code):
        _raise(tx, kind, bank_code, _today(tx), bank_code=bank_code, params=params)


def undeliverable(tx: HubTransaction, negotiation: NegotiationRecord, record: DeliveryRecord) -> None:
    """A message was given up; each time it is given up again is a task of its own."""
    _about_message(tx, TaskKind.UNDELIVERABLE, negotiation, record)


def bounced(tx: HubTransaction, negotiation: NegotiationRecord, record: DeliveryRecord) -> None:
    """A message that the mail server had taken came back; each time it comes back is a task of its own."""
    _about_message(tx, TaskKind.BOUNCED, negotiation, record)


def line_closed(tx: HubTransaction, bank_code: str, *, failures: int) -> None:
    """A bank's system does not answer and is left alone for a while: one task a day."""
    _about_bank_today(tx, TaskKind.LINE_CLOSED, bank_code, failures=failures)


def held_up(tx: HubTransaction, bank_code: str, *, messages: int, since: str) -> None:
    """Messages to a bank have failed for too long, and are still tried: one task a day."""
    _about_bank_today(tx, TaskKind.HELD_UP, bank_code, messages=messages, since=since)


def client_not_notified(tx: HubTransaction, notice: ClientNoticeRecord, *, name: str) -> None:
    """A host app could not be told of a change: one task a day and client, which names the first such change."""
    _raise(
        tx,
        TaskKind.CLIENT_NOT_TOLD,
        notice.client_id,
        _today(tx),
        bank_code=None,
        negotiation_id=notice.negotiation_id,
        params={
            "client": name,
            "client_id": notice.client_id,
            "event": notice.id,
            "status": notice.negotiation_status,
        },
    )


def difference(
    tx: HubTransaction, kind: TaskKind, negotiation_id: str, *, bank_code: str, about: str, **params: str | int
) -> bool:
    """What the hub and a bank know of a message differs; one task for each thing `about` which it does."""
    return _raise(tx, kind, about, bank_code=bank_code, negotiation_id=negotiation_id, params=params)


def collected_although_agreed(
    tx: HubTransaction, negotiation: NegotiationRecord, report: CollectionReportRecord
) -> None:
    """A person was collected from although an agreement is in force; one task a report."""
    _raise(
        tx,
        TaskKind.COLLECTED_ALTHOUGH_AGREED,
        report.id,
        bank_code=negotiation.bank_code,
        negotiation_id=negotiation.id,
        params={"due": spoken_time(report.due_at)},
    )


def hold_not_confirmed(
    tx: HubTransaction, negotiation: NegotiationRecord, agreement: AgreementRecord, *, count: int
) -> None:
    """So many who collect for a bank have not said in time that they stopped; one task an agreement."""
    _raise(
        tx,
        TaskKind.HOLD_NOT_CONFIRMED,
        agreement.id,
        bank_code=negotiation.bank_code,
        negotiation_id=negotiation.id,
        params={"agreement_id": agreement.id, "count": count},
    )


def clearance_late(tx: HubTransaction, negotiation: NegotiationRecord, clearance: ClearanceRecord) -> None:
    """A certificate of settlement was due and is not issued; one task a certificate."""
    _raise(
        tx,
        TaskKind.CLEARANCE_LATE,
        clearance.id,
        bank_code=negotiation.bank_code,
        negotiation_id=negotiation.id,
        params={"due": spoken_time(clearance.due_at), "agreement": clearance.agreement_id},
    )


def no_reviewer(tx: HubTransaction, negotiation_id: str, *, bank_code: str, offer_id: str) -> None:
    """An offer waits for people whom the bank does not have; one task an offer."""
    _raise(
        tx,
        TaskKind.NO_REVIEWER,
        offer_id,
        bank_code=bank_code,
        negotiation_id=negotiation_id,
        params={"offer_id": offer_id},
    )


def file_damaged(tx: HubTransaction, owner: Owner) -> None:
    """A stored file is missing or has other bytes than were stored; one task for each file."""
    _raise(
        tx,
        TaskKind.FILE_DAMAGED,
        owner.table,
        owner.id,
        bank_code=owner.bank_code,
        negotiation_id=owner.negotiation_id,
        params={"table": owner.table, "id": owner.id, "name": owner.store_name},
    )


def response_wrong(tx: HubTransaction, bank_code: str, *, name: str, code: str, digest: str) -> bool:
    """What a bank laid out does not agree with itself: one task, which says how often; True where it is a new one."""
    return _raise(
        tx,
        TaskKind.RESPONSE_WRONG,
        bank_code,
        code,
        digest,
        bank_code=bank_code,
        params={"name": name, "code": code},
        counted=True,
    )


def not_collected(tx: HubTransaction, bank_code: str, *, failures: int, detail: str) -> None:
    """What a bank lays out cannot be picked up: one task a day."""
    _about_bank_today(tx, TaskKind.NOT_COLLECTED, bank_code, failures=failures, detail=detail)


def host_not_trusted(tx: HubTransaction, bank_code: str, *, detail: str) -> None:
    """Another system than the bank's answers at its address: one task a day."""
    _about_bank_today(tx, TaskKind.HOST_NOT_TRUSTED, bank_code, detail=detail)


def not_judged(tx: HubTransaction, *, files: int) -> None:
    """Files have waited too long for their verdicts: one task a day."""
    _raise(tx, TaskKind.NOT_JUDGED, _today(tx), bank_code=None, params={"files": files})


def codes_guessed(
    tx: HubTransaction, negotiation: NegotiationRecord, *, offer_id: str, first_code: str, tries: int
) -> None:
    """Somebody tries codes that sign an offer; one task for an offer, and one more each time after it was freed."""
    _raise(
        tx,
        TaskKind.CODES_GUESSED,
        offer_id,
        first_code,
        bank_code=negotiation.bank_code,
        negotiation_id=negotiation.id,
        params={"offer": offer_id, "tries": tries},
    )


def count(tx: HubTransaction) -> int:
    """How many tasks wait for an operator."""
    return tasks.count_open(tx)


def count_damaged_files(tx: HubTransaction) -> int:
    """How many damaged files wait for an operator."""
    return tasks.count_open(tx, kind=TaskKind.FILE_DAMAGED)


def open_tasks(tx: HubTransaction) -> list[Task]:
    """Tasks that wait, the oldest first; at most `MOST_SHOWN`."""
    return tasks.list_open(tx, limit=MOST_SHOWN)


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
