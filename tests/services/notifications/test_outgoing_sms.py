"""Text messages: who gets one instead of a mail or beside it, when, once, and what a gateway that is down changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.errors import TryAgain
from hub.domain.preferences import Language, Telling
from hub.mail.sms import NotTaken
from hub.services.accounts import preferences
from hub.services.accounts.cardholders import Cardholder
from hub.services.notifications import outgoing_sms
from hub.services.notifications.in_hand import HELD_FOR
from hub.services.operating import resending
from hub.wiring import Hub
from hub.work.jobs import SWEEP_INTERVAL_S
from storage import mails
from storage.records import MailRecord
from storage.submissions import submission_of
from tests import applications
from tests.services.case import Case
from tests.services.conftest import OpenCase, SetRules
from tests.services.posting import DESK, PERSON, Posting


@dataclass
class Gateway:
    """Keeps what it takes, and answers with the next of `answers` where there is one."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    answers: list[TryAgain] = field(default_factory=list)
    asked: int = 0
    # Called once the message is kept, and before the hub knows.
    after: Callable[[], None] = lambda: None

    def send(self, *, to: str, text: str) -> None:
        self.asked += 1
        if self.answers:
            raise self.answers.pop(0)
        self.sent.append((to, text))
        self.after()


@dataclass
class Phone:
    """The person's phone beside their mailbox."""

    posting: Posting
    gateway: Gateway

    def at(self, text: str) -> list[str]:
        """What the phone shows once it is that time in China."""
        self.posting.at(text)
        return self.read()

    def later(self, **by: int) -> list[str]:
        self.posting.later(**by)
        return self.read()

    def read(self) -> list[str]:
        """What comes now, without the link and the number."""
        self.posting.send()
        before = len(self.gateway.sent)
        outgoing_sms.send_due(self.posting.hub, self.gateway, self.posting.machine)
        return [words(text) for _, text in self.gateway.sent[before:]]


def words(text: str) -> str:
    return text.partition("）")[2].partition("。请登录查看：")[0]


@pytest.fixture
def phone(hub: Hub, clock: FixedClock, set_rules: SetRules) -> Phone:
    set_rules(desk_email=DESK)
    return Phone(posting=Posting(hub=hub, clock=clock), gateway=Gateway())


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    """A negotiation of a person who gave no mail address."""
    return open_case(applicant=applications.person(email=None))


@pytest.fixture
def choose(hub: Hub) -> Callable[..., None]:
    def chosen(case: Case, **changes: object) -> None:
        with case.row() as (tx, row):
            mobile = submission_of(tx, row).applicant.mobile
        with hub.writing(HUB) as tx:
            indexes = tuple(tx.keyring.indexes(mobile, purpose="mobile"))
            person = Cardholder(key="k", mobile=mobile, mobile_indexes=indexes)
            preferences.change(tx, person, lambda known: replace(known, **changes))  # type: ignore[arg-type]

    return chosen


def rows(hub: Hub, case: Case, kind: str) -> list[tuple[str | None, str, str | None]]:
    with hub.reading(HUB) as tx:
        found = [row for row in mails.list_of(tx, case.id) if row.kind == kind and row.reader == "cardholder"]
        return [(row.channel, row.status, row.detail) for row in found]


def test_who_gave_no_address_is_told_on_the_mobile_of_the_application(phone: Phone, case: Case, hub: Hub) -> None:
    assert phone.read() == ["已送达，答复的日子写在页面上"]
    with case.row() as (tx, row):
        last4, mobile = row.reference[-4:], submission_of(tx, row).applicant.mobile
    assert phone.gateway.sent == [
        (
            mobile,
            f"您的协商（末尾 {last4}）已送达，答复的日子写在页面上。请登录查看：http://127.0.0.1:8000/my/",
        )
    ]
    assert [to for to in phone.posting.kept.sent if to["To"] == PERSON] == []
    assert rows(hub, case, "received") == [("sms", "not_needed", "not told by text message")]
    assert phone.read() == []


def test_who_gave_an_address_gets_mails_and_no_text_message(phone: Phone, open_case: OpenCase) -> None:
    open_case().offer()
    assert phone.read() == []
    assert phone.gateway.asked == 0
    assert [mail["To"] for mail in phone.posting.kept.sent].count(PERSON) == 3


def test_each_step_of_a_negotiation_reaches_the_phone_once(phone: Phone, case: Case) -> None:
    phone.read()
    case.ask()
    assert phone.read() == ["有一个问题想请您回答"]
    case.write("补充如下", case.upload(), answers=True)
    case.offer()
    assert phone.read() == ["有新的方案请您看看"]
    assert phone.at("2026-11-26 18:00") == ["有一份方案两天内到期"]
    assert phone.at("2026-11-28 18:00") == ["方案已到期，您可以重新提交"]
    assert phone.at("2026-12-20 10:00") == []


