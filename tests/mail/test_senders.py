"""Mails over a real server on the loopback and into a folder: what is taken, put off, refused, and sent twice."""

from __future__ import annotations

import os
import ssl
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import pytest

from hub.domain.errors import RefusedForGood, TryAgain, Unusable
from hub.mail import senders
from hub.mail.kinds import MailKind
from hub.mail.message import letter, message_of
from hub.mail.senders import MailFolder, SmtpSender, SmtpUrl, Unreachable
from hub.settings import Settings
from hub.wiring import Hub
from tests.mail.server import PASSWORD, USER, Post, mail_server
from tests.mail.test_message import ENVELOPE, facts

PUBLIC_URL = "https://hub.example"
MESSAGE = message_of(letter(facts(MailKind.ON_THE_DAY)), ENVELOPE)


def sender_to(port: int, *, user: str = "") -> SmtpSender:
    """A sender to the loopback."""
    return SmtpSender(f"smtp://{user}127.0.0.1:{port}", PUBLIC_URL)


def send(sender: SmtpSender | MailFolder, times: int = 1) -> None:
    with sender.opened() as outlet:
        for _ in range(times):
            outlet.send(MESSAGE)


def test_several_mails_go_over_one_connection_whole_and_to_one_reader_each() -> None:
    post = Post()
    with mail_server(post) as port:
        send(sender_to(port), times=3)
    assert post.connections == 1
    assert post.readers == [["desk@bank.example"]] * 3
    assert {mail["Message-ID"] for mail in post.taken} == {"<1@hub.example>"}
    assert post.taken[0]["Subject"] == letter(facts(MailKind.ON_THE_DAY)).subject
    assert post.taken[0].get_body(("html",)) is not None


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("450 4.2.0 greylisted, desk@bank.example try again", TryAgain),
        ("421 4.3.2 closing", Unreachable),
        ("550 5.1.1 <desk@bank.example> unknown", RefusedForGood),
        ("552 too big", RefusedForGood),
        ("530 5.7.0 sign in first", Unreachable),
        (None, Unreachable),
    ],
)
@pytest.mark.parametrize("at", ["to_rcpt", "to_data"])
def test_an_answer_says_whether_to_try_again(at: str, answer: str | None, error: type[TryAgain]) -> None:
    post = Post(to_rcpt=[answer]) if at == "to_rcpt" else Post(to_data=[answer])
    with mail_server(post) as port:
        sender = sender_to(port)
        with pytest.raises(error) as raised, sender.opened() as outlet:
            outlet.send(MESSAGE)
        assert type(raised.value) is error
        assert "@" not in raised.value.detail
        # The next attempt finds a server that takes it.
        send(sender)
    assert [mail["Message-ID"] for mail in post.taken][-1:] == ["<1@hub.example>"]


def test_the_same_outlet_goes_on_after_a_cut() -> None:
    post = Post(to_data=[None])
    with mail_server(post) as port, sender_to(port).opened() as outlet:
        with pytest.raises(Unreachable):
            outlet.send(MESSAGE)
        outlet.send(MESSAGE)
    # Taken before the cut and once more after it: a second copy at most, and it can be told by its id.
    assert [mail["Message-ID"] for mail in post.taken] == ["<1@hub.example>"] * 2


def test_nobody_listening_is_a_reason_to_wait() -> None:
    with mail_server(Post()) as port:
        pass
    with pytest.raises(Unreachable, match="ConnectionRefused"):
        send(sender_to(port))
    with pytest.raises(Unreachable):
        sender_to(port).check()


def test_the_check_greets_the_server_and_sends_nothing() -> None:
    post = Post()
    with mail_server(post) as port:
        assert sender_to(port).check() == f"127.0.0.1:{port} answers"
    assert (post.connections, post.taken) == (1, [])


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_the_hub_signs_in_and_sends_from_its_account() -> None:
    post = Post()
    user = f"{USER.replace('@', '%40')}:{PASSWORD.replace('@', '%40').replace(':', '%3A')}@"
    with mail_server(post, auth=True) as port:
        sender = sender_to(port, user=user)
        assert sender.address == USER
        send(sender)
        with pytest.raises(Unreachable, match="535"):
            send(sender_to(port, user="hub:wrong@"))
        # Without signing in it is the settings that are wrong, not the mail.
        with pytest.raises(Unreachable, match="530"):
            send(sender_to(port))
    assert len(post.taken) == 1


