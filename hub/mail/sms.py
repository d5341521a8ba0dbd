"""Text messages: one way to send them, through a gateway over HTTP or into a folder on the embedded default."""

import json
import secrets
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit, urlunsplit

from hub.banks.port import Http
from hub.domain.errors import InvalidValue, TryAgain, Unusable

# A person waits for the code meanwhile.
GATEWAY_ANSWER_S = 5

OpenWay = Callable[[str], Http]


# What a gateway answers to a message that it would not take at another time either.
_NOT_THIS_ONE = frozenset({400, 413, 422})


class NotTaken(TryAgain):
    """The gateway is there and takes messages, but not this one."""


class SmsSender(Protocol):
    """Sends text messages."""

    def send(self, *, to: str, text: str) -> None:
        """The message is on its way; raises `TryAgain` where it could not be handed over, `NotTaken` among it."""
        ...


class Signed:
    """Puts the sender's name in front of each message, as gateways in China ask for: 【name】."""

    def __init__(self, sender: SmsSender, name: str) -> None:
        self._sender = sender
        self._name = name

    def send(self, *, to: str, text: str) -> None:
        """The signed message is on its way; raises what the sender raises."""
        self._sender.send(to=to, text=f"【{self._name}】{text}")


class SmsFolder:
    """Keeps each message as a file, for demos and tests."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, *, to: str, text: str) -> None:
        """A `*.json` file with `to` and `text` is there, under that name only once it is whole; raises `TryAgain`."""
        name = secrets.token_hex(12)
        part = self._path / f"{name}.part"
        try:
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.write_text(json.dumps({"to": to, "text": text}, ensure_ascii=False), encoding="utf-8")
            part.replace(self._path / f"{name}.json")
        except OSError as error:
            raise TryAgain(f"text message folder: {error.strerror}") from error


def reach_gateway(url: str) -> str:
    """Host and port of a gateway's address, which took a connection, by TLS where it says so; raises `OSError`.

    Nothing is sent: each message costs money and reaches somebody.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    with socket.create_connection((host, port), timeout=GATEWAY_ANSWER_S) as plain:
        if parts.scheme == "https":
            with ssl.create_default_context().wrap_socket(plain, server_hostname=host):
                pass
    return f"{host}:{port}"


class SmsGateway:
    """Hands each message to an HTTP gateway as JSON with `to` and `text`; any 2xx means it was taken.

    Name and password in front of the host are sent as HTTP Basic. Redirects are not followed.
    """

    def __init__(self, url: str, open_way: OpenWay) -> None:
        """`open_way` makes a way out to the one host that it is given; raises `Unusable` for a URL that is none."""
        try:
            parts = urlsplit(url)
            host, port, user = parts.hostname or "", parts.port, parts.username
        except ValueError as error:
            raise Unusable("HUB_SMS_URL is no proper URL") from error
        where = f"[{host}]" if ":" in host else host
        place = where if port is None else f"{where}:{port}"
        self._url = urlunsplit((parts.scheme, place, parts.path, parts.query, ""))
        self._headers = {"Content-Type": "application/json"}
        if user is not None:
            pair = f"{unquote(user)}:{unquote(parts.password or '')}".encode()
            self._headers["Authorization"] = f"Basic {b64encode(pair).decode()}"
        self._http = open_way(host)
        try:
            self._http.check_url(self._url)
        except InvalidValue as error:
            raise Unusable("HUB_SMS_URL is no proper URL") from error

    def send(self, *, to: str, text: str) -> None:
        """The gateway has the message; raises `TryAgain` otherwise, which names neither number nor text."""
        body = json.dumps({"to": to, "text": text}, ensure_ascii=False).encode()
        answer = self._http.post(self._url, body, self._headers)
        if answer.status in _NOT_THIS_ONE:
            raise NotTaken(f"text message gateway: HTTP {answer.status}")
        if not 200 <= answer.status < 300:
            raise TryAgain(f"text message gateway: HTTP {answer.status}")
