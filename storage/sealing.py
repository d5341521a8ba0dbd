"""Sealing: single values encrypted for one table, row and column, looked up by keyed hash, and signed.

Keys come from HUB_SECRET_KEYS by HKDF, one for each purpose; the first secret seals and signs, all open and
verify.
"""

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from typing import Final, Self

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hub.domain.errors import EvidenceDamaged, KeysUnusable, Unusable

MIN_SECRET_LENGTH: Final = 32
_VERSION: Final = b"\x01"
_KEY_ID_LENGTH: Final = 4
_NONCE_LENGTH: Final = 12
_HEADER_LENGTH: Final = len(_VERSION) + _KEY_ID_LENGTH + _NONCE_LENGTH
_TAG_LENGTH: Final = 16
_HEAD_ID_LENGTH: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    """Everything derived from one secret. Random nonces allow a key 2^32 seals (NIST SP 800-38D, 8.3)."""

    id: bytes
    seal: AESGCM = field(repr=False)
    index: bytes = field(repr=False)
    sign: bytes = field(repr=False)
    head: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def from_secret(cls, secret: str) -> Self:
        def derive(purpose: str, length: int = 32) -> bytes:
            info = f"negotiated-repayment-hub/1/{purpose}".encode()
            return HKDF(hashes.SHA256(), length, salt=None, info=info).derive(secret.encode())

        return cls(
            id=derive("id", _KEY_ID_LENGTH),
            seal=AESGCM(derive("seal")),
            index=derive("index"),
            sign=derive("sign"),
            head=Ed25519PrivateKey.from_private_bytes(derive("log-head")),
        )

    @property
    def public(self) -> Ed25519PublicKey:
        return self.head.public_key()

    @property
    def head_id(self) -> str:
        return hashlib.sha256(self.public.public_bytes_raw()).hexdigest()[:_HEAD_ID_LENGTH]


