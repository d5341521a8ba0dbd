"""The far side of the `webhook` adapter: a bank that takes every message, and remembers each copy it was sent."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections import defaultdict
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks.webhooks import Webhook

SECRET = "whsec_" + base64.b64encode(b"the secret of the far bank").decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One copy of a message, as it came."""

    id: str
    kind: str
    negotiation: str
    digest: str


class FarBank:
    """A server on the loopback, from its making to close(); at a free port where none is named."""

    def __init__(self, port: int = 0) -> None:
        self.copies: list[Copy] = []
        self.faults: list[str] = []
        # The first copy is answered once this is set, and any at all once that is.
        self.may_answer_first, self.may_answer = threading.Event(), threading.Event()
        self.forget()
        bank = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                bank._take(dict(self.headers.items()), self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="far-bank", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/events"

    def _take(self, headers: dict[str, str], body: bytes) -> None:
        lower = {name.lower(): value for name, value in headers.items()}
        try:
            Webhook(SECRET).verify(body, lower)
            message = json.loads(body)
        except ValueError as error:
            self.faults.append(f"a message that is not right: {error}")
            return
        data = message["data"]
        negotiation = str(data.get("id") or data.get("negotiation")) if isinstance(data, dict) else ""
        copy = Copy(
            id=lower["webhook-id"],
            kind=message["type"],
            negotiation=negotiation,
            digest=hashlib.sha256(body).hexdigest(),
        )
        self.copies.append(copy)
        if len(self.copies) == 1:
            self.may_answer_first.wait(60)
        self.may_answer.wait(60)

    def forget(self) -> None:
        """Nothing came yet, and all is answered at once."""
        self.may_answer_first.set()
        self.may_answer.set()
        self.copies.clear()
        self.faults.clear()

    def faults_of(self, submitted: int | None) -> list[str]:
        """What is wrong with what came; `submitted`: how many applications the bank must have, None for any."""
        found = list(self.faults)
        contents = defaultdict(set)
        for copy in self.copies:
            contents[copy.id].add(copy.digest)
        found += [
            f"message {id_} came with {len(digests)} contents" for id_, digests in contents.items() if len(digests) > 1
        ]
        twice = len({copy.id for copy in self.copies}) - len({copy.digest for copy in self.copies})
        if twice:
            found.append(f"{twice} contents came under two ids")
        applications = {copy.id for copy in self.copies if copy.kind == "negotiation.submitted"}
        if submitted is not None and len(applications) != submitted:
            found.append(f"the bank has {len(applications)} applications instead of {submitted}")
        return found

    def close(self) -> None:
        """Nobody listens any more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
