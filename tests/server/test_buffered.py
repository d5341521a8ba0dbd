"""The application on the asynchronous server: a small WSGI application behind granian, in a process of its own."""

import hashlib
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

import pytest

from hub.server.buffered import Buffered
from tests.commands.processes import answers, heard_from, said_to
from tests.jobs.waiting import wait_until
from tests.storage.postgres_server import free_port

pytestmark = pytest.mark.slow

_SERVER = """
import sys
from granian.constants import HTTPModes, Interfaces
from granian.server.mp import MPServer
MPServer("tests.server.test_buffered:made", factory=True, address="127.0.0.1", port=int(sys.argv[1]),
         interface=Interfaces.RSGI, http=HTTPModes.http1, websockets=False, workers=1).serve()
"""
MEBIBYTE = bytes(range(256)) * 4096


def _app(environ, start_response):  # type: ignore[no-untyped-def]
    """Says what it was sent; at /large it answers with more than there is room for in memory."""
    if environ["PATH_INFO"] == "/raises":
        raise ValueError("words of a person")
    if environ["PATH_INFO"] == "/large":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return (MEBIBYTE for _ in range(80))
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Length", environ.get("CONTENT_LENGTH", ""))])
    return [f"{len(body)} {hashlib.sha256(body).hexdigest()} {environ.get('HTTP_X_A', '')}".encode()]


def made() -> object:
    """The application as granian takes it."""
    return Buffered(_app, threads=2)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of the server."""
    found = free_port()
    with subprocess.Popen([sys.executable, "-c", _SERVER, str(found)]) as process:
        wait_until(lambda: answers(f"http://127.0.0.1:{found}"), what="an answer")
        yield found
        process.terminate()


def _sent(port: int, body: bytes, path: str = "/") -> tuple[str, str | None]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", data=body, timeout=60) as answer:
        return answer.read().decode(), answer.headers["X-Length"]


@pytest.mark.parametrize("size", [1, 300_000, 10 * 2**20])
def test_a_body_is_whole(port: int, size: int) -> None:
    body = (MEBIBYTE * 11)[:size]
    assert _sent(port, body) == (f"{size} {hashlib.sha256(body).hexdigest()} ", str(size))


def test_a_form_of_several_files_is_whole(port: int) -> None:
    body = MEBIBYTE * 25
    assert _sent(port, body, "/apply/evidence") == (f"{len(body)} {hashlib.sha256(body).hexdigest()} ", str(len(body)))


def test_of_a_body_too_long_the_beginning_and_the_length_are_told(port: int) -> None:
    told, length = _sent(port, MEBIBYTE * 20)
    assert length == str(20 * 2**20)
    assert 0 < int(told.split()[0]) <= 10 * 2**20 + 262_144


def test_a_large_answer_is_whole(port: int) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/large", timeout=60) as answer:
        assert hashlib.sha256(answer.read()).digest() == hashlib.sha256(MEBIBYTE * 80).digest()


def test_an_error_is_answered_without_its_words(port: int, capfd: pytest.CaptureFixture[str]) -> None:
    head = heard_from(said_to(port, b"GET /raises HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n"))
    assert head.startswith(b"HTTP/1.1 500")
    assert "words" not in head.decode()
    told = capfd.readouterr()
    assert "words" not in told.out + told.err


def test_a_header_cannot_pass_for_another_one(port: int) -> None:
    told = heard_from(said_to(port, b"GET / HTTP/1.1\r\nHost: hub\r\nX_A: forged\r\nConnection: close\r\n\r\n"))
    assert told.startswith(b"HTTP/1.1 200")
    assert b"forged" not in told


def test_the_server_does_not_say_what_it_is(port: int) -> None:
    told = heard_from(said_to(port, b"GET / HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n"))
    assert b"granian" not in told.lower()
