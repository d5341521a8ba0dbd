"""Clocks as actions: opened by an arrival, paused by a request, moved by a new calendar, noted when breached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hub.domain.actor import HUB, Actor
from hub.domain.china import china_day
from hub.domain.entry_kind import EntryKind
from hub.domain.notices import Notice, require_published
from hub.domain.plain import Plain, instant
from hub.domain.working_days import Calendar
from hub.services.negotiations import negotiation_log
from hub.services.negotiations.entries import entry, spoken_time
from hub.services.notifications import notifications
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.requests import clocks as request_clocks
from hub.services.transaction import HubTransaction, Transactions
from storage import answers, calendars, clocks, communications, negotiation_locks, operations, service_requests
from storage.records import ClockRecord, NegotiationRecord


def open_for(tx: HubTransaction, negotiation: NegotiationRecord, *, delivery_id: str) -> None:
    """The bank's time to answer runs from now on, under its rules and the calendar of today."""
    rules = tx.bank(negotiation.bank_code).rules
    clock = clocks.open_clock(tx, negotiation, delivery_id=delivery_id, rules=rules, calendar=tx.calendar())
    negotiation_log.note(tx, negotiation, entry(EntryKind.CLOCK_OPENED, HUB, due=spoken_time(clock.due_at)))


def _move(tx: HubTransaction, negotiation: NegotiationRecord, clock: ClockRecord, *, why: str) -> bool:
    before = clock.due_at
    clocks.compute(tx, negotiation, clock, tx.calendar())
    if clock.due_at == before:
        return False
    moved = entry(EntryKind.CLOCK_MOVED, HUB, before=spoken_time(before), after=spoken_time(clock.due_at), why=why)
    negotiation_log.note(tx, negotiation, moved)
    if clock.due_at > tx.now:
        # What was late is in time again, and may be late once more.
        clock.breach_noted_at = None
        answers.take_back(tx, clock)
    notifications.moved(tx, negotiation, clock)
    return True


def pause(tx: HubTransaction, negotiation: NegotiationRecord) -> None:
    """The due time has moved five working days on, if this bank pauses and has not done so before."""
    clock = clocks.find_running(tx, negotiation.id)
    if clock is None or any(each.paused_on is not None for each in clocks.list_of(tx, negotiation.id)):
        return
    if not tx.bank(negotiation.bank_code).rules.pause_on_evidence:
        return
    clock.paused_on = china_day(tx.now)
    _move(tx, negotiation, clock, why="等待补充材料")


def resume(tx: HubTransaction, negotiation: NegotiationRecord, *, on: date) -> None:
    """A paused clock runs again, due the old time plus the working days that were waited until `on`."""
    clock = clocks.find_running(tx, negotiation.id)
    if clock is None or clock.paused_on is None or clock.resumed_on is not None:
        return
    clock.resumed_on = on
    _move(tx, negotiation, clock, why="补充材料的等待结束")


def import_notice(transactions: Transactions, notice: Notice, *, actor: Actor) -> int:
    """The notice is in force, by `actor`, and every running clock follows it; gives how many due times moved.

    Raises as `put_in_force`.
    """
    with transactions.writing(actor) as tx:
        put_in_force(tx, notice)
    return follow_calendar(transactions)


def put_in_force(tx: HubTransaction, notice: Notice) -> None:
    """The notice is in force; running clocks follow it by `follow_calendar`.

    Raises `Refused` for a notice that is not published yet.
    """
    require_published(notice, china_day(tx.now))
    calendars.import_notice(tx, notice)
    audit.note(tx, AuditKind.CALENDAR_IMPORTED, notice.notice, year=notice.year)


def follow_calendar(transactions: Transactions) -> int:
    """Every running clock is computed by the calendar in force; gives how many due times moved.

    Each in a transaction of its own, since nobody should wait for the lock of a negotiation until the last of
    thousands has moved. Each move is an entry in its negotiation's log, also of a due time that is past already. One
    that ends early is gone on with by the next, and a schedule sees to that.
    """
    with transactions.reading(HUB) as tx:
        calendar = tx.calendar()
        behind = clocks.list_behind(tx, calendar)
        requests_behind = service_requests.list_behind(tx, calendar.version)
    moved = 0
    for clock_id in behind:
        with transactions.writing(HUB) as tx:
            moved += _follow(tx, clock_id)
    for request_id in requests_behind:
        with transactions.writing(HUB) as tx:
            moved += request_clocks.follow(tx, request_id)
    return moved


