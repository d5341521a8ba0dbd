"""A host app that speaks signed pairs."""

import base64
import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hub.banks.pairs.envelope import stamp
from hub.banks.pairs.signers import SignMethod, new_keys, signer_of, verifier_of
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.clock import FixedClock
from hub.services.accounts import client_accounts
from hub.services.accounts.client_accounts import MerchantWanted
from hub.wiring import Hub
from tests.conftest import AddClient

PATH = "/gateway/negotiation"
KEYS = {method: new_keys(method) for method in SignMethod}
Pairs = dict[str, str]


def text_of(pairs: Pairs) -> bytes:
    """What is signed, from the words of the specification and nothing of the hub's."""
    return "&".join(f"{name}={pairs[name]}" for name in sorted(pairs) if pairs[name] and name != "signature").encode()


def signed(pairs: Pairs, method: SignMethod) -> Pairs:
    private = KEYS[method][0]
    if method is SignMethod.SM2:
        return {**pairs, "signature": signer_of(method, private).sign(text_of(pairs))}
    key = serialization.load_pem_private_key(private, password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    inner = hashlib.sha256(text_of(pairs)).hexdigest().encode()
    return {
        **pairs,
        "signature": base64.b64encode(key.sign(inner, padding.PKCS1v15(), hashes.SHA256())).decode(),
    }


@dataclass(slots=True)
class Merchant:
    """A host app at the gateway. `hub_key` and `cert_id` are what it was told of the hub."""

    web: FlaskClient
    mer_id: str
    client_id: str
    method: SignMethod
    hub_key: str
    cert_id: str
    now: Callable[[], str]
    last: Pairs = field(default_factory=dict)

    def pairs(self, order_id: str, body: object = None, **changes: str) -> Pairs:
        """A right message, signed after the `changes`; without a body a query."""
        pairs = {
            "version": "5.1.0",
            "encoding": "UTF-8",
            "signMethod": self.method.value,
            "certId": "68759663125",
            "txnType": "90",
            "txnSubType": "00" if body is None else "01",
            "bizType": "000000",
            "channelType": "08",
            "accessType": "2",
            "merId": self.mer_id,
            "orderId": order_id,
            "txnTime": self.now(),
        }
        if body is not None:
            pairs["reqReserved"] = base64.b64encode(json.dumps(body, ensure_ascii=False).encode()).decode()
        return signed({name: value for name, value in {**pairs, **changes}.items() if value}, self.method)

    def send(self, pairs: Pairs | bytes, **headers: str) -> TestResponse:
        """The answer, whatever it is; its pairs are in `last`."""
        body = pairs if isinstance(pairs, bytes) else urlencode(pairs).encode()
        answer = self.web.post(PATH, data=body, content_type="application/x-www-form-urlencoded", headers=headers)
        self.last = dict(parse_qsl(answer.get_data(as_text=True), strict_parsing=True))
        return answer

    def ask(self, order_id: str, body: object = None, **changes: str) -> tuple[int, str, Any]:
        """(status, respCode, what reqReserved holds) of a right message's answer, whose signature is seen to."""
        answer = self.send(self.pairs(order_id, body, **changes))
        assert self.is_the_hubs(self.last)
        return answer.status_code, self.last["respCode"], content_of(self.last)

    def is_the_hubs(self, pairs: Pairs) -> bool:
        """Whether the hub's key signed the pairs."""
        if (pairs["certId"], pairs["signMethod"]) != (self.cert_id, self.method):
            return False
        if self.method is SignMethod.SM2:
            return verifier_of(self.method, self.hub_key.encode()).is_signed(text_of(pairs), pairs["signature"])
        key = serialization.load_pem_public_key(self.hub_key.encode())
        assert isinstance(key, rsa.RSAPublicKey)
        inner = hashlib.sha256(text_of(pairs)).hexdigest().encode()
        try:
            key.verify(base64.b64decode(pairs["signature"]), inner, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True


def content_of(pairs: Pairs) -> Any:
    return json.loads(base64.b64decode(pairs["reqReserved"], validate=True))


def new_order() -> str:
    return uuid.uuid4().hex


AddMerchant = Callable[..., Merchant]


@pytest.fixture
def add_merchant(hub: Hub, app: Flask, banks: dict[str, Bank], clock: FixedClock, add_client: AddClient) -> AddMerchant:
    """A way to have a client that comes through the gateway; the machine's clock is the hub's here."""
    hub.real_clock = clock

    def add(mer_id: str = "777290058110048", method: SignMethod = SignMethod.RSA) -> Merchant:
        client, _ = add_client(f"merchant {mer_id}", "applications:write")
        wanted = MerchantWanted(mer_id=mer_id, public_key=KEYS[method][1], method=method)
        with hub.writing(HUB) as tx:
            key = client_accounts.add_merchant(tx, client, wanted)
        return Merchant(
            app.test_client(), mer_id, client.id, method, key.public_key, key.cert_id, lambda: stamp(clock.now())
        )

    return add
