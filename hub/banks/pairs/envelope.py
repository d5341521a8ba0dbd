"""The envelope of `key=value` pairs after UnionPay's 5.1.0: read strictly from bytes, put together, signed, verified.

Pairs without a value are none: they are not signed, so nothing may depend on them.
"""

import base64
import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote_plus

from hub.banks.pairs.signers import Signer, SignMethod, Verifier
from hub.domain.china import CHINA
from hub.domain.errors import CallRefused, Fault, InvalidValue, Malformed

Pairs = Mapping[str, str]

MEDIA_TYPE: Final = "application/x-www-form-urlencoded"
VERSION: Final = "5.1.0"
ENCODING: Final = "UTF-8"
# What always stands in a message of this kind.
FIXED: Final[Pairs] = {
    "version": VERSION,
    "encoding": ENCODING,
    "txnType": "90",
    "bizType": "000000",
    "channelType": "08",
    "accessType": "2",
}
NEEDED: Final = frozenset(
    {*FIXED, "signMethod", "certId", "txnSubType", "merId", "orderId", "txnTime", "signature"},
)
KNOWN: Final = NEEDED | {"currencyCode", "txnAmt", "reqReserved"}
OLDEST: Final = timedelta(days=7)
AHEAD: Final = timedelta(minutes=10)
QUERY: Final = "00"
# `respCode`.
TAKEN: Final = "00"
FAILED: Final = "01"
NOT_NOW: Final = "02"
BAD_INPUT: Final = "10"
ID_REUSED: Final = "12"
UNKNOWN_ORDER: Final = "34"
ASK_AGAIN: Final = frozenset({"03", "04", "05"})

_MOST_PAIRS: Final = 64
_MOST_RESP_MSG: Final = 200
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_WIRE: Final = re.compile(rb"(?:[!$&'()*+,./:;=?@_~0-9A-Za-z-]|%[0-9A-Fa-f]{2})*")
_ESCAPE: Final = re.compile(rb"%([0-9A-Fa-f]{2})")
# A serial number, in decimal or not, or a name that both sides gave the key: nothing is made of it.
_CERT_ID: Final = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_MER_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,32}")
_ORDER_ID: Final = re.compile(r"[A-Za-z0-9]{8,32}")
_SUB_TYPE: Final = re.compile(r"[0-9]{2}")
_TIME: Final = re.compile(r"[0-9]{14}")
_AMOUNT: Final = re.compile(r"[0-9]{1,15}")


def parse(body: bytes) -> dict[str, str]:
    """The pairs that the bytes spell, decoded once; those without a value are left out.

    Raises `Malformed`: `pairs_form`, `pairs_encoding`, `pair_name`, `pair_twice`, `pair_ampersand`.
    """
    if not body or not _WIRE.fullmatch(body):
        raise Malformed("pairs_form")
    parts = body.split(b"&")
    if len(parts) > _MOST_PAIRS:
        raise Malformed("pairs_form")
    pairs: dict[str, str] = {}
    for part in parts:
        name, equals, value = part.partition(b"=")
        if not equals:
            raise Malformed("pairs_form")
        if (key := _decoded(name)) in pairs:
            raise Malformed("pair_twice")
        pairs[key] = _decoded(value)
    _require_spelling(pairs)
    return {name: value for name, value in pairs.items() if value}


def _decoded(wire: bytes) -> str:
    raw = _ESCAPE.sub(lambda match: bytes.fromhex(match[1].decode()), wire.replace(b"+", b" "))
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise Malformed("pairs_encoding") from error


def _require_spelling(pairs: Pairs) -> None:
    """Nothing that would make two maps of pairs one text."""
    for name, value in pairs.items():
        if not _NAME.fullmatch(name):
            raise Malformed("pair_name")
        if "&" in value:
            raise Malformed("pair_ampersand")


def canonical(pairs: Pairs) -> bytes:
    """What is signed: no two maps of pairs with values have the same; raises `Malformed` as `parse`."""
    _require_spelling(pairs)
    # Names are ASCII, so the order of their characters is that of their bytes.
    signed = sorted(name for name, value in pairs.items() if value and name != "signature")
    return "&".join(f"{name}={pairs[name]}" for name in signed).encode()


def signed(pairs: Pairs, signer: Signer, *, cert_id: str) -> bytes:
    """The message on the wire: `pairs` with the fixed ones, the key's number and the signature."""
    whole = {**FIXED, "signMethod": str(signer.method), "certId": cert_id, **pairs}
    whole["signature"] = signer.sign(canonical(whole))
    return spelt(whole)


def spelt(pairs: Pairs) -> bytes:
    """`pairs` as a form, those without a value left out."""
    return "&".join(f"{name}={quote_plus(value)}" for name, value in pairs.items() if value).encode()


