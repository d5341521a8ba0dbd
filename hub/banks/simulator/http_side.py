"""An HTTP endpoint of a simulated bank on 127.0.0.1: whole answers to whole requests, or broken ones on purpose."""

import contextlib
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from hub.banks.simulator.listening import ServedSide
from hub.banks.simulator.port import Does, Reaction

MOST_BYTES = 16 * 2**20
_IDLE_S = 30.0
_PIECE = b"." * 16 * 1024
_PAGE = "<!doctype html><title>网关</title><h1>系统维护中</h1>".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request that came whole; header names are lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    method: str = "POST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A whole answer, or with `reaction` the broken one that it names."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain"
    reaction: Reaction | None = None


def broken(reaction: Reaction) -> Reply | None:
    """The reply to a reaction that is the same for every kind by HTTP; None where the kind has words of its own."""
    if reaction.does in (Does.HTML, Does.ENDLESS, Does.CUT):
        return Reply(reaction=reaction)
    return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that went away in the middle is nothing to report."""


class HttpSide(ServedSide[_Server]):
    """Listens from its making until `close`; every GET and POST is given to `answer`, each in a thread."""

    def __init__(self, port: int, answer: Callable[[Request], Reply], *, host: str = "127.0.0.1") -> None:
        """Raises `OSError` where the port is taken."""
        ended = threading.Event()
        super().__init__(_Server((host, port), _handler(answer, ended)), ended)


def _handler(answer: Callable[[Request], Reply], ended: threading.Event) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = _IDLE_S
        server_version = "simulated-bank"
        sys_version = ""

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            _write(self, answer(Request(path=self.path, headers=headers, body=b"", method="GET")))

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not (length.isascii() and length.isdigit()) or int(length) > MOST_BYTES:
                _write(self, Reply(status=413))
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = answer(Request(path=self.path, headers=headers, body=self.rfile.read(int(length))))
            if reply.reaction is None:
                _write(self, reply)
            else:
                _break(self, reply.reaction, ended)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Nothing: the desk keeps a journal of its own."""

    return Handler


def _write(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    handler.send_response(reply.status)
    handler.send_header("Content-Type", reply.content_type)
    handler.send_header("Content-Length", str(len(reply.body)))
    handler.end_headers()
    handler.wfile.write(reply.body)


def _break(handler: BaseHTTPRequestHandler, reaction: Reaction, ended: threading.Event) -> None:
    handler.close_connection = True
    if reaction.does is Does.HTML:
        _write(handler, Reply(body=_PAGE, content_type="text/html; charset=utf-8"))
    elif reaction.does is Does.ENDLESS:
        handler.send_response(200)
        handler.end_headers()
        with contextlib.suppress(OSError):
            while not ended.is_set():
                handler.wfile.write(_PIECE)
    else:
        with contextlib.suppress(OSError):
            handler.connection.shutdown(socket.SHUT_RDWR)
