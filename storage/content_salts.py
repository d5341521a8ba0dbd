"""Salts of the digests by which the log commits to contents that are kept elsewhere; erased with those contents.

They lie sealed: what an entry commits to can be a single sum, and whoever has a salt can try them all.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from hub.domain.log_chain import SALT_BYTES
from storage.records import ContentSaltRecord
from storage.transaction import Transaction

_SALT = {"table": "content_salt", "column": "salt"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The negotiation that contents belong to."""

    negotiation_id: str
    bank_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSalt:
    """A fresh salt for contents that have none; still to be written."""

    owner: Owner
    content_id: str
    kind: str
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(SALT_BYTES), repr=False)


def add(tx: Transaction, salts: Sequence[NewSalt]) -> None:
    """The salts are kept. Reads nothing."""
    rows = [
        {
            "content_id": each.content_id,
            "kind": each.kind,
            "negotiation_id": each.owner.negotiation_id,
            "bank_code": each.owner.bank_code,
            "salt_sealed": tx.keyring.seal(each.salt, row=_row(each.content_id, each.kind), **_SALT),
        }
        for each in salts
    ]
    tx.session.execute(sa.insert(ContentSaltRecord), rows)


def find(tx: Transaction, content_id: str, kind: str) -> bytes | None:
    """The salt of these contents; None where it was erased, and for what was logged before there were any."""
    record = tx.session.get(ContentSaltRecord, (content_id, kind))
    return None if record is None else _opened(tx, record)


def list_of(tx: Transaction, negotiation_id: str, bank_code: str) -> Mapping[tuple[str, str], bytes]:
    """Every salt of the negotiation's contents, by their (kind, id)."""
    table = ContentSaltRecord
    query = sa.select(table).where(table.bank_code == bank_code, table.negotiation_id == negotiation_id)
    found = tx.session.scalars(query.order_by(table.kind, table.content_id))
    return {(each.kind, each.content_id): _opened(tx, each) for each in found}


def _opened(tx: Transaction, record: ContentSaltRecord) -> bytes:
    return tx.keyring.open(record.salt_sealed, row=_row(record.content_id, record.kind), **_SALT)


def _row(content_id: str, kind: str) -> str:
    return f"{kind}/{content_id}"
