"""The mail server of a simulated desk: what it keeps, and how it says no."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from hub.banks.port import Bundle, Message
from hub.banks.simulator import smtp_side
from hub.banks.simulator.smtp_side import MOST_BYTES
from hub.domain.bank import Bank
from hub.domain.bank_settings import read_rules
from hub.domain.clock import FixedClock
from hub.domain.delivery import MessageKind
from hub.mail.desk import Sender, desk_mail
from tests.banks.joined import FarBank, far_bank

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
SENDER = Sender(address="no-reply@hub.example", public_url="https://hub.example")
MESSAGE = Message(
    id="0193a000000070008000000000000001",
    kind=MessageKind.SUBMITTED,
    negotiation="1" * 32,
    body=b"{}",
    queued_at=NOW,
    reference="XS-20261121-483920",
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[FarBank]:
    clock = FixedClock(NOW)
    with far_bank(
        "email", "01020000", tmp_path / "bank", hub_url="http://127.0.0.1:1", clock=clock, business=clock
    ) as bank:
        yield bank


def kept(desk: FarBank) -> list[EmailMessage]:
    files = sorted((desk.place.folder / "mail").glob("*.eml"))
    return [message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=policy.default) for file in files]


def connected(desk: FarBank) -> smtplib.SMTP:
    port = int(desk.far_side.joining.environment["HUB_SMTP_URL"].rpartition(":")[2])
    return smtplib.SMTP("127.0.0.1", port, timeout=30)


def a_mail(content: bytes = b"%PDF-1.7\n.\n..two dots\n") -> EmailMessage:
    settings = {"desk_email": "desk@bank.example"}
    bank = Bank(
        code="01020000", name_zh="行", name_en="B", adapter="email", settings=settings, rules=read_rules(settings)
    )
    return desk_mail(MESSAGE, bank, Bundle(content=content), sender=SENDER, at=NOW)


def test_a_mail_is_kept_as_it_was_sent_and_is_in_the_journal(desk: FarBank) -> None:
    with connected(desk) as server:
        server.send_message(a_mail())
        server.send_message(a_mail())
    [mail] = kept(desk)
    [attachment] = mail.iter_attachments()
    assert isinstance(attachment, EmailMessage)
    assert attachment.get_content() == b"%PDF-1.7\n.\n..two dots\n"
    [taken] = desk.wrote("took")
    assert (taken["id"], taken["kind"]) == (MESSAGE.id, MESSAGE.kind)
    assert len(desk.wrote("came")) == 2
    assert not any("desk@" in line for line in desk.lines)


def test_lines_with_dots_and_of_any_length_come_through(desk: FarBank) -> None:
    text = "\r\n".join([".", "..", "a" * 5000, "b" * 999 + ".", "." * 3000, ""])
    with connected(desk) as server:
        server.sendmail("a@hub.example", ["b@bank.example"], f"Subject: x\r\n\r\n{text}")
    [file] = (desk.place.folder / "mail").glob("*.eml")
    assert file.read_bytes().partition(b"\r\n\r\n")[2].decode() == text


def test_another_mail_of_the_hub_is_kept_and_is_no_message(desk: FarBank) -> None:
    mail = a_mail()
    del mail["X-Negotiation-Message"]
    with connected(desk) as server:
        server.send_message(mail)
    assert len(kept(desk)) == 1
    assert desk.wrote("came") == []
    assert len(desk.wrote("notice", about="another-mail")) == 1


@pytest.mark.parametrize(
    ("behaviour", "code"), [("fail", 451), ("fail=1", 451), ("refuse", 550), ("refuse=552", 552), ("refuse=200", 550)]
)
def test_it_says_no_in_the_words_of_mail_servers(desk: FarBank, behaviour: str, code: int) -> None:
    desk.behave("silent", behaviour)
    with connected(desk) as server, pytest.raises(smtplib.SMTPDataError) as refusal:
        server.send_message(a_mail())
    assert refusal.value.smtp_code == code
    assert kept(desk) == []


def test_a_mail_that_was_taken_and_cut_off_is_there(desk: FarBank) -> None:
    desk.behave("silent", "cut=1")
    server = connected(desk)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        server.send_message(a_mail())
    server.close()
    assert len(kept(desk)) == len(desk.wrote("took")) == 1


def test_a_mail_beyond_all_measure_is_refused(desk: FarBank, monkeypatch: pytest.MonkeyPatch) -> None:
    with connected(desk) as server:
        server.ehlo()
        assert server.esmtp_features["size"] == str(MOST_BYTES)
        monkeypatch.setattr(smtp_side, "MOST_BYTES", 5000)
        with pytest.raises(smtplib.SMTPDataError, match="552"):
            server.send_message(a_mail(b"x" * 9000))
    assert kept(desk) == []


def test_words_out_of_turn_are_refused(desk: FarBank) -> None:
    with connected(desk) as server:
        assert server.docmd("DATA")[0] == 503
        assert server.docmd("VRFY", "desk")[0] == 502
        assert server.docmd("RCPT", "TO:nobody")[0] == 501
        assert server.noop()[0] == 250


def test_closing_cuts_whoever_is_there(desk: FarBank) -> None:
    server = connected(desk)
    server.ehlo()
    desk.far_side.stop()
    with pytest.raises(smtplib.SMTPServerDisconnected):
        server.noop()
    server.close()
