"""Counting: each minute the tally of every bank's queue is renewed, by statements that hardly grow with the queue."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from statistics import median

from hub.domain.actor import HUB
from hub.domain.answer_time import working_time
from hub.domain.approval import has_turn
from hub.domain.china import china_day, china_instant
from hub.domain.queue_query import DUE, question_in
from hub.domain.queue_question import QueueQuestion, Tab, Urgency
from hub.domain.staff import Role
from hub.domain.tally import COUNTS_END_AT, AnswerFigures, Tally
from hub.services.reading.bank.queue import wanted_of_bank
from hub.services.reading.bank.waiting import waiting_for
from hub.services.transaction import HubTransaction, Transactions
from storage import offers, queue_index, queue_rows, saved_views, staff, tallies
from storage.queue_rows import Wanted

_DAY = timedelta(days=1)
# Rows of before the queue had an index of its own, so many in one transaction.
_INDEXED_TOGETHER = 200
# Whether anything waits is all that matters.
_MOST_WAITING = 1
# So many saved views of a bank have their number, those of all first.
_VIEWS_COUNTED = 40
_COUNTED_TABS = (Tab.ALL, Tab.MESSAGES, Tab.ASKED, Tab.AGREED)


def renew(transactions: Transactions) -> None:
    """The tally of every bank says what there is now. Counting is apart from writing, so nobody waits for it."""
    with transactions.reading(HUB) as tx:
        counted = {bank_code: count(tx, bank_code) for bank_code in tallies.list_banks(tx)}
        views = [each for bank_code in counted for each in _views(tx, bank_code)]
    with transactions.writing(HUB) as tx:
        for bank_code, tally in counted.items():
            tallies.save(tx, bank_code, tally)
        saved_views.set_counts(tx, views)


def _views(tx: HubTransaction, bank_code: str) -> list[tuple[str, int]]:
    found = []
    for view in saved_views.list_to_count(tx, bank_code, _VIEWS_COUNTED):
        question = question_in(view.query)
        if question.tab is Tab.APPROVAL or (question.tab is Tab.MINE and view.staff_id is None):
            # Each who looks at it finds others behind it.
            continue
        wanted = wanted_of_bank(tx, bank_code, question)
        if question.tab is Tab.MINE:
            wanted = replace(wanted, owner=view.staff_id, unowned=False)
        found.append((view.id, queue_rows.count(tx, wanted, most=COUNTS_END_AT)))
    return found


def count(tx: HubTransaction, bank_code: str) -> Tally:
    """What the bank's queue comes to now."""

    def of(question: QueueQuestion) -> int:
        return queue_rows.count(tx, wanted_of_bank(tx, bank_code, question), most=COUNTS_END_AT)

    before = tallies.find(tx, bank_code)
    by_owner = tallies.count_by_owner(tx, bank_code, most=COUNTS_END_AT)
    due = {each: of(QueueQuestion(due=each)) for each in DUE}
    return Tally(
        counted_at=tx.now,
        tabs={
            **{each: of(QueueQuestion(tab=each)) for each in _COUNTED_TABS},
            Tab.UNASSIGNED: by_owner.get(None, 0),
            Tab.COUNTERED: tallies.count_countered(tx, bank_code, most=COUNTS_END_AT),
        },
        due=due,
        today_unassigned=of(QueueQuestion(tab=Tab.UNASSIGNED, due=Urgency.TODAY)),
        late_since=tallies.earliest_due(tx, bank_code) if due[Urgency.LATE] else None,
        in_force=tallies.count_in_force(tx, bank_code, most=COUNTS_END_AT),
        waiting=len(waiting_for(tx, bank_code, most=_MOST_WAITING)),
        mine={owner: number for owner, number in by_owner.items() if owner is not None},
        to_approve=_to_approve(tx, bank_code),
        answers=_answers(tx, bank_code, china_day(tx.now).replace(day=1)),
        answers_before=_answers_before(tx, bank_code, before),
    )


def _to_approve(tx: HubTransaction, bank_code: str) -> dict[str, int]:
    waiting = offers.list_awaiting_approval(tx, bank_code, most=COUNTS_END_AT)
    if not waiting:
        return {}
    found = {}
    for each in staff.list_of_bank(tx, bank_code):
        person, role = staff.actor_of(each), Role(each.role)
        number = sum(has_turn(offer.approvals, person=person, role=role, maker=offer.made_by) for offer in waiting)
        if each.active and number:
            found[each.id] = number
    return found


def _answers_before(tx: HubTransaction, bank_code: str, before: Tally | None) -> AnswerFigures:
    month = (china_day(tx.now).replace(day=1) - _DAY).replace(day=1)
    if before is not None and before.answers_before.month == _name(month):
        # A month that is over does not change.
        return before.answers_before
    return _answers(tx, bank_code, month)


def _answers(tx: HubTransaction, bank_code: str, month: date) -> AnswerFigures:
    since, until = _start(month), _start((month + 31 * _DAY).replace(day=1))
    came, in_time = tallies.count_answers(tx, bank_code, since, until)
    out = Wanted(bank_code=bank_code, due_from=since, due_before=min(until, tx.now))
    out_late = queue_rows.count(tx, out, most=10 * COUNTS_END_AT) if since < tx.now else 0
    return AnswerFigures(
        month=_name(month),
        due=came + out_late,
        in_time=in_time,
        median_days=_median_days(tx, tallies.list_first_answers(tx, bank_code, since, until)),
    )


def _median_days(tx: HubTransaction, answers: Sequence[tuple[datetime, datetime]]) -> float | None:
    calendar = tx.calendar()
    taken = [working_time(asked_at, came_at, calendar) / _DAY for asked_at, came_at in answers]
    return round(median(taken), 2) if taken else None


def _start(day: date) -> datetime:
    return china_instant(day, time())


def _name(month: date) -> str:
    return f"{month:%Y-%m}"


def index_old(transactions: Transactions) -> int:
    """A lot of the cases that were there before the queue had an index of its own has one now; gives how many.

    It goes on where it was broken off, in transactions of a few hundred, and finds nothing once all are done.
    """
    with transactions.reading(HUB) as tx:
        ids = queue_index.list_unindexed(tx, _INDEXED_TOGETHER)
    if ids:
        with transactions.writing(HUB) as tx:
            queue_index.index_old(tx, ids)
    return len(ids)
