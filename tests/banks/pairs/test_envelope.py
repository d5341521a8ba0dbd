"""The envelope of pairs: what is signed, what is read, and what is refused; vectors put together by hand."""

import base64
import hashlib
import string
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from hypothesis import given
from hypothesis import strategies as st

from hub.banks.pairs import envelope
from hub.banks.pairs.signers import SignMethod, Verifier, new_keys, signer_of, verifier_of
from hub.domain.errors import CallRefused, InvalidValue, Malformed

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
KEYS = {method: new_keys(method) for method in SignMethod}
OTHERS = {method: new_keys(method) for method in SignMethod}
HEADING = {
    "txnSubType": "01",
    "merId": "777290058110048",
    "orderId": "0192f0c0ffee4000a000000000000001",
    "txnTime": "20261121100000",
    "currencyCode": "156",
    "txnAmt": "1908200",
    "reqReserved": "eyJhIjoi546LPSJ9",
}
CANONICAL = (
    "accessType=2&bizType=000000&certId=68759663125&channelType=08&currencyCode=156&encoding=UTF-8"
    "&merId=777290058110048&orderId=0192f0c0ffee4000a000000000000001&reqReserved=eyJhIjoi546LPSJ9"
    "&signMethod=01&txnAmt=1908200&txnSubType=01&txnTime=20261121100000&txnType=90&version=5.1.0"
)

names = st.text(string.ascii_letters + string.digits + "_", min_size=1, max_size=6).filter(
    lambda name: name[0].isalpha()
)
values = st.text(st.characters(exclude_characters="&", exclude_categories=["Cs"]), min_size=1, max_size=8)
# Values as an attacker would choose them, to make one map's text another's.
tricky = st.sampled_from(["a", "=", "a=b", "b=a", " ", "%26", "a=1", "="])
maps = st.dictionaries(names.filter(lambda name: name != "signature"), values | tricky, max_size=5)


def verifier(method: SignMethod = SignMethod.RSA) -> list[Verifier]:
    return [verifier_of(method, KEYS[method][1])]


def a_message(method: SignMethod = SignMethod.RSA, **changes: str) -> dict[str, str]:
    """The pairs of a message that came, signed by an independent hand where the method is RSA."""
    body = envelope.signed({**HEADING, **changes}, signer_of(method, KEYS[method][0]), cert_id="68759663125")
    return envelope.parse(body)


