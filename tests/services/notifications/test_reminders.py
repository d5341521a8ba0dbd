"""The reminders that keep time: each step once, in its time, for the due time that holds, to those who are there."""

from __future__ import annotations

import threading
from datetime import date

import pytest

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.errors import TryAgain
from hub.domain.notices import PUBLISHED, Notice
from hub.domain.staff import Role
from hub.services.accounts import staff
from hub.services.negotiations import answer_clocks
from hub.services.notifications import outgoing_mail, reminders
from hub.services.operating import sweeps
from hub.wiring import Hub
from storage import clocks, mails
from tests.applications import ICBC
from tests.mail.server import KeptMail, text_of
from tests.services.case import Case, china
from tests.services.conftest import OpenCase, SetRules
from tests.services.posting import DESK, PERSON, Posting

[_OFFICIAL] = [notice for notice in PUBLISHED if notice.year == 2026]
# Monday, 30 November 2026 is off and the Saturday before works for it.
MADE_UP = Notice(
    year=2026,
    notice="国办发明电〔2026〕1号",
    published_on=date(2026, 11, 1),
    off=_OFFICIAL.off | {date(2026, 11, 30)},
    work=_OFFICIAL.work | {date(2026, 11, 28)},
)
SUPERVISOR = "lead@icbc.example"


@pytest.fixture
def posting(hub: Hub, clock: FixedClock, set_rules: SetRules) -> Posting:
    """The mails of a hub whose bank ICBC has a desk."""
    set_rules(desk_email=DESK)
    return Posting(hub=hub, clock=clock)


def add_supervisor(hub: Hub, email: str = SUPERVISOR, role: Role = Role.SUPERVISOR) -> None:
    with hub.writing(HUB) as tx:
        staff.add(tx, role=role, email=email, bank_code=ICBC, at=tx.now)


def to_desk(sent: list[tuple[str, str]]) -> list[str]:
    """The first words of what the desk got."""
    return [subject.split("XS-")[0] for reader, subject in sent if reader == DESK]


def test_the_ladder_is_climbed_step_by_step_over_a_weekend_that_works(
    posting: Posting, open_case: OpenCase, hub: Hub
) -> None:
    answer_clocks.import_notice(hub, MADE_UP, actor=HUB)
    add_supervisor(hub)
    add_supervisor(hub, "clerk@icbc.example", Role.REVIEWER)
    case = open_case()
    assert case.due == "2026-12-01 18:00"
    assert to_desk(posting.send()) == ["【新申请】"]
    expected = {
        "2026-11-26 23:59": [],
        "2026-11-27 08:44": [],
        "2026-11-27 08:45": ["【还剩 2 个工作日】"],
        "2026-11-27 20:00": [],
        "2026-11-28 08:44": [],
        "2026-11-28 08:45": ["【还剩 1 个工作日】"],
        "2026-11-29 12:00": [],
        "2026-11-30 12:00": [],
        "2026-12-01 08:44": [],
        "2026-12-01 08:45": ["【今天到期】"],
        "2026-12-01 18:00": [],
        "2026-12-01 18:01": ["【已超时】"],
        "2026-12-02 17:59": [],
    }
    assert {at: to_desk(posting.at(at)) for at in expected} == expected
    last = posting.at("2026-12-02 18:00")
    assert sorted(reader for reader, _ in last) == [DESK, SUPERVISOR]
    assert {subject.split("XS-")[0] for _, subject in last} == {"【超时升级】"}
    assert posting.at("2026-12-20 12:00") == []


def test_every_step_tells_the_true_due_time_and_opens_the_case(posting: Posting, open_case: OpenCase) -> None:
    case = open_case()
    for at in ("2026-11-27 08:45", "2026-11-30 08:45", "2026-12-01 08:45", "2026-12-01 18:01", "2026-12-02 18:00"):
        posting.at(at)
    told = [mail for mail in posting.kept.sent if mail["To"] == DESK]
    assert len(told) == 6
    for mail in told:
        assert "12 月 1 日（周二）18:00" in mail["Subject"]
        assert f"http://127.0.0.1:8000/portal/negotiations/{case.id}\r\n" in text_of(mail)


def test_what_is_answered_is_no_longer_reminded_of(posting: Posting, open_case: OpenCase) -> None:
    case = open_case()
    posting.at("2026-11-27 09:00")
    case.offer()
    assert to_desk(posting.at("2026-12-03 12:00")) == []


def test_a_planned_mail_that_is_overtaken_before_it_goes_out_is_not_needed(
    posting: Posting, open_case: OpenCase, hub: Hub
) -> None:
    case = open_case()
    posting.send()
    posting.clock.at = china("2026-12-01 08:45")
    sweeps.run_due(hub)
    case.reject()
    assert to_desk(posting.send()) == []
    row = posting.rows(case.id)["on_the_day:desk"]
    assert (row.status, row.detail) == ("not_needed", "overtaken")


