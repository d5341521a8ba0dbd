"""A bank's answers in figures over the last weeks, and the cases behind each figure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from hub.domain.answers import (
    AnswerStage,
    BreachCause,
    CaseAge,
    Outcome,
    median_of,
    span_of,
    week_of,
    weeks_until,
)
from hub.domain.application import HardshipReason
from hub.domain.lifecycle import Status
from hub.domain.masks import mask_name
from hub.domain.paging import Page, Place
from hub.services.negotiations import breach_causes
from hub.services.transaction import HubTransaction
from storage import answers, queue_index
from storage.answers import NOBODY, AnswersAsked
from storage.records import ClockRecord, NegotiationRecord
from storage.submissions import open_submissions, submission_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many turns came out in time and late under one name: a Monday, a team's id, a reason or a stage."""

    name: str
    label: str = ""
    in_time: int = 0
    late: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.in_time + self.late

    @property
    def percent_in_time(self) -> float | None:
        """How many of a hundred were in time; None where there were none at all."""
        return None if not self.total else 100 * self.in_time / self.total


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFigures:
    """Figures of the last weeks, each as exact as the cases behind it.

    `median_days` are working days to a first answer over `first_answers` of them; None where there are none.
    `unexplained`: late ones of which nobody has said why; ages and this go no further than `paging.MOST_COUNTED`.
    """

    whole: Share
    weeks: tuple[Share, ...]
    teams: tuple[Share, ...]
    reasons: tuple[Share, ...]
    stages: tuple[Share, ...]
    median_days: float | None
    first_answers: int
    ages: Mapping[CaseAge, int]
    unexplained: int


def figures(tx: HubTransaction, bank_code: str) -> AnswerFigures:
    """The figures of the bank: weeks that are over as they were counted, the present one by its own turns."""
    weeks = weeks_until(tx.now)
    kept = answers.kept_weeks(tx, bank_code, weeks[:-1])
    by_week = {
        week: kept[week] if week in kept else answers.count_span(tx, bank_code, *span_of(week)) for week in weeks
    }
    in_time: Counter[tuple[str, str]] = Counter()
    late: Counter[tuple[str, str]] = Counter()
    for counted in by_week.values():
        for key, (come, overdue) in counted.items():
            in_time[key] += come
            late[key] += overdue

    def shares(by: str, labels: Mapping[str, str]) -> Iterator[Share]:
        for name, label in labels.items():
            yield Share(name=name, label=label, in_time=in_time[by, name], late=late[by, name])

    days = {int(name): in_time[by, name] + late[by, name] for by, name in {*in_time, *late} if by == answers.DAYS}
    return AnswerFigures(
        whole=next(iter(shares(answers.ALL, {"": ""}))),
        weeks=tuple(
            Share(name=week.isoformat(), in_time=counted[answers.ALL, ""][0], late=counted[answers.ALL, ""][1])
            for week, counted in by_week.items()
        ),
        teams=tuple(each for each in shares(answers.TEAM, _teams(tx, bank_code)) if each.total or each.name),
        reasons=_reasons(tx, bank_code, in_time, late),
        stages=tuple(shares(answers.STAGE, dict.fromkeys(AnswerStage, ""))),
        median_days=median_of(days),
        first_answers=sum(days.values()),
        ages={each: answers.count_age(tx, bank_code, each) for each in CaseAge},
        unexplained=answers.count_asked(tx, bank_code, _asked(tx, bank_code, AnswersOf(unexplained=True))),
    )


def teams(tx: HubTransaction, bank_code: str) -> list[Share]:
    """The bank's teams and their names, and last those who are in none."""
    return [Share(name=name, label=label) for name, label in _teams(tx, bank_code).items()]


def _teams(tx: HubTransaction, bank_code: str) -> dict[str, str]:
    """The bank's teams by id, and last those without one."""
    return {**answers.team_names(tx, bank_code), NOBODY: ""}


