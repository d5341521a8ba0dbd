"""The gateway: the merchants that come through it, the orders they made, and the keys the hub answers with."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from storage.records import GatewayOrderRecord, MerchantRecord, SigningKeyRecord
from storage.transaction import Transaction

_CERT_ID_BITS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Merchant:
    """A client as the gateway knows it: by the number its messages carry, and the public key, PEM, that they need."""

    mer_id: str
    client_id: str
    sign_method: str
    public_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayOrder:
    """An order that made an application, and the digest of what it said."""

    application_id: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnKey:
    """A key of the hub's own, as PEM, under the decimal number that its messages carry."""

    cert_id: str
    sign_method: str
    public_key: str
    private_key: bytes = field(repr=False)


def add_merchant(tx: Transaction, merchant: Merchant) -> None:
    """The merchant's messages are known from now on."""
    tx.session.add(
        MerchantRecord(
            mer_id=merchant.mer_id,
            client_id=merchant.client_id,
            sign_method=merchant.sign_method,
            public_key=merchant.public_key,
            added_at=tx.now,
        )
    )
    tx.session.flush()


def find_merchant(tx: Transaction, mer_id: str) -> Merchant | None:
    """The merchant of that number."""
    record = tx.session.get(MerchantRecord, mer_id)
    if record is None:
        return None
    return Merchant(
        mer_id=record.mer_id,
        client_id=record.client_id,
        sign_method=record.sign_method,
        public_key=record.public_key,
    )


def find_merchant_of(tx: Transaction, client_id: str) -> Merchant | None:
    """The merchant that the client is at the gateway."""
    mer_id = tx.session.scalar(sa.select(MerchantRecord.mer_id).where(MerchantRecord.client_id == client_id))
    return None if mer_id is None else find_merchant(tx, mer_id)


def set_public_key(tx: Transaction, mer_id: str, *, sign_method: str, public_key: str) -> None:
    """The merchant's messages need this key from now on."""
    record = tx.session.get_one(MerchantRecord, mer_id, with_for_update=True)
    record.sign_method, record.public_key = sign_method, public_key
    tx.session.flush()


def hold(tx: Transaction, *name: str) -> None:
    """No other transaction goes past here with the same name before this one ends.

    Waiting is for PostgreSQL; on SQLite there is one writer at a time.
    """
    if tx.session.get_bind().dialect.name == "postgresql":
        digest = hashlib.sha256("/".join(("gateway", *name)).encode()).digest()
        number = int.from_bytes(digest[:8], "big", signed=True)
        tx.session.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def find_order(tx: Transaction, mer_id: str, order_id: str) -> GatewayOrder | None:
    """The merchant's order of that number, where it made an application."""
    record = tx.session.get(GatewayOrderRecord, (mer_id, order_id))
    return None if record is None else GatewayOrder(application_id=record.application_id, digest=record.digest)


def add_order(tx: Transaction, mer_id: str, order_id: str, order: GatewayOrder) -> None:
    """The order made its application in this transaction, and never will again."""
    tx.session.execute(
        sa.insert(GatewayOrderRecord),
        [
            {
                "mer_id": mer_id,
                "order_id": order_id,
                "digest": order.digest,
                "application_id": order.application_id,
                "taken_at": tx.now,
            }
        ],
    )


def find_key(tx: Transaction, sign_method: str) -> OwnKey | None:
    """The key of that method which the hub signs with: the newest."""
    record = tx.session.scalar(
        sa.select(SigningKeyRecord)
        .where(SigningKeyRecord.sign_method == sign_method)
        .order_by(SigningKeyRecord.made_at.desc(), SigningKeyRecord.cert_id.desc())
        .limit(1)
    )
    if record is None:
        return None
    private = tx.keyring.open(record.private_key_sealed, table="signing_key", column="private_key", row=record.cert_id)
    return OwnKey(
        cert_id=record.cert_id,
        sign_method=record.sign_method,
        public_key=record.public_key,
        private_key=private,
    )


def add_key(tx: Transaction, sign_method: str, *, private_key: bytes, public_key: bytes) -> OwnKey:
    """The hub signs with this key from now on; it stands sealed."""
    cert_id = str(secrets.randbits(_CERT_ID_BITS) | 1 << (_CERT_ID_BITS - 1))
    sealed = tx.keyring.seal(private_key, table="signing_key", column="private_key", row=cert_id)
    key = OwnKey(cert_id=cert_id, sign_method=sign_method, public_key=public_key.decode(), private_key=private_key)
    tx.session.add(
        SigningKeyRecord(
            cert_id=cert_id,
            sign_method=sign_method,
            private_key_sealed=sealed,
            public_key=key.public_key,
            made_at=tx.now,
        )
    )
    tx.session.flush()
    return key


def list_keys(tx: Transaction) -> list[tuple[str, str, datetime]]:
    """(number, method, when it was made) of the hub's own keys, the newest first; nothing that is secret."""
    query = sa.select(SigningKeyRecord.cert_id, SigningKeyRecord.sign_method, SigningKeyRecord.made_at)
    return [
        (id_, method, at) for id_, method, at in tx.session.execute(query.order_by(SigningKeyRecord.made_at.desc()))
    ]
