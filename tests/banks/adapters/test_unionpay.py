"""The adapter of signed pairs against a bank of its own on loopback."""

import base64
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest

from hub.banks.adapters.unionpay import SUB_TYPES, UnionPay, private_key_file, public_key_files
from hub.banks.catalogue import Catalogue
from hub.banks.pairs.envelope import stamp
from hub.banks.pairs.signers import SignMethod, verifier_of
from hub.banks.port import Message
from hub.domain.delivery import MessageKind
from hub.domain.errors import (
    InProcess,
    InvalidValue,
    RefusedForGood,
    TryAgain,
    Unusable,
)
from tests.banks.unionpay_far import (
    MER_ID,
    MESSAGE,
    OURS,
    RSA,
    SM2,
    STRANGERS,
    FarBank,
    MakeBank,
    Pairs,
    World,
    a_notice,
    adapter,
    far_bank,
    key_files,
    make_bank,
    signed,
    text_of,
    world,
)
from tests.conftest import START

__all__ = ["adapter", "far_bank", "key_files", "make_bank", "world"]

pytestmark = pytest.mark.slow

NAMES = {SignMethod.RSA: "rsa", SignMethod.SM2: "sm2"}


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
    # Those between are what banks say.
    numbers = [f"{number:02d}" for number in (*range(1, 10), *range(20, 30))]
    assert [pairs["txnSubType"] for pairs in far_bank.seen] == numbers
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
        altered(certId="x y"),
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
    # It was taken by the first answer: nothing was sent again, and nothing asked after.
    assert len(far_bank.seen) == 1


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
        ("cert_id", "0x1/", "cert_id_form"),
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


def test_keys_fit_the_method_that_is_set_or_will_be(adapter: UnionPay, key_files: Path) -> None:
    catalogue = Catalogue([adapter])

    def keys(ours: SignMethod, *theirs: SignMethod) -> dict[str, str]:
        of_theirs = ",".join(str(key_files / f"{NAMES[each]}-theirs-public") for each in theirs)
        return {"our_private_key": str(key_files / f"{NAMES[ours]}-ours"), "bank_public_key": of_theirs}

    here = {"url": "http://127.0.0.1/", "mer_id": MER_ID, "cert_id": "1", **keys(RSA, RSA)}
    catalogue.check_settings("unionpay", here)
    catalogue.check_settings("unionpay", {"sign_method": "12", **keys(SM2, SM2)}, beside=here)
    # Something else is set although a key file is away today.
    away = {**here, "bank_public_key": str(key_files / "gone")}
    catalogue.check_settings("unionpay", {"cert_id": "2"}, beside=away)
    of = {"private_key": "our_private_key", "public_key": "bank_public_key"}
    for changed, form, method in [
        ({"sign_method": "12"}, "private_key", SM2),
        (keys(SM2, SM2), "private_key", RSA),
        ({"bank_public_key": keys(RSA, RSA, SM2)["bank_public_key"]}, "public_key", RSA),
        ({"sign_method": "12", "our_private_key": keys(SM2)["our_private_key"]}, "public_key", SM2),
    ]:
        with pytest.raises(InvalidValue) as refusal:
            catalogue.check_settings("unionpay", changed, beside=here)
        assert refusal.value.code == f"{form}_form", changed
        assert refusal.value.params == {"key": of[form], "sign_method": method}, changed


def test_a_stamp_is_chinas_time() -> None:
    assert stamp(START) == "20261121100000"
