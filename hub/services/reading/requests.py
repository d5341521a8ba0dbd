"""Requests beside negotiations as bank and person are shown them; what a kind says besides is its own page's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from hub.domain.answer_time import working_days_left
from hub.domain.china import china_day, china_instant
from hub.domain.plain import Plain, instant
from hub.domain.queue_question import Urgency
from hub.domain.request_kinds import rules_of
from hub.domain.service_request import RequestKind
from hub.services.accounts import subjects
from hub.services.accounts.cardholders import Cardholder
from hub.services.negotiations import owners
from hub.services.reading import views
from hub.services.reading.bank.queue import QueueClock, urgency_of
from hub.services.requests import files
from hub.services.transaction import HubTransaction
from storage import communications, request_clocks, request_files, request_queue, service_requests
from storage.log_tables import OF_REQUESTS
from storage.records import ServiceRequestRecord
from storage.request_queue import OpenCount

MOST_LISTED = 200
"""A bank's open requests that are listed at once, the most urgent first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestShown:
    """One request. `due_at` is when the bank's answer is due, None where no clock runs.

    `awaits_bank`: the bank is the one to act. `is_supervised_locally`: 地方金融管理局 watches over it.
    """

    id: str
    matter_id: str
    kind: RequestKind
    reference: str
    bank_code: str
    bank_zh: str
    bank_en: str
    status: str
    opened_at: datetime
    updated_at: datetime
    due_at: datetime | None
    urgency: Urgency
    owner_id: str | None
    awaits_bank: bool
    is_over: bool
    is_late: bool
    is_supervised_locally: bool


def shown(tx: HubTransaction, record: ServiceRequestRecord) -> RequestShown:
    """The request as it stands."""
    bank, rules = tx.bank(record.bank_code), rules_of(record.kind)
    due = request_clocks.running_until(record)
    return RequestShown(
        id=record.id,
        matter_id=record.matter_id,
        kind=RequestKind(record.kind),
        reference=record.reference,
        bank_code=record.bank_code,
        bank_zh=bank.name_zh,
        bank_en=bank.name_en,
        status=record.status,
        opened_at=record.opened_at,
        updated_at=record.updated_at,
        due_at=due,
        urgency=_urgency(tx, due),
        owner_id=record.owner_id,
        awaits_bank=rules.is_banks_turn(record.status),
        is_over=rules.is_over(record.status),
        is_late=due is not None and due < tx.now,
        is_supervised_locally=bank.standing.is_supervised_locally,
    )


def _urgency(tx: HubTransaction, due: datetime | None) -> Urgency:
    if due is None:
        return Urgency.NONE
    left = working_days_left(due, tx.now, tx.calendar())
    clock = QueueClock(due_at=due, due_on=china_day(due), paused=False, breached=due < tx.now, working_days_left=left)
    return urgency_of(clock, china_day(tx.now))


def view(tx: HubTransaction, record: ServiceRequestRecord) -> Plain:
    """The request as API and exports show it, beside what its kind says."""
    due = request_clocks.running_until(record)
    return {
        "id": record.matter_id,
        "kind": record.kind,
        "reference": record.reference,
        "bank_code": record.bank_code,
        "negotiation": record.negotiation_id,
        "status": record.status,
        "opened_at": instant(record.opened_at),
        "updated_at": instant(record.updated_at),
        "reached_bank_at": None if record.reached_bank_at is None else instant(record.reached_bank_at),
        "due_at": None if due is None else instant(due),
        "provisional": due is not None and record.provisional,
        "late": due is not None and due < tx.now,
    }


def log_of(tx: HubTransaction, request_id: str) -> list[Plain]:
    """The request's log, oldest first, each entry as a negotiation's."""
    return views.communication_views(tx, communications.list_entries(tx, request_id, log=OF_REQUESTS))


