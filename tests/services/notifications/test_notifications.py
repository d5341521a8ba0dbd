"""What is told by mail when something happens: to whom, in which hours, once, and with nothing of the person in it."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from hub import health
from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.errors import RefusedForGood, TryAgain
from hub.findings import Part
from hub.mail.senders import SmtpSender, Unreachable
from hub.services.notifications import outgoing_mail
from hub.wiring import Hub
from storage import mails
from tests import applications
from tests.applications import CMB, ICBC
from tests.conftest import Submit
from tests.mail.server import Post, mail_server, text_of
from tests.services.case import china
from tests.services.conftest import OpenCase, SetRules
from tests.services.posting import DESK, PERSON, Posting, without_drawn

DUE = "12 月 1 日（周二）18:00"


@pytest.fixture
def posting(hub: Hub, clock: FixedClock, set_rules: SetRules) -> Posting:
    """The mails of a hub whose bank ICBC has a desk."""
    set_rules(desk_email=DESK, hotline="95588", complaint_channel="投诉热线 12378")
    return Posting(hub=hub, clock=clock)


def to_person(sent: list[tuple[str, str]]) -> list[str]:
    """What the person's subjects say, without the end of the number."""
    return [subject.partition("（编号末尾")[0] for reader, subject in sent if reader == PERSON]


def to_desk(sent: list[tuple[str, str]]) -> list[str]:
    return [subject for reader, subject in sent if reader == DESK]


def test_what_happens_on_the_way_to_an_agreement_is_told_once(posting: Posting, open_case: OpenCase) -> None:
    case = open_case(worked_off=False)
    reference = case.reference
    assert posting.send() == [(PERSON, f"您的申请已收到（{reference}）")]
    case.work_off()
    assert to_person(posting.send()) == [f"申请已送达银行，最晚 {DUE} 答复"]
    case.ask()
    assert to_person(posting.send()) == ["银行有一个问题想问您，请在 11 月 27 日（周五）18:00 前回复"]
    case.write("没有流水", answers=True)
    assert posting.send() == [(DESK, f"【新消息】{reference} 须在 {DUE} 前答复")]
    offer = case.offer()
    assert to_person(posting.send()) == ["银行给出了方案，请在 11 月 28 日（周六）18:00 前查看"]
    assert to_person(posting.at("2026-11-26 18:00")) == ["银行的方案 11 月 28 日（周六）18:00 到期，请查看"]
    case.counter()
    sent = posting.send()
    assert to_person(sent) == ["您的答复已送达银行，最晚 12 月 7 日（周一）18:00 回复"]
    assert to_desk(sent) == [f"【客户已还价】{reference} 须在 12 月 7 日（周一）18:00 前答复"]
    case.accept(offer)
    sent = posting.send()
    assert to_person(sent) == ["协议已生效"]
    assert to_desk(sent) == [f"【协议成立】{reference}"]
    case.work_off()
    assert to_person(posting.send()) == ["协议文本可以下载了"]
    assert posting.at("2027-01-05 12:00") == []
    ids = [mail["Message-ID"] for mail in posting.kept.sent]
    assert len(ids) == len(set(ids)) == 12


def test_a_no_is_told_and_so_is_a_no_to_a_counter_offer_alone(posting: Posting, open_case: OpenCase) -> None:
    case = open_case()
    case.offer()
    case.counter()
    posting.send()
    case.reject()
    assert to_person(posting.send()) == ["银行答复了您的方案，原来的方案仍然有效"]
    other = open_case(applicant=applications.person(email="other@example.com"))
    posting.send()
    other.reject()
    tail = other.reference[-6:]
    assert posting.send() == [("other@example.com", f"这次没有达成一致，您还可以再商量（编号末尾 {tail}）")]
    assert "银行客服：95588" in text_of(posting.kept.sent[-1])


def test_a_returned_application_and_a_withdrawal(posting: Posting, open_case: OpenCase) -> None:
    twice = [applications.account(), applications.account()]
    returned = open_case(accounts=twice)
    assert returned.status == "returned"
    assert to_person(posting.send())[-1] == "您的申请需要补正，请在 12 月 21 日（周一）10:00 前更正"
    case = open_case()
    posting.send()
    case.withdraw()
    assert posting.send() == [(DESK, f"【已撤回】{case.reference}")]


def test_a_late_bank_is_told_with_where_to_turn(posting: Posting, open_case: OpenCase) -> None:
    open_case()
    posting.send()
    posting.at("2026-12-01 18:01")
    [mail] = [mail for mail in posting.kept.sent if "我们已催办" in mail["Subject"]]
    text = text_of(mail)
    assert "银行客服：95588" in text
    assert "银行投诉渠道：投诉热线 12378" in text
    assert "这不是您的责任" in text