def test_a_hub_that_slept_sends_only_what_still_makes_sense(posting: Posting, open_case: OpenCase) -> None:
    case = open_case()
    posting.send()
    assert to_desk(posting.at("2026-12-01 12:00")) == ["【今天到期】"]
    rows = posting.rows(case.id)
    assert [rows[f"{step}:desk"].status for step in ("two_days_before", "one_day_before", "on_the_day")] == [
        "not_needed",
        "not_needed",
        "sent",
    ]


def test_a_week_too_late_the_breach_and_the_day_after_are_told_and_nothing_before(
    posting: Posting, open_case: OpenCase, hub: Hub
) -> None:
    add_supervisor(hub)
    case = open_case()
    posting.send()
    sent = posting.at("2026-12-09 10:00")
    assert sorted(to_desk(sent)) == ["【已超时】", "【超时升级】"]
    to_lead = [subject.split("XS-")[0] for reader, subject in sent if reader == SUPERVISOR]
    assert to_lead == ["【已超时】", "【超时升级】", "【今日待办】1 件申请还没有分派"]
    [digest] = [text_of(mail) for mail in posting.kept.sent if "今日待办" in mail["Subject"]]
    assert "打开未分派的申请：\r\nhttp://127.0.0.1:8000/portal/?tab=unassigned\r\n" in digest
    [told] = [subject for reader, subject in sent if reader == PERSON]
    assert told.startswith("银行还没有答复，我们已催办（原定 12 月 1 日（周二）18:00）")
    assert posting.rows(case.id)["on_the_day:desk"].status == "not_needed"
    late = next(mail for mail in posting.kept.sent if "超时升级" in mail["Subject"])
    assert "这封邮件原定 12 月 2 日（周三）18:00 发出，现在补发。" in text_of(late)
    assert "已超时：6 个工作日" in text_of(late)
    assert "超时 6 个工作日" in late["Subject"]


def test_two_workers_that_plan_and_send_at_once_send_each_mail_once(
    posting: Posting, open_case: OpenCase, hub: Hub
) -> None:
    cases = [open_case() for _ in range(6)]
    posting.send()
    posting.kept.forget()
    posting.clock.at = china("2026-12-02 18:30")
    kept = [KeptMail(), KeptMail(), KeptMail()]
    errors: list[BaseException] = []

    def work(sender: KeptMail) -> None:
        try:
            sweeps.run_due(hub)
            outgoing_mail.send_due(hub, sender, posting.machine)
        except BaseException as error:  # noqa: BLE001 - shown below
            errors.append(error)

    threads = [threading.Thread(target=work, args=(sender,)) for sender in kept]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    posting.send()
    ids = [mail["Message-ID"] for sender in (*kept, posting.kept) for mail in sender.sent]
    assert len(ids) == len(set(ids))
    told = [text_of(mail) for sender in (*kept, posting.kept) for mail in sender.sent if mail["To"] == DESK]
    of_breach = [text for text in told if "再过一个工作日仍未答复" in text]
    escalated = [text for text in told if "这封邮件同时发给" in text]
    for case in cases:
        # In one list or another, and in one alone.
        assert sum(case.reference in text for text in of_breach) == 1
        assert sum(case.reference in text for text in escalated) == 1


def test_a_due_time_that_a_new_calendar_moves_is_told_once_and_its_steps_are_planned_anew(
    posting: Posting, open_case: OpenCase, hub: Hub
) -> None:
    case = open_case()
    posting.at("2026-11-27 09:00")
    posting.kept.forget()
    # The day before turns out to be off, and no Saturday works for it.
    off = _OFFICIAL.off | {date(2026, 11, 30)}
    notice = Notice(
        year=2026, notice="国办发明电〔2026〕2号", published_on=date(2026, 11, 27), off=off, work=_OFFICIAL.work
    )
    assert answer_clocks.import_notice(hub, notice, actor=HUB) == 1
    assert case.due == "2026-12-02 18:00"
    sent = posting.send()
    [told] = [subject for reader, subject in sent if reader == PERSON]
    assert told.startswith("银行的答复时间改为 12 月 2 日（周三）18:00")
    # Today is two working days before the new due time as well, of which the desk has not heard.
    assert sorted(to_desk(sent)) == ["【期限变更】", "【还剩 2 个工作日】"]
    assert to_desk(posting.at("2026-11-30 12:00")) == []
    assert to_desk(posting.at("2026-12-01 08:45")) == ["【明天到期】"]
    assert to_desk(posting.at("2026-12-02 08:45")) == ["【今天到期】"]
    assert to_desk(posting.at("2026-12-02 18:01")) == ["【已超时】"]
    assert answer_clocks.import_notice(hub, notice, actor=HUB) == 0
    assert posting.send() == []


