"""A client that asks again, under the same key, until it is answered; and the journal of what it asked and heard."""

from __future__ import annotations

import http.client
import json
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tests.kills.history import Call

PATIENCE_S = 180.0
_STEP_S = 0.05

# Sends one request: method, path, headers, body. Gives status and body; raises OSError where no answer came.
Send = Callable[[str, str, dict[str, str], bytes], tuple[int, bytes]]


def over_http(port: int) -> Send:
    """A way to ask a server on this machine, on a connection of its own each time."""

    def send(method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request(method, path, body=body or None, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except http.client.HTTPException as error:
            # A server that died in the middle of its answer has not answered.
            raise ConnectionError(type(error).__name__) from error
        finally:
            connection.close()

    return send


@dataclass(slots=True)
class Journal:
    """What the clients asked, each with the first answer it got; written down before the first try."""

    calls: list[Call] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, call: Call) -> Call:
        """The call is in the journal."""
        with self._lock:
            self.calls.append(call)
        return call


class NotAnswered(Exception):
    """Nobody answered for as long as the client had patience."""


@dataclass(kw_only=True)
class Stubborn:
    """One API client. `between` is called before each further try, and may see to it that a server runs."""

    name: str
    token: str
    send: Send
    journal: Journal
    between: Callable[[], None] = lambda: None
    patience_s: float = PATIENCE_S

    def get(self, path: str) -> tuple[int, Any]:
        """The status and the JSON (or bytes) at the path."""
        status, body = self._ask("GET", path, {}, b"")
        return status, _read(body)

    def post(self, path: str, json_body: Any = None) -> Any:
        """The JSON of the answer, which says yes; asked under one key until it came."""
        body = b"" if json_body is None else json.dumps(json_body, ensure_ascii=False).encode()
        return self._keyed(path, {"Content-Type": "application/json"} if body else {}, body)

    def upload(self, content: bytes, *, kind: str, name: str) -> Any:
        """The file as the API shows it, its bytes sent as the body."""
        headers = {
            "Content-Type": "application/pdf",
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        }
        return self._keyed(f"/evidence?kind={kind}", headers, content)

    def ask_again(self, call: Call) -> tuple[int, bytes]:
        """What the same call under the same key is answered now."""
        return self._ask("POST", call.path, {**call.headers, "Idempotency-Key": call.key}, call.body)

    def _keyed(self, path: str, headers: dict[str, str], body: bytes) -> Any:
        call = self.journal.begin(Call(who=self.name, key=uuid.uuid4().hex, path=path, headers=headers, body=body))
        status, answer = self._ask("POST", path, {**headers, "Idempotency-Key": call.key}, body)
        call.status, call.answer = status, answer
        assert status < 300, f"{path}: {status} {answer[:500].decode(errors='replace')}"
        return _read(answer)

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        every = {"Authorization": f"Bearer {self.token}", **headers}
        give_up_at = time.monotonic() + self.patience_s
        while True:
            try:
                status, answer = self.send(method, f"/api/v1{path}", every, body)
            except OSError as error:
                last = repr(error)
            else:
                if not _asks_to_come_again(status, answer):
                    return status, answer
                last = f"{status} {answer[:300].decode(errors='replace')}"
            if time.monotonic() > give_up_at:
                raise NotAnswered(f"{method} {path}: {last}")
            self.between()
            time.sleep(_STEP_S)


def _asks_to_come_again(status: int, answer: bytes) -> bool:
    # A dying server leaves its key in use for a while; any other conflict is an answer.
    return status in (429, 503) or (status == 409 and b'"idempotency_key_busy"' in answer)


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body
