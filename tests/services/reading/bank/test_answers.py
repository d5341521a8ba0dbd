"""Figures of a bank's answers: each is exactly the cases behind it, whether a week was counted before or not."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from hub.domain.actor import HUB
from hub.domain.answers import AnswerStage, BreachCause, CaseAge, ExplainedBreach, Outcome, week_of
from hub.domain.application import HardshipReason
from hub.domain.errors import NotFound
from hub.domain.paging import Page
from hub.services.negotiations import breach_causes
from hub.services.operating import answered_weeks
from hub.services.reading.bank import answers
from hub.services.reading.bank.answers import Answered, AnswerFigures, AnswersOf, Share
from storage import answers as answer_rows
from storage.records import ClockRecord, NegotiationRecord, StaffRecord, TeamRecord, new_id
from tests.applications import CMB, ICBC
from tests.services.case import Case, china, everything_stored
from tests.services.conftest import OpenCase
from tests.storage.statements import plans_of, sent_by

ALL = Page(limit=50)


def figures(case: Case, bank_code: str = ICBC) -> AnswerFigures:
    with case.hub.reading(HUB) as tx:
        return answers.figures(tx, bank_code)


def behind(case: Case, **asked: object) -> list[Answered]:
    with case.hub.reading(HUB) as tx:
        found = answers.list_answers(tx, ICBC, AnswersOf(**asked), page=ALL)  # type: ignore[arg-type]
        assert found.total == len(found.rows)
        return list(found.rows)


def check_agreement(case: Case) -> None:
    """Behind each figure are as many cases as it says."""
    found = figures(case)
    shares: list[tuple[Share, dict[str, Any]]] = [
        (found.whole, {}),
        *((each, {"week": date.fromisoformat(each.name)}) for each in found.weeks),
        *((each, {"team": each.name}) for each in found.teams),
        *((each, {"reason": HardshipReason(each.name)}) for each in found.reasons),
        *((each, {"stage": AnswerStage(each.name)}) for each in found.stages),
    ]
    for share, asked in shares:
        assert len(behind(case, **asked)) == share.total, asked
        assert len(behind(case, **asked, late=True)) == share.late, asked
    assert len(behind(case, late=True, unexplained=True)) == found.unexplained
    for age in CaseAge:
        with case.hub.reading(HUB) as tx:
            assert len(answers.list_aged(tx, ICBC, age, page=ALL).rows) == found.ages[age]


@pytest.fixture
def answered(open_case: OpenCase) -> Case:
    """Of ICBC: one answered in time, one late and answered, one late and not answered, one countered and answered."""
    in_time, late, silent, countered = (open_case() for _ in range(4))
    in_time.at("2026-11-23 10:00")
    in_time.offer()
    countered.offer()
    countered.counter()
    countered.work_off()
    countered.offer()
    late.at("2026-12-04 10:00")
    late.offer()
    assert silent.status == "awaiting_bank"
    return in_time


def test_each_figure_leads_to_as_many_cases_as_it_says(answered: Case, open_case: OpenCase) -> None:
    answered.at("2026-12-08 10:00")
    open_case().reject()
    check_agreement(answered)
    found = figures(answered)
    assert (found.whole.in_time, found.whole.late, found.unexplained) == (4, 2, 2)
    by_week = {each.name: (each.in_time, each.late) for each in found.weeks if each.total}
    assert by_week == {"2026-11-23": (3, 0), "2026-11-30": (0, 2), "2026-12-07": (1, 0)}
    assert {each.name: each.total for each in found.stages} == {"first": 5, "evidenced": 0, "countered": 1}
    assert (found.first_answers, found.median_days) == (4, 1.0)


def test_a_week_that_was_counted_says_the_same_and_is_counted_anew_when_a_turn_of_it_changes(answered: Case) -> None:
    answered.at("2026-12-15 10:00")
    before = figures(answered)
    assert answered_weeks.count_weeks(answered.hub) > 0
    assert answered_weeks.count_weeks(answered.hub) == 0
    assert figures(answered) == before
    check_agreement(answered)
    # The silent one, late in a week that was counted, is answered at last: it now has days.
    silent = next(each for each in behind(answered, late=True) if each.answered_at is None)
    case = replace(answered, sent=replace(answered.sent, negotiations={ICBC: silent.negotiation_id}))
    case.reject()
    after = figures(answered)
    assert (after.first_answers, after.whole) == (before.first_answers + 1, before.whole)
    assert answered_weeks.count_weeks(answered.hub) == 1
    assert figures(answered) == after
    check_agreement(answered)


def test_an_answer_counts_for_the_team_of_its_owner_then(open_case: OpenCase) -> None:
    case = open_case()
    with case.hub.writing(HUB) as tx:
        team = TeamRecord(id=new_id(), bank_code=ICBC, name="三组", added_at=tx.now)
        owner = tx.session.query(StaffRecord).filter_by(bank_code=ICBC).first()
        if owner is None:
            owner = StaffRecord(
                id=new_id(),
                bank_code=ICBC,
                role="reviewer",
                email_index="x",
                fs_uniquifier=new_id(),
                active=True,
                is_demo=False,
                added_at=tx.now,
            )
        tx.session.add_all([team, owner])
        owner.team_id = team.id
        tx.session.flush()
        tx.session.get_one(NegotiationRecord, case.id).owner_id = owner.id
    case.offer()
    [mine] = [each for each in figures(case).teams if each.total]
    assert (mine.label, mine.in_time) == ("三组", 1)
    check_agreement(case)


def test_after_papers_that_the_bank_asked_for_it_is_another_stage(open_case: OpenCase) -> None:
    case = open_case()
    case.ask()
    case.write("工资流水见附件", case.upload(), answers=True)
    case.work_off()
    case.offer()
    assert [each.stage for each in behind(case)] == [AnswerStage.EVIDENCED]
    assert figures(case).first_answers == 0


def test_what_was_late_and_is_in_time_by_a_new_calendar_is_late_no_more(answered: Case) -> None:
    with answered.hub.writing(HUB) as tx:
        clock = next(each for each in tx.session.query(ClockRecord) if each.outcome == Outcome.LATE)
        answer_rows.take_back(tx, clock)
    assert figures(answered).whole.late == 1
    check_agreement(answered)


def test_a_supervisor_says_why_an_answer_was_late_and_may_say_it_again(answered: Case) -> None:
    first = behind(answered, late=True)[0]
    for cause, text in ((BreachCause.STAFFING, ""), (BreachCause.OTHER, "系统切换，当天停机。")):
        with answered.hub.writing(answered.SUPERVISOR) as tx:
            explained = ExplainedBreach(cause=cause, text=text)
            breach_causes.explain(tx, first.clock_id, explained, bank_code=ICBC)
    row = next(each for each in behind(answered, late=True) if each.clock_id == first.clock_id)
    assert (row.cause, row.cause_words) == (BreachCause.OTHER, "系统切换，当天停机。")
    assert figures(answered).unexplained == 1
    check_agreement(answered)


def test_of_what_was_in_time_or_is_another_banks_nobody_says_why(answered: Case) -> None:
    in_time = next(each for each in behind(answered) if each.outcome is Outcome.IN_TIME)
    late = behind(answered, late=True)[0]
    before = everything_stored(answered.hub)
    for clock_id, bank_code in ((in_time.clock_id, ICBC), (late.clock_id, CMB), (new_id(), ICBC)):
        with pytest.raises(NotFound), answered.hub.writing(answered.SUPERVISOR) as tx:
            breach_causes.explain(tx, clock_id, ExplainedBreach(cause=BreachCause.SYSTEM), bank_code=bank_code)
    assert everything_stored(answered.hub) == before


def test_another_banks_answers_never_move_mine(answered: Case, open_case: OpenCase) -> None:
    theirs = open_case(CMB)
    theirs.at("2026-12-05 10:00")
    mine = figures(answered)
    theirs.reject()
    assert figures(answered) == mine
    assert figures(answered, CMB) != mine


def test_no_figure_and_no_list_reads_a_whole_table(answered: Case) -> None:
    if not answered.hub.database.on_sqlite:
        return
    answered_weeks.count_weeks(answered.hub)
    with answered.hub.reading(HUB) as tx:
        with sent_by(tx.session.connection()) as sent:
            answers.figures(tx, ICBC)
            answers.list_answers(tx, ICBC, AnswersOf(late=True), page=ALL)
            answers.list_aged(tx, ICBC, CaseAge.OLDER, page=ALL)
        plans = plans_of(tx.session.connection(), sent)
    tables = ("clock", "negotiation", "answered_week")
    assert [line for line in plans if any(f"SCAN {table}" in line for table in tables)] == []


def test_a_week_is_counted_in_china(answered: Case) -> None:
    assert week_of(china("2026-11-23 00:00")) - timedelta(days=7) == week_of(china("2026-11-22 23:59"))
