"""Clocks of requests as actions: opened by an arrival or a step, moved by a new calendar, noted when breached."""

from datetime import datetime

from hub.domain import answer_time
from hub.domain.actor import HUB
from hub.domain.entry_kind import EntryKind
from hub.domain.reminders import ladder
from hub.domain.request_kinds import rules_of
from hub.mail.kinds import MailKind
from hub.services.negotiations.entries import entry, spoken_time
from hub.services.notifications import request_mails
from hub.services.transaction import HubTransaction
from hub.steps import reached
from storage import calendars, request_clocks, service_requests
from storage.mails import Reader
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
    step = request_mails.due_step(record)
    for reader in (Reader.DESK, Reader.SUPERVISORS):
        request_mails.to_bank(tx, record, MailKind.REQUEST_LATE, reader, step=step)
    request_mails.to_person(tx, record, MailKind.REQUEST_UNANSWERED, step=step)
    reached("request.late")


def remind(tx: HubTransaction, request_id: str) -> None:
    """The desk is reminded of the step of the ladder that is due, each step and due time once; a late one of none."""
    record = service_requests.lock(tx, request_id)
    if record.remind_at is None or record.remind_at > tx.now or not request_clocks.is_running(record):
        return
    steps = ladder(record.due_at, tx.calendar())
    if tx.now <= record.due_at:
        # Of several that are due at once only the last still says something true.
        stage = [each for each in steps if each.at <= tx.now][-1].stage
        step = f":{stage}{request_mails.due_step(record)}"
        request_mails.to_bank(tx, record, MailKind.REQUEST_DUE, step=step)
    record.remind_at = next((each.at for each in steps if each.at > tx.now), None)
