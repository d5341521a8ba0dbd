"""A hub that reaches its banks by mail, and what it mails."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pypdf
import pytest

from hub.banks.adapters.email import ALPHABET, Email
from hub.banks.port import Enclosure, Message
from hub.domain.bank import Bank
from hub.domain.bank_settings import read_rules
from hub.domain.clock import FixedClock
from hub.domain.delivery import MessageKind
from hub.mail.senders import SmtpSender
from hub.settings import Settings
from hub.wiring import Hub
from tests.applications import ICBC, pdf
from tests.conftest import SentMessages
from tests.mail.server import Post, mail_server

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
    about = "0193a0000000700080000000000000aa"
    is_of_negotiation = kind.startswith(("negotiation.", "agreement."))
    return Message(
        id="0193a000000070008000000000000001",
        kind=kind,
        negotiation=about if is_of_negotiation else "",
        request="" if is_of_negotiation else about,
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
