"""A bank that is reached by mail: one mail a message over a real server, its locked PDF, and the password's own way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.banks.adapters.email import Email
from hub.banks.port import Receipt
from hub.domain.bank import Bank
from hub.domain.delivery import MessageKind
from hub.domain.errors import InvalidValue, RefusedForGood, TryAgain
from hub.mail.kinds import MailKind
from hub.mail.message import when, when_en
from hub.mail.senders import SmtpSender
from hub.settings import Settings
from hub.wiring import Hub
from tests.banks.desk_mail import (
    DESK,
    DUE,
    MOBILE,
    PASSWORD,
    PUBLIC_URL,
    REFERENCE,
    a_bank,
    a_file,
    a_message,
    adapter,
    attachment_of,
    database,
    hub,
    pages_of,
    post,
    settings,
)
from tests.conftest import SentMessages
from tests.mail.server import Post, mail_server, text_of

__all__ = ["adapter", "database", "hub", "post", "settings"]

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", list(MessageKind))
def test_the_desk_is_told_what_came_until_when_and_where(adapter: Email, post: Post, kind: MessageKind) -> None:
    message = a_message(kind)
    assert isinstance(adapter.deliver(message, a_bank()), Receipt)
    [mail] = post.taken
    assert post.readers == [[DESK]]
    text = text_of(mail)
    page = f"requests/{message.request}" if message.request else f"negotiations/{message.negotiation}"
    assert f"{PUBLIC_URL}/portal/{page}" in text
    assert REFERENCE in mail["Subject"]
    assert REFERENCE in text
    if kind not in (MessageKind.ACCEPTED, MessageKind.WITHDRAWN):
        assert when(DUE) in text
        assert when_en(DUE) in text
    html = mail.get_body(("html",))
    assert html is not None
    assert REFERENCE in html.get_content()
    assert list(mail.iter_attachments()) == []


def test_each_kind_of_message_of_a_negotiation_has_words_of_its_own(adapter: Email, post: Post) -> None:
    for kind in (each for each in MessageKind if not a_message(each).request):
        adapter.deliver(a_message(kind), a_bank())
    declined = replace(a_message(MessageKind.MESSAGE), body=b'{"text":"","declined_offer":"0193a0"}')
    adapter.deliver(declined, a_bank())
    assert "客户未接受方案" in post.taken[-1]["Subject"]
    subjects = [str(mail["Subject"]) for mail in post.taken]
    assert len(set(subjects)) == len(subjects) == len([kind for kind in MailKind if kind.startswith("arrived_")])


def test_without_a_clock_no_time_is_named(adapter: Email, post: Post) -> None:
    adapter.deliver(a_message(MessageKind.MESSAGE, due_at=None), a_bank())
    [mail] = post.taken
    assert "期限" not in text_of(mail)
    assert "前答复" not in mail["Subject"]


def test_nothing_personal_is_in_the_clear(adapter: Email, post: Post) -> None:
    adapter.deliver(a_message(MessageKind.SUBMITTED, a_file()), a_bank(attach_pdf="true"))
    [mail] = post.taken
    clear = "\n".join([str(mail["Subject"]), text_of(mail), *(f"{name}: {value}" for name, value in mail.items())])
    assert "小明" not in clear
    assert MOBILE not in clear
    assert "evil" not in clear
    assert attachment_of(mail).get_filename() == f"{REFERENCE}.pdf"


@pytest.mark.parametrize("name", ["甲银行\r\nBcc: x@evil.example", "甲\nSubject: other", "甲\x00银行"])
def test_a_name_cannot_become_a_header(adapter: Email, post: Post, name: str) -> None:
    adapter.deliver(a_message(), replace(a_bank(), name_zh=name, name_en=name))
    [mail] = post.taken
    assert post.readers == [[DESK]]
    assert mail["Bcc"] is None
    assert len(mail.get_all("Subject", [])) == 1


@pytest.mark.parametrize("address", ["a@b.example,c@d.example", "a@b.example\r\nBcc: c@d.example", "no address"])
def test_a_desk_that_cannot_be_addressed_is_refused_and_nothing_sent(adapter: Email, post: Post, address: str) -> None:
    bank = a_bank()
    with pytest.raises(RefusedForGood) as refusal:
        adapter.deliver(a_message(), replace(bank, rules=replace(bank.rules, desk_email=address)))
    assert "example" not in refusal.value.detail
    assert post.taken == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("450 4.2.0 greylisted", TryAgain),
        ("421 4.3.2 closing", TryAgain),
        (None, TryAgain),
        ("550 5.1.1 unknown", RefusedForGood),
        ("552 5.3.4 too big", RefusedForGood),
    ],
)
def test_an_answer_says_whether_to_try_again_and_every_attempt_has_one_id(
    adapter: Email, post: Post, sms: SentMessages, answer: str | None, error: type[Exception]
) -> None:
    post.to_data.append(answer)
    bank = a_bank(attach_pdf="true", desk_mobile=MOBILE)
    with pytest.raises(error):
        adapter.deliver(a_message(MessageKind.SUBMITTED, a_file()), bank)
    assert sms.sent == []
    for _ in range(2):
        adapter.deliver(a_message(MessageKind.SUBMITTED, a_file()), bank)
    assert {mail["Message-ID"] for mail in post.taken} == {"<0193a000000070008000000000000001@hub.example>"}
    # One password opens all of them.
    [password] = {text.rpartition("：")[2] for _, text in sms.sent}
    assert {pages_of(mail, password) for mail in post.taken} == {1}


def test_the_password_goes_its_own_way(adapter: Email, post: Post, sms: SentMessages) -> None:
    bank, message = a_bank(attach_pdf="true", desk_mobile="138 0013 8000"), a_message(MessageKind.SUBMITTED, a_file())
    adapter.deliver(message, bank)
    password = adapter.password(message.id, bank)
    assert password is not None
    assert PASSWORD.fullmatch(password)
    assert sms.sent == [(MOBILE, f"{REFERENCE} 邮件附件的密码：{password}")]
    [mail] = post.taken
    assert "密码不在邮件里" in text_of(mail)
    assert "The attached PDF is encrypted" in text_of(mail)
    assert password.encode() not in mail.as_bytes()
    assert password != adapter.password("another", bank)


def test_a_text_message_that_fails_is_no_failure_of_the_delivery(
    settings: Settings, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoGateway:
        def send(self, *, to: str, text: str) -> None:
            raise TryAgain("no gateway")

    with mail_server(post) as port:
        hub = Hub(settings, sms=NoGateway(), mail=SmtpSender(f"smtp://127.0.0.1:{port}", PUBLIC_URL))
        adapter = hub.adapters.adapter("email")
        bank = a_bank(attach_pdf="true", desk_mobile=MOBILE)
        assert adapter.deliver(a_message(MessageKind.SUBMITTED, a_file()), bank)
    assert len(post.taken) == 1


@pytest.mark.parametrize("bank", [a_bank(), a_bank(attach_pdf="false", desk_mobile=MOBILE)], ids=["default", "false"])
def test_no_file_travels_unless_the_bank_wants_it(adapter: Email, post: Post, sms: SentMessages, bank: Bank) -> None:
    adapter.deliver(a_message(MessageKind.SUBMITTED, a_file()), bank)
    [mail] = post.taken
    assert list(mail.iter_attachments()) == []
    assert "密码" not in text_of(mail)
    assert (sms.sent, adapter.password("1", bank)) == ([], None)


def test_files_that_cannot_travel_keep_no_mail_back(adapter: Email, post: Post, sms: SentMessages) -> None:
    bank = a_bank(attach_pdf="true", desk_mobile=MOBILE)
    adapter.deliver(a_message(MessageKind.SUBMITTED, a_file(b"bad"), a_file()), bank)
    adapter.deliver(a_message(MessageKind.SUBMITTED, a_file(b"bad"), a_file(b"bad")), bank)
    some, none = post.taken
    assert "有 1 份文件没有放进附件" in text_of(some)
    assert "有 2 份文件没有放进附件" in text_of(none)
    assert list(none.iter_attachments()) == []
    assert len(sms.sent) == 1


@pytest.mark.parametrize(
    ("settings_given", "code"),
    [
        ({"desk_email": DESK}, None),
        ({"desk_email": DESK, "attach_pdf": "true", "desk_mobile": MOBILE, "response_days": "5"}, None),
        ({}, "setting_missing"),
        ({"desk_email": ""}, "setting_missing"),
        ({"desk_email": "nobody"}, "email"),
        ({"desk_email": DESK, "attach_pdf": "yes"}, "true_or_false"),
        ({"desk_email": DESK, "desk_mobile": "12345"}, "mobile"),
        ({"desk_email": DESK, "url": "https://x.example"}, "setting_unknown"),
    ],
)
def test_a_banks_settings_are_checked(hub: Hub, settings_given: dict[str, str], code: str | None) -> None:
    if code is None:
        hub.adapters.check_settings("email", settings_given)
        return
    with pytest.raises(InvalidValue) as refusal:
        hub.adapters.check_settings("email", settings_given)
    assert refusal.value.code == code