def test_one_mail_says_that_an_application_to_several_banks_is_here(
    posting: Posting, submitted: Submit, hub: Hub
) -> None:
    sent = submitted(ICBC, CMB)
    assert posting.send() == [(PERSON, "您的申请已收到（2 家银行）")]
    text = text_of(posting.kept.sent[0])
    with hub.reading(HUB) as tx:
        keys = [row.kind for each in sent.negotiations.values() for row in mails.list_of(tx, each)]
    assert keys == ["received"]
    assert text.count("XS-") == 2
    assert "http://127.0.0.1:8000/my/\r\n" in text


def test_only_the_portals_desk_is_told_of_an_arrival(
    posting: Posting, open_case: OpenCase, set_rules: SetRules
) -> None:
    set_rules(CMB, desk_email="desk@cmb.example")
    open_case(CMB)
    sent = posting.send()
    assert to_person(sent)[-1] == f"申请已送达银行，最晚 {DUE} 答复"
    assert "desk@cmb.example" not in {reader for reader, _ in sent}
    # Its own system is told otherwise, but its desk is reminded like any other.
    assert [reader for reader, _ in posting.at("2026-11-27 08:45")] == ["desk@cmb.example"]


def test_a_person_without_an_address_gets_none(posting: Posting, open_case: OpenCase) -> None:
    case = open_case(applicant=applications.person(email=None))
    case.offer()
    assert {reader for reader, _ in posting.send()} == {DESK}
    told = {row.status for row in posting.rows(case.id).values() if row.reader == "cardholder"}
    assert told == {"not_needed", "waiting"}


@pytest.mark.parametrize(
    ("at", "sent_at"), [("2026-11-23 20:00", "2026-11-24 08:30"), ("2026-11-24 02:00", "2026-11-24 08:30")]
)
def test_at_night_staff_are_written_to_and_cardholders_are_not(
    posting: Posting, open_case: OpenCase, at: str, sent_at: str
) -> None:
    posting.clock.at = china(at)
    open_case()
    assert {reader for reader, _ in posting.send()} == {DESK}
    assert posting.at("2026-11-24 08:29") == []
    assert len(to_person(posting.at(sent_at))) == 2
    assert "原定" not in text_of(posting.kept.sent[-1])


def test_a_second_attempt_keeps_to_a_cardholders_hours(posting: Posting, open_case: OpenCase) -> None:
    posting.clock.at = china("2026-11-23 19:59")
    open_case(worked_off=False)
    posting.kept.answers = [TryAgain("450")]
    assert posting.send() == []
    assert posting.at("2026-11-23 20:05") == []
    assert len(posting.at("2026-11-24 08:30")) == 1


@pytest.mark.long
def test_a_mail_server_that_is_down_for_two_days_loses_nothing(posting: Posting, open_case: OpenCase) -> None:
    open_case()
    posting.send()
    posting.kept.forget()
    for day in (27, 28, 29, 30):
        for hour in range(24):
            posting.kept.answers = [Unreachable("nobody listens")]
            assert posting.at(f"2026-11-{day} {hour:02d}:50") == []
    posting.kept.answers = []
    posting.at("2026-12-01 08:50")
    posting.later(hours=2)
    # The steps of two days ago and of yesterday say nothing that today's does not say.
    assert [mail["Subject"].split("XS-")[0] for mail in posting.kept.sent] == ["【今天到期】"]
    assert DUE in text_of(posting.kept.sent[0])


def test_a_reminder_that_comes_a_day_late_says_so(posting: Posting, open_case: OpenCase) -> None:
    open_case()
    posting.send()
    posting.kept.forget()
    posting.kept.answers = [Unreachable("nobody listens")]
    assert posting.at("2026-11-27 08:45") == []
    posting.at("2026-11-28 12:00")
    [mail] = posting.kept.sent
    assert mail["Subject"].startswith("【补发】")
    assert "这封邮件原定 11 月 27 日（周五）08:45 发出，现在补发。" in text_of(mail)


def test_a_worker_that_dies_between_sending_and_marking_leaves_one_copy_more_at_most(
    posting: Posting, open_case: OpenCase
) -> None:
    open_case(worked_off=False)

    class Killed(BaseException):
        """The process is gone."""

    def die() -> None:
        posting.kept.after = lambda: None
        raise Killed

    posting.kept.after = die
    with pytest.raises(Killed):
        posting.send()
    # Nobody else takes it while it may still be in hand.
    assert posting.send() == []
    assert len(posting.later(minutes=11)) == 1
    assert posting.later(days=2) == []
    assert len(posting.kept.sent) == 2
    assert len({mail["Message-ID"] for mail in posting.kept.sent}) == 1


