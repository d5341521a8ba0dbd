"""The adapter of signed pairs against a bank of its own on loopback, and the bank's notices at the hub's address."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from urllib.parse import parse_qsl, urlencode

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from hub.banks.adapters.unionpay import EVENT_TYPES, SUB_TYPES, UnionPay, private_key_file, public_key_files
from hub.banks.envelope import stamp
from hub.banks.outgoing import OutgoingHttp, Reach
from hub.banks.port import Incoming, Message, MessageKind, Refusal
from hub.banks.signers import SignMethod, new_keys, signer_of, verifier_of
from hub.domain.bank import Bank, BankRules
from hub.domain.bank_event import EventType
from hub.domain.clock import FixedClock
from hub.domain.errors import (
    CallRefused,
    InProcess,
    InvalidValue,
    Malformed,
    Refused,
    RefusedForGood,
    TryAgain,
    Unusable,
)
from tests.conftest import START

pytestmark = pytest.mark.slow

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
        self.http = OutgoingHttp(Reach(loopback=True), answer_s=2)
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


@pytest.mark.parametrize("method", list(SignMethod))
def test_a_message_goes_out_as_the_contract_says_pair_by_pair(
    method: SignMethod, adapter: UnionPay, far_bank: FarBank, make_bank: MakeBank
) -> None:
    far_bank.method = method
    receipt = adapter.deliver(MESSAGE, make_bank(sign_method=method.value))
    assert receipt.detail == "respCode 00"
    [pairs] = far_bank.seen
    signature = pairs.pop("signature")
    assert pairs == {
        "version": "5.1.0",
        "encoding": "UTF-8",
        "signMethod": method.value,
        "certId": "68759663125",
        "txnType": "90",
        "txnSubType": "01",
        "bizType": "000000",
        "channelType": "08",
        "accessType": "2",
        "merId": MER_ID,
        "orderId": MESSAGE.id,
        "txnTime": "20261121100000",
        "currencyCode": "156",
        "txnAmt": "1908200",
        "reqReserved": base64.b64encode(MESSAGE.body).decode(),
    }
    assert verifier_of(method, OURS[method][1]).is_signed(text_of(pairs), signature)
    if method is RSA:
        assert signed(pairs, OURS[RSA][0])["signature"] == signature


def test_each_kind_has_its_own_number(adapter: UnionPay, far_bank: FarBank, make_bank: MakeBank) -> None:
    bank = make_bank()
    for kind in MessageKind:
        adapter.deliver(Message(id="a" * 32, kind=kind, negotiation="1", body=b"{}", queued_at=START), bank)
    assert [pairs["txnSubType"] for pairs in far_bank.seen] == ["01", "02", "03", "04", "05", "06"]
    assert set(SUB_TYPES) == set(MessageKind)
    assert {SUB_TYPES[MessageKind.COUNTER_OFFERED], SUB_TYPES[MessageKind.WITHDRAWN]} == {"03", "05"}


def test_a_retry_has_the_same_content_and_a_fresh_stamp(
    adapter: UnionPay, world: World, far_bank: FarBank, make_bank: MakeBank
) -> None:
    far_bank.respond = lambda _: (503, b"")
    with pytest.raises(TryAgain):
        adapter.deliver(MESSAGE, make_bank())
    far_bank.respond = far_bank.answer
    world.clock.at = START + timedelta(minutes=1)
    adapter.deliver(MESSAGE, make_bank())
    first, second = far_bank.seen
    changing = {"txnTime", "signature"}
    assert {name: first[name] for name in first if name not in changing} == {
        name: second[name] for name in second if name not in changing
    }
    assert (first["txnTime"], second["txnTime"]) == ("20261121100000", "20261121100100")


@pytest.mark.parametrize(("code", "error"), [("03", InProcess), ("04", InProcess), ("05", InProcess)])
def test_an_undecided_answer_is_asked_after_before_anything_is_sent_again(
    code: str, error: type[Exception], adapter: UnionPay, far_bank: FarBank, make_bank: MakeBank
) -> None:
    bank = make_bank()
    far_bank.codes = [code]
    with pytest.raises(error):
        adapter.deliver(MESSAGE, bank)
    again = Message(
        id=MESSAGE.id,
        kind=MESSAGE.kind,
        negotiation=MESSAGE.negotiation,
        body=MESSAGE.body,
        queued_at=START,
        in_process=True,
    )
    far_bank.codes = [code, "00"]
    with pytest.raises(InProcess):
        adapter.deliver(again, bank)
    adapter.deliver(again, bank)
    assert [pairs["txnSubType"] for pairs in far_bank.seen] == ["01", "00", "00"]
    assert {pairs["orderId"] for pairs in far_bank.seen} == {MESSAGE.id}
    # Of an order that is unknown after all, the same attempt makes one.
    far_bank.codes = ["34", "00"]
    adapter.deliver(again, bank)
    assert [pairs["txnSubType"] for pairs in far_bank.seen[3:]] == ["00", "01"]
    far_bank.codes = ["61"]
    with pytest.raises(RefusedForGood, match="respCode 61"):
        adapter.deliver(again, bank)


def test_any_other_code_is_a_refusal_for_good_that_repeats_no_words_of_the_bank(
    adapter: UnionPay, far_bank: FarBank, make_bank: MakeBank
) -> None:
    for code in ("01", "10", "12", "34", "99", "A1"):
        far_bank.codes = [code]
        with pytest.raises(RefusedForGood) as refusal:
            adapter.deliver(MESSAGE, make_bank())
        assert refusal.value.detail == f"respCode {code}"


def altered(**changes: str) -> Callable[[Pairs], Pairs]:
    return lambda pairs: {name: value for name, value in {**pairs, **changes}.items() if value}


@pytest.mark.parametrize(
    "change",
    [
        altered(merId="888"),
        altered(orderId="b" * 32),
        altered(txnSubType="00"),
        altered(txnSubType="11"),
        altered(respCode=""),
        altered(respCode="0"),
        altered(respCode="000"),
        altered(version="5.0.0"),
        altered(signMethod="12"),
        altered(certId="x"),
    ],
)
def test_an_answer_that_is_not_to_this_order_says_nothing(
    change: Callable[[Pairs], Pairs], adapter: UnionPay, far_bank: FarBank, make_bank: MakeBank
) -> None:
    far_bank.change = change
    with pytest.raises(TryAgain) as refusal:
        adapter.deliver(MESSAGE, make_bank())
    assert not isinstance(refusal.value, InProcess)


def test_an_answer_that_the_bank_did_not_sign_says_nothing(
    adapter: UnionPay, far_bank: FarBank, make_bank: MakeBank
) -> None:
    def right(asked: Pairs) -> Pairs:
        return dict(parse_qsl(far_bank.answer(asked)[1].decode()))

    answers: list[Callable[[Pairs], tuple[int, bytes]]] = [
        lambda _: (200, b""),
        lambda _: (200, "<html><body>系统维护中</body></html>".encode()),
        lambda _: (200, b'{"respCode": "00"}'),
        lambda asked: (200, urlencode({name: v for name, v in right(asked).items() if name != "signature"}).encode()),
        lambda asked: (200, urlencode({**right(asked), "queryId": "1"}).encode()),
        lambda asked: (200, urlencode(signed(right(asked), STRANGERS[RSA][0])).encode()),
        # Our own message, sent back.
        lambda asked: (200, urlencode(asked).encode()),
        lambda asked: (200, far_bank.answer(asked)[1] + b"&respCode=00"),
        lambda asked: (201, far_bank.answer(asked)[1]),
        lambda asked: (302, far_bank.answer(asked)[1]),
        lambda asked: (500, far_bank.answer(asked)[1]),
        lambda asked: (200, b"a=" + b"1" * 300_000),
    ]
    for number, respond in enumerate(answers):
        far_bank.respond = respond
        with pytest.raises(TryAgain):
            adapter.deliver(MESSAGE, make_bank())
        assert len(far_bank.seen) == number + 1


def test_a_bank_that_does_not_answer_is_tried_again(adapter: UnionPay, far_bank: FarBank, make_bank: MakeBank) -> None:
    def never(_: Pairs) -> tuple[int, bytes]:
        far_bank.ended.wait(20)
        return 200, b""

    far_bank.respond = never
    with pytest.raises(TryAgain):
        adapter.deliver(MESSAGE, make_bank())
    with pytest.raises(TryAgain):
        adapter.deliver(MESSAGE, make_bank(url="http://127.0.0.1:9"))


def test_more_pairs_in_a_signed_answer_do_no_harm(adapter: UnionPay, far_bank: FarBank, make_bank: MakeBank) -> None:
    far_bank.change = altered(queryId="202611211000000000001", traceNo="000001")
    adapter.deliver(MESSAGE, make_bank())


def test_the_bank_can_be_asked_what_it_has(adapter: UnionPay, far_bank: FarBank, make_bank: MakeBank) -> None:
    far_bank.codes = ["00", "34", "03", "05"]
    assert [adapter.ask(MESSAGE.id, make_bank()) for _ in range(4)] == [True, False, None, None]
    assert {pairs["txnSubType"] for pairs in far_bank.seen} == {"00"}
    assert all("reqReserved" not in pairs for pairs in far_bank.seen)
    far_bank.codes = ["10"]
    with pytest.raises(TryAgain):
        adapter.ask(MESSAGE.id, make_bank())


def test_while_the_banks_key_changes_both_count(
    adapter: UnionPay, far_bank: FarBank, make_bank: MakeBank, key_files: Path
) -> None:
    both = f"{key_files / 'rsa-strangers-public'}, {key_files / 'rsa-theirs-public'}"
    adapter.deliver(MESSAGE, make_bank(bank_public_key=both))
    adapter.read(a_notice(), make_bank(bank_public_key=both))
    with pytest.raises(TryAgain):
        adapter.deliver(MESSAGE, make_bank(bank_public_key=str(key_files / "rsa-strangers-public")))


def test_a_key_file_that_was_exchanged_counts_at_once(adapter: UnionPay, make_bank: MakeBank, key_files: Path) -> None:
    bank = make_bank()
    adapter.deliver(MESSAGE, bank)
    (key_files / "rsa-theirs-public").write_bytes(STRANGERS[RSA][1])
    with pytest.raises(TryAgain):
        adapter.deliver(MESSAGE, bank)


def test_keys_that_do_not_fit_the_method_hold_the_message_and_name_the_setting(
    adapter: UnionPay, far_bank: FarBank, make_bank: MakeBank, key_files: Path
) -> None:
    for settings, named in [
        ({"our_private_key": str(key_files / "sm2-ours")}, "our_private_key"),
        ({"bank_public_key": str(key_files / "sm2-theirs-public")}, "bank_public_key"),
        ({"our_private_key": str(key_files / "gone")}, "our_private_key"),
    ]:
        with pytest.raises(TryAgain, match=named):
            adapter.deliver(MESSAGE, make_bank(**settings))
    with pytest.raises(Unusable, match="bank_public_key"):
        adapter.read(a_notice(), make_bank(bank_public_key=str(key_files / "gone")))
    assert far_bank.seen == []


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


def a_notice(method: SignMethod = RSA, **changes: str) -> Incoming:
    return incoming(signed(notice_pairs(signMethod=method.value, **changes), THEIRS[method][0], method))


@pytest.mark.parametrize("method", list(SignMethod))
def test_a_notice_is_read(method: SignMethod, adapter: UnionPay, make_bank: MakeBank) -> None:
    bank = make_bank(sign_method=method.value)
    said = adapter.read(a_notice(method), bank)
    assert (said.id, said.type) == ("EVENT0000001", EventType.MESSAGE)
    assert json.loads(said.content) == {"negotiation": "1" * 32, "data": {"text": "您好"}}
    # Stamped and signed again it is the same; another type is another content.
    assert adapter.read(a_notice(method, txnTime="20261121100500"), bank).digest == said.digest
    assert adapter.read(a_notice(method, txnSubType="11"), bank).digest != said.digest


def test_each_event_has_its_own_number(adapter: UnionPay, make_bank: MakeBank) -> None:
    told = [adapter.read(a_notice(txnSubType=number), make_bank()).type for number in ("11", "12", "13", "14", "15")]
    assert told == ["acknowledged", "evidence_requested", "offered", "rejected", "message"]
    assert set(EVENT_TYPES.values()) == set(EventType)


@pytest.mark.parametrize(
    ("notice", "code"),
    [
        (incoming(notice_pairs()), "signature_missing"),
        (incoming(signed(notice_pairs(), STRANGERS[RSA][0])), "signature_wrong"),
        (incoming(signed(notice_pairs(), OURS[RSA][0])), "signature_wrong"),
        (incoming({**signed(notice_pairs(), THEIRS[RSA][0]), "respCode": "00"}), "signature_wrong"),
        (a_notice(SM2), "sign_method_other"),
        (incoming(signed(notice_pairs(signMethod="12"), THEIRS[RSA][0])), "sign_method_other"),
        (incoming(signed(notice_pairs(signMethod="11"), THEIRS[RSA][0])), "sign_method_other"),
        (a_notice(version="5.0.0"), "version_other"),
        (a_notice(merId="777290058110049"), "merchant_unknown"),
        (a_notice(merId=""), "merchant_unknown"),
        (a_notice(txnTime="20261114095959"), "stamp_old"),
        (a_notice(txnTime="20261121101001"), "stamp_ahead"),
        (a_notice(txnTime=""), "stamp_form"),
        (a_notice(txnTime="2026"), "stamp_form"),
    ],
)
def test_a_notice_that_is_not_certain_is_refused(
    notice: Incoming, code: str, adapter: UnionPay, make_bank: MakeBank
) -> None:
    with pytest.raises(CallRefused) as refusal:
        adapter.read(notice, make_bank())
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"txnSubType": "01"}, "/txnSubType"),
        ({"txnType": "01"}, "/txnType"),
        ({"orderId": "1"}, "/orderId"),
        ({"reqReserved": ""}, "/reqReserved"),
        ({"reqReserved": "?"}, "/reqReserved"),
        ({"settleKey": "1"}, "/settleKey"),
    ],
)
def test_a_notice_with_a_wrong_pair_is_refused_by_its_name(
    changes: Pairs, pointer: str, adapter: UnionPay, make_bank: MakeBank
) -> None:
    with pytest.raises(Refused) as refusal:
        adapter.read(a_notice(**changes), make_bank())
    assert [fault.pointer for fault in refusal.value.faults] == [pointer]


def test_a_notice_that_is_no_form_is_malformed(adapter: UnionPay, make_bank: MakeBank) -> None:
    right = a_notice()
    for body, media_type in [
        (right.body + b"&merId=1", FORM),
        (right.body, "application/json"),
        (b"", FORM),
        (b"\xff", FORM),
    ]:
        with pytest.raises(Malformed):
            adapter.read(Incoming(headers={}, body=body, content_type=media_type), make_bank())


@pytest.mark.parametrize(
    ("refusal", "status", "code"),
    [
        (None, 200, "00"),
        (Refusal(code="invalid_input", text="/data/text: required", status=422), 422, "10"),
        (Refusal(code="json_syntax", text="", status=400), 400, "10"),
        (Refusal(code="event_id_reused", text="", status=409), 409, "12"),
        (Refusal(code="status_conflict", text="", status=409), 409, "02"),
        (Refusal(code="not_found", text="", status=404), 404, "34"),
        (Refusal(code="stamp_old", text="", status=401), 401, "10"),
        (Refusal(code="signature_wrong", text="", status=401), 401, "01"),
        (Refusal(code="unavailable", text="", status=503), 503, "01"),
    ],
)
def test_a_notice_is_answered_with_our_signature(
    refusal: Refusal | None, status: int, code: str, adapter: UnionPay, make_bank: MakeBank
) -> None:
    for method in SignMethod:
        answer = adapter.answer(a_notice(method), make_bank(sign_method=method.value), refusal)
        told = dict(parse_qsl(answer.body.decode(), strict_parsing=True))
        assert (answer.status, told["respCode"], answer.content_type) == (status, code, FORM)
        assert {name: told[name] for name in ("merId", "orderId", "txnSubType", "txnTime", "certId")} == {
            "merId": MER_ID,
            "orderId": "EVENT0000001",
            "txnSubType": "15",
            "txnTime": "20261121100000",
            "certId": "68759663125",
        }
        assert verifier_of(method, OURS[method][1]).is_signed(text_of(told), told["signature"])


def test_no_answer_of_ours_can_pass_for_a_message_of_ours(adapter: UnionPay, make_bank: MakeBank) -> None:
    refusal = Refusal(code="signature_wrong", text="", status=401)
    for number in ("00", *SUB_TYPES.values(), "99"):
        answer = adapter.answer(incoming(notice_pairs(txnSubType=number)), make_bank(), refusal)
        assert "txnSubType" not in dict(parse_qsl(answer.body.decode()))
    unreadable = adapter.answer(Incoming(headers={}, body=b"\xff", content_type=FORM), make_bank(), refusal)
    told = dict(parse_qsl(unreadable.body.decode()))
    assert (told["merId"], told["respCode"]) == (MER_ID, "01")
    assert verifier_of(RSA, OURS[RSA][1]).is_signed(text_of(told), told["signature"])


def test_settings_are_checked_when_they_are_set(adapter: UnionPay, key_files: Path) -> None:
    right = {
        "mer_id": MER_ID,
        "cert_id": "1",
        "sign_method": "12",
        "our_private_key": str(key_files / "sm2-ours"),
        "bank_public_key": f"{key_files / 'sm2-theirs-public'},{key_files / 'rsa-theirs-public'}",
        "url": "http://127.0.0.1/",
    }
    for name, text in right.items():
        adapter.settings[name](text)
    assert set(adapter.settings) == set(right)
    wrong = [
        ("mer_id", "a&b", "mer_id_form"),
        ("cert_id", "0x1", "cert_id_form"),
        ("sign_method", "11", "sign_method_unknown"),
        ("our_private_key", str(key_files / "gone"), "file_unreadable"),
        ("our_private_key", str(key_files), "file_unreadable"),
        ("our_private_key", "/dev/zero", "file_unreadable"),
        ("our_private_key", "a\0b", "file_unreadable"),
        ("our_private_key", str(key_files / "rsa-theirs-public"), "private_key_form"),
        ("bank_public_key", str(key_files / "rsa-ours"), "public_key_form"),
        ("bank_public_key", " , ", "public_key_form"),
        ("bank_public_key", f"{key_files / 'rsa-theirs-public'},{key_files / 'gone'}", "file_unreadable"),
    ]
    for name, text, code in wrong:
        with pytest.raises(InvalidValue) as refusal:
            adapter.settings[name](text)
        assert refusal.value.code == code, (name, text)
    assert private_key_file(right["our_private_key"]) == right["our_private_key"]
    assert len(public_key_files(right["bank_public_key"])) == 2


def test_a_stamp_is_chinas_time() -> None:
    assert stamp(START) == "20261121100000"
