"""The proxy of docs/deploy in front of `hub web`: what it lets through, what it cuts, and what nobody can tell it."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import urllib3

from hub.domain.errors import Unavailable
from hub.domain.evidence import MAX_FILE_SIZE
from hub.web import headers as programs
from hub.web.problems import problem_of
from tests.applications import pdf
from tests.commands.conftest import RunHub
from tests.commands.processes import StartHub, answers
from tests.deploy.proxies import NAME, NGINX, Nginx, nginx_before
from tests.deploy.whole_way import APP, ICBC_ADDED, given, token
from tests.jobs.waiting import wait_until
from tests.storage.postgres_server import free_port

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(NGINX is None, reason="this machine has no nginx"),
]

FORGED = {
    "X-Forwarded-For": "203.0.113.9, 198.51.100.7",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "http",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9;host=evil.example",
}


@pytest.fixture
def nginx(
    start_hub: StartHub, postgresql_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Nginx]:
    """The proxy, with a hub behind it that has the settings of production for it."""
    port = free_port()
    monkeypatch.setenv("HUB_DATABASE_URL", postgresql_database)
    monkeypatch.setenv("HUB_PUBLIC_URL", f"https://{NAME}")
    monkeypatch.setenv("HUB_TRUSTED_PROXIES", "1")
    process = start_hub("web", "--port", str(port), "--workers", "1")
    wait_until(lambda: answers(f"http://127.0.0.1:{port}") or not process.runs, what="an answer")
    place = tmp_path / "nginx"
    place.mkdir()
    with nginx_before(port, place) as made:
        yield made


class _Mirror(BaseHTTPRequestHandler):
    """Answers with the headers it was sent."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        said = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
        """Nothing."""