def list_of_bank(
    tx: HubTransaction,
    bank_code: str,
    *,
    kind: RequestKind | None = None,
    owner_id: str | None = None,
    is_unowned: bool = False,
) -> list[RequestShown]:
    """What waits for the bank or for the person, the first due first; at most `MOST_LISTED`."""
    found = request_queue.list_open_of_bank(
        tx, bank_code, kind=kind, owner_id=owner_id, is_unowned=is_unowned, limit=MOST_LISTED
    )
    return [shown(tx, each) for each in found]


def bank_views(tx: HubTransaction, bank_code: str, *, kind: RequestKind | None = None) -> list[Plain]:
    """The same as the bank's own system is shown them."""
    found = request_queue.list_open_of_bank(tx, bank_code, kind=kind, limit=MOST_LISTED)
    return [bank_view(tx, each) for each in found]


def bank_view(tx: HubTransaction, record: ServiceRequestRecord) -> Plain:
    """The request as its bank's system is shown it, with the name of the colleague whose it is."""
    return {**view(tx, record), "owner": owners.name_of(tx, record.owner_id)}


def counts_of_bank(tx: HubTransaction, bank_code: str) -> Mapping[RequestKind, OpenCount]:
    """How many open requests of each kind the bank has, and how many are due by the end of today."""
    tomorrow = china_instant(china_day(tx.now) + timedelta(days=1), time())
    return request_queue.count_open_of_bank(tx, bank_code, due_before=tomorrow)


def of_bank(tx: HubTransaction, matter_id: str, *, bank_code: str) -> tuple[RequestShown, list[Plain]]:
    """The bank's request in that matter and its log; raises `NotFound`."""
    record = service_requests.find_of_bank(tx, matter_id, bank_code=bank_code)
    return shown(tx, record), log_of(tx, record.id)


def standing_of_bank(tx: HubTransaction, matter_id: str, *, bank_code: str) -> RequestShown:
    """The same without its log."""
    return shown(tx, service_requests.find_of_bank(tx, matter_id, bank_code=bank_code))


def erased_of_bank(tx: HubTransaction, matter_id: str, *, bank_code: str) -> RequestShown | None:
    """The bank's request of which nothing of its person is left; None where there is none."""
    found = [each for each in service_requests.list_of_matter(tx, matter_id) if each.bank_code == bank_code]
    return next((shown(tx, each) for each in found if each.erased_at and each.reached_bank_at), None)


def list_own(tx: HubTransaction, cardholder: Cardholder) -> list[RequestShown]:
    """The person's requests: those that are open first, the newest first."""
    subject = subjects.of_cardholder(tx, cardholder)
    found = service_requests.list_of_person(tx, subject.indexes, client_id=subject.client_id)
    return sorted((shown(tx, each) for each in found), key=lambda each: each.is_over)


def own(tx: HubTransaction, cardholder: Cardholder, matter_id: str) -> list[tuple[RequestShown, list[Plain]]]:
    """The person's requests in that matter, one a bank, each with its log; raises `NotFound`."""
    subject = subjects.of_cardholder(tx, cardholder)
    found = service_requests.find_of_person(tx, matter_id, subject.indexes, client_id=subject.client_id)
    return [(shown(tx, each), log_of(tx, each.id)) for each in found]


def export_views(tx: HubTransaction, owner_indexes: Any, *, client_id: str) -> list[Plain]:
    """Every request that is kept of the person, whole, with its log."""
    return [
        {
            **view(tx, each),
            "contents": service_requests.contents_of(tx, each),
            "files": files.views_of(tx, each),
            "log": log_of(tx, each.id),
        }
        for each in service_requests.list_of_person(tx, owner_indexes, client_id=client_id)
    ]


def files_of_person(tx: HubTransaction, owner_indexes: Any, *, client_id: str) -> list[str]:
    """Ids of the files that the person gave with requests."""
    mine = service_requests.list_of_person(tx, owner_indexes, client_id=client_id)
    return [each.id for record in mine for each in request_files.list_of(tx, record.id)]