def _reasons(
    tx: HubTransaction, bank_code: str, in_time: Counter[tuple[str, str]], late: Counter[tuple[str, str]]
) -> tuple[Share, ...]:
    found = []
    for reason in HardshipReason:
        keys = [(answers.REASON, mark) for mark in queue_index.marks_of(tx, bank_code, [reason])]
        share = Share(name=reason, in_time=sum(in_time[key] for key in keys), late=sum(late[key] for key in keys))
        found += [share] if share.total else []
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersOf:
    """Which answers are asked for: of one week or of all that are looked back on, narrowed by what is set."""

    week: date | None = None
    team: str | None = None
    reason: HardshipReason | None = None
    stage: AnswerStage | None = None
    late: bool = False
    unexplained: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One bank turn as a row: `answered_at` is None where the bank has not answered or did not have to any more."""

    clock_id: str
    negotiation_id: str
    reference: str
    name: str
    cards: tuple[str, ...]
    status: Status
    opened_at: datetime
    due_at: datetime
    answered_at: datetime | None
    days_taken: int | None
    outcome: Outcome
    stage: AnswerStage
    team: str
    cause: BreachCause | None
    cause_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersPage:
    """One page, and how many there are in all, up to one more than `paging.MOST_COUNTED`."""

    rows: tuple[Answered, ...]
    next_place: Place | None
    total: int


def list_answers(tx: HubTransaction, bank_code: str, asked: AnswersOf, *, page: Page) -> AnswersPage:
    """The bank's turns behind a figure, the newest first."""
    which = _asked(tx, bank_code, asked)
    found = answers.list_page(tx, bank_code, which, page=page)
    shown = found[: page.limit]
    open_submissions(tx, list({of.id: of for _, of in shown}.values()))
    names = _teams(tx, bank_code)
    last = shown[-1][0] if len(found) > page.limit else None
    return AnswersPage(
        rows=tuple(_row(tx, clock, of, names) for clock, of in shown),
        next_place=None if last is None or last.outcome_at is None else (last.outcome_at, last.id),
        total=answers.count_asked(tx, bank_code, which),
    )


def answered(tx: HubTransaction, clock_id: str, *, bank_code: str) -> Answered:
    """One turn that came out late; raises `NotFound` for every other."""
    clock = breach_causes.late_clock(tx, clock_id, bank_code=bank_code)
    return _row(tx, clock, tx.session.get_one(NegotiationRecord, clock.negotiation_id), _teams(tx, bank_code))


def _asked(tx: HubTransaction, bank_code: str, asked: AnswersOf) -> AnswersAsked:
    since, _ = span_of(weeks_until(tx.now)[0])
    _, before = span_of(week_of(tx.now))
    if asked.week is not None:
        since, before = span_of(week_of(span_of(asked.week)[0]))
    marks = None if asked.reason is None else queue_index.marks_of(tx, bank_code, [asked.reason])
    return AnswersAsked(
        since=since,
        before=before,
        team=asked.team,
        stage=asked.stage,
        marks=marks,
        outcome=Outcome.LATE if asked.late else None,
        unexplained=asked.unexplained,
    )


def _row(tx: HubTransaction, clock: ClockRecord, negotiation: NegotiationRecord, names: Mapping[str, str]) -> Answered:
    submission = submission_of(tx, negotiation)
    return Answered(
        clock_id=clock.id,
        negotiation_id=negotiation.id,
        reference=negotiation.reference,
        name=mask_name(submission.applicant.name),
        cards=submission.ends,
        status=Status(negotiation.status),
        opened_at=clock.opened_at,
        due_at=clock.due_at,
        answered_at=clock.answered_at,
        days_taken=clock.days_taken,
        outcome=Outcome(clock.outcome or ""),
        stage=AnswerStage(clock.stage or AnswerStage.FIRST),
        team=names.get(clock.team_id or NOBODY, ""),
        cause=None if clock.cause is None else BreachCause(clock.cause),
        cause_words=breach_causes.words_of(tx, clock),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AgedCase:
    """An open case as a row of those of one age."""

    negotiation_id: str
    reference: str
    name: str
    cards: tuple[str, ...]
    status: Status
    reached_at: datetime
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgedCases:
    """One page of open cases of one age, and how many there are, up to one more than `paging.MOST_COUNTED`."""

    rows: tuple[AgedCase, ...]
    next_place: Place | None
    total: int


def list_aged(tx: HubTransaction, bank_code: str, age: CaseAge, *, page: Page) -> AgedCases:
    """The bank's open cases of that age, the oldest first."""
    found = answers.list_of_age(tx, bank_code, age, page=page)
    shown = found[: page.limit]
    open_submissions(tx, shown)
    rows = []
    for each in shown:
        reached_at, submission = each.reached_bank_at or each.opened_at, submission_of(tx, each)
        rows.append(
            AgedCase(
                negotiation_id=each.id,
                reference=each.reference,
                name=mask_name(submission.applicant.name),
                cards=submission.ends,
                status=Status(each.status),
                reached_at=reached_at,
                days=(tx.now - reached_at).days,
            )
        )
    next_place = (rows[-1].reached_at, shown[-1].id) if len(found) > page.limit else None
    return AgedCases(rows=tuple(rows), next_place=next_place, total=answers.count_age(tx, bank_code, age))
