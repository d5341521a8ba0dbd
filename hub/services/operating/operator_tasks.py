"""What only an operator can settle: each function raises one task, in the caller's transaction, once."""

from collections.abc import Mapping

from hub.domain.china import china_day
from hub.domain.operator_task import Task, TaskKind
from hub.services.negotiations.entries import spoken_time
from hub.services.transaction import HubTransaction
from storage import tasks
from storage.records import (
    AgreementRecord,
    ClearanceRecord,
    ClientNoticeRecord,
    CollectionReportRecord,
    DeliveryRecord,
    NegotiationRecord,
    ServiceRequestRecord,
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


def request_undeliverable(tx: HubTransaction, request: ServiceRequestRecord, record: DeliveryRecord) -> None:
    """A message about a request was given up, as `undeliverable`."""
    _about_request(tx, TaskKind.UNDELIVERABLE, request, record)


def request_bounced(tx: HubTransaction, request: ServiceRequestRecord, record: DeliveryRecord) -> None:
    """A message about a request came back, as `bounced`."""
    _about_request(tx, TaskKind.BOUNCED, request, record)


def _about_request(tx: HubTransaction, kind: TaskKind, request: ServiceRequestRecord, record: DeliveryRecord) -> None:
    params: Mapping[str, str | int] = {
        "attempts": record.attempts,
        "request": request.reference,
        "request_id": request.id,
    }
    _raise(tx, kind, record.id, record.attempts, bank_code=request.bank_code, params=params)


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
            "status": notice.reached,
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


def many_files_read(tx: HubTransaction, bank_code: str, *, account: str, count: int) -> bool:
    """Somebody at a bank read very many files in a short time; one task a person and day, False where it was there."""
    return _raise(
        tx,
        TaskKind.MANY_FILES_READ,
        str(tx.actor),
        _today(tx),
        bank_code=bank_code,
        params={tasks.ACCOUNT: account, "count": count},
    )


def many_cases_read(tx: HubTransaction, bank_code: str, *, account: str, count: int) -> bool:
    """Somebody at a bank read or took very many cases in a short time; one task a person and day, as above."""
    return _raise(
        tx,
        TaskKind.MANY_CASES_READ,
        str(tx.actor),
        _today(tx),
        bank_code=bank_code,
        params={tasks.ACCOUNT: account, "count": count},
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


def log_unsigned(tx: HubTransaction, *, since: str) -> None:
    """What was written to the log since then is under no signed head: one task a day."""
    _raise(tx, TaskKind.LOG_UNSIGNED, _today(tx), bank_code=None, params={"since": since})


def paper_unstamped(tx: HubTransaction, negotiation: NegotiationRecord) -> None:
    """A paper went out without a time stamp, which its authority did not give: one task a day names the first."""
    _raise(
        tx,
        TaskKind.PAPER_UNSTAMPED,
        _today(tx),
        bank_code=negotiation.bank_code,
        negotiation_id=negotiation.id,
        params={},
    )


def seal_ends(tx: HubTransaction, *, serial: str, on: str) -> None:
    """The certificate of the hub's seal ends on that day: one task a certificate."""
    _raise(tx, TaskKind.SEAL_ENDS, serial, bank_code=None, params={"serial": serial, "on": on})


def infected(tx: HubTransaction, *, file: str, signature: str) -> None:
    """The virus scanner knows what is in a file that somebody sent: one task a file, with the signature's name."""
    _raise(tx, TaskKind.INFECTED, file, bank_code=None, params={"file": file, "signature": signature})


def not_scanned(tx: HubTransaction, *, file: str) -> None:
    """A limit of the virus scanner's kept it from looking through a file: one task a day names the first."""
    _raise(tx, TaskKind.NOT_SCANNED, _today(tx), bank_code=None, params={"file": file}, counted=True)


def scanner_away(tx: HubTransaction, *, since: str) -> bool:
    """The virus scanner has not answered since then: one task each time, True where it is a new one."""
    return _raise(tx, TaskKind.SCANNER_AWAY, since, bank_code=None, params={"since": since})


def signatures_old(tx: HubTransaction, *, days: int) -> None:
    """The virus scanner's signatures are so many days old: one task a day."""
    _raise(tx, TaskKind.SIGNATURES_OLD, _today(tx), bank_code=None, params={"days": days})


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


def quote_codes_guessed(
    tx: HubTransaction, request: ServiceRequestRecord, *, quote_id: str, first_code: str, tries: int
) -> None:
    """Somebody tries codes that accept a bank's quote, as `codes_guessed`."""
    _raise(
        tx,
        TaskKind.CODES_GUESSED,
        quote_id,
        first_code,
        bank_code=request.bank_code,
        params={"quote": quote_id, "tries": tries, "request": request.reference, "request_id": request.id},
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