def test_a_bank_that_is_late_is_told_and_what_came_meanwhile_is_not(phone: Phone, case: Case) -> None:
    phone.read()
    assert phone.at("2026-12-01 18:01") == ["还没有等到答复，我们已经催办"]
    case.ask()
    case.write("补充如下", case.upload(), answers=True)
    case.work_off()
    # The question is answered before it was told.
    assert phone.read() == []
    case.reject()
    assert phone.read() == ["有了答复"]


@pytest.mark.parametrize(
    ("telling", "by_mail", "by_phone"), [(Telling.SMS, 0, 1), (Telling.BOTH, 1, 1), (Telling.MAIL, 1, 0)]
)
def test_a_choice_counts_for_what_was_planned_before_it(
    phone: Phone, open_case: OpenCase, choose: Callable[..., None], telling: Telling, by_mail: int, by_phone: int
) -> None:
    case = open_case()
    case.offer()
    phone.read()
    choose(case, telling=telling)
    mailed = len(phone.posting.kept.sent)
    assert len(phone.at("2026-11-26 18:00")) == by_phone
    assert [mail["To"] for mail in phone.posting.kept.sent[mailed:]].count(PERSON) == by_mail
    assert phone.read() == []


def test_who_wants_no_notices_is_told_what_the_law_asks_for_and_nothing_else(
    phone: Phone, case: Case, choose: Callable[..., None], hub: Hub
) -> None:
    choose(case, is_quiet=True)
    assert phone.read() == []
    assert rows(hub, case, "delivered") == [("sms", "not_needed", "the person wants no notices")]
    case.transfer()
    assert phone.read() == ["有一份通知请您看看"]


def test_a_person_reads_it_in_their_language(phone: Phone, case: Case, choose: Callable[..., None]) -> None:
    choose(case, language=Language.ENGLISH)
    phone.read()
    assert "has arrived; the page says when to expect an answer. http://127.0.0.1:8000/my/" in phone.gateway.sent[0][1]


@pytest.mark.parametrize("at", ["2026-11-23 20:00", "2026-11-24 02:00", "2026-11-24 08:29"])
def test_no_phone_rings_at_night(phone: Phone, open_case: OpenCase, at: str) -> None:
    phone.at(at)
    open_case(applicant=applications.person(email=None))
    assert phone.read() == []
    assert phone.at("2026-11-24 08:30") == ["已送达，答复的日子写在页面上"]


def test_a_gateway_that_is_down_is_asked_once_a_run_and_loses_nothing(
    phone: Phone, case: Case, open_case: OpenCase, hub: Hub
) -> None:
    open_case(applicant=applications.person(email=None))
    phone.gateway.answers = [TryAgain("text message gateway: HTTP 503")]
    assert phone.read() == []
    assert phone.gateway.asked == 1
    # The one that failed waits; whatever else is due goes once the gateway is back.
    assert len(phone.read()) == 1
    assert phone.later(seconds=29) == []
    phone.gateway.answers = [TryAgain("text message gateway: HTTP 503")]
    assert phone.later(seconds=1) == []
    assert phone.later(seconds=119) == []
    assert len(phone.later(seconds=1)) == 1


def test_mails_go_while_the_gateway_is_down_and_messages_while_the_mail_server_is(
    phone: Phone, case: Case, open_case: OpenCase
) -> None:
    phone.gateway.answers = [TryAgain("text message gateway: HTTP 503")]
    open_case()
    phone.read()
    assert PERSON in [mail["To"] for mail in phone.posting.kept.sent]
    phone.posting.kept.answers = [TryAgain("450")] * 9
    assert phone.later(minutes=1) == ["已送达，答复的日子写在页面上"]


def test_what_a_gateway_refuses_is_seen_by_the_operator_and_can_be_sent_again(
    phone: Phone, case: Case, hub: Hub
) -> None:
    phone.gateway.answers = [NotTaken("text message gateway: HTTP 422")]
    assert phone.read() == []
    assert phone.later(days=1) == []
    with hub.reading(HUB) as tx:
        [failed] = mails.list_failed(tx)
        assert (failed.channel, failed.attempts, failed.detail) == ("sms", 1, "text message gateway: HTTP 422")
        failed_id = failed.id
    with hub.writing(HUB) as tx:
        assert resending.send_mail_again(tx, failed_id)
    # Its clock still runs, so it still says something true.
    assert phone.read() == ["已送达，答复的日子写在页面上"]


def test_a_message_in_the_hands_of_a_dead_worker_is_free_within_half_a_minute(
    phone: Phone, case: Case, hub: Hub
) -> None:
    phone.posting.send()
    with hub.writing(HUB) as tx:
        row = tx.session.query(MailRecord).filter_by(kind="delivered").one()
        assert row.channel == "sms"
        row.held_until = phone.posting.machine.at + HELD_FOR
    assert phone.read() == []
    assert HELD_FOR + timedelta(seconds=SWEEP_INTERVAL_S) < timedelta(seconds=30)
    assert phone.later(seconds=20) == ["已送达，答复的日子写在页面上"]
