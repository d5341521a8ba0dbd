"""Clocks of requests as actions: opened by an arrival or a step, moved by a new calendar, noted when breached."""

from datetime import datetime

from hub.domain import answer_time
from hub.domain.actor import HUB
from hub.domain.entry_kind import EntryKind
from hub.domain.request_kinds import rules_of
from hub.services.negotiations.entries import entry, spoken_time
from hub.services.transaction import HubTransaction
from storage import calendars, request_clocks, service_requests
from storage.records import ServiceRequestRecord


def open_for(tx: HubTransaction, record: ServiceRequestRecord, *, response_days: int | None = None) -> None:
    """The bank's time to answer runs from now on: so many working days, those of its kind where none are given."""
    days = rules_of(record.kind).response_days if response_days is None else response_days
    closes_at = tx.bank(record.bank_code).rules.closes_at
    request_clocks.open_clock(tx, record, response_days=days, closes_at=closes_at, calendar=tx.calendar())
    opened = entry(EntryKind.CLOCK_OPENED, HUB, due=spoken_time(record.due_at))
    service_requests.append(tx, record, opened)


def due_at_if_opened(tx: HubTransaction, record: ServiceRequestRecord, *, response_days: int | None) -> datetime:
    """When the bank's answer would be due if its time to answer began now."""
    days = rules_of(record.kind).response_days if response_days is None else response_days
    closes_at = tx.bank(record.bank_code).rules.closes_at
    turn = answer_time.AnswerTime(opened_at=tx.now, response_days=days, closes_at=closes_at)
    return answer_time.due_at(turn, tx.calendar())


def follow(tx: HubTransaction, request_id: str) -> bool:
    """The running clock is computed by the calendar in force; whether its due time moved."""
    record = service_requests.lock(tx, request_id)
    if not request_clocks.is_running(record):
        return False
    before = record.due_at
    request_clocks.compute(tx, record, tx.calendar())
    if record.due_at == before:
        return False
    imported = calendars.list_imported(tx)
    why = f"{imported[-1].year} 年放假安排（{imported[-1].notice}）" if imported else "放假安排更新"
    after = spoken_time(record.due_at)
    service_requests.append(
        tx, record, entry(EntryKind.CLOCK_MOVED, HUB, before=spoken_time(before), after=after, why=why)
    )
    if record.due_at > tx.now:
        # What was late is in time again, and may be late once more.
        record.breach_noted_at = None
    return True


def note_breach(tx: HubTransaction, request_id: str) -> None:
    """The log says that the bank has not answered in time, once."""
    record = service_requests.lock(tx, request_id)
    if not request_clocks.is_running(record) or record.breach_noted_at is not None or record.due_at >= tx.now:
        return
    record.breach_noted_at = tx.now
    record.remind_at = None
    service_requests.append(tx, record, entry(EntryKind.BREACHED, HUB, due=spoken_time(record.due_at)))
