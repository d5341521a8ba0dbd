"""What one desk is told of many negotiations at one moment is one mail, and what a bank can turn off."""

from __future__ import annotations

import pytest

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.staff import Role
from hub.mail.bounces import Fate, Report
from hub.services.accounts import staff
from hub.services.notifications import bounces
from hub.services.notifications.bounces import Bounced
from hub.services.notifications.case_lists import MOST_LISTED
from hub.wiring import Hub
from storage import mails
from tests.applications import ICBC
from tests.mail.server import text_of
from tests.services.case import Case
from tests.services.conftest import OpenCase, SetRules
from tests.services.posting import DESK, Posting

LEAD = "lead@icbc.example"
CASES = 5


@pytest.fixture
def posting(hub: Hub, clock: FixedClock, set_rules: SetRules) -> Posting:
    """The mails of a hub whose bank ICBC has a desk and a supervisor."""
    set_rules(desk_email=DESK)
    with hub.writing(HUB) as tx:
        staff.add(tx, role=Role.SUPERVISOR, email=LEAD, bank_code=ICBC, at=tx.now)
    return Posting(hub=hub, clock=clock)


@pytest.fixture
def cases(posting: Posting, open_case: OpenCase) -> list[Case]:
    """Some negotiations that arrived at one moment."""
    opened = [open_case() for _ in range(CASES)]
    posting.send()
    posting.kept.forget()
    return opened


def references(cases: list[Case]) -> set[str]:
    found = set()
    for case in cases:
        with case.row() as (_, row):
            found.add(row.reference)
    return found


@pytest.mark.parametrize(
    ("at", "reader", "subject"),
    [
        ("2026-11-27 08:45", DESK, f"【到期提醒】{CASES} 件待答复，最早 12 月 1 日（周二）18:00 到期"),
        ("2026-12-01 08:45", DESK, f"【今天到期】{CASES} 件申请须在 18:00 前答复"),
        ("2026-12-01 18:01", DESK, f"【已超时】{CASES} 件申请已超过答复期限，已上报主管"),
        ("2026-12-02 18:00", DESK, f"【超时升级】{CASES} 件申请超过 1 个工作日未答复"),
        ("2026-12-02 18:00", LEAD, f"【超时升级】{CASES} 件申请超过 1 个工作日未答复"),
    ],
)
def test_each_step_is_one_mail_with_every_number_in_it(
    posting: Posting, cases: list[Case], at: str, reader: str, subject: str
) -> None:
    for earlier in ("2026-11-27 08:45", "2026-11-30 08:45", "2026-12-01 08:45", "2026-12-01 18:01"):
        if earlier < at:
            posting.at(earlier)
    posting.kept.forget()
    posting.at(at)
    [mail] = [mail for mail in posting.kept.sent if mail["To"] == reader and "今日待办" not in mail["Subject"]]
    assert mail["Subject"] == subject
    text = text_of(mail)
    assert all(reference in text for reference in references(cases))
    # They are nobody's yet.
    page = "" if reader == DESK else "?tab=unassigned"
    assert f"http://127.0.0.1:8000/portal/{page}\r\n" in text
    kept = [row for case in cases for row in posting.rows(case.id).values() if row.message_id == mail["Message-ID"]]
    assert [row.status for row in kept] == ["sent"] * CASES


def test_one_that_was_answered_is_not_in_the_list(posting: Posting, cases: list[Case]) -> None:
    cases[0].reject()
    posting.at("2026-12-01 08:45")
    text = text_of(next(mail for mail in posting.kept.sent if mail["To"] == DESK))
    assert references(cases[:1]).isdisjoint(text.split())
    assert sum(reference in text for reference in references(cases)) == CASES - 1


@pytest.mark.long
def test_a_long_list_is_cut_and_says_so(posting: Posting, open_case: OpenCase) -> None:
    for _ in range(MOST_LISTED + 2):
        open_case()
    posting.send()
    posting.kept.forget()
    posting.at("2026-11-27 08:45")
    [mail] = [mail for mail in posting.kept.sent if mail["To"] == DESK]
    text = text_of(mail)
    assert (text.count("XS-"), "另有：2 件，请登录查看" in text) == (MOST_LISTED, True)
    html = mail.get_body(("html",))
    assert html is not None
    assert len(html.get_content().encode()) < 30_000


def test_a_list_that_came_back_was_received_of_no_negotiation(posting: Posting, cases: list[Case], hub: Hub) -> None:
    posting.at("2026-11-27 08:45")
    [mail] = [mail for mail in posting.kept.sent if mail["To"] == DESK]
    with hub.writing(HUB) as tx:
        report = Report(message_id=mail["Message-ID"], fate=Fate.FAILED, status="5.1.1")
        assert bounces.record(tx, report) == Bounced.MAIL
        assert bounces.record(tx, report) == Bounced.NOTHING
        assert len(mails.list_failed(tx)) == CASES


def test_a_bank_that_wants_no_daily_list_is_told_of_what_is_due_today_and_late(
    posting: Posting, cases: list[Case], set_rules: SetRules
) -> None:
    set_rules(desk_email=DESK, daily_digest="false")

    def told(at: str) -> list[str]:
        return [subject.split("】")[0] for reader, subject in posting.at(at) if reader == DESK]

    assert told("2026-11-27 08:45") == []
    assert told("2026-11-30 08:45") == []
    assert told("2026-12-01 08:45") == ["【今天到期"]
    assert told("2026-12-01 18:01") == ["【已超时"]
    assert posting.rows(cases[0].id)["one_day_before:desk"].detail == "the bank has turned the daily list off"


def test_offers_that_end_at_one_moment_are_one_mail_to_the_desk(posting: Posting, cases: list[Case]) -> None:
    for case in cases:
        case.offer()
    posting.send()
    posting.kept.forget()
    told = [subject for reader, subject in posting.at("2026-11-28 18:00") if reader == DESK]
    assert told == [f"【方案到期】{CASES} 件申请没有达成协议，已结束"]
    [mail] = [mail for mail in posting.kept.sent if mail["To"] == DESK]
    assert all(each in text_of(mail) for each in references(cases))
