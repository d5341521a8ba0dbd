"""A bank that is reached by signed pairs: its keys, its door, and what it answers."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from hub.banks.adapters.unionpay import UnionPay
from hub.banks.outgoing import OutgoingHttp, Reach
from hub.banks.pairs.signers import SignMethod, new_keys, signer_of
from hub.banks.port import Incoming, Message
from hub.domain.bank import Bank, BankRules
from hub.domain.clock import FixedClock
from hub.domain.delivery import MessageKind
from tests.conftest import START

Pairs = dict[str, str]
OURS = {method: new_keys(method) for method in SignMethod}
THEIRS = {method: new_keys(method) for method in SignMethod}
STRANGERS = {method: new_keys(method) for method in SignMethod}
RSA, SM2 = SignMethod.RSA, SignMethod.SM2
MER_ID = "777290058110048"
FORM = "application/x-www-form-urlencoded"
MESSAGE = Message(
    id="0192f0c0ffee4000a000000000000001",
    kind=MessageKind.SUBMITTED,
    negotiation="1" * 32,
    body='{"negotiation":"1","applicant":{"name":"王小明"}}'.encode(),
    queued_at=START,
    owed_fen=1_908_200,
)


def text_of(pairs: Mapping[str, str]) -> bytes:
    """What is signed, from the words of the specification and nothing of the hub's."""
    return "&".join(f"{name}={pairs[name]}" for name in sorted(pairs) if pairs[name] and name != "signature").encode()


def signed(pairs: Pairs, private: bytes, method: SignMethod = RSA) -> Pairs:
    if method is SM2:
        return {**pairs, "signature": signer_of(SM2, private).sign(text_of(pairs))}
    key = serialization.load_pem_private_key(private, password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    inner = hashlib.sha256(text_of(pairs)).hexdigest().encode()
    made = key.sign(inner, padding.PKCS1v15(), hashes.SHA256())
    return {**pairs, "signature": base64.b64encode(made).decode()}


class FarBank:
    """An endpoint on loopback: keeps the pairs that came, and answers as `answer` says."""

    def __init__(self) -> None:
        self.seen: list[Pairs] = []
        self.method = RSA
        self.codes: list[str] = []
        self.change: Callable[[Pairs], Pairs] = lambda pairs: pairs
        self.respond: Callable[[Pairs], tuple[int, bytes]] = self.answer
        self.ended = Event()
        bank = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.headers["Content-Type"].startswith(FORM)
                pairs = dict(parse_qsl(body.decode(), strict_parsing=True))
                bank.seen.append(pairs)
                status, answer = bank.respond(pairs)
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def answer(self, asked: Pairs) -> tuple[int, bytes]:
        """A signed answer whose `respCode` is the next of `codes`, or `00`."""
        names = ("version", "encoding", "signMethod", "txnType", "txnSubType", "bizType", "channelType", "accessType")
        told = {name: asked[name] for name in (*names, "merId", "orderId", "txnTime")}
        told |= {"certId": "99", "respCode": self.codes.pop(0) if self.codes else "00", "respMsg": "好的"}
        told = signed(self.change(told), THEIRS[self.method][0], self.method)
        return 200, urlencode(told).encode()

    def close(self) -> None:
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class World:
    """What the adapter is given of the world: calls to the machine itself, and a clock that stands."""

    public_url = "http://127.0.0.1:8000"

    def __init__(self) -> None:
        self.http = OutgoingHttp(Reach(loopback=True), answer_s=10)
        self.clock = FixedClock(START)

    def now(self) -> "object":
        return self.clock.now()

    def check_host(self, host: str) -> str:
        return host

    def send_mail(self, message: EmailMessage) -> None:
        raise AssertionError

    def send_text(self, *, to: str, text: str) -> None:
        raise AssertionError

    def secret_for(self, purpose: str) -> bytes:
        raise AssertionError


@pytest.fixture
def far_bank() -> Iterator[FarBank]:
    bank = FarBank()
    yield bank
    bank.close()


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def adapter(world: World) -> UnionPay:
    return UnionPay(world)  # type: ignore[arg-type]


@pytest.fixture
def key_files(tmp_path: Path) -> Path:
    """A folder with the keys of both sides, as `rsa-ours`, `rsa-theirs-public` and so on."""
    for name, method in (("rsa", RSA), ("sm2", SM2)):
        (tmp_path / f"{name}-ours").write_bytes(OURS[method][0])
        (tmp_path / f"{name}-theirs-public").write_bytes(THEIRS[method][1])
        (tmp_path / f"{name}-strangers-public").write_bytes(STRANGERS[method][1])
    return tmp_path


MakeBank = Callable[..., Bank]


@pytest.fixture
def make_bank(far_bank: FarBank, key_files: Path) -> MakeBank:
    """A way to have a bank of this kind, with settings of its own."""

    def make(**settings: str) -> Bank:
        name = "sm2" if settings.get("sign_method") == "12" else "rsa"
        whole = {
            "url": f"http://127.0.0.1:{far_bank.server.server_address[1]}/gateway",
            "mer_id": MER_ID,
            "cert_id": "68759663125",
            "our_private_key": str(key_files / f"{name}-ours"),
            "bank_public_key": str(key_files / f"{name}-theirs-public"),
            **settings,
        }
        return Bank(
            code="01020000", name_zh="工行", name_en="ICBC", adapter="unionpay", settings=whole, rules=BankRules()
        )

    return make


def notice_pairs(**changes: str) -> Pairs:
    content = {"negotiation": "1" * 32, "data": {"text": "您好"}}
    pairs = {
        "version": "5.1.0",
        "encoding": "UTF-8",
        "signMethod": "01",
        "certId": "99",
        "txnType": "90",
        "txnSubType": "15",
        "bizType": "000000",
        "channelType": "08",
        "accessType": "2",
        "merId": MER_ID,
        "orderId": "EVENT0000001",
        "txnTime": "20261121100000",
        "reqReserved": base64.b64encode(json.dumps(content, ensure_ascii=False).encode()).decode(),
    }
    return {name: value for name, value in {**pairs, **changes}.items() if value}


def incoming(pairs: Pairs) -> Incoming:
    return Incoming(headers={}, body=urlencode(pairs).encode(), content_type=FORM)


def a_notice(method: SignMethod = RSA, **changes: Any) -> Incoming:
    return incoming(signed(notice_pairs(signMethod=method.value, **changes), THEIRS[method][0], method))
