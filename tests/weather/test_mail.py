"""A mail server that is away for days, keeps silent or says no: every mail once, with the true time, or on record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from hub import health
from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.errors import TryAgain
from hub.findings import Part
from hub.mail.senders import MailFolder, SmtpSender, Unreachable
from hub.mail.sms import SmsFolder
from hub.services.notifications import outgoing_mail
from hub.services.operating import sweeps
from hub.services.operating.invariants import breaches
from hub.services.operating.resending import send_mail_again
from hub.services.reading.operator.mails import mail_page
from hub.services.reading.operator.tally import tally_of
from hub.wiring import Hub
from storage.mails import MailStatus
from tests.applications import person
from tests.mail.server import Post, mail_server, text_of
from tests.services.case import china
from tests.services.conftest import OpenCase, SetRules
from tests.services.posting import DESK, PERSON
from tests.weather.proxy import Proxy, Weather, proxy_of

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
DUE = "12 月 1 日（周二）18:00"


@pytest.fixture
def post() -> Post:
    """What the mail server took."""
    return Post()


@pytest.fixture
def proxy(post: Post) -> Iterator[Proxy]:
    """Stands in front of a real mail server."""
    with mail_server(post) as port, proxy_of(port) as made:
        yield made


def sender_to(proxy: Proxy, *, timeout_s: float) -> SmtpSender:
    """Sends by way of the proxy, and waits so long for each word."""
    return SmtpSender(f"smtp://127.0.0.1:{proxy.port}", "https://hub.example", timeout_s=timeout_s)


@pytest.fixture
def sender(proxy: Proxy) -> SmtpSender:
    return sender_to(proxy, timeout_s=30)


class Machine:
    """A worker's round: what is due happens and is sent, at a time in China that a test moves."""

    def __init__(self, hub: Hub, clock: FixedClock, sender: SmtpSender) -> None:
        self._hub, self._clock, self._sender = hub, clock, sender
        self._real = FixedClock(clock.at)

    def at(self, text: str) -> int:
        """How many mails were handed over once it is that time."""
        self._clock.at = china(text)
        return self.round()

    def later(self, **by: int) -> int:
        self._clock.at += timedelta(**by)
        self._real.at += timedelta(**by)
        return self.round()

    def round(self) -> int:
        sweeps.run_due(self._hub)
        return outgoing_mail.send_due(self._hub, self._sender, self._real)


@pytest.fixture
def machine(hub: Hub, clock: FixedClock, sender: SmtpSender, set_rules: SetRules) -> Machine:
    """A hub whose bank ICBC has a desk."""
    set_rules(desk_email=DESK, hotline="95588", complaint_channel="投诉热线 12378")
    return Machine(hub, clock, sender)


def copies(post: Post) -> Counter[str]:
    """How often each mail was taken, by its Message-ID."""
    return Counter(str(mail["Message-ID"]) for mail in post.taken)


def told(post: Post, to: str) -> list[EmailMessage]:
    return [mail for mail in post.taken if mail["To"] == to]


def test_after_two_days_without_a_mail_server_each_mail_comes_once_with_its_true_time(
    hub: Hub, proxy: Proxy, post: Post, machine: Machine, open_case: OpenCase
) -> None:
    for number in range(3):
        open_case(applicant=person(email=f"person-{number}@example.com"))
    # Each person is told of two steps; the desk learns of all three cases by one mail.
    assert machine.round() == 7
    with proxy.during(Weather(refuses=True)):
        for day in (27, 28, 29, 30):
            for hour in (9, 12, 18):
                assert machine.at(f"2026-11-{day} {hour:02d}:00") == 0
        # One connection a round is enough to know that nobody is there.
        assert proxy.connections < 20
    machine.at("2026-12-01 09:00")
    machine.later(hours=1)
    machine.later(hours=1)
    assert set(copies(post).values()) == {1}
    tags = Counter(mail["Subject"].split("】")[0] for mail in told(post, DESK))
    # What is due today is told in one mail, and the steps that were missed add nothing to it.
    assert tags == {"【客户动态": 1, "【今天到期": 1}
    assert text_of(told(post, DESK)[-1]).count(DUE) == 3
    # Nothing more comes of it, however often somebody looks.
    assert machine.later(minutes=5) == 0
    with hub.reading(HUB) as tx:
        assert list(breaches(tx, hub.store)) == []


