"""A bank that is reached by mail: one mail a message over a real server, its locked PDF, and the password's own way."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pypdf
import pytest
from flask import Flask

from hub.banks.adapters.email import ALPHABET, Email
from hub.banks.port import Enclosure, Message, MessageKind, Receipt
from hub.documents.printing import print_pdf
from hub.domain.actor import HUB
from hub.domain.bank import Bank, read_rules
from hub.domain.clock import FixedClock
from hub.domain.errors import InvalidValue, RefusedForGood, TryAgain
from hub.mail.kinds import MailKind
from hub.mail.message import when, when_en
from hub.mail.senders import SmtpSender
from hub.services import invariants, outgoing_mail
from hub.settings import Settings
from hub.wiring import Hub
from storage import banks as bank_rows
from tests.applications import CMB, ICBC, card, pdf
from tests.conftest import SentMessages, Submit
from tests.mail.server import Post, mail_server, text_of
from tests.services.case import Case
from tests.web.caller import Caller
from tests.web.pages.clerk import Clerk, readings
from tests.working_off import taken_for_clean, working_off

pytestmark = pytest.mark.slow

DESK = "desk@icbc.example"
MOBILE = "13800138000"
PUBLIC_URL = "http://hub.example"
REFERENCE = "XS-20261121-483920"
DUE = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
PASSWORD = re.compile(rf"[{ALPHABET}]{{4}}(-[{ALPHABET}]{{4}}){{3}}")


@pytest.fixture
def post() -> Post:
    """What the bank's mail server took, and what it will answer."""
    return Post()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, public_url=PUBLIC_URL)


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind of database is enough for what this is about."""
    return sqlite_database


@pytest.fixture
def hub(settings: Settings, clock: FixedClock, sms: SentMessages, post: Post) -> Iterator[Hub]:
    """A hub with every adapter there is, whose mails go to `post`."""
    with mail_server(post) as port:
        made = Hub(settings, clock=clock, sms=sms, mail=SmtpSender(f"smtp://127.0.0.1:{port}", PUBLIC_URL))
        yield made
        made.close()


@pytest.fixture
def adapter(hub: Hub) -> Email:
    """The adapter as the hub has it."""
    made = hub.adapters.adapter("email")
    assert isinstance(made, Email)
    return made


def a_bank(**settings: str) -> Bank:
    given = {"desk_email": DESK, **settings}
    return Bank(
        code=ICBC, name_zh="中国工商银行", name_en="ICBC", adapter="email", settings=given, rules=read_rules(given)
    )


def a_message(kind: MessageKind = MessageKind.SUBMITTED, *files: Enclosure, due_at: datetime | None = DUE) -> Message:
    return Message(
        id="0193a000000070008000000000000001",
        kind=kind,
        negotiation="0193a0000000700080000000000000aa",
        body='{"applicant":{"name":"王小明","mobile":"13800138000"}}'.encode(),
        queued_at=DUE - timedelta(days=10),
        reference=REFERENCE,
        due_at=due_at,
        enclosures=files,
    )


def a_file(content: bytes | None = None) -> Enclosure:
    content = pdf() if content is None else content
    return Enclosure(
        id="1", kind="payslip", file_name="王小明\r\nBcc: x@evil.example.pdf", media_type="application/pdf",
        size=len(content), sha256="", read=lambda: iter([content]),
    )  # fmt: skip


def attachment_of(mail: EmailMessage) -> EmailMessage:
    [only] = mail.iter_attachments()
    assert isinstance(only, EmailMessage)
    return only


def pages_of(mail: EmailMessage, password: str) -> int:
    content = attachment_of(mail).get_content()
    assert isinstance(content, bytes)
    locked = pypdf.PdfReader(io.BytesIO(content))
    assert locked.decrypt("") == pypdf.PasswordType.NOT_DECRYPTED
    assert locked.decrypt(password) != pypdf.PasswordType.NOT_DECRYPTED
    return len(locked.pages)


@pytest.mark.parametrize("kind", list(MessageKind))
def test_the_desk_is_told_what_came_until_when_and_where(adapter: Email, post: Post, kind: MessageKind) -> None:
    message = a_message(kind)
    assert isinstance(adapter.deliver(message, a_bank()), Receipt)
    [mail] = post.taken
    assert post.readers == [[DESK]]
    text = text_of(mail)
    assert f"{PUBLIC_URL}/portal/negotiations/{message.negotiation}" in text
    assert REFERENCE in mail["Subject"]
    assert REFERENCE in text
    if kind not in (MessageKind.ACCEPTED, MessageKind.WITHDRAWN):
        assert when(DUE) in text
        assert when_en(DUE) in text
    html = mail.get_body(("html",))
    assert html is not None
    assert REFERENCE in html.get_content()
    assert list(mail.iter_attachments()) == []


def test_each_kind_of_message_has_words_of_its_own(adapter: Email, post: Post) -> None:
    for kind in MessageKind:
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


# The whole way, through the hub.


@pytest.fixture
def banks(hub: Hub) -> dict[str, Bank]:
    """ICBC is reached by mail, CMB is a neighbour in the portal."""
    with hub.writing(HUB) as tx:
        return {
            ICBC: bank_rows.add_bank(
                tx, code=ICBC, name_zh="中国工商银行", name_en="ICBC", adapter="email",
                settings={"desk_email": DESK, "attach_pdf": "true", "desk_mobile": MOBILE},
            ),
            CMB: bank_rows.add_bank(tx, code=CMB, name_zh="招商银行", name_en="CMB", adapter="portal", settings={}),
        }  # fmt: skip


OpenCase = Callable[..., Case]


@pytest.fixture
def work_off(hub: Hub) -> Callable[[], int]:
    """Runs every waiting job; files are taken for clean, documents are really printed."""
    return working_off(hub, inspect=taken_for_clean, printer=print_pdf)


@pytest.fixture
def open_case(hub: Hub, clock: FixedClock, submitted: Submit, work_off: Callable[[], int]) -> OpenCase:
    """A way to have a negotiation with ICBC, worked off."""

    def make(bank_code: str = ICBC, **changes: Any) -> Case:
        case = Case(hub=hub, clock=clock, work_off=work_off, sent=submitted(bank_code, **changes), bank_code=bank_code)
        work_off()
        return case

    return make


def test_the_case_is_the_banks_once_the_mail_is_taken(
    app: Flask, hub: Hub, open_case: OpenCase, post: Post, bank_app: Callable[[str], Caller]
) -> None:
    post.to_rcpt += ["450 4.2.0 greylisted"]
    case = open_case()
    program = bank_app(ICBC)
    clerk = Clerk(app, "reviewer", case)
    assert (case.status, case.due) == ("delivering", None)
    assert clerk.get(clerk.address).status_code == 404
    assert program.get(f"/bank/negotiations/{case.id}").status_code == 404
    assert program.get("/bank/negotiations").json["items"] == []
    case.clock.at += timedelta(seconds=10)
    case.sweep()
    assert (case.status, case.due) == ("awaiting_bank", "2026-12-01 18:00")
    [mail] = post.taken
    assert when(DUE) in mail["Subject"]
    assert clerk.address in text_of(mail)
    # The hub's own outbox tells the desk of nothing that this mail has told.
    outgoing_mail.send_due(hub, hub.mail, hub.real_clock)
    assert [readers for readers in post.readers if readers == [DESK]] == [[DESK]]
    assert program.get(f"/bank/negotiations/{case.id}").json["reference"] in mail["Subject"]
    assert program.post(f"/bank/negotiations/{case.id}/acknowledge").status_code < 300
    assert case.status == "in_review"
    with hub.reading(HUB) as tx:
        assert list(invariants.breaches(tx, hub.store)) == []


def test_the_desk_acts_in_the_portal_as_every_bank(app: Flask, open_case: OpenCase, post: Post) -> None:
    case = open_case()
    clerk = Clerk(app, "reviewer", case)
    assert clerk.address.rpartition("/")[2] in clerk.page("/portal/")
    assert clerk.done("/acknowledge", clerk.form("", "acknowledge")) == "acknowledged"
    assert case.status == "in_review"
    case.ask()
    case.write("补充如下", case.upload(), answers=True)
    case.work_off()
    assert case.status == "in_review"
    offer = case.offer()
    case.accept(offer)
    case.work_off()
    assert case.status == "agreed"
    assert [str(mail["Subject"]).partition("】")[0] for mail in post.taken if mail["To"] == DESK] == [
        "【新申请",
        "【新消息",
        "【协议成立",
    ]
    assert card() not in clerk.page(clerk.address)


def test_the_password_is_shown_to_the_banks_people_and_each_look_is_on_record(
    app: Flask, hub: Hub, open_case: OpenCase, post: Post, sms: SentMessages
) -> None:
    case = open_case()
    [mail] = post.taken
    clerk = Clerk(app, "reviewer", case)
    assert "邮件附件的密码" in clerk.read()
    [password] = [found[0] for found in PASSWORD.finditer(clerk.read("/file-passwords"))]
    # The form has pages of its own, and the payslip one.
    assert pages_of(mail, password) >= 2
    assert (MOBILE, password) in [(to, text.rpartition("：")[2]) for to, text in sms.sent]
    assert ("reviewer-01020000@demo.example", "file_passwords") in readings(hub, case)
    assert "查看邮件附件的密码" in clerk.read("/readings")
    neighbour = Clerk(app, "reviewer", open_case(CMB))
    assert neighbour.get(f"{clerk.address}/file-passwords").status_code == 404
    assert "邮件附件的密码" not in neighbour.read()
    assert not PASSWORD.search(neighbour.read("/file-passwords"))


def test_a_file_that_is_not_yet_judged_travels_nowhere(open_case: OpenCase, post: Post, adapter: Email) -> None:
    case = open_case()
    post.taken.clear()
    unjudged, clean = case.upload(), case.upload()
    case.judge(unjudged.id, "infected")
    case.judge(clean.id)
    case.write("两份", unjudged, clean)
    case.work_off()
    [mail] = [mail for mail in post.taken if mail["To"] == DESK]
    with case.row() as (tx, _):
        [(to, text)] = [(each["To"], each["Message-ID"]) for each in [mail]]
        bank = tx.bank(ICBC)
    assert to == DESK
    password = adapter.password(text.strip("<>").partition("@")[0], bank)
    assert password is not None
    assert pages_of(mail, password) == 1


def test_a_reminder_of_the_clock_reaches_the_desk(hub: Hub, open_case: OpenCase, post: Post) -> None:
    case = open_case()
    post.taken.clear()
    case.at("2026-12-01 09:05")
    outgoing_mail.send_due(hub, hub.mail, hub.real_clock)
    assert any("今天" in mail["Subject"] for mail in post.taken if mail["To"] == DESK)