def signed_by_hand(pairs: dict[str, str]) -> str:
    """The signature of method 01, from the words of the specification and nothing of the hub's."""
    text = "&".join(f"{name}={pairs[name]}" for name in sorted(pairs) if pairs[name] and name != "signature")
    inner = hashlib.sha256(text.encode()).hexdigest()
    key = serialization.load_pem_private_key(KEYS[SignMethod.RSA][0], password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return base64.b64encode(key.sign(inner.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()


def test_the_text_that_is_signed_is_that_of_the_specification() -> None:
    message = a_message(reserved="")
    assert envelope.canonical(message).decode() == CANONICAL
    assert message["signature"] == signed_by_hand(message)


def test_keys_are_sorted_by_their_bytes_and_empty_values_left_out() -> None:
    assert (
        envelope.canonical({"b": "1", "B": "2", "a_": "", "signature": "x", "aB": "3", "ab": "="})
        == b"B=2&aB=3&ab==&b=1"
    )


@given(maps, maps)
def test_two_different_maps_never_give_one_text(one: dict[str, str], other: dict[str, str]) -> None:
    assert (envelope.canonical(one) == envelope.canonical(other)) == (one == other)


@given(maps)
def test_the_text_can_be_read_back_in_one_way_only(pairs: dict[str, str]) -> None:
    text = envelope.canonical(pairs).decode()
    assert dict(part.split("=", 1) for part in text.split("&") if part) == pairs


@pytest.mark.parametrize("pairs", [{"a": "1&b=2"}, {"a=1&b": "2"}, {"a=b": "c"}, {"": "x"}, {"a b": "c"}, {"王": "c"}])
def test_nothing_is_signed_that_two_maps_could_mean(pairs: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        envelope.canonical(pairs)


@given(maps.filter(bool))
def test_what_is_spelt_is_read_again_by_us_and_by_others(pairs: dict[str, str]) -> None:
    body = envelope.spelt(pairs)
    assert envelope.parse(body) == pairs
    assert dict(parse_qsl(body.decode(), strict_parsing=True)) == pairs


@given(maps.filter(bool))
@pytest.mark.parametrize("spell", [urlencode, lambda pairs: urlencode(pairs, quote_via=quote)])
def test_what_others_spell_is_read(spell: Callable[[dict[str, str]], str], pairs: dict[str, str]) -> None:
    assert envelope.parse(spell(pairs).encode()) == pairs


@pytest.mark.parametrize(
    ("body", "pairs"),
    [
        (b"a=1&b=2", {"a": "1", "b": "2"}),
        (b"a=b=c==", {"a": "b=c=="}),
        (b"a=&b=2", {"b": "2"}),
        (b"a=x+y%2B%20z", {"a": "x y+ z"}),
        # Decoded once: what is still an escape afterwards stays one.
        (b"a=%2541%2526", {"a": "%41%26"}),
        (b"%61=1", {"a": "1"}),
        ("a=" + quote("王小明"), {"a": "王小明"}),
    ],
)
def test_pairs_are_decoded_once(body: bytes | str, pairs: dict[str, str]) -> None:
    assert envelope.parse(body.encode() if isinstance(body, str) else body) == pairs


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "pairs_form"),
        (b"a", "pairs_form"),
        (b"a=1&", "pairs_form"),
        (b"&a=1", "pairs_form"),
        (b"a=1&&b=2", "pairs_form"),
        (b"a=1\n", "pairs_form"),
        (b"a=%zz", "pairs_form"),
        (b"a=%2", "pairs_form"),
        (b"a=\xe7\x8e\x8b", "pairs_form"),
        (b'{"a": 1}', "pairs_form"),
        (b"&".join(b"a%d=1" % number for number in range(65)), "pairs_form"),
        (b"a=1&b=2&a=1", "pair_twice"),
        (b"a=1&%61=2", "pair_twice"),
        (b"a=&a=2", "pair_twice"),
        (b"a=1%26b=2", "pair_ampersand"),
        (b"a=%26", "pair_ampersand"),
        (b"=1", "pair_name"),
        (b"a%3Db=1", "pair_name"),
        (b"a%26b=1", "pair_name"),
        (b"%20a=1", "pair_name"),
        (b"a=%ff", "pairs_encoding"),
        (b"a=%ed%a0%80", "pairs_encoding"),
    ],
)
def test_a_form_that_two_readers_could_read_differently_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(Malformed) as refusal:
        envelope.parse(body)
    assert refusal.value.code == code


@given(st.binary(max_size=60))
def test_rubbish_is_malformed_or_pairs(body: bytes) -> None:
    try:
        pairs = envelope.parse(body)
    except Malformed:
        return
    assert envelope.parse(envelope.spelt(pairs) or b"a=") == pairs


@pytest.mark.parametrize("method", list(SignMethod))
def test_every_pair_is_signed(method: SignMethod) -> None:
    message = a_message(method)
    envelope.require_signed(message, verifier(method))
    for name in set(message) - {"signature"}:
        for changed in ({**message, name: message[name] + "0"}, {key: message[key] for key in message if key != name}):
            with pytest.raises(CallRefused):
                envelope.require_signed(changed, verifier(method))
    for name in ("respCode", "txnamt", "Signature", "a"):
        with pytest.raises(CallRefused, match="signature_wrong"):
            envelope.require_signed({**message, name: "00"}, verifier(method))


def test_pairs_cannot_be_moved_from_one_value_into_the_next() -> None:
    message = a_message()
    moved = {**message, "certId": message["certId"] + "&channelType=08"}
    del moved["channelType"]
    with pytest.raises((CallRefused, Malformed)):
        envelope.require_signed(moved, verifier())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"version": "5.0.0"}, "version_other"),
        ({"version": "5.1.1"}, "version_other"),
        ({"encoding": "GBK"}, "encoding_other"),
        ({"signMethod": "12"}, "sign_method_other"),
        ({"signMethod": "11"}, "sign_method_other"),
        ({"signMethod": "none"}, "sign_method_other"),
        ({"certId": "AB CD"}, "cert_id_form"),
        ({"certId": "9" * 65}, "cert_id_form"),
    ],
)
def test_a_heading_that_is_not_ours_is_refused_however_well_signed(changes: dict[str, str], code: str) -> None:
    message = {**a_message(), **changes}
    message["signature"] = signed_by_hand(message)
    with pytest.raises(CallRefused) as refusal:
        envelope.require_signed(message, verifier())
    assert refusal.value.code == code


@pytest.mark.parametrize("cert_id", ["1", "4A:0F:9c", "bank-2026.key_1", "9" * 64])
def test_a_certificate_has_whatever_number_its_owner_gave_it(cert_id: str) -> None:
    message = {**a_message(), "certId": cert_id}
    envelope.require_signed({**message, "signature": signed_by_hand(message)}, verifier())
    assert envelope.check_cert_id(cert_id) == cert_id


def test_the_message_does_not_choose_the_method() -> None:
    with_sm2 = a_message(SignMethod.SM2)
    envelope.require_signed(with_sm2, verifier(SignMethod.SM2))
    with pytest.raises(CallRefused, match="sign_method_other"):
        envelope.require_signed(with_sm2, verifier(SignMethod.RSA))
    pretended = {**a_message(), "signMethod": "12"}
    pretended["signature"] = signed_by_hand(pretended)
    with pytest.raises(CallRefused, match="signature_wrong"):
        envelope.require_signed(pretended, verifier(SignMethod.SM2))


def test_another_keys_signature_and_none_at_all_are_refused() -> None:
    message = a_message()
    with pytest.raises(CallRefused, match="signature_wrong"):
        envelope.require_signed(message, [verifier_of(SignMethod.RSA, OTHERS[SignMethod.RSA][1])])
    del message["signature"]
    with pytest.raises(CallRefused, match="signature_missing"):
        envelope.require_signed(message, verifier())