def require_signed(pairs: Pairs, verifiers: Sequence[Verifier]) -> None:
    """Nothing where one of the verifiers' keys, all of one method, signed the pairs; raises `CallRefused`.

    The method is the verifiers': what the message says has to agree.
    """
    if pairs.get("version") != VERSION:
        raise CallRefused("version_other")
    if pairs.get("encoding") != ENCODING:
        raise CallRefused("encoding_other")
    if pairs.get("signMethod") not in {verifier.method for verifier in verifiers}:
        raise CallRefused("sign_method_other")
    if not _CERT_ID.fullmatch(pairs.get("certId", "")):
        raise CallRefused("cert_id_form")
    signature = pairs.get("signature")
    if signature is None:
        raise CallRefused("signature_missing")
    text = canonical(pairs)
    if not any(verifier.is_signed(text, signature) for verifier in verifiers):
        raise CallRefused("signature_wrong")


def faults_of(pairs: Pairs, *, sub_types: Collection[str], known: frozenset[str] = KNOWN) -> list[Fault]:
    """Every fault of a request: names that are missing or unknown, and values that such a pair cannot have."""
    faults = [Fault(f"/{name}", "required") for name in sorted(NEEDED - set(pairs))]
    faults += [Fault(f"/{name}", "unknown_field") for name in sorted(set(pairs) - known)]
    for name, value in {**FIXED, "currencyCode": "156"}.items():
        if pairs.get(name, value) != value:
            faults.append(Fault(f"/{name}", "pair_fixed", {"expected": value}))
    choices = sorted(sub_types)
    if pairs.get("txnSubType", choices[0]) not in choices:
        faults.append(Fault("/txnSubType", "unknown_choice", {"choices": ", ".join(choices)}))
    if "orderId" in pairs and not _ORDER_ID.fullmatch(pairs["orderId"]):
        faults.append(Fault("/orderId", "order_id_form"))
    if not _AMOUNT.fullmatch(pairs.get("txnAmt", "0")):
        faults.append(Fault("/txnAmt", "amount_form"))
    return faults


def stamp(at: datetime) -> str:
    """`at` as `txnTime` has it, in China time."""
    return at.astimezone(CHINA).strftime("%Y%m%d%H%M%S")


def check_stamp(text: str, now: datetime) -> None:
    """Nothing where `text` is a time near enough to `now`; raises `InvalidValue`: `stamp_form`, `_old`, `_ahead`."""
    try:
        at = datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=CHINA).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidValue("stamp_form") from error
    if not _TIME.fullmatch(text):
        raise InvalidValue("stamp_form")
    if at < now - OLDEST:
        raise InvalidValue("stamp_old")
    if at > now + AHEAD:
        raise InvalidValue("stamp_ahead")


def echo(pairs: Pairs, *, sub_types: Collection[str]) -> dict[str, str]:
    """What an answer repeats of a request, where it has the form it must have: nothing is signed that cannot be."""
    forms = {"txnSubType": _SUB_TYPE, "merId": _MER_ID, "orderId": _ORDER_ID, "txnTime": _TIME}
    kept = {name: pairs[name] for name, form in forms.items() if form.fullmatch(pairs.get(name, ""))}
    if kept.get("txnSubType", "") not in sub_types:
        kept.pop("txnSubType", None)
    return kept


def resp_msg(text: str) -> str:
    """`text` as `respMsg` can hold it."""
    kept = "".join(char for char in text if char.isprintable()).replace("&", "＆")
    return kept.encode("utf-8", "replace").decode()[:_MOST_RESP_MSG]


def reserved(content: bytes) -> str:
    """`content` as `reqReserved` holds it."""
    return base64.b64encode(content).decode()


def content_of(pairs: Pairs) -> bytes:
    """What `reqReserved` holds; raises `InvalidValue`: `required`, `base64_form`."""
    if "reqReserved" not in pairs:
        raise InvalidValue("required")
    try:
        return base64.b64decode(pairs["reqReserved"], validate=True)
    except ValueError as error:
        raise InvalidValue("base64_form") from error


def digest_of(pairs: Pairs) -> str:
    """What tells one content from another: the same however often it is stamped and signed again."""
    names = ("txnSubType", "currencyCode", "txnAmt", "reqReserved")
    return hashlib.sha256(canonical({name: pairs[name] for name in names if name in pairs})).hexdigest()


def check_mer_id(text: str) -> str:
    """`text`, which can be a `merId`; raises `InvalidValue`: `mer_id_form`."""
    if not _MER_ID.fullmatch(text):
        raise InvalidValue("mer_id_form")
    return text


def check_cert_id(text: str) -> str:
    """`text`, which can be a `certId`; raises `InvalidValue`: `cert_id_form`."""
    if not _CERT_ID.fullmatch(text):
        raise InvalidValue("cert_id_form")
    return text


def check_sign_method(text: str) -> SignMethod:
    """The method that `text` names; raises `InvalidValue`: `sign_method_unknown`."""
    try:
        return SignMethod(text)
    except ValueError as error:
        raise InvalidValue("sign_method_unknown") from error
