"""Signatures over text, behind one port so that a key can live in a box of its own later: RSA (`01`) and SM2 (`12`).

Keys come and go as PEM: PKCS#8 or SEC 1 for private ones, SubjectPublicKeyInfo for public ones.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Final, Protocol

import gmssl_pyx  # type: ignore[import-untyped]  # it has stubs, and does not say so
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from hub.domain.errors import InvalidValue


class SignMethod(StrEnum):
    """How pairs are signed, as `signMethod` names it."""

    RSA = "01"
    SM2 = "12"


class Signer(Protocol):
    """Something that signs with a private key."""

    @property
    def method(self) -> SignMethod:
        """How it signs."""
        ...

    def sign(self, text: bytes) -> str:
        """Base64 of the signature over `text`."""
        ...


class Verifier(Protocol):
    """Something that knows a public key."""

    @property
    def method(self) -> SignMethod:
        """How what it verifies was signed."""
        ...

    def is_signed(self, text: bytes, signature: str) -> bool:
        """Whether `signature`, as `Signer.sign` gives it, was made over `text` with this key."""
        ...


LEAST_RSA_BITS: Final = 2048
_RSA_EXPONENT: Final = 65537
# A signature of either method is shorter than this as Base64, up to keys of 8192 bits.
_MOST_SIGNATURE: Final = 1400
_SM2_USER: Final = b"1234567812345678"


def _decoded(signature: str) -> bytes | None:
    if len(signature) > _MOST_SIGNATURE or not signature.isascii():
        return None
    try:
        return base64.b64decode(signature, validate=True)
    except ValueError:
        return None


def _hashed_once(text: bytes) -> bytes:
    # What RSA signs is the hash as 64 characters, so it is hashed a second time inside the signature.
    return hashlib.sha256(text).hexdigest().encode()


@dataclass(frozen=True, slots=True)
class RsaSigner:
    """PKCS#1 v1.5 with SHA-256 over the hexadecimal SHA-256 of the text."""

    _key: rsa.RSAPrivateKey = field(repr=False)
    method: SignMethod = SignMethod.RSA

    def sign(self, text: bytes) -> str:
        """Base64 of the signature over `text`."""
        return base64.b64encode(self._key.sign(_hashed_once(text), padding.PKCS1v15(), hashes.SHA256())).decode()


