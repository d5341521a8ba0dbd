"""A bank's notices in signed pairs: whose they are, what they say, and how they are answered."""

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest

from hub.banks.adapters.unionpay import EVENT_TYPES, SUB_TYPES, UnionPay
from hub.banks.pairs.signers import SignMethod, verifier_of
from hub.banks.port import Incoming, Refusal
from hub.domain.bank_event import EventType
from hub.domain.errors import (
    CallRefused,
    Malformed,
    Refused,
)
from tests.banks.unionpay_far import (
    FORM,
    MER_ID,
    OURS,
    RSA,
    SM2,
    STRANGERS,
    THEIRS,
    MakeBank,
    a_notice,
    adapter,
    far_bank,
    incoming,
    key_files,
    make_bank,
    notice_pairs,
    signed,
    text_of,
    world,
)

__all__ = ["adapter", "far_bank", "key_files", "make_bank", "world"]

pytestmark = pytest.mark.slow


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
    changes: dict[str, Any], pointer: str, adapter: UnionPay, make_bank: MakeBank
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
