"""Accounts of bank staff and operators: adding, enrolling by a one-time link, and leaving."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.domain.actor import Actor, Channel, Party
from hub.domain.errors import InvalidValue, NotFound, Unusable
from hub.domain.identifiers import email as as_email
from hub.domain.staff import Role
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import banks, sessions, staff
from storage.records import StaffRecord, new_id

ENROLMENT_LIFE = timedelta(hours=72)
MOST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A person at a bank, or an operator (no bank), as the account says now. `key` tells sessions apart, in one."""

    id: str
    bank_code: str | None
    role: Role
    email: str
    name: str
    is_demo: bool
    key: str = ""

    @property
    def owner_key(self) -> str:
        """A name for what belongs to this person."""
        return self.id

    @property
    def actor(self) -> Actor:
        """The person as one who acts."""
        party = Party.HUB if self.bank_code is None else Party.BANK
        return Actor(party=party, id=f"staff/{self.id}", channel=Channel.PORTAL)

    @property
    def bank(self) -> str:
        """The code of the person's bank; raises `NotFound` for an operator."""
        if self.bank_code is None:
            raise NotFound
        return self.bank_code


def value_of(record: StaffRecord) -> Staff:
    """The person as the account says now."""
    return Staff(
        id=record.id,
        bank_code=record.bank_code,
        role=Role(record.role),
        email=record.email,
        name=record.name or "",
        is_demo=record.is_demo,
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def add(
    tx: HubTransaction, *, role: Role, email: str, bank_code: str | None, at: datetime, name: str = ""
) -> tuple[Staff, str]:
    """The account exists, and its enrolment link's token, told this once, is good for three days from `at`.

    `name` is what colleagues call the person.

    Raises `InvalidValue` for an address that is none, `NotFound` for an unknown bank, `Unusable` where the address
    has an account already.
    """
    if (role == Role.OPERATOR) != (bank_code is None):
        raise InvalidValue("role_needs_bank", role=role)
    if bank_code is not None:
        banks.get_bank(tx, bank_code)
    address = as_email(email).lower()
    known = staff.find_by_email(tx, address)
    if known is not None and known.active:
        raise Unusable(f"{address} has an account already; remove it first, or use another address")
    if known is not None and known.bank_code != bank_code:
        # What the person did at the bank of before stays there under the name or address of then.
        _give_up_address(tx, known)
        known = None
    if known is not None:
        # A person who comes back gets the old account again, so that the past keeps its names; nothing of the old
        # way in is left.
        record = known
        record.bank_code, record.role = bank_code, role
        record.name = _name(name) or record.name
        _forget_way_in(record)
        record.left_at = None
        record.active = True
    else:
        record = _added(tx, role=role, email=address, bank_code=bank_code, name=_name(name) or None, is_demo=False)
    audit.note(tx, AuditKind.STAFF_ADDED, address, role=role, bank=bank_code)
    return value_of(record), _new_enrolment(record, at)


def _name(text: str) -> str:
    name = " ".join(text.split())
    if len(name) > MOST_NAME or any(not sign.isprintable() for sign in name):
        raise InvalidValue("staff_name", limit=MOST_NAME)
    return name


def rename(tx: HubTransaction, email: str, name: str) -> Staff:
    """Colleagues read this name from now on, beside what the person did before as well; raises `InvalidValue`."""
    record = _known(tx, email)
    record.name = _name(name) or None
    audit.note(tx, AuditKind.STAFF_RENAMED, record.email)
    return value_of(record)


def add_demo(tx: HubTransaction, *, role: Role, email: str, bank_code: str | None, name: str) -> Staff:
    """A demo account exists: it has no password and is entered at the demo page alone."""
    return value_of(_added(tx, role=role, email=email, bank_code=bank_code, name=name, is_demo=True))


def _added(
    tx: HubTransaction, *, role: Role, email: str, bank_code: str | None, name: str | None, is_demo: bool
) -> StaffRecord:
    record = StaffRecord(
        id=new_id(),
        bank_code=bank_code,
        role=role,
        email=email,
        name=name,
        fs_uniquifier=secrets.token_hex(32),
        active=True,
        is_demo=is_demo,
        added_at=tx.now,
    )
    staff.add(tx, record)
    return record


def _give_up_address(tx: HubTransaction, record: StaffRecord) -> None:
    """The account of somebody who left keeps the address as a name, if it has none, so that another can bear it."""
    record.name = record.name or record.email
    record.email = record.id
    tx.session.flush()


def address_of(record: StaffRecord) -> str:
    """The account's address; empty where it went on with the person to another bank."""
    return record.email if record.email != record.id else ""


def _forget_way_in(record: StaffRecord) -> None:
    record.password = record.tf_primary_method = record.tf_totp_secret = record.tf_last_counter = None


def _new_enrolment(record: StaffRecord, at: datetime) -> str:
    token = secrets.token_urlsafe(32)
    record.enrolment_digest = _digest(token)
    record.enrolment_ends_at = at + ENROLMENT_LIFE
    return token


def renew_enrolment(tx: HubTransaction, email: str, *, at: datetime) -> tuple[Staff, str]:
    """A fresh enrolment link for the account: password, second factor and sessions of before are gone."""
    record = _known(tx, email)
    _forget_way_in(record)
    _end_all(tx, record)
    audit.note(tx, AuditKind.STAFF_RENEWED, record.email)
    return value_of(record), _new_enrolment(record, at)


def remove(tx: HubTransaction, email: str) -> Staff:
    """The person has left: the account opens nothing from the next request on, and gets no mail."""
    record = _known(tx, email)
    record.active = False
    record.left_at = tx.now
    record.enrolment_digest = record.enrolment_ends_at = None
    _end_all(tx, record)
    audit.note(tx, AuditKind.STAFF_REMOVED, record.email)
    return value_of(record)


def _known(tx: HubTransaction, email: str) -> StaffRecord:
    record = staff.find_by_email(tx, email.strip())
    if record is None or not record.active:
        raise Unusable(f"{email} has no account here; `hub staff list` and `hub operator list` name all")
    return record


def _end_all(tx: HubTransaction, record: StaffRecord) -> None:
    record.fs_uniquifier = secrets.token_hex(32)
    sessions.end_sessions_of(tx, record)


def find_enrolment(tx: HubTransaction, token: str, *, at: datetime) -> Staff | None:
    """Whose enrolment link this is, unless it was used or is too old."""
    record = _to_enrol(tx, token, at=at)
    return None if record is None else value_of(record)


def _to_enrol(tx: HubTransaction, token: str, *, at: datetime) -> StaffRecord | None:
    record = staff.find_by_enrolment(tx, _digest(token))
    if record is None or not record.active or (record.enrolment_ends_at or at) <= at:
        return None
    return record


def enrol(tx: HubTransaction, token: str, password_hash: str, *, at: datetime) -> Staff | None:
    """The account has this password and the link is used up; None for a link that was used or is too old."""
    record = _to_enrol(tx, token, at=at)
    if record is None:
        return None
    _forget_way_in(record)
    record.password = password_hash
    record.enrolment_digest = record.enrolment_ends_at = None
    _end_all(tx, record)
    audit.note(tx, AuditKind.ENROLLED, record.email, actor=value_of(record).actor)
    return value_of(record)


def find_demo(tx: HubTransaction, *, role: Role, bank_code: str | None) -> Staff | None:
    """The demo account of that role at that bank."""
    for record in staff.list_of_bank(tx, bank_code):
        if record.is_demo and record.active and record.role == role:
            return value_of(record)
    return None


def require_no_demo(tx: HubTransaction) -> None:
    """Nothing, unless the hub holds a demo account: then raises `Unusable`."""
    if staff.any_demo(tx):
        raise Unusable("there are demo accounts in this database; production starts on one without demo data")
