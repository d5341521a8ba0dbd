"""How bank turns came out: written with the answer or the breach, counted by week, and listed.

A week that is over is counted once and kept in `answered_week`. Whoever changes a turn of such a week takes its rows
away under the bank's row, and it is counted again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from hub.domain.answers import AnswerStage, CaseAge, Outcome, reached_between, week_of
from hub.domain.china import china_day
from hub.domain.consent_ledger import FOR_ALL_OF_IT
from hub.domain.delivery import MessageKind
from hub.domain.paging import MOST_COUNTED, Page
from storage import calendars
from storage.bounded_counts import count_up_to
from storage.records import (
    AnsweredWeekRecord,
    BankRecord,
    ClockRecord,
    DeliveryRecord,
    EvidenceRequestRecord,
    NegotiationRecord,
    StaffRecord,
    TeamRecord,
)
from storage.records.clocks import UNEXPLAINED_SQL
from storage.records.negotiations import QUEUE_SQL
from storage.transaction import Transaction

ALL, TEAM, REASON, STAGE, DAYS = "all", "team", "reason", "stage", "days"
"""By what the turns of a week are counted."""
NOBODY: Final = ""
"""The name of the team of cases that are nobody's, or of somebody who is in no team."""

Counted = Mapping[tuple[str, str], tuple[int, int]]
"""How many were in time and late, by what they are counted and its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersAsked:
    """Which turns: those that came out since `since` and before `before`, narrowed by what is not None."""

    since: datetime
    before: datetime
    team: str | None = None
    stage: AnswerStage | None = None
    marks: Sequence[str] | None = None
    outcome: Outcome | None = None
    unexplained: bool = False


def note_answer(tx: Transaction, negotiation: NegotiationRecord, clock: ClockRecord) -> None:
    """The clock, which was just answered, came out in time or late, after so many working days."""
    paused = clock.paused_on is not None and clock.resumed_on is None
    if clock.outcome is None:
        is_late = not paused and tx.now > clock.due_at
        _come_out(tx, negotiation, clock, Outcome.LATE if is_late else Outcome.IN_TIME)
    calendar = calendars.calendar_in_force(tx)
    clock.days_taken = calendar.working_days_between(china_day(clock.opened_at), china_day(tx.now))
    _changed(tx, clock)


def note_breach(tx: Transaction, negotiation: NegotiationRecord, clock: ClockRecord) -> None:
    """The clock came out late."""
    if clock.outcome is None:
        _come_out(tx, negotiation, clock, Outcome.LATE)
        _changed(tx, clock)


def take_back(tx: Transaction, clock: ClockRecord) -> None:
    """How the clock comes out is open again: its due time was moved on."""
    _changed(tx, clock)
    clock.outcome = clock.outcome_at = clock.stage = clock.team_id = clock.reason_marks = None
    clock.cause = clock.cause_sealed = clock.cause_by = clock.cause_at = None


def _come_out(tx: Transaction, negotiation: NegotiationRecord, clock: ClockRecord, outcome: Outcome) -> None:
    owner = None if negotiation.owner_id is None else tx.session.get(StaffRecord, negotiation.owner_id)
    clock.outcome = outcome
    clock.outcome_at = tx.now if outcome is Outcome.IN_TIME else clock.due_at
    clock.team_id = None if owner is None else owner.team_id
    clock.stage = _stage(tx, clock)
    clock.reason_marks = negotiation.reason_marks


def _stage(tx: Transaction, clock: ClockRecord) -> AnswerStage:
    message = tx.session.get(DeliveryRecord, clock.delivery_id)
    if message is not None and message.kind == MessageKind.COUNTER_OFFERED:
        return AnswerStage.COUNTERED
    asked = sa.exists().where(
        EvidenceRequestRecord.negotiation_id == clock.negotiation_id,
        EvidenceRequestRecord.asked_at >= clock.opened_at,
        EvidenceRequestRecord.answered_at.is_not(None),
    )
    return AnswerStage.EVIDENCED if tx.session.scalar(sa.select(asked)) else AnswerStage.FIRST


def _changed(tx: Transaction, clock: ClockRecord) -> None:
    if clock.outcome_at is None:
        return
    week = week_of(clock.outcome_at)
    if week < week_of(tx.now):
        hold(tx, clock.bank_code)
        mine = (AnsweredWeekRecord.bank_code == clock.bank_code, AnsweredWeekRecord.week == week)
        tx.session.execute(sa.delete(AnsweredWeekRecord).where(*mine))


def hold(tx: Transaction, bank_code: str) -> None:
    """Nobody else counts or changes a week of the bank that is over, until the transaction ends."""
    mine = sa.select(BankRecord.code).where(BankRecord.code == bank_code)
    tx.session.execute(mine.with_for_update(key_share=True))


def count_span(tx: Transaction, bank_code: str, since: datetime, before: datetime) -> Counted:
    """What the turns that came out in the span come to, by one range of an index."""
    kinds = (
        ClockRecord.outcome,
        ClockRecord.stage,
        ClockRecord.team_id,
        ClockRecord.reason_marks,
        ClockRecord.days_taken,
    )
    query = (
        sa.select(*kinds, sa.func.count().label("times")).where(*_came_out(bank_code, since, before)).group_by(*kinds)
    )
    found: dict[Outcome, Counter[tuple[str, str]]] = {each: Counter() for each in Outcome}
    for row in tx.session.execute(query):
        for key in _keys(row):
            found[Outcome(row.outcome)][key] += row.times
    in_time, late = found[Outcome.IN_TIME], found[Outcome.LATE]
    return {key: (in_time[key], late[key]) for key in {(ALL, ""), *in_time, *late}}


def _keys(row: Any) -> Iterable[tuple[str, str]]:
    yield ALL, ""
    yield TEAM, row.team_id or NOBODY
    yield STAGE, row.stage or AnswerStage.FIRST
    for mark in (row.reason_marks or "").split():
        yield REASON, mark
    if row.days_taken is not None and row.stage == AnswerStage.FIRST:
        yield DAYS, str(row.days_taken)


def kept_weeks(tx: Transaction, bank_code: str, weeks: Sequence[date]) -> dict[date, Counted]:
    """What is kept of those of `weeks` that were counted."""
    query = sa.select(AnsweredWeekRecord).where(
        AnsweredWeekRecord.bank_code == bank_code, AnsweredWeekRecord.week.in_(weeks)
    )
    found: dict[date, dict[tuple[str, str], tuple[int, int]]] = {}
    for each in tx.session.scalars(query):
        found.setdefault(each.week, {})[each.by, each.name] = (each.in_time, each.late)
    return {week: counted for week, counted in found.items() if (ALL, "") in counted}


def keep_week(tx: Transaction, bank_code: str, week: date, counted: Counted) -> None:
    """What the week comes to is kept. The bank must be held."""
    tx.session.add_all(
        AnsweredWeekRecord(bank_code=bank_code, week=week, by=by, name=name, in_time=in_time, late=late)
        for (by, name), (in_time, late) in counted.items()
    )
    tx.session.flush()


def team_names(tx: Transaction, bank_code: str) -> dict[str, str]:
    """The bank's teams by id, in the order in which they were made."""
    query = sa.select(TeamRecord.id, TeamRecord.name).where(TeamRecord.bank_code == bank_code)
    return dict(tx.session.execute(query.order_by(TeamRecord.added_at, TeamRecord.id)).all())


