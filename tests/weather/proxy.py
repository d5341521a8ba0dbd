"""A proxy in front of any TCP server, whose weather a test can change while connections are open.

It delays, trickles, stalls, cuts after so many bytes, refuses, answers in the server's place, loses one answer,
and ends one request before its body.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

_PIECE = 64 * 1024
_TICK_S = 0.02
# Closing a socket that lingers for no time tells the other side at once that the connection is lost.
_RESET = struct.pack("ii", 1, 0)
# Said before an answer, not one.
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def http_answer(status: int, body: bytes = b"", *headers: str) -> bytes:
    """A whole answer of HTTP, for `Weather.answers`."""
    lines = [f"HTTP/1.1 {status} Weather", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """How the proxy treats every connection from now on; a fair day where nothing is named.

    `refuses`: each new connection is reset. `stalls`: nothing passes either way until the weather changes.
    `delay_s`: each piece waits so long. `bytes_a_second`: no more passes to the server, nor back.
    `cut_up_after`, `cut_down_after`: a connection is reset once so many bytes went to the server, or came back.
    `answers`: given in the server's place, whatever is asked; see `http_answer`.
    `loses`: the connection is reset in place of passing on a piece to the server with these bytes in it.
    `loses_answer_to`: once the server has answered what these bytes were part of, the connection is reset before the
    answer is passed on; happens once, and then the day is fair again.
    `ends_after`: once a piece with these bytes was passed on, the server is told that no more comes, and its answer is
    lost as above; happens once.
    """

    refuses: bool = False
    stalls: bool = False
    delay_s: float = 0.0
    bytes_a_second: int | None = None
    cut_up_after: int | None = None
    cut_down_after: int | None = None
    answers: bytes | None = None
    loses: bytes | None = None
    loses_answer_to: bytes | None = None
    ends_after: bytes | None = None


FAIR = Weather()


class Proxy:
    """Listens on a loopback port of its own and passes everything on to `port`. See `Weather`."""

    def __init__(self, port: int, *, host: str = "127.0.0.1") -> None:
        self._target = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.weather = FAIR
        self.connections = 0
        self.lost_answers = 0
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._links: set[_Link] = set()
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def during(self, weather: Weather) -> Iterator[None]:
        """That weather inside, and a fair day again behind it; what was open is reset, as a storm leaves it."""
        self.weather = weather
        if weather.refuses or weather.answers is not None:
            # Connections of before would go on as if nothing were.
            self.cut_all()
        try:
            yield
        finally:
            self.weather = FAIR
            self.cut_all()

    def cut_all(self) -> None:
        """Every open connection is reset."""
        with self._lock:
            links = list(self._links)
        for link in links:
            link.cut()

    def close(self) -> None:
        """Nobody listens any more, and no thread of the proxy is left."""
        self._ended.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut_all()
        for thread in self._threads:
            thread.join(2)

    def _start(self, run: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=run, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            if self.weather.refuses:
                _reset(client)
            elif self.weather.answers is not None:
                self._start(_answer, client, self.weather.answers)
            else:
                self._start(self._connect, client)

    def _connect(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(self._target)
        except OSError:
            _reset(client)
            return
        link = _Link(client, server)
        with self._lock:
            self._links.add(link)
        self._start(self._go, link, self._pass_down)
        self._go(link, self._pass_up)
        with self._lock:
            self._links.discard(link)

    def _go(self, link: _Link, way: Callable[[_Link], None]) -> None:
        try:
            way(link)
        finally:
            link.leave()

    def _pass_up(self, link: _Link) -> None:
        passed = 0
        while piece := _received(link.client):
            weather = self._waited_out()
            if weather.loses is not None and weather.loses in piece:
                link.cut()
                return
            if weather.loses_answer_to is not None and weather.loses_answer_to in piece:
                link.loses_next = True
            ends = weather.ends_after is not None and weather.ends_after in piece
            if ends:
                link.loses_next = True
            piece, ended = _cut(piece, passed, weather.cut_up_after)
            passed += len(piece)
            if not self._sent(link.server, piece) or ended:
                link.cut()
                return
            if ends:
                self.weather = replace(self.weather, ends_after=None)
                break
        link.finish(link.server)

    def _pass_down(self, link: _Link) -> None:
        passed = 0
        while piece := _received(link.server):
            weather = self._waited_out()
            if link.loses_next and piece != _CONTINUE:
                self.lost_answers += 1
                self.weather = replace(self.weather, loses_answer_to=None)
                link.cut()
                return
            piece, ended = _cut(piece, passed, weather.cut_down_after)
            passed += len(piece)
            if not self._sent(link.client, piece) or ended:
                link.cut()
                return
        link.finish(link.client)

    def _waited_out(self) -> Weather:
        """The weather once it lets a piece pass."""
        while self.weather.stalls and not self._ended.is_set():
            self._ended.wait(_TICK_S)
        if self.weather.delay_s:
            self._ended.wait(self.weather.delay_s)
        return self.weather

    def _sent(self, target: socket.socket, piece: bytes) -> bool:
        rest = memoryview(piece)
        try:
            while rest:
                # Looked up for each step: a trickle ends with its weather.
                pace = None if self._ended.is_set() else self.weather.bytes_a_second
                step = len(rest) if pace is None else max(1, int(pace * _TICK_S))
                target.sendall(rest[:step])
                rest = rest[step:]
                if pace is not None:
                    self._ended.wait(_TICK_S)
        except OSError:
            return False
        return True


class _Link:
    """One connection and the one behind it."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client, self.server = client, server
        self.loses_next = False
        self._lock = threading.Lock()
        self._ways_left = 2

    def cut(self) -> None:
        """Both sides are told that the connection is lost."""
        for side in (self.client, self.server):
            with contextlib.suppress(OSError):
                side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            _wake(side)

    def finish(self, target: socket.socket) -> None:
        """The one side has said all; the other is told, and may still answer."""
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def leave(self) -> None:
        """One of the two ways is not used any more; with the second one both sockets are closed."""
        with self._lock:
            self._ways_left -= 1
            if self._ways_left == 0:
                self.client.close()
                self.server.close()


def _received(source: socket.socket) -> bytes:
    try:
        return source.recv(_PIECE)
    except OSError:
        return b""


def _cut(piece: bytes, passed: int, after: int | None) -> tuple[bytes, bool]:
    if after is None or passed + len(piece) < after:
        return piece, False
    return piece[: max(0, after - passed)], True


def _wake(side: socket.socket) -> None:
    # A thread that reads from it ends, and what it still wants to send comes to nothing.
    with contextlib.suppress(OSError):
        side.shutdown(socket.SHUT_RD)


def _reset(side: socket.socket) -> None:
    with contextlib.suppress(OSError):
        side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    side.close()


def _answer(client: socket.socket, answer: bytes) -> None:
    with client, contextlib.suppress(OSError):
        client.settimeout(10)
        asked = b""
        while b"\r\n\r\n" not in asked and (piece := client.recv(_PIECE)):
            asked += piece
        client.sendall(answer)
        client.shutdown(socket.SHUT_WR)
        # What is still under way is read, because a reset would overtake the answer.
        while client.recv(_PIECE):
            pass


@contextmanager
def proxy_of(port: int, *, host: str = "127.0.0.1") -> Iterator[Proxy]:
    """A proxy in front of that port, closed afterwards."""
    proxy = Proxy(port, host=host)
    try:
        yield proxy
    finally:
        proxy.close()
