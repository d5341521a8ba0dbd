"""Signatures over text, behind one port so that a key can live in a box of its own later: RSA (`01`) and SM2 (`12`).

Keys come and go as PEM: PKCS#8 or SEC 1 for private ones, SubjectPublicKeyInfo for public ones.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Final, Protocol

import gmssl_pyx  # type: ignore[import-untyped]  # it has stubs, and does not say so
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from hub.banks.pairs import sm2_keys
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

    @property
    def verifier(self) -> "Verifier":
        """The other side of it."""
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

    @property
    def verifier(self) -> "RsaVerifier":
        """What knows the key's public half."""
        return RsaVerifier(self._key.public_key())


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

    @property
    def verifier(self) -> "Sm2Verifier":
        """What knows the key's public half."""
        return Sm2Verifier(self._point)


@dataclass(frozen=True, slots=True)
class Sm2Verifier:
    """The other side of `Sm2Signer`."""

    _point: bytes
    method: SignMethod = SignMethod.SM2

    def is_signed(self, text: bytes, signature: str) -> bool:
        """Whether `signature` was made over `text` with this key."""
        given = _decoded(signature)
        if given is None or not sm2_keys.is_signature(given):
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
        return sm2_keys.private_pem(private, point), sm2_keys.public_pem(point)
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
    signer = Sm2Signer(*sm2_keys.read_private(pem))
    # A file in which the two do not belong together would sign what nobody can verify.
    if not signer.verifier.is_signed(_SM2_USER, signer.sign(_SM2_USER)):
        raise ValueError("the private key is not that of the public one")
    return signer


def _sm2_verifier(pem: bytes) -> Sm2Verifier:
    return Sm2Verifier(sm2_keys.read_public(pem))


_SIGNERS: Mapping[SignMethod, Callable[[bytes], Signer]] = {
    SignMethod.RSA: _rsa_signer,
    SignMethod.SM2: _sm2_signer,
}
_VERIFIERS: Mapping[SignMethod, Callable[[bytes], Verifier]] = {
    SignMethod.RSA: _rsa_verifier,
    SignMethod.SM2: _sm2_verifier,
}