@contextmanager
def served(answering: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    """The port at which it answers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[Nginx]:
    """The proxy, with what shows what it hands on behind it."""
    with served(_Mirror) as port, nginx_before(port, tmp_path) as made:
        yield made


def test_what_a_caller_says_of_the_way_it_came_is_not_handed_on(mirror: Nginx) -> None:
    found = json.loads(mirror.door().call("GET", "/", headers=FORGED).body)
    assert found["x-forwarded-for"] == "127.0.0.1"
    assert found["host"] == NAME
    assert not {"x-forwarded-host", "x-forwarded-proto", "x-real-ip", "forwarded"} & set(found)


def test_another_host_gets_no_answer(mirror: Nginx) -> None:
    with pytest.raises(urllib3.exceptions.HTTPError):
        mirror.door().call("GET", "/", headers={"Host": "evil.example"})
    pool = urllib3.PoolManager(retries=False, cert_reqs="CERT_NONE", server_hostname="evil.example")
    with pytest.raises(urllib3.exceptions.SSLError):
        pool.request("GET", f"https://127.0.0.1:{mirror.https_port}/")
    with pytest.raises(urllib3.exceptions.ProtocolError):
        pool.request("GET", f"http://127.0.0.1:{mirror.http_port}/", headers={"Host": "evil.example"})


def test_plain_http_leads_to_https_and_takes_no_secret(mirror: Nginx) -> None:
    pool = urllib3.PoolManager(retries=False)
    address = f"http://127.0.0.1:{mirror.http_port}"
    led = pool.request("GET", f"{address}/my/?a=1", headers={"Host": NAME}, redirect=False)
    assert (led.status, led.headers["Location"]) == (301, f"https://{NAME}/my/?a=1")
    sent = pool.request("POST", f"{address}/oauth/token", headers={"Host": NAME}, body=b"secret", redirect=False)
    assert sent.status == 403


@pytest.fixture
def away(tmp_path: Path) -> Iterator[Nginx]:
    """The proxy, with nothing behind it, as while the hub is started anew."""
    with nginx_before(free_port(), tmp_path) as made:
        yield made


def test_people_find_a_calm_page_while_the_hub_is_started_anew(away: Nginx) -> None:
    for method, path in (("GET", "/"), ("GET", "/my/?code=once"), ("POST", "/apply/check"), ("GET", "/apiary")):
        answer = away.door().call(method, path)
        assert (answer.status, answer.headers["Content-Type"]) == (503, "text/html; charset=utf-8"), path
        assert (answer.headers["Retry-After"], answer.headers["Cache-Control"]) == ("60", "no-store")
        text = answer.body.decode()
        chinese, english = (
            text.index("您已经提交的内容都在，不会丢失"),
            text.index("Nothing that you have sent is lost"),
        )
        assert chinese < english
        assert "nginx" not in text


@pytest.mark.parametrize("area", programs.API)
def test_programs_are_told_the_same_as_by_the_hub_itself(away: Nginx, area: str) -> None:
    own = problem_of(Unavailable("away"))
    assert own is not None
    answer = away.door().call("POST", f"{area}v1/applications")
    assert (answer.status, answer.headers["Content-Type"]) == (503, "application/problem+json")
    assert answer.headers["Retry-After"] == "60"
    assert answer.json == own.plain("zh")


class _Unwell(_Mirror):
    """Says itself that it cannot."""

    def do_GET(self) -> None:
        self.send_response(503)
        self.send_header("Retry-After", "2")
        self.send_header("Content-Length", "9")
        self.end_headers()
        self.wfile.write(b"own words")


def test_what_the_hub_itself_says_of_a_503_is_handed_on(tmp_path: Path) -> None:
    with served(_Unwell) as port, nginx_before(port, tmp_path) as proxy:
        answer = proxy.door().call("GET", "/readyz")
        assert (answer.status, answer.body, answer.headers["Retry-After"]) == (503, b"own words", "2")


def test_the_log_holds_no_code_of_an_address(mirror: Nginx) -> None:
    headers = {"Referer": "https://hub.example/launch?code=in-a-referer"}
    mirror.door().call("GET", "/launch?code=in-an-address", headers=headers)
    wait_until(lambda: "/launch" in mirror.log, what="a line")
    assert "code" not in mirror.log
    assert "in-a" not in mirror.log


def test_the_hub_stands_behind_it_whole(nginx: Nginx, run_hub: RunHub, tmp_path: Path) -> None:
    """Sizes, closed figures, one word of strictness, and a forged way that counts for nothing: on one hub."""
    assert run_hub(*ICBC_ADDED).status == 0
    door = nginx.door(token(nginx.door(), run_hub(*APP).json))
    # A page over TLS.
    page = door.call("GET", "/sign-in/", headers=FORGED)
    assert page.status == 200
    assert b"evil.example" not in page.body
    raw = door.pool.request("GET", f"{door.address}/sign-in/", headers={"Host": NAME})
    assert raw.headers.getlist("Strict-Transport-Security") == ["max-age=31536000; includeSubDomains"]
    # An upload of the largest size, as the body and in a form, and one above it.
    whole = pdf(size=MAX_FILE_SIZE)
    assert given(door.upload(whole), 201)["size"] == MAX_FILE_SIZE
    given(door.upload_form(whole), 201)
    above = door.upload(pdf(size=MAX_FILE_SIZE + 1))
    assert (above.status, above.code) == (413, "too_large")
    assert "10 MiB" in above.json["detail"]
    far_above = door.upload(b"%" * 42 * 1024 * 1024)
    assert far_above.status == 413
    # The figures are for nobody outside.
    for path in ("/metrics", "/metrics/", "//metrics", "/%6detrics", "/x/../metrics"):
        assert door.call("GET", path).status == 404, path
    # Whoever forges the way they came is known by the address they called from.
    assert door.call("GET", "/nothing-is-here", headers=FORGED).status == 404
    [line] = [json.loads(line) for line in (tmp_path / "web.log").read_text().splitlines() if "nothing-is" in line]
    assert line["address"] == "127.0.0.1"


def test_slow_heads_and_slow_bodies_are_cut_and_others_are_served(nginx: Nginx) -> None:
    head, quiet, trickle = lines = [nginx.line() for _ in range(3)]
    head.sendall(b"GET /sign-in/ HTTP/1.1\r\nHost: hub.example\r\nX-Slow: ")
    body = b"POST /oauth/token HTTP/1.1\r\nHost: hub.example\r\nContent-Length: 100000\r\n\r\n1"
    quiet.sendall(body)
    trickle.sendall(body)
    heard: dict[str, bytes] = {}
    listening = [
        threading.Thread(target=_listen, args=(name, line, heard))
        for name, line in (("head", head), ("quiet", quiet), ("trickle", trickle))
    ]
    for each in listening:
        each.start()
    while len(heard) < 3:
        # A byte a second is slow as well, however long it could go on.
        for line, piece in ((trickle, b"1"), (head, b"x")):
            with suppress(OSError):
                line.sendall(piece)
        assert nginx.door().get("/readyz").status == 200
        time.sleep(1)
    for each in listening:
        each.join()
    for each_line in lines:
        each_line.close()
    # Whoever is slow for the hub is told so; nginx may close without a word.
    assert heard.keys() == {"head", "quiet", "trickle"}
    assert heard["trickle"][:12] == b"HTTP/1.1 408"
    assert {said[:12] for said in heard.values()} <= {b"", b"HTTP/1.1 408"}


def _listen(name: str, line: socket.socket, heard: dict[str, bytes]) -> None:
    said = b""
    with suppress(OSError):
        while piece := line.recv(4096):
            said += piece
    heard[name] = said