def test_starttls_is_used_where_it_is_offered_and_the_certificate_checked(
    certificate: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, file = certificate
    post = Post()
    with mail_server(post, tls=context) as port:
        with pytest.raises(Unreachable, match="CERTIFICATE_VERIFY_FAILED"):
            send(sender_to(port))
        monkeypatch.setenv("SSL_CERT_FILE", os.fspath(file))
        send(sender_to(port))
    assert post.encrypted == [True]


def test_in_production_nothing_goes_to_another_machine_in_clear(
    certificate: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, file = certificate
    monkeypatch.setenv("SSL_CERT_FILE", os.fspath(file))
    # As if what listens here were on another machine.
    monkeypatch.setattr(senders, "_LOOPBACK", frozenset())
    post = Post()
    for tls, taken in ((None, 0), (context, 1)):
        with mail_server(post, tls=tls) as port:
            sender = SmtpSender(f"smtp://127.0.0.1:{port}", PUBLIC_URL, in_clear=False)
            if tls is None:
                for deed in (partial(send, sender), sender.check):
                    with pytest.raises(Unreachable, match="no STARTTLS"):
                        deed()
            else:
                send(sender)
        assert len(post.taken) == taken
    assert post.encrypted == [True]


@pytest.mark.parametrize("env", ["embedded", "production"])
def test_a_hub_of_production_takes_no_unencrypted_mail_server(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, env: str
) -> None:
    monkeypatch.setattr(senders, "_LOOPBACK", frozenset())
    with mail_server(Post()) as port:
        hub = Hub(replace(settings, env=env, smtp_url=f"smtp://127.0.0.1:{port}"))
        if env == "embedded":
            assert "answers" in hub.mail.check()
        else:
            with pytest.raises(Unreachable, match="no STARTTLS"):
                hub.mail.check()
        hub.close()


def test_smtps_is_encrypted_from_the_first_byte(
    certificate: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, file = certificate
    post = Post()
    with mail_server(post, smtps=context) as port:
        monkeypatch.setenv("SSL_CERT_FILE", os.fspath(file))
        send(SmtpSender(f"smtps://127.0.0.1:{port}", PUBLIC_URL))
    assert len(post.taken) == 1


def test_a_folder_holds_whole_files_under_the_mails_own_name(tmp_path: Path) -> None:
    folder = MailFolder(tmp_path / "mail", PUBLIC_URL)
    assert folder.address == "no-reply@hub.example"
    send(folder, times=2)
    # The same mail again is the same file.
    [file] = (tmp_path / "mail").iterdir()
    assert file.name == "1.eml"
    read = message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=policy.default)
    assert read["To"] == "desk@bank.example"


def test_a_folder_that_cannot_be_written_is_a_reason_to_wait(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "1.part").mkdir()
    with pytest.raises(Unreachable):
        send(MailFolder(tmp_path / "mail", PUBLIC_URL))


@pytest.mark.parametrize(
    ("url", "parsed"),
    [
        ("smtp://mail.example", SmtpUrl(host="mail.example", port=25, encrypted=False)),
        ("smtps://mail.example", SmtpUrl(host="mail.example", port=465, encrypted=True)),
        (
            "smtp://a%40b.example:p%3Aw@mail.example:587",
            SmtpUrl(host="mail.example", port=587, encrypted=False, user="a@b.example", password="p:w"),
        ),
    ],
)
def test_an_address_of_a_mail_server_is_read(url: str, parsed: SmtpUrl) -> None:
    assert SmtpUrl.parse(url) == parsed


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "smtp://mail.example:x", "smtp://mail:99999"])
def test_what_is_no_mail_server_is_said_at_once(url: str) -> None:
    with pytest.raises(Unusable, match="HUB_SMTP_URL"):
        SmtpUrl.parse(url)
