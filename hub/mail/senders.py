"""How a mail leaves the hub: over SMTP, or into a folder on the embedded default."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from hub.domain.errors import RefusedForGood, TryAgain, Unusable
from hub.mail.message import domain_of

TIMEOUT_S = 10.0
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")
# Sign-in and encryption are asked for: a matter of settings, which no single mail is to blame for.
_SETTINGS_CODES = frozenset({530, 534, 535, 538})


class Unreachable(TryAgain):
    """The mail server takes nothing for now: not this mail, and no other."""


class Outlet(Protocol):
    """An open way out for mails."""

    def send(self, message: EmailMessage) -> None:
        """The mail was handed over; raises `TryAgain`, `Unreachable` or `RefusedForGood`, without any address."""
        ...


class MailSender(Protocol):
    """Sends mails. `address` is what they come from."""

    @property
    def address(self) -> str:
        """The hub's own address."""
        ...

    @contextmanager
    def opened(self) -> Iterator[Outlet]:
        """A way out, to be used for several mails and closed afterwards."""
        ...

    def check(self) -> str:
        """Says in a few words where mails go; raises `TryAgain` where they would go nowhere."""
        ...


class MailFolder:
    """Keeps each mail as a file, for demos and tests."""

    def __init__(self, path: Path, public_url: str) -> None:
        self._path = path
        self.address = f"no-reply@{domain_of(public_url)}"

    @contextmanager
    def opened(self) -> Iterator[Outlet]:
        """A way out into the folder."""
        yield self

    def send(self, message: EmailMessage) -> None:
        """An `.eml` file is there, under that name once it is whole; the same mail again takes its own place."""
        name = re.sub(r"[^0-9A-Za-z-]", "", message["Message-ID"].partition("@")[0])
        part = self._path / f"{name}.part"
        try:
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.write_bytes(message.as_bytes())
            part.replace(self._path / f"{name}.eml")
        except OSError as error:
            raise Unreachable(f"mail folder: {error.strerror}") from error

    def check(self) -> str:
        """Says where the files are."""
        return f"kept as files in {self._path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpUrl:
    """An address of HUB_SMTP_URL, taken apart."""

    host: str
    port: int
    encrypted: bool
    user: str = ""
    password: str = ""

    @classmethod
    def parse(cls, url: str) -> "SmtpUrl":
        """From `smtp://user:pass@host:port` or `smtps://…`; raises `Unusable`. The ports are 25 and 465 by default."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise Unusable("HUB_SMTP_URL has no proper port") from error
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise Unusable("HUB_SMTP_URL must be smtp://user:pass@host:port or smtps://…")
        encrypted = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=port or (465 if encrypted else 25),
            encrypted=encrypted,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


class SmtpSender:
    """Hands mails to the mail server of HUB_SMTP_URL."""

    def __init__(self, url: str, public_url: str, *, timeout_s: float = TIMEOUT_S, in_clear: bool = True) -> None:
        """`timeout_s` bounds each wait for the server's next word.

        Without `in_clear` no mail goes unencrypted to another machine: who listens would learn who negotiates.
        """
        self._url = SmtpUrl.parse(url)
        self._in_clear = in_clear or self._url.host in _LOOPBACK
        self._timeout_s = timeout_s
        self._domain = domain_of(public_url)
        # Many servers take mail only from the account that signed in.
        self.address = self._url.user if "@" in self._url.user else f"no-reply@{self._domain}"

    @contextmanager
    def opened(self) -> Iterator[Outlet]:
        """A way out whose connection is made with the first mail and closed at the end."""
        outlet = _SmtpOutlet(self._url, self._domain, self._timeout_s, in_clear=self._in_clear)
        try:
            yield outlet
        finally:
            outlet.close()

    def check(self) -> str:
        """The server was greeted and signed in to; raises `Unreachable`."""
        outlet = _SmtpOutlet(self._url, self._domain, self._timeout_s, in_clear=self._in_clear)
        try:
            outlet.connect()
        finally:
            outlet.close()
        return f"{self._url.host}:{self._url.port} answers"


class _SmtpOutlet:
    def __init__(self, url: SmtpUrl, domain: str, timeout_s: float, *, in_clear: bool) -> None:
        self._url = url
        self._domain = domain
        self._timeout_s = timeout_s
        self._in_clear = in_clear
        self._server: smtplib.SMTP | None = None

    def connect(self) -> smtplib.SMTP:
        if self._server is not None:
            return self._server
        # Certificates are checked, whichever way the encryption begins.
        context = ssl.create_default_context()
        try:
            server = self._server = self._greeted(context)
            if not self._url.encrypted and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            elif not self._url.encrypted and not self._in_clear:
                raise smtplib.SMTPNotSupportedError("no STARTTLS, so nothing was sent")
            self._sign_in(server)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise Unreachable(f"mail server: {_error_text(error)}") from error
        return server

    def _greeted(self, context: ssl.SSLContext) -> smtplib.SMTP:
        url, me, timeout_s = self._url, self._domain, self._timeout_s
        if url.encrypted:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                url.host, url.port, local_hostname=me, timeout=timeout_s, context=context
            )
        else:
            server = smtplib.SMTP(url.host, url.port, local_hostname=me, timeout=timeout_s)
        server.ehlo_or_helo_if_needed()
        return server

    def _sign_in(self, server: smtplib.SMTP) -> None:
        if not self._url.user:
            return
        if not isinstance(server.sock, ssl.SSLSocket) and self._url.host not in _LOOPBACK:
            raise smtplib.SMTPNotSupportedError("no STARTTLS, so the password was not sent")
        server.login(self._url.user, self._url.password)

    def send(self, message: EmailMessage) -> None:
        server = self.connect()
        try:
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            [(code, text)] = error.recipients.values()
            self._refused(code, text)
        except smtplib.SMTPNotSupportedError as error:
            # The address has letters that this server cannot take.
            raise RefusedForGood(f"mail server: {_error_text(error)}") from error
        except smtplib.SMTPResponseException as error:
            self._refused(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            # Whether it was taken is unknown after a cut: it is sent again under the same Message-ID.
            self.close()
            raise Unreachable(f"mail server: {_error_text(error)}") from error

    def _refused(self, code: int, text: bytes | str) -> None:
        detail = f"mail server: {code} {_without_addresses(text)}"
        if code == 421 or code in _SETTINGS_CODES:
            self.close()
            raise Unreachable(detail)
        if 500 <= code <= 599:
            raise RefusedForGood(detail)
        raise TryAgain(detail)

    def close(self) -> None:
        if self._server is None:
            return
        server, self._server = self._server, None
        try:
            server.quit()
        except (smtplib.SMTPException, OSError):
            # The server has gone first, and there is nothing left to close.
            server.close()


def _error_text(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_without_addresses(error.smtp_error)}"
    return f"{type(error).__name__}: {_without_addresses(str(error))}"


def _without_addresses(text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return _ADDRESS.sub("…", " ".join(words.split()))[:200]
