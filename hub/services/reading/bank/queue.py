"""The queue of a bank, as its API and its people are shown it; the applicants masked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from hub.domain import answer_time
from hub.domain.approval import has_turn
from hub.domain.china import china_day, china_instant
from hub.domain.entry_kind import EntryKind
from hub.domain.last_word import LAST_WORDS
from hub.domain.lifecycle import BANKS_TURN, OPEN, Status
from hub.domain.paging import Page, Stretch
from hub.domain.plain import Plain
from hub.domain.queue_query import KNOWN_STATUSES
from hub.domain.queue_question import NOBODY, Order, QueueQuestion, Tab, Urgency
from hub.domain.queue_summary import QueueSummary
from hub.domain.staff import Role
from hub.domain.working_days import Calendar
from hub.services.accounts.staff import Staff
from hub.services.reading import views
from hub.services.reading.views import Listed
from hub.services.transaction import HubTransaction
from storage import negotiations, offers, queue_index, queue_rows
from storage.queue_rows import QueuedRow, Wanted
from storage.reading_ahead import read_ahead
from storage.records import NegotiationRecord
from storage.records.negotiations import PAUSED
from storage.submissions import submission_of

_HUNDREDS: Final = 100
_ONE_SECOND: Final = timedelta(seconds=1)
_TO_READ: Final = (EntryKind.MESSAGE, EntryKind.ANSWERED, EntryKind.CALL_RECORD, EntryKind.AMENDMENT_ASKED)
"""What a person said that is read as a message; a declined offer and a broken file are seen in the row."""


_STATUSES_OF_TAB: Final[Mapping[Tab, tuple[Status, ...]]] = {
    Tab.ASKED: (Status.AWAITING_CARDHOLDER,),
    Tab.AGREED: (Status.AGREED,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueClock:
    """Of the running clock what a row says; how its days were counted is shown with the negotiation.

    `due_on` is the day of `due_at` in China. `left` is the working time until it is due, 24 hours a working day, and
    below zero the time since; `used` the share of its time that is over, from 0 to 1; `paused_days` the working days
    that it has been paused.
    """

    due_at: datetime
    due_on: date
    paused: bool
    breached: bool
    working_days_left: int
    left: timedelta = timedelta()
    used: float = 0.0
    paused_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One negotiation in the queue. `said` is its submission in few words, what is owed as declared.

    `counter` are the terms of the person's counter-offer that waits for the bank; `news` what somebody of the bank has
    to look at beside the due time, by the display names of the group `news`; `papers` how many files there are,
    `papers_checked` how many of them a clerk found right.
    """

    id: str
    reference: str
    status: Status
    said: QueueSummary
    clock: QueueClock | None
    urgency: Urgency
    counter: Any
    news: tuple[str, ...]
    owner_id: str | None
    papers: int
    papers_checked: int
    place: tuple[datetime | int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """One page of the queue; the places are where the pages before and behind it are cut off, None at an end."""

    rows: tuple[QueueRow, ...]
    order: Order = Order.DUE
    previous_place: tuple[datetime | int, str] | None = None
    next_place: tuple[datetime | int, str] | None = None

    @property
    def by_urgency(self) -> dict[Urgency | None, list[QueueRow]]:
        """The rows of each urgency that there is, in their order; all in one where they are sorted otherwise."""
        if self.order is not Order.DUE:
            return {None: list(self.rows)} if self.rows else {}
        found: dict[Urgency | None, list[QueueRow]] = {}
        for row in self.rows:
            found.setdefault(row.urgency, []).append(row)
        return found


def queue(tx: HubTransaction, person: Staff, question: QueueQuestion, stretch: Stretch) -> Queue:
    """The page of the queue of the person's bank that answers the question."""
    return _page(tx, wanted(tx, person, question), stretch)


def queue_of(tx: HubTransaction, person: Staff, ids: Sequence[str], stretch: Stretch) -> Queue:
    """A page of those of the bank's negotiations by due time, whether open or over."""
    return _page(tx, Wanted(bank_code=person.bank, statuses=KNOWN_STATUSES, ids=tuple(ids)), stretch)


def _page(tx: HubTransaction, wanted: Wanted, stretch: Stretch) -> Queue:
    found = queue_rows.list_page(tx, wanted, stretch)
    is_more = len(found) > stretch.limit
    shown = found[1 if is_more and stretch.before else 0 :][: stretch.limit]
    calendar = tx.calendar()
    countdown = answer_time.Countdown(tx.now, calendar)
    rows = tuple(_row(each, countdown, calendar) for each in shown)
    first, last = (rows[0].place, rows[-1].place) if rows else (None, None)
    if wanted.order is Order.OWED:
        # The list is sorted by hundreds of yuan; within a page it is by the whole sum.
        rows = tuple(sorted(rows, key=lambda each: each.said.owed_fen, reverse=wanted.down))
    return Queue(
        rows=rows,
        order=wanted.order,
        previous_place=first if (is_more if stretch.before else stretch.place is not None) else None,
        next_place=last if (is_more or stretch.before) else None,
    )


def wanted(tx: HubTransaction, person: Staff, question: QueueQuestion) -> Wanted:
    """The question in the words of the rows, by what time it is and who asks."""
    found = wanted_of_bank(tx, person.bank, question)
    if question.tab is Tab.MINE:
        return replace(found, owner=person.id, unowned=False)
    if question.tab is Tab.APPROVAL:
        return replace(found, ids=waiting_for_approval_of(tx, person))
    return found


def wanted_of_bank(tx: HubTransaction, bank_code: str, question: QueueQuestion) -> Wanted:
    """The same of a question that is the same whoever of the bank asks it."""
    due_from, due_before = _bounds(question.due, tx.now, tx.calendar())
    statuses = _STATUSES_OF_TAB.get(question.tab) or question.statuses
    owner = NOBODY if question.tab is Tab.UNASSIGNED else question.owner
    return Wanted(
        bank_code=bank_code,
        statuses=tuple(statuses),
        due_from=due_from,
        due_before=due_before,
        marks=tuple(queue_index.marks_of(tx, bank_code, question.reasons)),
        owed=tuple(
            (least // _HUNDREDS, None if below is None else below // _HUNDREDS)
            for least, below in (each.bounds for each in question.owed)
        ),
        owner=owner if owner and owner != NOBODY else None,
        unowned=owner == NOBODY,
        last_words=_TO_READ if question.tab is Tab.MESSAGES else (),
        countered=question.tab is Tab.COUNTERED,
        replied=question.replied,
        # Messages stay open while an agreement is in force.
        whatever_status=question.tab is Tab.MESSAGES and not statuses,
        order=question.order,
        down=question.down,
    )


def waiting_for_approval_of(tx: HubTransaction, person: Staff) -> tuple[str, ...]:
    """The negotiations with an offer that the person may approve now."""
    waiting = offers.list_awaiting_approval(tx, person.bank)
    return tuple(
        offer.negotiation_id
        for offer in waiting
        if has_turn(offer.approvals, person=str(person.actor), role=Role(person.role), maker=offer.made_by)
    )


def _bounds(due: Urgency | None, now: datetime, calendar: Calendar) -> tuple[datetime | None, datetime | None]:
    """From when and before when an answer is due that is so urgent; None where there is no such bound."""
    if due is None:
        return None, None
    today = china_day(now)
    tomorrow = china_instant(today + timedelta(days=1), time())
    last_day = calendar.nth_working_day_after(today, answer_time.SOON_DAYS)
    later = china_instant(last_day + timedelta(days=1), time())
    bounds: Mapping[Urgency, tuple[datetime | None, datetime]] = {
        Urgency.LATE: (None, now),
        Urgency.TODAY: (now, tomorrow),
        Urgency.SOON: (tomorrow, later),
        Urgency.LATER: (later, PAUSED),
        Urgency.PAUSED: (PAUSED, PAUSED + timedelta(days=1)),
    }
    return bounds.get(due, (None, None))


def _row(row: QueuedRow, countdown: answer_time.Countdown, calendar: Calendar) -> QueueRow:
    clock = None if row.due_at is None else _clock(row, row.due_at, countdown, calendar)
    return QueueRow(
        id=row.id,
        reference=row.reference,
        status=Status(row.status),
        said=row.summary,
        clock=clock,
        urgency=urgency_of(clock, countdown.today),
        counter=row.counter if row.status in BANKS_TURN else None,
        news=tuple(_news(row)),
        owner_id=row.owner_id,
        papers=row.papers,
        papers_checked=row.papers_checked,
        place=(row.place, row.id),
    )


def _news(row: QueuedRow) -> list[str]:
    found = ["awaiting_approval"] if row.awaits_approval else []
    if row.was_returned and row.status in OPEN:
        found.append("returned")
    if row.counter is not None and row.status in BANKS_TURN:
        found.append("countered")
    elif row.last_word in LAST_WORDS:
        found.append(row.last_word)
    return found


def _clock(row: QueuedRow, due_at: datetime, countdown: answer_time.Countdown, calendar: Calendar) -> QueueClock:
    paused, now = row.paused_on is not None, countdown.now
    opened_at, due_on = row.clock_opened_at or due_at, china_day(due_at)
    days_left, left = countdown.to(due_at, due_on)
    return QueueClock(
        due_at=due_at,
        due_on=due_on,
        paused=paused,
        breached=answer_time.is_breached(due_at, answered_at=None, paused=paused, now=now),
        working_days_left=days_left,
        left=left,
        used=min(1.0, max(0.0, (now - opened_at) / max(due_at - opened_at, _ONE_SECOND))),
        paused_days=0 if row.paused_on is None else calendar.working_days_between(row.paused_on, countdown.today),
    )


def urgency_of(clock: QueueClock | None, today: date) -> Urgency:
    """How urgent the answer is that the clock counts to; `today` is in China."""
    if clock is None:
        return Urgency.NONE
    if clock.paused:
        return Urgency.PAUSED
    if clock.breached:
        return Urgency.LATE
    if clock.due_on <= today:
        return Urgency.TODAY
    return Urgency.SOON if answer_time.is_soon(clock.working_days_left) else Urgency.LATER


def list_views(
    tx: HubTransaction,
    bank_code: str,
    *,
    statuses: Sequence[Status],
    due_before: datetime | None,
    page: Page,
    language: str,
) -> Listed:
    """The same by due time as views of whole negotiations, for the bank's system."""
    rows = negotiations.list_of_bank(tx, bank_code, statuses=statuses, due_before=due_before, page=page)
    shown = rows[: page.limit]
    read_ahead(tx, shown)
    return Listed(
        items=[_with_applicant(tx, row, language) for row in shown],
        next_place=(shown[-1].due_at, shown[-1].id) if len(rows) > page.limit else None,
    )


def _with_applicant(tx: HubTransaction, row: NegotiationRecord, language: str) -> Plain:
    applicant = submission_of(tx, row).applicant
    return {**views.negotiation_view(tx, row, language=language), "applicant": views.masked(applicant)}
