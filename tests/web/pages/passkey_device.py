"""A device that makes and uses passkeys as browsers answer for it, in software, and that can be made to lie."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

_PRESENT, _VERIFIED, _WITH_KEY = 0x01, 0x04, 0x40


class PasskeyDevice:
    """One key pair. What it says of itself can be changed between two uses."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.id = secrets.token_bytes(32)
        self.count = 0
        self.counts = True
        self.knows_owner = True
        self.handle: bytes | None = None
        self._key = ec.generate_private_key(ec.SECP256R1())

    def make(self, options: str) -> str:
        """The answer to what a page asks of a device that shall make a passkey."""
        asked = json.loads(options)
        self.handle = base64url_to_bytes(asked["user"]["id"])
        public = self._key.public_key().public_numbers()
        cose = {
            1: 2,
            3: -7,
            -1: 1,
            -2: public.x.to_bytes(32, "big"),
            -3: public.y.to_bytes(32, "big"),
        }
        head = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        told = self._told(asked["rp"]["id"], _WITH_KEY) + head
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": told})
        return self._answer(
            {
                "clientDataJSON": self._client_data("webauthn.create", asked["challenge"]),
                "attestationObject": bytes_to_base64url(attested),
            }
        )

    def sign(self, options: str, *, rp_id: str | None = None, kind: str = "webauthn.get") -> str:
        """The answer to what a page asks of a device that shall prove who holds it."""
        asked = json.loads(options)
        self.count += self.counts
        client_data = self._client_data(kind, asked["challenge"])
        told = self._told(rp_id or asked["rpId"], 0)
        signature = self._key.sign(
            told + hashlib.sha256(base64url_to_bytes(client_data)).digest(), ec.ECDSA(hashes.SHA256())
        )
        response = {
            "clientDataJSON": client_data,
            "authenticatorData": bytes_to_base64url(told),
            "signature": bytes_to_base64url(signature),
        }
        if self.handle is not None:
            response["userHandle"] = bytes_to_base64url(self.handle)
        return self._answer(response)

    def _told(self, rp_id: str, flags: int) -> bytes:
        flags |= _PRESENT | (_VERIFIED if self.knows_owner else 0)
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client_data(self, kind: str, challenge: str) -> str:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return bytes_to_base64url(json.dumps(told).encode())

    def _answer(self, response: dict[str, Any]) -> str:
        spelt = bytes_to_base64url(self.id)
        return json.dumps({"id": spelt, "rawId": spelt, "type": "public-key", "response": response})
