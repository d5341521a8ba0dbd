"""News that is told by mail so that nobody waits beside a silent page: to the person, the desk, the second person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from hub.domain.actor import HUB, Actor, Channel, Party
from hub.domain.clock import FixedClock
from hub.domain.notices import PUBLISHED, Notice
from hub.domain.staff import Role
from hub.services.accounts import staff
from hub.services.negotiations import answer_clocks, correspondence
from hub.services.operating import task_causes
from hub.wiring import Hub
from storage import tasks
from tests import applications
from tests.applications import CMB, ICBC
from tests.conftest import Submit
from tests.mail.server import text_of
from tests.services.case import LARGE_OFFER
from tests.services.conftest import OpenCase, SetRules
from tests.services.posting import DESK, PERSON, Posting

LEAD, OTHER_LEAD, CLERK = "lead@icbc.example", "second@icbc.example", "clerk@icbc.example"
ADMIN = "admin@icbc.example"


@pytest.fixture
def posting(hub: Hub, clock: FixedClock, set_rules: SetRules) -> Posting:
    """The mails of a hub whose bank ICBC has a desk."""
    set_rules(desk_email=DESK, hotline="95588")
    return Posting(hub=hub, clock=clock)


def to(reader: str, sent: list[tuple[str, str]]) -> list[str]:
    return [subject.partition("（编号末尾")[0] for to_whom, subject in sent if to_whom == reader]


def account(hub: Hub, role: Role, email: str) -> Actor:
    with hub.writing(HUB) as tx:
        added, _ = staff.add(tx, role=role, email=email, bank_code=ICBC, at=tx.now)
    return Actor(party=Party.BANK, id=f"staff/{added.id}", channel=Channel.PORTAL)


def waiting(hub: Hub) -> list[str]:
    with hub.reading(HUB) as tx:
        return [task.kind for task in tasks.list_open(tx, limit=10)]


def test_each_message_of_the_bank_is_told(posting: Posting, open_case: OpenCase, hub: Hub) -> None:
    case = open_case()
    posting.send()
    for _ in range(2):
        with hub.writing(case.REVIEWER) as tx:
            correspondence.write_to_cardholder(tx, case.id, "三天内给您方案", bank_code=ICBC)
    assert to(PERSON, posting.send()) == ["银行给您留了一条消息"] * 2
    assert "三天内" not in text_of(posting.kept.sent[-1])


def test_an_answer_none_of_whose_files_can_be_opened_is_told_with_the_time_that_is_left(
    posting: Posting, open_case: OpenCase
) -> None:
    case = open_case()
    case.ask()
    posting.send()
    sent = case.upload()
    case.write("补充如下", sent, answers=True)
    case.judge(sent.id, "unreadable")
    case.work_off()
    assert to(PERSON, posting.send()) == ["补充的文件打不开，请在 11 月 27 日（周五）18:00 前重新上传"]


def test_an_offer_that_nobody_answered_is_told_with_the_end_of_the_negotiation(
    posting: Posting, open_case: OpenCase
) -> None:
    case = open_case()
    case.offer()
    posting.at("2026-11-26 18:00")
    assert "过了有效期，这次协商会结束" in text_of(posting.kept.sent[-1])
    sent = posting.at("2026-11-28 18:00")
    assert to(PERSON, sent) == ["方案的有效期已过，这次协商结束了"]
    assert to(DESK, sent) == [f"【方案到期】{case.reference} 客户没有接受，协商已结束"]
    assert any("银行客服：95588" in text_of(mail) for mail in posting.kept.sent[-2:])
    assert posting.at("2026-12-20 10:00") == []


def test_an_offer_that_ends_while_the_bank_has_a_counter_offer_ends_nothing_else(
    posting: Posting, open_case: OpenCase
) -> None:
    case = open_case()
    case.offer()
    case.counter()
    posting.at("2026-11-26 18:00")
    told = next(text_of(mail) for mail in posting.kept.sent if "到期，请查看" in mail["Subject"])
    assert "过了有效期，这个方案不能再选，协商继续。" in told
    assert "After that it can no longer be chosen, and the negotiation goes on." in told.replace("\r\n", " ")
    sent = posting.at("2026-11-28 18:00")
    assert (to(PERSON, sent), [subject for subject in to(DESK, sent) if "方案到期" in subject]) == ([], [])


def test_a_returned_application_is_told_once_more_before_its_time_ends_and_at_its_end(
    posting: Posting, open_case: OpenCase
) -> None:
    case = open_case(accounts=[applications.account(), applications.account()])
    assert case.status == "returned"
    posting.send()
    assert posting.at("2026-12-14 09:59") == []
    assert to(PERSON, posting.at("2026-12-14 10:00")) == ["您的申请还在等您更正，12 月 21 日（周一）10:00 到期"]
    assert posting.at("2026-12-20 10:00") == []
    sent = posting.at("2026-12-21 10:00")
    # The application never came to the bank, so its desk hears nothing.
    assert (to(PERSON, sent), to(DESK, sent)) == (["这次协商结束了，您可以重新申请"], [])
    assert case.status == "lapsed"


def test_a_returned_application_that_was_withdrawn_is_not_told_of_again(posting: Posting, open_case: OpenCase) -> None:
    case = open_case(accounts=[applications.account(), applications.account()])
    posting.send()
    case.withdraw()
    assert to(PERSON, posting.at("2026-12-14 10:00")) == []


def test_a_declined_offer_reaches_the_desk_as_declined_with_its_new_time(posting: Posting, open_case: OpenCase) -> None:
    case = open_case()
    offer = case.offer()
    posting.send()
    case.decline(offer)
    sent = posting.send()
    due = "12 月 1 日（周二）18:00"
    assert to(DESK, sent) == [f"【客户未接受方案】{case.reference} 须在 {due} 前答复"]
    assert to(PERSON, sent) == [f"您的答复已送达银行，最晚 {due} 回复"]
    assert "答复计时已重新开始" in next(text_of(mail) for mail in posting.kept.sent[::-1] if mail["To"] == DESK)


def test_an_offer_that_needs_a_second_person_is_told_to_every_supervisor_but_its_maker(
    posting: Posting, open_case: OpenCase, hub: Hub
) -> None:
    maker = account(hub, Role.SUPERVISOR, LEAD)
    account(hub, Role.SUPERVISOR, OTHER_LEAD)
    account(hub, Role.REVIEWER, CLERK)
    case = open_case()
    posting.send()
    offer = case.offer(LARGE_OFFER, by=maker)
    sent = posting.send()
    assert sent == [(OTHER_LEAD, f"【待您复核】{case.reference} 方案，须在 12 月 1 日（周二）18:00 前答复客户")]
    assert f"/portal/negotiations/{case.id}/offers/{offer}\r\n" in text_of(posting.kept.sent[-1])
    case.send_back(offer)
    assert posting.send() == [(LEAD, f"【已退回】{case.reference} 方案需要修改")]


def test_an_offer_that_nobody_may_approve_is_told_to_the_administrators_and_the_operator(
    posting: Posting, open_case: OpenCase, hub: Hub
) -> None:
    only = account(hub, Role.SUPERVISOR, LEAD)
    account(hub, Role.BANK_ADMIN, ADMIN)
    case = open_case()
    posting.send()
    offer = case.offer(LARGE_OFFER, by=only)
    assert posting.send() == [(ADMIN, f"【无人复核】{case.reference} 的方案没有人可以复核")]
    assert f"/portal/negotiations/{case.id}/offers/{offer}\r\n" in text_of(posting.kept.sent[-1])
    assert waiting(hub) == ["no_reviewer"]
    case.approve(offer)
    task_causes.look(hub)
    assert waiting(hub) == []


def test_each_level_is_asked_once_when_its_turn_comes(
    posting: Posting, open_case: OpenCase, hub: Hub, set_rules: SetRules
) -> None:
    set_rules(approval_levels="1:supervisor,2:supervisor,3:bank_admin")
    maker, first = account(hub, Role.REVIEWER, CLERK), account(hub, Role.SUPERVISOR, LEAD)
    account(hub, Role.SUPERVISOR, OTHER_LEAD)
    account(hub, Role.BANK_ADMIN, ADMIN)
    case = open_case()
    posting.send()
    offer = case.offer(by=maker)
    subject = f"【待您复核】{case.reference} 方案，须在 12 月 1 日（周二）18:00 前答复客户"
    assert posting.send() == [(LEAD, subject), (OTHER_LEAD, subject)]
    case.approve(offer, by=first)
    assert posting.send() == [(OTHER_LEAD, subject)]
    case.approve(offer)
    assert posting.send() == [(ADMIN, subject)]
    assert waiting(hub) == []


def test_a_level_that_nobody_can_give_is_told_at_once(
    posting: Posting, open_case: OpenCase, hub: Hub, set_rules: SetRules
) -> None:
    set_rules(approval_levels="1:supervisor,2:supervisor")
    account(hub, Role.SUPERVISOR, LEAD)
    account(hub, Role.BANK_ADMIN, ADMIN)
    case = open_case()
    posting.send()
    case.offer()
    assert sorted(to for to, _ in posting.send()) == [ADMIN, LEAD]
    assert waiting(hub) == ["no_reviewer"]


def test_an_offer_that_was_looked_over_before_the_mail_went_out_asks_nobody(
    posting: Posting, open_case: OpenCase, hub: Hub
) -> None:
    account(hub, Role.SUPERVISOR, LEAD)
    case = open_case()
    posting.send()
    case.approve(case.offer(LARGE_OFFER))
    assert to(LEAD, posting.send()) == []


def test_a_due_time_that_moves_is_told_to_the_desk_too(posting: Posting, open_case: OpenCase, hub: Hub) -> None:
    case = open_case()
    posting.send()
    [official] = [notice for notice in PUBLISHED if notice.year == 2026]
    off = official.off | {date(2026, 11, 30)}
    day = date(2026, 11, 21)
    notice = Notice(year=2026, notice="另行通知", published_on=day, off=off, work=official.work)
    answer_clocks.import_notice(hub, notice, actor=HUB)
    due = "12 月 2 日（周三）18:00"
    sent = posting.send()
    assert to(DESK, sent) == [f"【期限变更】{case.reference} 答复期限改为 {due}"]
    assert to(PERSON, sent) == [f"银行的答复时间改为 {due}"]


@pytest.mark.parametrize(("at", "provisional"), [("2026-11-21 10:00", False), ("2026-12-24 10:00", True)])
def test_a_date_in_a_year_without_a_calendar_is_told_as_one_that_may_change(
    posting: Posting, open_case: OpenCase, clock: FixedClock, at: str, provisional: bool
) -> None:
    posting.at(at)
    open_case(proposal={**applications.application()["proposal"], "first_due_on": "2027-02-20"})
    posting.send()
    told = {mail["To"]: text_of(mail) for mail in posting.kept.sent}
    assert {reader: "这个日期可能会变" in text for reader, text in told.items()} == {
        DESK: provisional,
        PERSON: provisional,
    }


def test_two_mails_to_one_person_in_one_second_can_be_told_apart(
    posting: Posting, submitted: Submit, work_off: Callable[[], int]
) -> None:
    submitted(ICBC, CMB)
    work_off()
    subjects = [subject for reader, subject in posting.send() if reader == PERSON]
    assert len(subjects) == len(set(subjects)) == 3
    assert all("银行，最晚" in subject and "（编号末尾 " in subject for subject in subjects[1:])
