"""The checkers of identities: the simulated one, and one over HTTP against a real server."""

import json
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from hub.banks.outgoing import OutgoingHttp, Reach
from hub.domain.errors import TryAgain
from hub.domain.identity import IdentityQuestion
from hub.identity_checkers import HttpChecker, SimulatedChecker, checker_of

QUESTION = IdentityQuestion(
    name="王小明",
    id_type="resident_id",
    id_number="11010519491231002X",
    mobile="13800138001",
    card_number="6222100000000007",
)


class Service:
    """A service that answers as it is told, and keeps what it was asked."""

    def __init__(self) -> None:
        self.status = 200
        self.answer = b'{"matches": true}'
        self.asked: list[object] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                service.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(service.status)
                self.send_header("Content-Length", str(len(service.answer)))
                self.end_headers()
                self.wfile.write(service.answer)

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/check"


@pytest.fixture
def service() -> Iterator[Service]:
    """The service, up."""
    made = Service()
    thread = Thread(target=made.server.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture
def http() -> OutgoingHttp:
    """Calls that may reach this machine."""
    return OutgoingHttp(Reach(loopback=True, allowed_hosts=frozenset()))


@pytest.mark.parametrize("matches", [True, False])
def test_a_service_is_asked_about_all_four_and_believed(service: Service, http: OutgoingHttp, matches: bool) -> None:
    service.answer = json.dumps({"matches": matches}).encode()
    assert HttpChecker(service.url, http).matches(QUESTION) is matches
    assert service.asked == [
        {
            "name": "王小明",
            "id_type": "resident_id",
            "id_number": "11010519491231002X",
            "mobile": "13800138001",
            "card_number": "6222100000000007",
        }
    ]


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (500, b'{"matches": true}'),
        (302, b""),
        (200, b""),
        (200, b"yes"),
        (200, b"[]"),
        (200, b'{"matches": "true"}'),
        (200, b'{"match": true}'),
    ],
)
def test_any_other_answer_is_none(service: Service, http: OutgoingHttp, status: int, answer: bytes) -> None:
    service.status, service.answer = status, answer
    with pytest.raises(TryAgain):
        HttpChecker(service.url, http).matches(QUESTION)


def test_the_simulated_one_does_not_know_mobiles_that_end_in_four_noughts(http: OutgoingHttp) -> None:
    checker = checker_of("simulated://", http)
    assert isinstance(checker, SimulatedChecker)
    assert checker.matches(QUESTION)
    assert not checker.matches(replace(QUESTION, mobile="13800130000"))


def test_without_an_address_there_is_none(http: OutgoingHttp) -> None:
    assert checker_of(None, http) is None