def _follow(tx: HubTransaction, clock_id: str) -> bool:
    clock = tx.session.get_one(ClockRecord, clock_id)
    negotiation = negotiation_locks.lock(tx, clock.negotiation_id)
    tx.session.refresh(clock)
    # Answered or ended while this waited for the negotiation: nothing of it moves any more.
    if clock.answered_at is not None or clock.ended_at is not None:
        return False
    imported = calendars.list_imported(tx)
    newest = f"{imported[-1].year} 年放假安排（{imported[-1].notice}）" if imported else "放假安排更新"
    return _move(tx, negotiation, clock, why=newest)


def note_breach(tx: HubTransaction, clock_id: str) -> None:
    """The breach of the clock is in the log, once; another writer of its negotiation is waited for."""
    clock = tx.session.get(ClockRecord, clock_id)
    if clock is None:
        return
    negotiation = negotiation_locks.lock(tx, clock.negotiation_id)
    tx.session.refresh(clock)
    if _is_late(tx, clock):
        _note_late(tx, [(negotiation, clock)])


def note_breaches(tx: HubTransaction, clock_ids: Sequence[str]) -> None:
    """The breaches of the clocks are in the log, each once, but of negotiations that another writer holds just now."""
    held = {each.id: each for each in negotiation_locks.lock_free(tx, clocks.negotiations_of(tx, clock_ids))}
    found = clocks.list_by_ids(tx, clock_ids)
    _note_late(
        tx,
        [(held[each.negotiation_id], each) for each in found if each.negotiation_id in held and _is_late(tx, each)],
    )


def _is_late(tx: HubTransaction, clock: ClockRecord) -> bool:
    ended = clock.answered_at is not None or clock.ended_at is not None
    noted = clock.breach_noted_at is not None
    return not (ended or noted or clocks.answer_time_of(clock).is_paused) and clock.due_at < tx.now


def _note_late(tx: HubTransaction, late: Sequence[tuple[NegotiationRecord, ClockRecord]]) -> None:
    for negotiation, clock in late:
        clock.breach_noted_at = tx.now
        answers.note_breach(tx, negotiation, clock)
    communications.append_all(
        tx,
        [(negotiation, entry(EntryKind.BREACHED, HUB, due=spoken_time(clock.due_at))) for negotiation, clock in late],
    )
    notifications.breached(tx, late)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningClock:
    """One line of the report over open clocks."""

    reference: str
    bank_code: str
    opened_at: datetime
    due_at: datetime
    working_days_left: int
    breached: bool
    paused: bool
    provisional: bool

    def plain(self) -> Plain:
        """The line as JSON data."""
        return {
            "negotiation": self.reference,
            "bank_code": self.bank_code,
            "opened_at": instant(self.opened_at),
            "due_at": instant(self.due_at),
            "working_days_left": self.working_days_left,
            "breached": self.breached,
            "paused": self.paused,
            "provisional": self.provisional,
        }


def running_clock(clock: ClockRecord, reference: str, *, calendar: Calendar, as_of: datetime) -> RunningClock:
    """The clock of the negotiation of that reference, as it stands at `as_of`."""
    paused = clocks.answer_time_of(clock).is_paused
    return RunningClock(
        reference=reference,
        bank_code=clock.bank_code,
        opened_at=clock.opened_at,
        due_at=clock.due_at,
        working_days_left=calendar.working_days_between(china_day(as_of), china_day(clock.due_at)),
        breached=not paused and as_of > clock.due_at,
        paused=paused,
        provisional=clock.provisional,
    )


def report(tx: HubTransaction, *, as_of: datetime) -> list[RunningClock]:
    """Every clock that runs, as it stands at `as_of`, the one due first at the front."""
    calendar = tx.calendar()
    return [
        running_clock(clock, reference, calendar=calendar, as_of=as_of)
        for clock, reference in operations.list_clocks(tx, late_at=None, after=None, limit=None)
    ]
