"""The running clocks of all banks, and how many of each."""

from dataclasses import dataclass

from hub.domain.paging import Place
from hub.services.negotiations.answer_clocks import RunningClock, running_clock
from hub.services.transaction import HubTransaction
from storage import operations
from storage.operations import ClockCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPage:
    """Some of the running clocks; `next_place` is where the following page begins, or None at the end."""

    items: list[RunningClock]
    next_place: Place | None


def clock_page(tx: HubTransaction, *, late_only: bool, after: Place | None, limit: int = 100) -> ClockPage:
    """Running clocks, the one due first at the front."""
    found = operations.list_clocks(tx, late_at=tx.now if late_only else None, after=after, limit=limit + 1)
    calendar = tx.calendar()
    items = [running_clock(clock, reference, calendar=calendar, as_of=tx.now) for clock, reference in found[:limit]]
    last = found[limit - 1][0] if len(found) > limit else None
    return ClockPage(items=items, next_place=None if last is None else (last.due_at, last.id))


def clocks_of_bank(tx: HubTransaction, bank_code: str) -> ClockCounts:
    """The bank's clocks that run."""
    return operations.count_clocks(tx, tx.now, bank_code)