def list_page(
    tx: Transaction, bank_code: str, asked: AnswersAsked, *, page: Page
) -> list[tuple[ClockRecord, NegotiationRecord]]:
    """A page of turns, the newest first; one more than the limit where there are more.

    Turns of erased negotiations are counted with the others, and in no list.
    """
    query = (
        sa.select(ClockRecord, NegotiationRecord)
        .join(NegotiationRecord, NegotiationRecord.id == ClockRecord.negotiation_id)
        .where(*_asked(bank_code, asked), NegotiationRecord.erased_at.is_(None))
        .order_by(ClockRecord.outcome_at.desc(), ClockRecord.id.desc())
        .limit(page.limit + 1)
    )
    if page.after is not None:
        seen = sa.tuple_(sa.literal(page.after[0], ClockRecord.outcome_at.type), sa.literal(page.after[1]))
        query = query.where(sa.tuple_(ClockRecord.outcome_at, ClockRecord.id) < seen)
    return [(clock, negotiation) for clock, negotiation in tx.session.execute(query)]


def count_asked(tx: Transaction, bank_code: str, asked: AnswersAsked) -> int:
    """How many there are; `MOST_COUNTED` + 1 where there are more than that."""
    outcome_at = ClockRecord.outcome_at
    return _counted(tx, sa.select(outcome_at).where(*_asked(bank_code, asked)), outcome_at)