class Keyring:
    """The keys of one hub. Safe to share between threads; never shows a secret."""

    def __init__(self, first: _Key, *others: _Key) -> None:
        self._first = first
        self._keys = {key.id: key for key in (first, *others)}

    @classmethod
    def parse(cls, text: str) -> Self:
        """The keyring of comma-separated secrets, the first of which signs and seals. Raises Unusable."""
        given = [secret.strip() for secret in text.split(",") if secret.strip()]
        if not given:
            raise Unusable("HUB_SECRET_KEYS is empty: give at least one secret of 32 characters or more.")
        if min(map(len, given)) < MIN_SECRET_LENGTH:
            raise Unusable(
                f"HUB_SECRET_KEYS holds a secret of fewer than {MIN_SECRET_LENGTH} characters: make one with "
                "`python -c 'import secrets; print(secrets.token_urlsafe(32))'`."
            )
        keys = [_Key.from_secret(secret) for secret in dict.fromkeys(given)]
        if len({key.id for key in keys}) < len(keys):
            raise Unusable("Two secrets of HUB_SECRET_KEYS have the same key id by chance: make the newer one anew.")
        return cls(*keys)

    @staticmethod
    def new_secret() -> str:
        """A fresh secret with 256 bits of chance, without commas."""
        return secrets.token_urlsafe(32)

    def __repr__(self) -> str:
        return f"Keyring({', '.join(key_id.hex() for key_id in self._keys)})"

    def seal(self, value: str | bytes, *, table: str, column: str, row: str) -> bytes:
        """The value, readable again only with these keys and for the same table, column and row."""
        nonce = os.urandom(_NONCE_LENGTH)
        clear = value.encode() if isinstance(value, str) else value
        sealed = self._first.seal.encrypt(nonce, clear, _VERSION + _place(table, column, row))
        return _VERSION + self._first.id + nonce + sealed

    def open(self, sealed: bytes, *, table: str, column: str, row: str) -> bytes:
        """The bytes that were sealed for this place.

        Raises EvidenceDamaged for changed bytes or another place, Unusable for a key that is not in the ring.
        """
        key = self._key_of(sealed)
        nonce = sealed[_HEADER_LENGTH - _NONCE_LENGTH : _HEADER_LENGTH]
        try:
            return key.seal.decrypt(nonce, sealed[_HEADER_LENGTH:], _VERSION + _place(table, column, row))
        except InvalidTag as error:
            raise EvidenceDamaged("a sealed value was changed or moved") from error

    def open_text(self, sealed: bytes, *, table: str, column: str, row: str) -> str:
        """The text that was sealed for this place; errors as `open`."""
        return self.open(sealed, table=table, column=column, row=row).decode()

    def check_values(self) -> dict[str, bytes]:
        """32 bytes for each key by its id, the first key's first: what tells its secret from any other."""
        return {key.id.hex(): _keyed_hash(key.index, b"", "check") for key in self._keys.values()}

    def index(self, value: str, *, purpose: str) -> bytes:
        """The 32-byte keyed hash to store beside a sealed value, so that equal values are found."""
        return _keyed_hash(self._first.index, value.encode(), purpose)

    def indexes(self, value: str, *, purpose: str) -> list[bytes]:
        """The hash under every key, the first key's first: what a lookup asks for while keys change."""
        return [_keyed_hash(key.index, value.encode(), purpose) for key in self._keys.values()]

    def sign(self, data: bytes, *, purpose: str) -> str:
        """A signature of 48 URL-safe characters, good for this purpose alone."""
        return _signature(self._first, data, purpose)

    def verify(self, data: bytes, signature: str, *, purpose: str) -> bool:
        """Whether any key of the ring made this signature for this purpose."""
        given = signature.encode("utf-8", "surrogatepass")
        return any(
            # Text is compared, not what it decodes to: there is one spelling of a signature.
            hmac.compare_digest(_signature(key, data, purpose).encode(), given)
            for key in self._keys.values()
        )

    @property
    def head_key_id(self) -> str:
        """The id of the key that heads of the log are signed with: 16 hex characters of its public key's SHA-256."""
        return self._first.head_id

    def sign_head(self, data: bytes) -> str:
        """An Ed25519 signature in hex, which everybody can check who has the public key."""
        return self._first.head.sign(data).hex()

    def head_keys(self) -> dict[str, str]:
        """The public key in hex by its id, of every key that heads may be signed with; the first key's first."""
        return {key.head_id: key.public.public_bytes_raw().hex() for key in self._keys.values()}

    def head_holds(self, data: bytes, key_id: str, signature: str) -> bool | None:
        """Whether the key of that id signed this; None where the ring does not hold it."""
        key = next((each for each in self._keys.values() if each.head_id == key_id), None)
        if key is None:
            return None
        try:
            key.public.verify(bytes.fromhex(signature), data)
        except (InvalidSignature, ValueError):
            return False
        return True

    def _key_of(self, sealed: bytes) -> _Key:
        key_id = key_id_of(sealed)
        key = self._keys.get(bytes.fromhex(key_id))
        if key is None:
            raise KeysUnusable(f"A stored value was sealed with key {key_id}: add its secret to HUB_SECRET_KEYS again.")
        return key


def key_id_of(sealed: bytes) -> str:
    """The id, in hex, of the key that the value was sealed with; raises `EvidenceDamaged` for what is no such value."""
    if len(sealed) < _HEADER_LENGTH + _TAG_LENGTH or not sealed.startswith(_VERSION):
        raise EvidenceDamaged("a sealed value is cut or not one of ours")
    return sealed[len(_VERSION) : len(_VERSION) + _KEY_ID_LENGTH].hex()


def _place(*parts: str) -> bytes:
    # Lengths go before the parts, so that no two places are spelt alike.
    return b"".join(len(raw).to_bytes(4) + raw for raw in map(str.encode, parts))


def _keyed_hash(key: bytes, value: bytes, purpose: str) -> bytes:
    return hmac.digest(key, _place(purpose) + value, "sha256")


def _signature(key: _Key, data: bytes, purpose: str) -> str:
    return base64.urlsafe_b64encode(key.id + _keyed_hash(key.sign, data, purpose)).decode()
