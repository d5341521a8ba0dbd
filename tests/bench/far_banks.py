"""Banks' systems for measuring: they take everything at once, or never answer, and say when each message came."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from hub.banks.pairs import envelope
from hub.banks.pairs.signers import Signer

HANGS = "hangs"


@dataclass
class FarBanks:
    """Endpoints on one port, a path each. `came` holds (path, time by the monotonic clock) of each call."""

    port: int
    came: list[tuple[str, float]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}"


@contextmanager
def far_banks(signer: Signer | None = None) -> Iterator[FarBanks]:
    """Endpoints that answer 204, or signed pairs where there is a `signer`; a path that ends in HANGS never answers."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        banks: ClassVar[FarBanks]

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.banks.came.append((self.path[1:], time.monotonic()))
            if self.path.endswith(HANGS):
                over.wait(60)
                return
            answer = b"" if signer is None else _answered(body, signer)
            self.send_response(200 if answer else 204)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Nothing is written."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Handler.banks = FarBanks(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Handler.banks
    finally:
        over.set()
        server.shutdown()
        server.server_close()


def _answered(body: bytes, signer: Signer) -> bytes:
    pairs = envelope.parse(body)
    told = envelope.echo(pairs, sub_types={pairs["txnSubType"]})
    return envelope.signed({**told, "respCode": envelope.TAKEN, "respMsg": "ok"}, signer, cert_id="68759663125")