def _counted(tx: Transaction, found: sa.Select[Any], order: Any) -> int:
    return tx.session.scalar(count_up_to(MOST_COUNTED + 1, found, order)) or 0


def _came_out(bank_code: str, since: datetime, before: datetime) -> list[Any]:
    return [
        ClockRecord.bank_code == bank_code,
        sa.text("clock.outcome_at IS NOT NULL"),
        ClockRecord.outcome_at >= since,
        ClockRecord.outcome_at < before,
    ]


def _asked(bank_code: str, asked: AnswersAsked) -> list[Any]:
    which = _came_out(bank_code, asked.since, asked.before)
    if asked.team is not None:
        which.append(ClockRecord.team_id.is_(None) if asked.team == NOBODY else ClockRecord.team_id == asked.team)
    if asked.stage is not None:
        which.append(ClockRecord.stage == asked.stage)
    if asked.marks is not None:
        which.append(sa.or_(sa.false(), *(ClockRecord.reason_marks.contains(mark) for mark in asked.marks)))
        which.append(~_is_withheld())
    if asked.outcome is not None:
        which.append(ClockRecord.outcome == asked.outcome)
    if asked.unexplained:
        which.append(sa.text(UNEXPLAINED_SQL))
    return which


def _is_withheld() -> sa.ColumnElement[bool]:
    """Whether the person keeps back why they cannot pay: their turns are counted, and found by no reason."""
    table = aliased(NegotiationRecord)
    taken_back = sa.or_(*(table.withdrawn_purposes.contains(each) for each in sorted(FOR_ALL_OF_IT)))
    return sa.exists().where(table.id == ClockRecord.negotiation_id, taken_back)


def list_of_age(tx: Transaction, bank_code: str, age: CaseAge, *, page: Page) -> list[NegotiationRecord]:
    """A page of the open cases of that age, the oldest first; one more than the limit where there are more."""
    table = NegotiationRecord
    query = sa.select(table).where(*_of_age(tx, bank_code, age)).order_by(table.reached_bank_at, table.id)
    if page.after is not None:
        seen = sa.tuple_(sa.literal(page.after[0], table.reached_bank_at.type), sa.literal(page.after[1]))
        query = query.where(sa.tuple_(table.reached_bank_at, table.id) > seen)
    return list(tx.session.scalars(query.limit(page.limit + 1)))


def count_age(tx: Transaction, bank_code: str, age: CaseAge) -> int:
    """How many open cases are of that age; `MOST_COUNTED` + 1 where there are more than that."""
    which = _of_age(tx, bank_code, age)
    reached_at = NegotiationRecord.reached_bank_at
    return _counted(tx, sa.select(reached_at).where(*which), reached_at)


def _of_age(tx: Transaction, bank_code: str, age: CaseAge) -> list[Any]:
    after, until = reached_between(age, tx.now)
    table = NegotiationRecord
    which: list[Any] = [table.bank_code == bank_code, sa.text(QUEUE_SQL), table.reached_bank_at <= until]
    return which if after is None else [*which, table.reached_bank_at > after]
