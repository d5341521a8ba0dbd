"""The simulated bank of signed pairs: its keys, and what it makes of messages that are not right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from hub.banks.adapters.unionpay import UnionPay
from hub.banks.outgoing import OutgoingHttp, Reach
from hub.banks.pairs import envelope
from hub.banks.pairs.signers import SignMethod, new_keys, signer_of
from hub.banks.port import HttpAnswer, Message
from hub.banks.simulator.port import Place
from hub.banks.simulator.unionpay import UnionPaySide
from hub.domain.bank import Bank
from hub.domain.bank_settings import read_rules
from hub.domain.clock import FixedClock
from hub.domain.delivery import MessageKind
from hub.domain.errors import InProcess, InvalidValue, RefusedForGood, TryAgain, Unusable
from tests.banks.joined import FarBank, far_bank
from tests.banks.unionpay_far import World

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
HTTP = OutgoingHttp(Reach(loopback=True), answer_s=30)
MESSAGE = Message(
    id="0193a000000070008000000000000001",
    kind=MessageKind.MESSAGE,
    negotiation="1" * 32,
    body=b'{"negotiation":"1","text":"1"}',
    queued_at=NOW,
)


@pytest.fixture
def far(tmp_path: Path) -> Iterator[FarBank]:
    clock = FixedClock(NOW)
    folder = tmp_path / "bank"
    with far_bank("unionpay", "01020000", folder, hub_url="http://127.0.0.1:9", clock=clock, business=clock) as bank:
        yield bank


def place(folder: Path, **given: str) -> Place:
    folder.mkdir(exist_ok=True)
    return Place(
        code="01020000",
        port=0,
        folder=folder,
        hub_url="http://127.0.0.1:9",
        http=HTTP,
        clock=FixedClock(NOW),
        given=given,
    )


def bank_of(settings: dict[str, str]) -> Bank:
    return Bank(
        code="01020000", name_zh="行", name_en="B", adapter="unionpay", settings=settings, rules=read_rules(settings)
    )


def post(far: FarBank, body: bytes) -> HttpAnswer:
    return HTTP.post(far.settings["url"], body, {"Content-Type": envelope.MEDIA_TYPE})


def test_what_is_not_signed_or_not_fresh_is_refused_and_noted(far: FarBank) -> None:
    settings = far.settings
    ours = signer_of(SignMethod.RSA, Path(settings["our_private_key"]).read_bytes())
    stranger = signer_of(SignMethod.RSA, new_keys(SignMethod.RSA)[0])
    heading = {"txnSubType": "00", "merId": settings["mer_id"], "orderId": MESSAGE.id, "txnTime": envelope.stamp(NOW)}
    assert post(far, envelope.signed(heading, ours, cert_id="1")).status == 200
    for body, why in [
        (envelope.signed(heading, stranger, cert_id="1"), "signature_wrong"),
        (envelope.signed({**heading, "merId": "other"}, ours, cert_id="1"), "merchant_unknown"),
        (envelope.signed({**heading, "txnTime": "20250101000000"}, ours, cert_id="1"), "stamp_old"),
        (b"hello", "pairs_form"),
    ]:
        assert post(far, body).status == 401
        assert far.wrote("notice")[-1]["why"] == why
    wrong_pair = envelope.signed({**heading, "txnType": "01"}, ours, cert_id="1")
    assert dict(parse_qsl(post(far, wrong_pair).body.decode()))["respCode"] == "10"
    no_content = envelope.signed({**heading, "txnSubType": "01"}, ours, cert_id="1")
    assert dict(parse_qsl(post(far, no_content).body.decode()))["respCode"] == "10"
    assert far.wrote("came") == []


def test_it_can_be_undecided_until_it_is_asked_again(far: FarBank) -> None:
    adapter = UnionPay(World())  # type: ignore[arg-type]
    bank = bank_of(far.settings)
    far.behave("silent", "in-process=2")
    with pytest.raises(InProcess):
        adapter.deliver(MESSAGE, bank)
    assert [adapter.ask(MESSAGE.id, bank), adapter.ask(MESSAGE.id, bank)] == [None, True]
    assert adapter.ask("f" * 32, bank) is False
    far.behave("silent", "refuse=61")
    with pytest.raises(RefusedForGood, match="respCode 61"):
        adapter.deliver(MESSAGE, bank)
    far.behave("silent", "fail")
    with pytest.raises(TryAgain, match="HTTP 503"):
        adapter.deliver(MESSAGE, bank)


@pytest.mark.parametrize("method", list(SignMethod))
def test_a_bank_that_starts_again_has_its_keys_still(method: SignMethod, tmp_path: Path) -> None:
    first = UnionPaySide(place(tmp_path / "bank", sign_method=method.value)).joining.settings
    assert first["sign_method"] == method.value
    for name in ("our_private_key", "bank_public_key"):
        assert Path(first[name]).is_absolute()
    assert Path(first["our_private_key"]).stat().st_mode & 0o077 == 0
    again = UnionPaySide(place(tmp_path / "bank", **first)).joining.settings
    assert {name: again[name] for name in again if name != "url"} == {
        name: first[name] for name in first if name != "url"
    }


def test_a_bank_whose_private_key_is_elsewhere_says_so(tmp_path: Path) -> None:
    first = UnionPaySide(place(tmp_path / "bank")).joining.settings
    with pytest.raises(Unusable, match="bank_public_key"):
        UnionPaySide(place(tmp_path / "elsewhere", **first))
    with pytest.raises(InvalidValue):
        UnionPaySide(place(tmp_path / "bank", our_private_key=str(tmp_path / "gone")))
    with pytest.raises(InvalidValue):
        UnionPaySide(place(tmp_path / "bank", sign_method="11"))
