"""The running clocks of all banks, of negotiations and of requests, and how many of each."""

from dataclasses import dataclass
from datetime import datetime

from hub.domain.answer_time import working_days_left
from hub.domain.paging import Place
from hub.domain.working_days import Calendar
from hub.services.negotiations.answer_clocks import RunningClock, running_clock
from hub.services.transaction import HubTransaction
from storage import clock_counts, operations, service_requests
from storage.clock_counts import BankClocks
from storage.records import ServiceRequestRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPage:
    """Some of the running clocks; `next_place` is where the following page begins, or None at the end."""

    items: list[RunningClock]
    next_place: Place | None


def clock_page(tx: HubTransaction, *, late_only: bool, after: Place | None, limit: int = 100) -> ClockPage:
    """Running clocks, the one due first at the front."""
    late_at = tx.now if late_only else None
    calendar = tx.calendar()
    of_negotiations = operations.list_clocks(tx, late_at=late_at, after=after, limit=limit + 1)
    of_requests = service_requests.list_running(tx, late_at=late_at, after=after, limit=limit + 1)
    # Both are in the same order, so that a place in one is a place in the other.
    found = [
        ((clock.due_at, clock.id), running_clock(clock, reference, calendar=calendar, as_of=tx.now))
        for clock, reference in of_negotiations
    ]
    found += [((each.due_at, each.id), _of_request(each, calendar, tx.now)) for each in of_requests]
    found.sort(key=lambda each: each[0])
    return ClockPage(
        items=[clock for _, clock in found[:limit]], next_place=found[limit - 1][0] if len(found) > limit else None
    )


def _of_request(record: ServiceRequestRecord, calendar: Calendar, now: datetime) -> RunningClock:
    return RunningClock(
        reference=record.reference,
        bank_code=record.bank_code,
        opened_at=record.clock_opened_at or record.opened_at,
        due_at=record.due_at,
        working_days_left=working_days_left(record.due_at, now, calendar),
        breached=now > record.due_at,
        paused=False,
        provisional=record.provisional,
    )


def clocks_of_bank(tx: HubTransaction, bank_code: str) -> BankClocks:
    """The bank's clocks that run."""
    return clock_counts.count_clocks_of(tx, tx.now, bank_code)