@on_sqlite
def test_a_breach_during_the_days_without_a_mail_server_is_told_and_escalated_all_the_same(
    proxy: Proxy, post: Post, machine: Machine, open_case: OpenCase
) -> None:
    open_case()
    machine.round()
    with proxy.during(Weather(refuses=True)):
        for at in ("2026-12-01 18:01", "2026-12-02 18:00"):
            assert machine.at(at) == 0
    machine.at("2026-12-03 18:30")
    machine.later(hours=1)
    assert set(copies(post).values()) == {1}
    # In whatever order they come: a busy machine may have had the first one wait as well.
    mails = {mail["Subject"].split("XS-")[0]: mail for mail in told(post, DESK)}
    assert sorted(mails) == ["【已超时】", "【新申请】", "【超时升级】"]
    assert all(DUE in text_of(mails[tag]) for tag in ("【已超时】", "【超时升级】"))
    [person_told] = [mail for mail in told(post, PERSON) if "还没有答复" in str(mail["Subject"])]
    assert DUE in str(person_told["Subject"]) + text_of(person_told)


@on_sqlite
def test_a_server_that_puts_mails_off_gets_each_once_more_in_due_time(
    post: Post, machine: Machine, open_case: OpenCase
) -> None:
    open_case()
    post.to_rcpt = ["450 4.2.0 greylisted, come back later"] * 3
    assert machine.round() == 0
    assert machine.round() == 0
    assert machine.later(seconds=29) == 0
    assert machine.later(seconds=1) == 3
    assert machine.later(hours=3) == 0
    assert (len(post.taken), set(copies(post).values())) == (3, {1})


@on_sqlite
def test_a_connection_that_is_lost_after_the_data_costs_one_copy_more_at_most(
    proxy: Proxy, post: Post, machine: Machine, open_case: OpenCase
) -> None:
    open_case()
    with proxy.during(Weather(loses_answer_to=b"\r\n.\r\n")):
        assert machine.round() == 0
    assert len(post.taken) == 1
    assert proxy.lost_answers == 1
    machine.later(minutes=1)
    machine.later(hours=3)
    counted = copies(post)
    assert len(counted) == 3
    assert sorted(counted.values()) == [1, 1, 2]


@on_sqlite
def test_a_server_that_takes_the_call_and_says_nothing_is_left_alone(
    hub: Hub, clock: FixedClock, proxy: Proxy, post: Post, machine: Machine, open_case: OpenCase
) -> None:
    open_case()
    hasty = sender_to(proxy, timeout_s=0.5)
    with proxy.during(Weather(stalls=True)):
        with pytest.raises(Unreachable):
            hasty.check()
        assert Machine(hub, clock, hasty).round() == 0
        assert proxy.connections == 2
    assert machine.later(minutes=1) == 3
    assert set(copies(post).values()) == {1}


@on_sqlite
def test_a_mail_that_is_refused_for_good_is_an_operators_and_is_not_tried_again(
    hub: Hub, post: Post, machine: Machine, open_case: OpenCase
) -> None:
    case = open_case(worked_off=False)
    post.to_rcpt = ["550 5.1.1 <xm@example.com>: no such user"]
    assert machine.round() == 0
    for _ in range(5):
        assert machine.later(days=1) >= 0
    assert post.to_rcpt == []
    with hub.reading(HUB) as tx:
        failed = [mail for mail in mail_page(tx, MailStatus.FAILED).mails if mail.attempts == 1]
        count = tally_of(tx).failed_mails
    assert count == 1
    [mail] = failed
    with case.row() as (_, row):
        assert mail.reference == row.reference
    assert "550" in mail.detail
    assert "xm@example.com" not in mail.detail
    line = health.look(hub, Part.MAIL)
    assert line.state == "warning"
    # An operator who knows better has it sent again.
    with hub.writing(HUB) as tx:
        assert send_mail_again(tx, mail.id)
    assert machine.round() == 1


def test_a_folder_that_cannot_be_made_is_a_reason_to_try_again(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    message = EmailMessage()
    message["Message-ID"] = "<one@hub.example>"
    with pytest.raises(Unreachable):
        MailFolder(tmp_path / "file" / "mail", "https://hub.example").send(message)
    with pytest.raises(TryAgain):
        SmsFolder(tmp_path / "file" / "sms").send(to="13800138000", text="123456")
