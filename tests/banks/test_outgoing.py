"""Calls to banks' systems: which hosts are reached, what of TLS is checked, and how much of an answer is taken."""

import ipaddress
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hub.banks.outgoing import OutgoingHttp, Reach
from hub.banks.port import HttpAnswer
from hub.domain.errors import InvalidValue, TryAgain

HOST = "bank.example"
PUBLIC = "8.8.8.8"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


def reach(*addresses: str, loopback: bool = False, allowed: Sequence[str] = ()) -> Reach:
    """A reach for which every name has those addresses."""
    return Reach(loopback=loopback, allowed_hosts=frozenset(allowed), resolve=lambda _: addresses)


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.1.2.3"],
        ["172.16.0.1"],
        ["192.168.1.1"],
        ["169.254.169.254"],
        ["100.64.0.1"],
        ["0.0.0.0"],
        ["224.0.0.1"],
        ["255.255.255.255"],
        ["::1"],
        ["::"],
        ["fe80::1"],
        ["fe80::1%eth0"],
        ["fd00::1"],
        ["ff02::1"],
        ["::ffff:127.0.0.1"],
        ["::ffff:10.0.0.1"],
        ["::ffff:169.254.169.254"],
        [PUBLIC, "10.0.0.1"],
        ["10.0.0.1", PUBLIC],
        ["64:ff9b::a00:1"],
        ["2002:a00:1::1"],
        ["fec0::1"],
        ["::10.0.0.1"],
        ["::8.8.8.8"],
        ["::ffff:0:10.0.0.1"],
        ["::ffff:0:8.8.8.8"],
        ["64:ff9b:1::a00:1"],
        ["64:ff9b:1:2:3::808:808"],
        ["100::1"],
        ["2001::1"],
        ["2001:db8::1"],
        ["3fff::1"],
        ["5f00::1"],
        ["4000::1"],
        ["192.0.0.8"],
        ["192.88.99.1"],
        ["198.18.0.1"],
        ["203.0.113.1"],
        ["240.0.0.1"],
        [],
        ["no address"],
    ],
    ids=str,
)
def test_a_host_with_any_private_address_is_not_called(addresses: list[str]) -> None:
    with pytest.raises(TryAgain, match=HOST):
        reach(*addresses).address_of(HOST)


@pytest.mark.parametrize(("found", "address"), [(reach(PUBLIC), PUBLIC), (reach("2606:4700::1111"), "2606:4700::1111")])
def test_a_public_host_is_called_by_the_address_that_was_checked(found: Reach, address: str) -> None:
    assert found.address_of(HOST) == address


def test_a_private_host_that_the_operator_named_is_called_and_no_other() -> None:
    assert reach("10.1.2.3", allowed=[HOST]).address_of(HOST) == "10.1.2.3"
    with pytest.raises(TryAgain):
        reach("10.1.2.3", allowed=[HOST]).address_of(f"evil.{HOST}")


def test_the_machine_itself_is_called_on_the_embedded_default_alone_and_never_its_neighbours() -> None:
    assert reach("127.0.0.1", loopback=True).address_of(HOST) == "127.0.0.1"
    with pytest.raises(TryAgain):
        reach("10.1.2.3", loopback=True).address_of(HOST)


def test_a_name_that_nobody_knows_may_be_known_later() -> None:
    def resolve(host: str) -> Sequence[str]:
        raise socket.gaierror(host)

    with pytest.raises(TryAgain, match="cannot be resolved"):
        Reach(loopback=True, resolve=resolve).address_of(HOST)


@pytest.mark.parametrize(
    ("url", "loopback", "code"),
    [
        ("https://bank.example/in", False, None),
        ("https://bank.example:8443/in?a=1", False, None),
        ("http://bank.example/in", True, None),
        ("http://bank.example/in", False, "url_https"),
        ("http://127.0.0.1/in", False, "url_https"),
        ("ftp://bank.example/in", True, "url_form"),
        ("file:///etc/passwd", True, "url_form"),
        ("https://user:word@bank.example/", True, "url_form"),
        ("https://bank.example/#here", True, "url_form"),
        ("https:///in", True, "url_form"),
        ("https://bank.example:99999/", True, "url_form"),
        ("https://bank.example/a b", True, "url_form"),
        ("https://bank.example/\r\nX: 1", True, "url_form"),
        ("bank.example", True, "url_form"),
        ("", True, "url_form"),
    ],
)
def test_a_url_is_judged_by_its_form(url: str, loopback: bool, code: str | None) -> None:
    outgoing = OutgoingHttp(Reach(loopback=loopback))
    if code is None:
        assert outgoing.check_url(url) == url
        return
    with pytest.raises(InvalidValue) as refusal:
        outgoing.check_url(url)
    assert refusal.value.code == code


# Over real sockets.


def whole_request(line: socket.socket) -> bytes:
    """Head and body: a server that closes while a body still comes may take its own answer back with it."""
    asked = b""
    while b"\r\n\r\n" not in asked or len(asked.partition(b"\r\n\r\n")[2]) < _body_length(asked):
        piece = line.recv(65536)
        if not piece:
            break
        asked += piece
    return asked


def _body_length(asked: bytes) -> int:
    [length] = re.findall(rb"(?i)^content-length: (\d+)", asked, re.MULTILINE)
    return int(length)


@contextmanager
def listening(
    answer: Callable[[socket.socket], None], tls: ssl.SSLContext | None = None
) -> Iterator[tuple[int, list[bytes]]]:
    """A server on loopback that hands each connection, its request read, to `answer`; with what was asked."""
    asked: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:
                return
            try:
                with tls.wrap_socket(plain, server_side=True) if tls else plain as each:
                    asked.append(whole_request(each))
                    answer(each)
            except OSError:
                plain.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], asked
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def call(outgoing: OutgoingHttp, port: int, *, scheme: str = "http", host: str = HOST) -> HttpAnswer:
    return outgoing.post(f"{scheme}://{host}:{port}/in?a=1", b"body", {"X-Test": "1"})


