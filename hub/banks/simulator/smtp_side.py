"""A mail server of a simulated bank on 127.0.0.1: takes mails and sends none, and answers as it is told to."""

import re
import socket
import socketserver
import threading
from collections.abc import Callable
from dataclasses import dataclass

from hub.banks.simulator.listening import ServedSide

MOST_BYTES = 32 * 2**20
_IDLE_S = 30.0
_MOST_LINE = 1000
_TO = re.compile(rb"TO:\s*<([^<>\s]{1,254})>", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A mail that came whole, and for whom."""

    to: tuple[str, ...]
    content: bytes


# What the server answers to a mail, None where it cuts the connection instead.
Answer = Callable[[Given], str | None]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = False

    def __init__(self, port: int, answer: Answer) -> None:
        self.answer = answer
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", port), _Talk)

    def note(self, connection: socket.socket, *, is_open: bool) -> None:
        with self._lock:
            (self._open.add if is_open else self._open.discard)(connection)

    def cut_all(self) -> None:
        with self._lock:
            for connection in self._open:
                _cut(connection)

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that went away in the middle is nothing to report."""


def _cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        # It has just ended by itself.
        return


class SmtpSide(ServedSide[_Server]):
    """Listens from its making until `close`; every mail is given to `answer`, each connection in a thread."""

    def __init__(self, port: int, answer: Answer) -> None:
        """Raises `OSError` where the port is taken."""
        super().__init__(_Server(port, answer), threading.Event())

    def _cut(self) -> None:
        self._server.cut_all()


class _Talk(socketserver.StreamRequestHandler):
    """One connection: the few words of RFC 5321 that a server must know."""

    timeout = _IDLE_S
    server: _Server

    def handle(self) -> None:
        self.server.note(self.connection, is_open=True)
        try:
            self._converse()
        except OSError:
            # Cut, on this side or the other, or silent for too long.
            return
        finally:
            self.server.note(self.connection, is_open=False)

    def _converse(self) -> None:
        self._say("220 mail.bank.example ESMTP simulated bank")
        to: list[str] = []
        while line := self.rfile.readline(_MOST_LINE):
            word, rest = line[:4].upper().strip(), line[4:].strip()
            match word:
                case b"EHLO":
                    self._say(f"250-mail.bank.example\r\n250-8BITMIME\r\n250 SIZE {MOST_BYTES}")
                case b"RCPT":
                    self._say(self._reader(rest, to))
                case b"DATA" if to:
                    if not self._take(tuple(to)):
                        return
                    to = []
                case b"HELO" | b"MAIL" | b"RSET":
                    to = []
                    self._say("250 OK")
                case b"NOOP":
                    self._say("250 OK")
                case b"QUIT":
                    self._say("221 goodbye")
                    return
                case _:
                    self._say("503 not now" if word == b"DATA" else "502 not known here")

    def _reader(self, rest: bytes, to: list[str]) -> str:
        found = _TO.match(rest)
        if found is None:
            return "501 no such form"
        to.append(found[1].decode("utf-8", "replace"))
        return "250 OK"

    def _take(self, to: tuple[str, ...]) -> bool:
        """The mail was read and answered; False where the connection is over."""
        self._say("354 go on")
        content = bytearray()
        too_large, begins = False, True
        while (piece := self.rfile.readline(_MOST_LINE)) != b".\r\n" or not begins:
            if not piece:
                return False
            too_large = too_large or len(content) + len(piece) > MOST_BYTES
            if not too_large:
                content += piece[1:] if begins and piece.startswith(b".") else piece
            # A line longer than that comes in several pieces.
            begins = piece.endswith(b"\n")
        answer = "552 5.3.4 too large" if too_large else self.server.answer(Given(to=to, content=bytes(content)))
        if answer is None:
            _cut(self.connection)
            return False
        self._say(answer)
        return True

    def _say(self, answer: str) -> None:
        self.wfile.write(answer.encode() + b"\r\n")