def test_while_keys_change_either_of_two_counts() -> None:
    both = [verifier_of(SignMethod.RSA, keys[SignMethod.RSA][1]) for keys in (OTHERS, KEYS)]
    envelope.require_signed(a_message(), both)


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"txnType": "01"}, "/txnType", "pair_fixed"),
        ({"bizType": "000201"}, "/bizType", "pair_fixed"),
        ({"channelType": "07"}, "/channelType", "pair_fixed"),
        ({"accessType": "0"}, "/accessType", "pair_fixed"),
        ({"currencyCode": "840"}, "/currencyCode", "pair_fixed"),
        ({"txnSubType": "11"}, "/txnSubType", "unknown_choice"),
        ({"orderId": "1234567"}, "/orderId", "order_id_form"),
        ({"orderId": "1" * 33}, "/orderId", "order_id_form"),
        ({"orderId": "1234-5678"}, "/orderId", "order_id_form"),
        ({"txnAmt": "1.00"}, "/txnAmt", "amount_form"),
        ({"txnAmt": "-1"}, "/txnAmt", "amount_form"),
        ({"txnTime": ""}, "/txnTime", "required"),
        ({"merId": ""}, "/merId", "required"),
        ({"bizType": ""}, "/bizType", "required"),
        ({"riskRateInfo": "1"}, "/riskRateInfo", "unknown_field"),
    ],
)
def test_every_pair_has_its_form(changes: dict[str, str], pointer: str, code: str) -> None:
    pairs = {name: value for name, value in {**a_message(), **changes}.items() if value}
    assert [(each.pointer, each.code) for each in envelope.faults_of(pairs, sub_types=("00", "01"))] == [
        (pointer, code)
    ]
    assert envelope.faults_of(a_message(), sub_types=("00", "01")) == []


def test_all_faults_are_told_at_once() -> None:
    faults = envelope.faults_of({"txnType": "1", "x": "1"}, sub_types=("00",))
    assert len(faults) == len(envelope.NEEDED) - 1 + 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("20261121100000", None),
        ("20261114100000", None),
        ("20261121101000", None),
        ("20261114095959", "stamp_old"),
        ("20261121101001", "stamp_ahead"),
        ("20250101000000", "stamp_old"),
        ("20270101000000", "stamp_ahead"),
        ("2026112110000", "stamp_form"),
        ("20261321100000", "stamp_form"),
        ("20261131100000", "stamp_form"),
        ("20261121106000", "stamp_form"),
        ("2026-11-21T10:0", "stamp_form"),
        ("00010101000000", "stamp_form"),
        ("99991231235959", "stamp_ahead"),
        ("２０２６１１２１１００００", "stamp_form"),
        ("", "stamp_form"),
    ],
)
def test_a_time_counts_for_seven_days_and_ten_minutes_ahead(text: str, code: str | None) -> None:
    if code is None:
        envelope.check_stamp(text, NOW)
        return
    with pytest.raises(InvalidValue) as refusal:
        envelope.check_stamp(text, NOW)
    assert refusal.value.code == code


@given(st.integers(0, 10**9))
def test_our_own_stamps_are_good(seconds: int) -> None:
    at = NOW + timedelta(seconds=seconds)
    envelope.check_stamp(envelope.stamp(at), at)
    envelope.check_stamp(envelope.stamp(at), at + timedelta(days=6, hours=23))


def test_an_answer_repeats_only_what_has_its_form() -> None:
    given_pairs = {
        "txnSubType": "05",
        "merId": "a&b",
        "orderId": "12345678",
        "txnTime": "yesterday",
        "reqReserved": "x",
    }
    assert envelope.echo(given_pairs, sub_types=("11", "12")) == {"orderId": "12345678"}
    assert envelope.echo(HEADING, sub_types=("01",)) == {
        name: HEADING[name] for name in ("txnSubType", "merId", "orderId", "txnTime")
    }


def test_words_are_fit_to_be_a_value() -> None:
    assert envelope.resp_msg("a&b\n\0王\ud800" + "x" * 500) == "a＆b王" + "x" * 196


@pytest.mark.parametrize("text", ["%%%", "YQ", "YQ==\n", "王", "Y Q==", "-_-_"])
def test_content_is_strict_base64(text: str) -> None:
    with pytest.raises(InvalidValue, match="base64_form"):
        envelope.content_of({"reqReserved": text})
    assert envelope.content_of({"reqReserved": envelope.reserved("王".encode())}) == "王".encode()


def test_the_digest_is_that_of_the_content_alone() -> None:
    message = a_message()
    again = {**message, "txnTime": "20261122100000", "signature": "other", "certId": "1", "orderId": "99999999"}
    assert envelope.digest_of(again) == envelope.digest_of(message)
    for name in ("txnSubType", "reqReserved", "txnAmt"):
        assert envelope.digest_of({**message, name: "02"}) != envelope.digest_of(message)