def test_the_call_goes_to_the_checked_address_and_names_the_host() -> None:
    resolved: list[str] = []

    def resolve(host: str) -> Sequence[str]:
        # A name that is bound to another address each time it is asked for.
        resolved.append(host)
        return ["127.0.0.1"] if len(resolved) == 1 else ["10.0.0.1"]

    with listening(lambda each: each.sendall(OK)) as (port, asked):
        answer = call(OutgoingHttp(Reach(loopback=True, resolve=resolve)), port)
    assert (answer.status, answer.body, resolved) == (200, b"ok", [HOST])
    head = asked[0].decode().lower()
    assert head.startswith("post /in?a=1 http/1.1\r\n")
    assert f"host: {HOST}:{port}\r\n" in head


def test_no_redirect_is_followed() -> None:
    with listening(lambda each: each.sendall(OK)) as (inside, asked_inside):
        moved = f"HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.1:{inside}/\r\nContent-Length: 0\r\n\r\n".encode()
        with listening(lambda each: each.sendall(moved)) as (port, _):
            answer = call(OutgoingHttp(reach("127.0.0.1", loopback=True)), port)
    assert (answer.status, asked_inside) == (307, [])


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nok",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: 1\r\n" % number for number in range(200)) + b"\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok",
    ],
    ids=["nothing", "cut", "a cut chunk", "another protocol", "too many headers", "not what it says it is"],
)
def test_what_is_no_whole_answer_means_try_again(answer: bytes) -> None:
    with listening(lambda each: each.sendall(answer)) as (port, _), pytest.raises(TryAgain, match=HOST):
        call(OutgoingHttp(reach("127.0.0.1", loopback=True)), port)


def test_an_answer_has_a_limit_of_size() -> None:
    def endless(each: socket.socket) -> None:
        each.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            each.sendall(b"." * 65536)

    with listening(endless) as (port, _), pytest.raises(TryAgain, match="1000 bytes"):
        call(OutgoingHttp(reach("127.0.0.1", loopback=True), most_bytes=1000), port)


def test_an_answer_that_comes_byte_by_byte_has_a_limit_of_time() -> None:
    def trickle(each: socket.socket) -> None:
        each.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        # Until the caller has had enough, and a while longer than it may have.
        for _ in range(200):
            each.sendall(b".")
            threading.Event().wait(0.05)

    with listening(trickle) as (port, _), pytest.raises(TryAgain, match="in time"):
        call(OutgoingHttp(reach("127.0.0.1", loopback=True), answer_s=0.4), port)


@pytest.mark.parametrize("pieces", [[OK], [OK[:20], OK[20:]]], ids=["silent, then whole", "in two pieces"])
def test_a_system_has_all_of_its_time_however_it_spends_it(
    monkeypatch: pytest.MonkeyPatch, pieces: list[bytes]
) -> None:
    monkeypatch.setattr("hub.banks.outgoing.CONNECT_S", 0.2)

    def late(each: socket.socket) -> None:
        for piece in pieces:
            threading.Event().wait(0.5)
            each.sendall(piece)

    with listening(late) as (port, _):
        assert call(OutgoingHttp(reach("127.0.0.1", loopback=True)), port).body == b"ok"


def _hear_one_byte(line: socket.socket) -> None:
    line.recv(1)


def test_a_system_that_says_nothing_has_a_limit_of_time() -> None:
    with (
        listening(_hear_one_byte) as (port, _),
        pytest.raises(TryAgain, match=f"{HOST}: no .*in time"),
    ):
        call(OutgoingHttp(reach("127.0.0.1", loopback=True), answer_s=0.4), port)


# TLS.


@pytest.fixture
def certified(tmp_path: Path) -> Callable[..., tuple[ssl.SSLContext, Path]]:
    """A way to make a server's TLS with a certificate of its own; with the certificate, for whom shall trust it."""

    def make(*, host: str = HOST, days_left: int = 30) -> tuple[ssl.SSLContext, Path]:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        now = datetime.now(UTC)
        names: list[x509.GeneralName] = [x509.DNSName(host), x509.IPAddress(ipaddress.ip_address("127.0.0.9"))]
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=60))
            .not_valid_after(now + timedelta(days=days_left))
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, hashes.SHA256())
        )
        path = tmp_path / "server.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context, path

    return make


@pytest.mark.parametrize(
    ("made", "trusted", "why_not"),
    [
        ({}, True, ""),
        ({}, False, "self-signed certificate"),
        ({"host": "other.example"}, True, "Hostname mismatch"),
        ({"days_left": -1}, True, "certificate has expired"),
    ],
    ids=["known and right", "self-signed", "another host's", "expired"],
)
def test_a_certificate_must_be_known_the_hosts_own_and_in_time(
    certified: Callable[..., tuple[ssl.SSLContext, Path]], made: dict[str, str], trusted: bool, why_not: str
) -> None:
    context, certificate = certified(**made)
    outgoing = OutgoingHttp(reach("127.0.0.1", loopback=True))
    if trusted:
        outgoing._tls.load_verify_locations(certificate)
    with listening(lambda each: each.sendall(OK), context) as (port, asked):
        if not why_not:
            assert call(outgoing, port, scheme="https").status == 200
            return
        with pytest.raises(TryAgain, match=rf"{HOST}: SSLCertVerificationError \({why_not}"):
            call(outgoing, port, scheme="https")
    # Not a byte of the message went out.
    assert asked == []
