"""An application on the asynchronous server: threads are for those whose body is there, not for slow callers.

A body is read whole before a thread is taken, an answer is made whole before the thread is free and then sent without
one. Both are bounded in time (`deadlines`), in size, and in memory (`bodies_apart`).
"""

import asyncio
import logging
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from granian.rsgi import HTTPProtocol, ProtocolClosed, ProtocolError, Scope  # type: ignore[attr-defined]

from hub.domain.evidence import MAX_FILE_SIZE
from hub.server.bodies_apart import Body, Room
from hub.server.deadlines import ANSWER_COUNTED_S, body_within_s

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

# What is longer is refused by the application, in words, for which it needs no more than the beginning.
LONGEST_KEPT: Final = MAX_FILE_SIZE + 262_144
# What is longer still is not read to its end; a form of a page may hold several files up to this.
LONGEST_READ: Final = 4 * MAX_FILE_SIZE
_FORMS_OF_FILES: Final = ("/apply/", "/my/")
_MEMORY: Final = 64 * 2**20
# Answers up to this size count for nothing while their callers take them.
_SMALL: Final = 262_144
_STATUS_TEXTS: Final = {400: "Bad Request", 408: "Request Timeout", 413: "Content Too Large"}

_log = logging.getLogger("hub.web")


class _Refused(Exception):
    """The request is answered by the server itself, with that status, and the connection is closed."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(slots=True)
class _Answer:
    body: Body
    status: int = 500
    headers: list[tuple[str, str]] = field(default_factory=list)


class Buffered:
    """A WSGI application on granian's own interface, worked on by so many threads at once.

    Headers that are not ASCII are unknown to that interface.
    """

    def __init__(self, app: "WSGIApplication", *, threads: int) -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._room = Room(_MEMORY)

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answers one request."""
        sent = Body(self._room)
        try:
            length = await self._read(scope, protocol, sent)
            environ = _environ(scope, sent, length)
            answer = await asyncio.get_running_loop().run_in_executor(self._threads, self._answered, environ)
        except _Refused as refused:
            headers = [("connection", "close"), ("content-type", "text/plain; charset=utf-8")]
            protocol.response_str(refused.status, headers, _STATUS_TEXTS[refused.status])
            return
        except (ProtocolClosed, ProtocolError):
            # The caller has hung up.
            return
        finally:
            sent.close()
        if length is not None and length > sent.size:
            answer.headers.append(("connection", "close"))
        _send(protocol, answer)

    async def _read(self, scope: Scope, protocol: HTTPProtocol, sent: Body) -> int | None:
        """The length of the body, of which `sent` has at least the beginning; None where there is none."""
        announced = _announced(scope)
        if not announced or announced > LONGEST_READ:
            # One that long stays in the network: it is refused by its length.
            return announced
        try:
            longest = LONGEST_READ if scope.path.startswith(_FORMS_OF_FILES) else LONGEST_KEPT
            if announced == _UNKNOWN or announced > longest or not sent.reserve(announced):
                return await _read_by_pieces(protocol, sent, longest)
            async with asyncio.timeout(body_within_s(announced)):
                sent.add(await protocol())
        except TimeoutError as error:
            raise _Refused(408) from error
        return announced

    def _answered(self, environ: "WSGIEnvironment") -> _Answer:
        answer = _Answer(Body(self._room))

        def start_response(status: str, headers: list[tuple[str, str]], _: object = None) -> Callable[[bytes], object]:
            answer.status = int(status[:3])
            answer.headers = [*headers]
            return answer.body.add

        pieces: Iterable[bytes] = ()
        try:
            pieces = self._app(environ, start_response)
            for piece in pieces:
                answer.body.add(piece)
        except Exception as error:  # noqa: BLE001 - the caller is answered all the same
            # The application answers errors of its own; this one's text may hold what a person wrote.
            _log.error("request failed: %s.%s", type(error).__module__, type(error).__qualname__)
            answer.body.close()
            return _Answer(Body(self._room))
        finally:
            if hasattr(pieces, "close"):
                pieces.close()
        return answer


# The length of a body that comes in chunks.
_UNKNOWN: Final = -1


def _announced(scope: Scope) -> int | None:
    """How long the body is to be; `_UNKNOWN` where it comes in chunks, None where there is none."""
    if "transfer-encoding" in scope.headers:
        return _UNKNOWN
    length = scope.headers.get("content-length")
    if length is None:
        return None
    if not (length.isascii() and length.isdigit() and len(length) < 19):
        raise _Refused(400)
    return int(length)


async def _read_by_pieces(protocol: HTTPProtocol, sent: Body, longest: int) -> int:
    """The length of the body, however it was announced; what goes beyond the `longest` that is kept is dropped."""
    received = 0
    begun = asyncio.get_running_loop().time()
    async with asyncio.timeout(body_within_s(0)) as deadline:
        async for piece in protocol:
            received += len(piece)
            if received > LONGEST_READ:
                raise _Refused(413)
            if received <= longest:
                sent.add(piece)
            deadline.reschedule(begun + body_within_s(received))
    return received


def _environ(scope: Scope, sent: Body, length: int | None) -> "WSGIEnvironment":
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": sent.opened(),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    environ["SERVER_NAME"], environ["SERVER_PORT"] = _host_and_port(scope.server)
    environ["REMOTE_ADDR"], environ["REMOTE_PORT"] = _host_and_port(scope.client)
    for name, value in scope.headers.items():
        # With an underscore it could be taken for another one, which a proxy sets.
        if "_" in name or name in ("content-length", "transfer-encoding"):
            continue
        key = name.upper().replace("-", "_")
        key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
        before = environ.get(key)
        environ[key] = value if before is None else f"{before}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
    if length is not None:
        environ["CONTENT_LENGTH"] = str(length)
    return environ


def _host_and_port(address: str) -> tuple[str, str]:
    host, _, port = address.rpartition(":")
    return host.strip("[]"), port


def _send(protocol: HTTPProtocol, answer: _Answer) -> None:
    """The server has the answer, and what it needs of the body before that is closed."""
    body = answer.body
    answer.headers = [*[each for each in answer.headers if each[0].lower() != "server"], ("Server", "hub")]
    path = body.path
    if path is None:
        protocol.response_bytes(answer.status, answer.headers, body.opened().read())
    else:
        protocol.response_file(answer.status, answer.headers, path)
    if path is None and body.size <= _SMALL:
        body.close()
    else:
        asyncio.get_running_loop().call_later(ANSWER_COUNTED_S, body.close)