def test_a_move_that_makes_a_late_bank_be_in_time_lets_it_be_late_once_more(
    posting: Posting, open_case: OpenCase, hub: Hub, set_rules: SetRules
) -> None:
    set_rules(pause_on_evidence="true")
    case = open_case()
    posting.at("2026-12-01 19:00")
    case.ask()
    assert case.due == "2026-12-08 18:00"
    assert to_desk(posting.at("2026-12-04 12:00")) == []
    case.write("没有流水", answers=True)
    assert case.due == "2026-12-04 18:00"
    assert "【已超时】" in to_desk(posting.at("2026-12-04 18:01"))


def test_a_paused_clock_reminds_nobody(posting: Posting, open_case: OpenCase, set_rules: SetRules) -> None:
    set_rules(pause_on_evidence="true")
    case = open_case()
    posting.send()
    case.ask()
    assert case.due == "2026-12-08 18:00"
    assert to_desk(posting.at("2026-11-27 12:00")) == []
    case.write("没有流水", answers=True)
    assert case.due == "2026-12-08 18:00"
    assert to_desk(posting.send()) == ["【新消息】"]
    assert to_desk(posting.at("2026-12-03 12:00")) == []
    assert to_desk(posting.at("2026-12-04 08:45")) == ["【还剩 2 个工作日】"]


def test_a_person_who_left_the_bank_gets_no_mail(posting: Posting, open_case: OpenCase, hub: Hub) -> None:
    add_supervisor(hub)
    add_supervisor(hub, "other@icbc.example")
    add_supervisor(hub, "third@icbc.example")
    open_case()
    posting.at("2026-12-01 19:00")
    with hub.writing(HUB) as tx:
        staff.remove(tx, SUPERVISOR)
    # One more leaves after the mail was addressed, and before the server takes it.
    posting.kept.answers = [TryAgain("450")] * 5
    posting.at("2026-12-02 18:00")
    with hub.writing(HUB) as tx:
        staff.remove(tx, "third@icbc.example")
    readers = [reader for reader, _ in posting.later(hours=2)]
    assert readers.count(DESK) == 1
    assert set(readers) - {DESK, PERSON} == {"other@icbc.example"}


def test_a_desk_whose_person_left_is_seen_by_the_operator(posting: Posting, open_case: OpenCase, hub: Hub) -> None:
    add_supervisor(hub, DESK, Role.REVIEWER)
    with hub.writing(HUB) as tx:
        staff.remove(tx, DESK)
    open_case()
    assert to_desk(posting.send()) == []
    with hub.reading(HUB) as tx:
        [failed] = mails.list_failed(tx)
        assert (failed.bank_code, failed.detail) == (ICBC, "desk_email is the address of a person who has left")


def test_a_bank_without_a_desk_gets_none_and_nothing_fails(
    posting: Posting, open_case: OpenCase, set_rules: SetRules, hub: Hub
) -> None:
    set_rules(desk_email="")
    case = open_case()
    posting.at("2026-12-03 12:00")
    assert {reader for mail in posting.kept.sent for reader in [mail["To"]]} == {PERSON}
    assert {row.status for row in posting.rows(case.id).values() if row.reader == "desk"} == {"not_needed"}


def test_a_clock_that_opens_behind_a_step_is_not_reminded_of_it(
    posting: Posting, open_case: OpenCase, set_rules: SetRules
) -> None:
    set_rules(response_days="1")
    case = open_case(worked_off=False)
    posting.clock.at = china("2026-11-23 10:00")
    case.work_off()
    assert case.due == "2026-11-24 18:00"
    assert to_desk(posting.send()) == ["【新申请】"]
    assert to_desk(posting.at("2026-11-24 08:45")) == ["【今天到期】"]


def test_planning_takes_a_lot_at_a_time_and_finds_nothing_the_second_time(
    posting: Posting, open_case: OpenCase, hub: Hub
) -> None:
    cases: list[Case] = [open_case() for _ in range(3)]
    posting.clock.at = china("2026-11-27 08:45")
    planned = []
    for _ in range(3):
        with hub.writing(HUB) as tx:
            planned.append(reminders.plan_due(tx, limit=2))
    assert planned == [2, 1, 0]
    with hub.reading(HUB) as tx:
        assert not clocks.any_to_remind(tx, tx.now)
    assert {posting.rows(case.id)["two_days_before:desk"].status for case in cases} == {"waiting"}
