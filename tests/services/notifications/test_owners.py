"""Whose case it is decides who is told: the owner, those who lead, and the desk beside them."""

from __future__ import annotations

from datetime import date

import pytest

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.paging import Page
from hub.domain.staff import Role
from hub.services.accounts import staff, staff_preferences, teams
from hub.services.accounts.staff import Staff
from hub.services.notifications import staff_notices
from hub.services.reading.bank.answers import AnswersOf, list_answers
from hub.wiring import Hub
from storage import negotiation_locks
from tests.applications import ICBC
from tests.mail.server import text_of
from tests.services.case import Case
from tests.services.conftest import OpenCase, SetRules
from tests.services.posting import DESK, PERSON, Posting

OWNER, LEAD, OTHER = "owner@icbc.example", "lead@icbc.example", "other@icbc.example"


@pytest.fixture
def posting(hub: Hub, clock: FixedClock, set_rules: SetRules) -> Posting:
    """The mails of a hub whose bank ICBC has a desk."""
    set_rules(desk_email=DESK)
    return Posting(hub=hub, clock=clock)


@pytest.fixture
def owner(hub: Hub, posting: Posting) -> Staff:
    """A clerk of a team that one of two supervisors leads."""
    with hub.writing(HUB) as tx:
        team = teams.add(tx, "三组", bank_code=ICBC)
        person, _ = staff.add(tx, role=Role.REVIEWER, email=OWNER, bank_code=ICBC, at=tx.now, name="李静")
        lead, _ = staff.add(tx, role=Role.SUPERVISOR, email=LEAD, bank_code=ICBC, at=tx.now, name="何雨")
        staff.add(tx, role=Role.SUPERVISOR, email=OTHER, bank_code=ICBC, at=tx.now)
        for each in (person, lead):
            teams.place(tx, each.id, team.id, bank_code=ICBC)
    return person


@pytest.fixture
def case(posting: Posting, open_case: OpenCase, owner: Staff) -> Case:
    """A case of that clerk."""
    made = open_case()
    with made.hub.writing(HUB) as tx:
        row = negotiation_locks.lock(tx, made.id)
        row.owner_id = owner.id
        staff_notices.assigned(tx, [row], owner.id)
    return made


def tags(sent: list[tuple[str, str]], reader: str) -> list[str]:
    return [subject.partition("】")[0].lstrip("【") for to, subject in sent if to == reader]


def test_the_owner_is_told_that_the_case_is_theirs_a_moment_later_and_once(posting: Posting, case: Case) -> None:
    assert tags(posting.send(), OWNER) == ["新申请"]
    assert tags(posting.later(minutes=1), OWNER) == ["分派给您"]
    assert posting.later(minutes=5) == []


def assign(case: Case, owner: Staff) -> None:
    with case.hub.writing(HUB) as tx:
        row = negotiation_locks.lock(tx, case.id)
        row.owner_id = owner.id
        staff_notices.assigned(tx, [row], owner.id)


def test_cases_given_one_by_one_within_a_minute_are_one_mail_with_a_list(
    posting: Posting, open_case: OpenCase, owner: Staff
) -> None:
    cases = [open_case() for _ in range(12)]
    posting.send()
    told = []
    for case in cases:
        assign(case, owner)
        told += tags(posting.later(seconds=5), OWNER)
    assert told == []
    for _ in range(24):
        told += tags(posting.later(seconds=5), OWNER)
    assert told == ["分派给您"]
    body = posting.kept.sent[-1].get_body(("plain",))
    assert body is not None
    assert body.get_content().count("XS-") >= 12


def test_who_is_given_cases_all_the_time_is_told_within_some_minutes(
    posting: Posting, open_case: OpenCase, owner: Staff
) -> None:
    cases = [open_case() for _ in range(14)]
    posting.send()
    told = []
    for case in cases:
        assign(case, owner)
        told += tags(posting.later(seconds=30), OWNER)
    assert told == ["分派给您"]


def test_what_lies_ahead_goes_to_the_owner_and_what_is_due_to_the_desk_too(
    posting: Posting, case: Case, owner: Staff
) -> None:
    posting.later(minutes=2)
    # The list of the morning stands for the step; without it the step is told by itself.
    sent = posting.at("2026-11-30 08:45")
    assert (tags(sent, OWNER), tags(sent, DESK)) == (["今日待办"], [])
    with posting.hub.writing(HUB) as tx:
        staff_preferences.choose(tx, owner, daily_digest=False)
    sent = posting.at("2026-12-01 08:45")
    assert (tags(sent, OWNER), tags(sent, DESK)) == (["今天到期"], ["今天到期"])


def test_a_late_answer_names_owner_lead_and_next_step(posting: Posting, case: Case) -> None:
    posting.later(minutes=2)
    posting.at("2026-12-01 08:45")
    sent = posting.at("2026-12-01 20:30")
    told = {reader for reader, subject in sent if subject.startswith("【已超时】")}
    assert told == {DESK, OWNER, LEAD}
    text = text_of(next(mail for mail in posting.kept.sent if mail["Subject"].startswith("【已超时】")))
    for words in ("经办人：李静", "主管：何雨", "超时 2 小时", "下一步："):
        assert words in text
    assert all("已上报主管" in subject for _, subject in sent if subject.startswith("【已超时】"))


def test_what_a_customer_does_at_night_reaches_the_owner_in_the_morning(posting: Posting, case: Case) -> None:
    posting.later(minutes=2)
    posting.at("2026-11-24 21:00")
    case.write("补充说明")
    sent = posting.send()
    assert (tags(sent, OWNER), tags(sent, DESK)) == ([], ["新消息"])
    assert tags(posting.at("2026-11-25 08:00"), OWNER) == ["新消息"]


def test_an_owner_who_left_gets_nothing(posting: Posting, case: Case) -> None:
    with posting.hub.writing(HUB) as tx:
        staff.remove(tx, OWNER)
    for at in ("2026-11-30 08:45", "2026-12-01 08:45", "2026-12-01 18:01", "2026-12-02 18:00"):
        posting.at(at)
    assert {mail["To"] for mail in posting.kept.sent} <= {DESK, PERSON, LEAD, OTHER}


def test_subjects_begin_with_the_brackets_that_the_bank_set(posting: Posting, case: Case, set_rules: SetRules) -> None:
    set_rules(desk_email=DESK, mail_brackets="[]")
    subjects = [subject for reader, subject in posting.at("2026-12-01 08:45") if reader in (DESK, OWNER)]
    assert subjects
    assert all(subject.startswith("[") for subject in subjects)


def test_the_report_of_a_week_counts_as_the_dashboard_does_and_leads_to_those_cases(
    posting: Posting, case: Case, owner: Staff
) -> None:
    posting.at("2026-12-05 10:00")
    with case.hub.reading(HUB) as tx:
        found = list_answers(tx, ICBC, AnswersOf(week=date(2026, 11, 30)), page=Page(limit=10))
    assert [each.reference for each in found.rows] == [case.view()["reference"]]
    sent = posting.at("2026-12-07 08:45")
    assert (LEAD, True) in {(to, "应答复 1 件，按时 0 件" in subject) for to, subject in sent}
    report = text_of(next(mail for mail in posting.kept.sent if "一周答复情况" in mail["Subject"]))
    for words in (
        "全行：应答复 1 件，按时 0 件（0.0%），超时 1 件",
        "三组：应答复 1 件",
        "/portal/answers?week=2026-11-30",
    ):
        assert words in report
    # Of a week in which nothing came out nobody is told.
    assert not [to for to, subject in posting.at("2026-12-14 08:45") if "一周答复情况" in subject]