def test_a_mail_that_is_refused_for_good_is_seen_and_never_tried_again(
    posting: Posting, open_case: OpenCase, hub: Hub
) -> None:
    open_case(worked_off=False)
    posting.kept.answers = [RefusedForGood("mail server: 550 5.1.1 … unknown")]
    assert posting.send() == []
    with hub.reading(HUB) as tx:
        [failed] = mails.list_failed(tx)
        assert (failed.detail, failed.attempts) == ("mail server: 550 5.1.1 … unknown", 1)
    assert posting.later(days=3) == []
    line = health.look(hub, Part.MAIL)
    assert (line.state, "1 refused for good" in line.detail) == ("warning", True)


def test_one_reader_who_is_put_off_holds_up_nobody_else(posting: Posting, open_case: OpenCase) -> None:
    open_case(worked_off=False)
    open_case(worked_off=False, applicant=applications.person(email="other@example.com"))
    posting.kept.answers = [TryAgain("450")]
    assert [reader for reader, _ in posting.send()] == ["other@example.com"]
    assert [reader for reader, _ in posting.later(minutes=1)] == [PERSON]


def test_a_mail_that_cannot_be_written_holds_up_nobody_else(
    posting: Posting, open_case: OpenCase, set_rules: SetRules, hub: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    set_rules(desk_email="a,b@icbc.example")
    open_case()
    assert len(to_person(posting.send())) == 2
    assert [vars(each)["error"] for each in caplog.records if each.message == "mail cannot be written"] == [
        "ValueError"
    ]
    with hub.reading(HUB) as tx:
        [failed] = mails.list_failed(tx)
        assert failed.detail == "cannot be written: ValueError"


def test_a_fact_that_was_overtaken_in_the_night_is_told_with_a_word_of_it(
    posting: Posting, open_case: OpenCase
) -> None:
    posting.clock.at = china("2026-11-23 21:00")
    case = open_case()
    case.accept(case.offer())
    sent = to_person(posting.at("2026-11-24 08:30"))
    assert [subject[:4] for subject in sent] == ["您的申请", "申请已送", "银行给出", "协议已生"]
    overtaken = ["又有了新的进展" in text_of(mail) for mail in posting.kept.sent if mail["To"] == PERSON]
    assert overtaken == [False, True, True, False]


def test_that_an_offer_still_stands_is_not_said_plainly_once_it_was_signed(
    posting: Posting, open_case: OpenCase
) -> None:
    posting.clock.at = china("2026-11-23 21:00")
    case = open_case()
    offer = case.offer()
    case.counter()
    case.reject()
    case.accept(offer)
    posting.at("2026-11-24 08:30")
    [told] = [mail for mail in posting.kept.sent if "原来的方案仍然有效" in mail["Subject"]]
    assert "又有了新的进展" in text_of(told)


MARKERS = (
    "王小明",
    "13800",
    "622210",
    "18500",
    "18,500",
    "185.00",
    "1850000",
    "illness",
    "生病",
    "住院",
    "6200",
    "can_afford",
)


def test_nothing_of_the_person_stands_in_any_mail(posting: Posting, open_case: OpenCase, hub: Hub) -> None:
    case = open_case(applicant=applications.person(7, name="王小明", mobile="13800138000"))
    case.ask(text="王小明，请补充 622210 的住院流水 18,500 元")
    case.write("我叫王小明 13800138000", answers=True)
    posting.at("2026-12-02 18:00")
    case.counter() if case.offer() else None
    case.reject(text="王小明，您的 18,500 元我们不能同意")
    posting.at("2026-12-03 10:00")
    posting.at("2026-12-20 10:00")
    kinds = {row.kind for row in posting.rows(case.id).values()}
    assert len(kinds) >= 12
    assert len(posting.kept.sent) >= 10
    markers = (*MARKERS, applications.id_number(7))
    for mail in posting.kept.sent:
        whole = str(mail["Subject"]) + "".join(
            part.get_content() for part in mail.iter_parts() if isinstance(part, EmailMessage)
        )
        whole = without_drawn(whole)
        assert [marker for marker in markers if marker in whole] == []


def test_it_all_goes_over_a_real_mail_server(posting: Posting, open_case: OpenCase, hub: Hub) -> None:
    open_case()
    post = Post(to_rcpt=["450 greylisted", "550 unknown"], to_data=[None])
    with mail_server(post) as port:
        sender = SmtpSender(f"smtp://127.0.0.1:{port}", "https://hub.example")
        # The first is put off, the second refused, the third taken and cut off before anybody knew.
        for _ in range(2):
            outgoing_mail.send_due(hub, sender, posting.machine)
        assert len(post.taken) == 1
        posting.clock.at = china("2026-11-21 12:00")
        assert outgoing_mail.send_due(hub, sender, posting.machine) == 2
    ids = [mail["Message-ID"] for mail in post.taken]
    assert (len(ids), len(set(ids))) == (3, 2)
    with hub.reading(HUB) as tx:
        assert len(mails.list_failed(tx)) == 1
