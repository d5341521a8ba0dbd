"""The queue of a bank by due time, as its API and its people are shown it; the applicants masked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from hub.domain import answer_time
from hub.domain.application import HardshipReason, SupportNeed
from hub.domain.china import china_day, china_instant
from hub.domain.lifecycle import BANKS_TURN, OPEN, Status
from hub.domain.masks import card_last4, mask_name
from hub.domain.paging import Page, Place
from hub.domain.plain import Plain
from hub.domain.proposal import Proposal
from hub.domain.representatives import RepresentativeFlag, flags_of
from hub.domain.working_days import Calendar
from hub.services.reading import views
from hub.services.reading.bank.log import LAST_WORDS
from hub.services.reading.views import Listed
from hub.services.transaction import HubTransaction
from storage import bank_queue, negotiations
from storage.bank_queue import Queued
from storage.reading_ahead import read_ahead
from storage.records import NegotiationRecord
from storage.submissions import submission_of


class Urgency(StrEnum):
    """How urgent an answer is, the most urgent first."""

    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    PAUSED = "paused"
    NONE = "none"  # no clock runs


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueClock:
    """Of the running clock what a row says; how its days were counted is shown with the negotiation."""

    due_at: datetime
    paused: bool
    breached: bool
    working_days_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One negotiation in the queue. `cards`: last four digits each; `owed_fen` as declared.

    `counter` are the terms of the person's counter-offer that waits for the bank; `news` what somebody of the bank has
    to look at beside the due time, by the display names of the group `news`.
    """

    id: str
    reference: str
    status: Status
    name: str
    cards: tuple[str, ...]
    owed_fen: int
    reasons: tuple[HardshipReason, ...]
    support_needs: tuple[SupportNeed, ...]
    representative_flags: tuple[RepresentativeFlag, ...]
    proposal: Proposal
    clock: QueueClock | None
    urgency: Urgency
    counter: Any
    news: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """One page of the queue; `next_place` is where the following one begins, or None at the end."""

    rows: tuple[QueueRow, ...]
    next_place: Place | None

    @property
    def by_urgency(self) -> dict[Urgency, list[QueueRow]]:
        """The rows of each urgency that there is, the most urgent first."""
        found = {each: [row for row in self.rows if row.urgency == each] for each in Urgency}
        return {each: rows for each, rows in found.items() if rows}


def queue(
    tx: HubTransaction,
    bank_code: str,
    *,
    statuses: Sequence[Status],
    due_before: datetime | None,
    page: Page,
) -> Queue:
    """The bank's negotiations by due time; without `statuses` the open ones."""
    found = bank_queue.list_page(tx, bank_code, statuses=statuses, due_before=due_before, page=page)
    shown, calendar = found[: page.limit], tx.calendar()
    return Queue(
        rows=tuple(_row(each, tx.now, calendar) for each in shown),
        next_place=(shown[-1].due_at, shown[-1].id) if len(found) > page.limit else None,
    )


def _row(row: Queued, now: datetime, calendar: Calendar) -> QueueRow:
    submission = row.submission
    clock = _clock(row, now, calendar) if row.runs else None
    return QueueRow(
        id=row.id,
        reference=row.reference,
        status=Status(row.status),
        name=mask_name(submission.applicant.name),
        cards=tuple(card_last4(each) for each in submission.card_numbers),
        owed_fen=submission.owed_fen,
        reasons=submission.hardship.reasons,
        support_needs=submission.support_needs,
        representative_flags=flags_of(submission.representative),
        proposal=submission.proposal,
        clock=clock,
        urgency=urgency_of(clock, now),
        counter=row.counter if row.status in BANKS_TURN else None,
        news=tuple(_news(row)),
    )


def _news(row: Queued) -> list[str]:
    found = ["awaiting_approval"] if row.awaits_approval else []
    if row.was_returned and row.status in OPEN:
        found.append("returned")
    if row.counter is not None and row.status in BANKS_TURN:
        found.append("countered")
    elif row.last_word in LAST_WORDS:
        found.append(row.last_word)
    return found


def _clock(row: Queued, now: datetime, calendar: Calendar) -> QueueClock:
    return QueueClock(
        due_at=row.due_at,
        paused=row.paused,
        breached=answer_time.is_breached(row.due_at, answered_at=None, paused=row.paused, now=now),
        working_days_left=answer_time.working_days_left(row.due_at, now, calendar),
    )


def urgency_of(clock: QueueClock | None, now: datetime) -> Urgency:
    """How urgent the answer is that the clock counts to."""
    if clock is None:
        return Urgency.NONE
    if clock.paused:
        return Urgency.PAUSED
    if clock.breached:
        return Urgency.LATE
    if china_day(clock.due_at) <= china_day(now):
        return Urgency.TODAY
    return Urgency.SOON if answer_time.is_soon(clock.working_days_left) else Urgency.LATER


def due_before(urgency: Urgency, now: datetime, calendar: Calendar) -> datetime | None:
    """Before when an answer is due that is at least so urgent; None where every answer is."""
    today = china_day(now)
    match urgency:
        case Urgency.LATE:
            return now
        case Urgency.TODAY:
            return china_instant(today + timedelta(days=1), time())
        case Urgency.SOON:
            last_day = calendar.nth_working_day_after(today, answer_time.SOON_DAYS)
            return china_instant(last_day + timedelta(days=1), time())
    return None


def list_views(
    tx: HubTransaction,
    bank_code: str,
    *,
    statuses: Sequence[Status],
    due_before: datetime | None,
    page: Page,
    language: str,
) -> Listed:
    """The same page as views of whole negotiations."""
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
