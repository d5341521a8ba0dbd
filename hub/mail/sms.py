"""Text messages: one way to send them, through a gateway over HTTP or into a folder on the embedded default."""

import json
import secrets
import urllib.error
import urllib.request
from pathlib import Path
from typing import Protocol

from hub.domain.errors import TryAgain

GATEWAY_TIMEOUT_S = 5


class SmsSender(Protocol):
    """Sends text messages."""

    def send(self, *, to: str, text: str) -> None:
        """The message is on its way; raises `TryAgain` where it could not be handed over."""
        ...


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


class SmsGateway:
    """Hands each message to an HTTP gateway as JSON with `to` and `text`; any 2xx means it was taken."""

    def __init__(self, url: str) -> None:
        self._url = url

    def send(self, *, to: str, text: str) -> None:
        """The gateway has the message; raises `TryAgain` otherwise."""
        request = urllib.request.Request(  # noqa: S310 - settings allow http and https only
            self._url,
            data=json.dumps({"to": to, "text": text}, ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json"},
            method="POST",
        )
        try:
            with urllib.request.urlopen(request, timeout=GATEWAY_TIMEOUT_S):  # noqa: S310 - as above
                return
        except (urllib.error.URLError, TimeoutError) as error:
            raise TryAgain(f"text message gateway: {type(error).__name__}") from error
