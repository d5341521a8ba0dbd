"""Passkeys of staff: kept, used and removed. What a device said is checked before, by the face."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hub.domain.errors import InvalidValue
from hub.services.accounts import staff_sign_in
from hub.services.accounts.staff import Staff
from hub.services.accounts.staff_sign_in import Account
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import passkeys
from storage.records import PasskeyRecord, new_id

MOST: Final = 10
"""So many has one account."""
MOST_NAME: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """The public half of a key pair, and what its device calls it. `sign_count` is the device's own count."""

    id: str
    staff_id: str
    credential_id: bytes
    public_key: bytes
    sign_count: int
    name: str
    added_at: datetime
    used_at: datetime | None


def _value(record: PasskeyRecord) -> Passkey:
    return Passkey(
        id=record.id,
        staff_id=record.staff_id,
        credential_id=record.credential_id,
        public_key=record.public_key,
        sign_count=record.sign_count,
        name=record.name,
        added_at=record.added_at,
        used_at=record.used_at,
    )


def name_of(text: str, default: str) -> str:
    """What a passkey is called; raises `InvalidValue` for a name that is too long or holds what nobody can read."""
    name = " ".join(text.split()) or default
    if len(name) > MOST_NAME or not name.isprintable():
        raise InvalidValue("text_too_long", limit=MOST_NAME)
    return name


def add(
    tx: HubTransaction,
    person: Staff,
    *,
    credential_id: bytes,
    public_key: bytes,
    sign_count: int,
    name: str,
    at: datetime,
) -> bool:
    """The person can sign in with it from `at` on; false where it is known already, or they have `MOST` of them."""
    if passkeys.find(tx, credential_id) is not None or len(passkeys.list_of(tx, person.id)) >= MOST:
        return False
    passkeys.add(
        tx,
        PasskeyRecord(
            id=new_id(),
            staff_id=person.id,
            credential_id=credential_id,
            public_key=public_key,
            sign_count=sign_count,
            name=name,
            added_at=at,
        ),
    )
    audit.note(tx, AuditKind.PASSKEY_ADDED, person.email, actor=person.actor)
    return True


def list_of(tx: HubTransaction, staff_id: str) -> list[Passkey]:
    """The account's passkeys, the first one first."""
    return [_value(record) for record in passkeys.list_of(tx, staff_id)]


def find(tx: HubTransaction, credential_id: bytes) -> tuple[Passkey, Account] | None:
    """The passkey and whose it is; None for one of nobody's and of who left."""
    record = passkeys.find(tx, credential_id)
    account = None if record is None else staff_sign_in.account_of(tx, record.staff_id)
    if record is None or account is None:
        return None
    return _value(record), account


def use(tx: HubTransaction, credential_id: bytes, sign_count: int, *, at: datetime) -> bool:
    """The device's count is noted; false where it went back, as that of a copied key does."""
    record = passkeys.find(tx, credential_id)
    if record is None or ((sign_count or record.sign_count) and sign_count <= record.sign_count):
        return False
    record.sign_count, record.used_at = sign_count, at
    tx.session.flush()
    return True


def remove(tx: HubTransaction, person: Staff, passkey_id: str) -> None:
    """The passkey opens nothing any more; nothing where it is none of the person's."""
    if passkeys.remove(tx, person.id, passkey_id):
        audit.note(tx, AuditKind.PASSKEY_REMOVED, person.email, actor=person.actor)
