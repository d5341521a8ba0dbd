"""A real mail server on the loopback whose answers a test can choose, and a sender that keeps what it is handed."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from hub.domain.errors import TryAgain
from hub.mail.senders import Outlet
from tests.storage.postgres_server import free_port

USER, PASSWORD = "hub@bank.example", "p@ss:word"


@dataclass
class Post:
    """What the server took, and what it answers: the next of `to_rcpt` or `to_data`, else it takes the mail.

    An answer of None cuts the connection; at the end of the data, with the mail taken all the same.
    """

    taken: list[EmailMessage] = field(default_factory=list)
    readers: list[list[str]] = field(default_factory=list)
    to_rcpt: list[str | None] = field(default_factory=list)
    to_data: list[str | None] = field(default_factory=list)
    connections: int = 0
    encrypted: list[bool] = field(default_factory=list)

    async def handle_EHLO(  # noqa: N802 - the library calls it so
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.to_rcpt.pop(0) if self.to_rcpt else "250 OK"
        if answer is None:
            self._cut(server)
            return "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.to_data.pop(0) if self.to_data else "250 OK"
        if answer is None or answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.taken.append(message_from_bytes(envelope.content, _class=EmailMessage, policy=policy.default))
            self.readers.append(list(envelope.rcpt_tos))
            self.encrypted.append(session.ssl is not None)
        if answer is None:
            self._cut(server)
            return "250 OK"
        return answer

    @staticmethod
    def _cut(server: SMTP) -> None:
        assert isinstance(server.transport, asyncio.WriteTransport)
        server.transport.abort()


def _check(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)


@contextmanager
def mail_server(
    post: Post, *, tls: ssl.SSLContext | None = None, smtps: ssl.SSLContext | None = None, auth: bool = False
) -> Iterator[int]:
    """A server that listens, and its port."""
    controller = Controller(
        post,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=tls,
        ssl_context=smtps,
        auth_required=auth,
        auth_require_tls=False,
        authenticator=_check if auth else None,
        ready_timeout=120.0,
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@dataclass
class KeptMail:
    """A sender that keeps what it is handed. `answers` are raised in turn, each by one attempt."""

    sent: list[EmailMessage] = field(default_factory=list)
    answers: list[Exception] = field(default_factory=list)
    address: str = "no-reply@hub.example"
    # Called once the mail is kept, and before the hub knows.
    after: Callable[[], object] = lambda: None

    @contextmanager
    def opened(self) -> Iterator[Outlet]:
        yield self

    def send(self, message: EmailMessage) -> None:
        if self.answers:
            raise self.answers.pop(0)
        self.sent.append(message_from_bytes(message.as_bytes(), _class=EmailMessage, policy=policy.default))
        self.after()

    def check(self) -> str:
        if self.answers:
            raise TryAgain("nobody listens")
        return "kept"

    def subjects(self, to: str | None = None) -> list[str]:
        """The subjects of what was sent, to one reader alone where `to` names it."""
        return [mail["Subject"] for mail in self.sent if to is None or mail["To"] == to]

    def forget(self) -> None:
        self.sent.clear()


def text_of(mail: EmailMessage) -> str:
    """The mail's plain part."""
    part = mail.get_body(("plain",))
    assert isinstance(part, EmailMessage)
    content: str = part.get_content()
    return content
