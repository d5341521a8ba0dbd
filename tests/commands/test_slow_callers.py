"""Callers who send slowly or not at all hold no thread, on both servers, and lose their line in the end."""

import json
from collections.abc import Callable

import pytest

from tests.commands.processes import StartHub, answers, heard_from, said_to, status_of
from tests.jobs.waiting import wait_until
from tests.storage.postgres_server import free_port

pytestmark = pytest.mark.slow

SLOW_BODY = b"POST /sign-in/ HTTP/1.1\r\nHost: hub\r\nContent-Length: 100000\r\n\r\n1"
SLOW_CHUNKS = b"POST /gateway/negotiation HTTP/1.1\r\nHost: hub\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n1\r\n"
HALF_HEAD = b"GET /healthz HTTP/1.1\r\nHost: hub\r\n"
TWO_LENGTHS = (
    b"POST /oauth/token HTTP/1.1\r\nHost: hub\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3\r\nabc\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: hub\r\n\r\n"
)

Serve = Callable[[], int]


@pytest.fixture(params=["up", "web"])
def serve(request: pytest.FixtureRequest, start_hub: StartHub, monkeypatch: pytest.MonkeyPatch) -> Serve:
    """A way to have `hub up` on SQLite or `hub web` on PostgreSQL serve; gives the port."""
    if request.param == "web":
        monkeypatch.setenv("HUB_DATABASE_URL", request.getfixturevalue("postgresql_database"))

    def served() -> int:
        port = free_port()
        process = start_hub(request.param, "--port", str(port))
        wait_until(lambda: answers(f"http://127.0.0.1:{port}") or not process.runs, what="an answer")
        assert process.runs, process.said
        return port

    return served


@pytest.fixture
def port(serve: Serve) -> int:
    """The port of a hub that serves."""
    return serve()


def test_slow_callers_stop_nobody_and_are_sent_away(port: int) -> None:
    held = [said_to(port, sent) for sent in (*[SLOW_BODY] * 50, *[SLOW_CHUNKS] * 10, *[HALF_HEAD] * 120)]
    address = f"http://127.0.0.1:{port}"
    for path in ("/healthz", "/readyz", "/sign-in/"):
        assert status_of(address, path) == 200
    for each in held:
        assert heard_from(each)[:12] in (b"", b"HTTP/1.1 408"), "a slow request was answered as if it were whole"
    assert status_of(address, "/readyz") == 200


@pytest.mark.parametrize("framing", ["whole", "chunked"])
def test_a_body_that_comes_in_pieces_is_read_whole(port: int, framing: str) -> None:
    body = b"grant_type=client_credentials&client_id=nobody&client_secret=none"
    head = (
        b"POST /oauth/token HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n"
    )
    if framing == "whole":
        pieces = [head + b"Content-Length: %d\r\n\r\n" % len(body), body[:9], body[9:]]
    else:
        pieces = [
            head + b"Transfer-Encoding: chunked\r\n\r\n",
            b"%x\r\n" % len(body) + body[:9],
            body[9:] + b"\r\n0\r\n\r\n",
        ]
    connection = said_to(port, pieces[0])
    for piece in pieces[1:]:
        connection.sendall(piece)
    told, _, answer = heard_from(connection).partition(b"\r\n\r\n")
    assert (told.split()[1], json.loads(answer)["code"]) == (b"401", "invalid_client")


def test_a_body_of_two_lengths_ends_the_connection(port: int) -> None:
    heard = heard_from(said_to(port, TWO_LENGTHS))
    assert (heard[:10], heard.count(b"HTTP/1.1 ")) == (b"HTTP/1.1 4", 1)