@dataclass(frozen=True, slots=True)
class RsaVerifier:
    """The other side of `RsaSigner`."""

    _key: rsa.RSAPublicKey
    method: SignMethod = SignMethod.RSA

    def is_signed(self, text: bytes, signature: str) -> bool:
        """Whether `signature` was made over `text` with this key."""
        given = _decoded(signature)
        if given is None:
            return False
        try:
            self._key.verify(given, _hashed_once(text), padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Sm2Signer:
    """SM2 with SM3 over the text itself, for the user id 1234567812345678."""

    _private: bytes = field(repr=False)
    _point: bytes
    method: SignMethod = SignMethod.SM2

    def sign(self, text: bytes) -> str:
        """Base64 of the signature over `text`, which is DER."""
        return base64.b64encode(gmssl_pyx.sm2_sign(self._private, self._point, text, _SM2_USER)).decode()


@dataclass(frozen=True, slots=True)
class Sm2Verifier:
    """The other side of `Sm2Signer`."""

    _point: bytes
    method: SignMethod = SignMethod.SM2

    def is_signed(self, text: bytes, signature: str) -> bool:
        """Whether `signature` was made over `text` with this key."""
        given = _decoded(signature)
        if given is None or not _is_two_integers(given):
            return False
        try:
            return bool(gmssl_pyx.sm2_verify(self._point, text, given, _SM2_USER))
        except gmssl_pyx.GmsslInnerError:
            return False


@lru_cache(maxsize=64)
def signer_of(method: SignMethod, pem: bytes) -> Signer:
    """The signer with the private key in `pem`; raises `InvalidValue`: `private_key_form`.

    A key that is encrypted, too short, or of the other method is none.
    """
    try:
        return _SIGNERS[method](pem)
    except (ValueError, TypeError, UnsupportedAlgorithm, gmssl_pyx.GmsslInnerError) as error:
        raise InvalidValue("private_key_form", sign_method=method) from error


@lru_cache(maxsize=64)
def verifier_of(method: SignMethod, pem: bytes) -> Verifier:
    """The verifier with the public key in `pem`; raises `InvalidValue`: `public_key_form`."""
    try:
        return _VERIFIERS[method](pem)
    except (ValueError, TypeError, UnsupportedAlgorithm, gmssl_pyx.GmsslInnerError) as error:
        raise InvalidValue("public_key_form", sign_method=method) from error


def new_keys(method: SignMethod) -> tuple[bytes, bytes]:
    """A fresh private key and its public key, as PEM."""
    if method is SignMethod.SM2:
        point, private = gmssl_pyx.sm2_key_generate()
        return _pem("PRIVATE KEY", _PKCS8 + private + _PKCS8_POINT + point), _pem("PUBLIC KEY", _SPKI + point)
    key = rsa.generate_private_key(_RSA_EXPONENT, LEAST_RSA_BITS)
    private_pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public_pem = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private_pem, public_pem


def _rsa_signer(pem: bytes) -> RsaSigner:
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < LEAST_RSA_BITS:
        raise ValueError("not an RSA key of enough bits")
    return RsaSigner(key)


def _rsa_verifier(pem: bytes) -> RsaVerifier:
    key = serialization.load_pem_public_key(pem)
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < LEAST_RSA_BITS:
        raise ValueError("not an RSA key of enough bits")
    return RsaVerifier(key)


def _sm2_signer(pem: bytes) -> Sm2Signer:
    label, der = _block(pem, "PRIVATE KEY", "EC PRIVATE KEY")
    inner = _sequence(der)
    if label == "PRIVATE KEY":
        _, algorithm, content = inner[:3]
        if algorithm != _ALGORITHM or content[:1] != _OCTETS:
            raise ValueError("not a key of the curve of SM2")
        inner = _sequence(_content(content))
    elif not any(each[:1] == _PARAMETERS and _content(each) == _CURVE for each in inner):
        raise ValueError("not a key of the curve of SM2")
    private = _content(inner[1])
    points = [_content(_content(each)) for each in inner[2:] if each[:1] == _POINT]
    if len(private) != 32 or len(points) != 1:
        raise ValueError("not a private key with its public one")
    signer = Sm2Signer(private, _point(points[0]))
    # A file in which the two do not belong together would sign what nobody can verify.
    if not Sm2Verifier(_point(points[0])).is_signed(_SM2_USER, signer.sign(_SM2_USER)):
        raise ValueError("the private key is not that of the public one")
    return signer


def _sm2_verifier(pem: bytes) -> Sm2Verifier:
    _, der = _block(pem, "PUBLIC KEY")
    algorithm, bits = _sequence(der)
    if algorithm != _ALGORITHM or bits[:1] != _BITS:
        raise ValueError("not a key of the curve of SM2")
    return Sm2Verifier(_point(_content(bits)))


_SIGNERS: Mapping[SignMethod, Callable[[bytes], Signer]] = {
    SignMethod.RSA: _rsa_signer,
    SignMethod.SM2: _sm2_signer,
}
_VERIFIERS: Mapping[SignMethod, Callable[[bytes], Verifier]] = {
    SignMethod.RSA: _rsa_verifier,
    SignMethod.SM2: _sm2_verifier,
}

# What DER spells around an SM2 key: id-ecPublicKey with the curve 1.2.156.10197.1.301.
_CURVE: Final = bytes.fromhex("06082a811ccf5501822d")
_ALGORITHM: Final = bytes.fromhex("301306072a8648ce3d0201") + _CURVE
_OCTETS: Final = b"\x04"
_BITS: Final = b"\x03"
_PARAMETERS: Final = b"\xa0"
_POINT: Final = b"\xa1"
_SPKI: Final = bytes.fromhex("3059") + _ALGORITHM + bytes.fromhex("03420004")
_PKCS8: Final = bytes.fromhex("308187020100") + _ALGORITHM + bytes.fromhex("046d306b0201010420")
_PKCS8_POINT: Final = bytes.fromhex("a14403420004")
_PEM: Final = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----\s([A-Za-z0-9+/=\s]+)-----END \1-----")


def _pem(label: str, der: bytes) -> bytes:
    text = base64.b64encode(der).decode()
    lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n".encode()


def _block(pem: bytes, *labels: str) -> tuple[str, bytes]:
    for match in _PEM.finditer(pem):
        if match[1].decode() in labels:
            return match[1].decode(), base64.b64decode(b"".join(match[2].split()), validate=True)
    raise ValueError("no such block")


def _point(encoded: bytes) -> bytes:
    # A bit string begins with how many bits of its end are unused: none.
    raw: bytes = gmssl_pyx.normalize_sm2_public_key(encoded.removeprefix(b"\0"))
    return raw


def _sequence(der: bytes) -> list[bytes]:
    if der[:1] != b"\x30":
        raise ValueError("no sequence")
    return list(_elements(_content(der)))


def _content(element: bytes) -> bytes:
    start, end = _bounds(element, 0)
    if end != len(element):
        raise ValueError("something follows the element")
    return element[start:end]


def _elements(content: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(content):
        _, end = _bounds(content, at)
        yield content[at:end]
        at = end


def _bounds(der: bytes, at: int) -> tuple[int, int]:
    """Where the content of the element at `at` starts and ends."""
    if at + 2 > len(der):
        raise ValueError("cut")
    length, start = der[at + 1], at + 2
    if length >= 0x80:
        count = length - 0x80
        if count not in (1, 2):
            raise ValueError("a length of no key")
        length, start = int.from_bytes(der[start : start + count]), start + count
    if start + length > len(der):
        raise ValueError("cut")
    return start, start + length


def _is_two_integers(der: bytes) -> bool:
    try:
        parts = _sequence(der)
    except ValueError:
        return False
    return len(parts) == 2 and all(each[:1] == b"\x02" and 1 <= len(each) - 2 <= 33 for each in parts)
