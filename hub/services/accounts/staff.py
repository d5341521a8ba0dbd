"""Accounts of bank staff and operators: adding, enrolling by a one-time link, and leaving."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from hub.domain.actor import Actor, Channel, Party
from hub.domain.errors import InvalidValue, NotFound, Unusable
from hub.domain.identifiers import compared_email
from hub.domain.identifiers import email as as_email
from hub.domain.staff import Role
from hub.domain.staff_preferences import StaffPreferences
from hub.services.negotiations import owners
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.requests import owning
from hub.services.transaction import HubTransaction
from storage import banks, passkeys, recovery_codes, sessions, staff, unfinished_forms
from storage.records import StaffRecord, new_id

ENROLMENT_LIFE = timedelta(hours=72)
MOST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A person at a bank, or an operator (no bank), as the account says now.

    In a session, `key` tells it from others, and `proved_at` is when the person last proved a second factor in it;
    `last_sign_in` is the sign-in before, and on what kind of device.
    `team`, the name of the team that they work in, and the names of the bank are known in a session alone.
    `session_ends_at`: when it ends by itself if nobody uses it any more.
    """

    id: str
    bank_code: str | None
    role: Role
    email: str
    name: str
    is_demo: bool
    team_id: str | None = None
    team: str = ""
    bank_name_zh: str = ""
    bank_name_en: str = ""
    key: str = ""
    preferences: StaffPreferences = field(default_factory=StaffPreferences)
    proved_at: datetime | None = None
    session_ends_at: datetime | None = None
    last_sign_in: tuple[datetime, str] | None = None

    @property
    def owner_key(self) -> str:
        """A name for what belongs to this person."""
        return self.id

    @property
    def actor(self) -> Actor:
        """The person as one who acts."""
        party = Party.HUB if self.bank_code is None else Party.BANK
        return Actor(party=party, id=f"staff/{self.id}", channel=Channel.PORTAL, bank_code=self.bank_code)

    @property
    def bank(self) -> str:
        """The code of the person's bank; raises `NotFound` for an operator."""
        if self.bank_code is None:
            raise NotFound
        return self.bank_code


def value_of(tx: HubTransaction, record: StaffRecord | Row[Any]) -> Staff:
    """The person as the account says now."""
    return Staff(
        id=record.id,
        bank_code=record.bank_code,
        role=Role(record.role),
        email=staff.email_of(tx, record),
        name=record.name or "",
        is_demo=record.is_demo,
        team_id=record.team_id,
        preferences=preferences_of(record),
    )


def preferences_of(record: StaffRecord | Row[Any]) -> StaffPreferences:
    """What the person of that account chose."""
    return StaffPreferences(
        daily_digest=record.daily_digest, assigned_mails=record.assigned_mails, keyboard=record.keyboard
    )


def add(
    tx: HubTransaction, *, role: Role, email: str, bank_code: str | None, at: datetime, name: str = ""
) -> tuple[Staff, str]:
    """The account exists, and its enrolment link's token, told this once, is good for three days from `at`.

    `name` is what colleagues call the person. Raises `InvalidValue` for an address that is none, `NotFound` for an
    unknown bank, `Unusable` where the address has an account already.
    """
    if (role == Role.OPERATOR) != (bank_code is None):
        raise InvalidValue("role_needs_bank", role=role)
    if bank_code is not None:
        bank_code = banks.of_institution(tx, bank_code).code
    address = as_email(email).lower()
    # An address is one account's over all banks.
    with tx.across_banks():
        record = _account_of(tx, role=role, address=address, bank_code=bank_code, name=name)
    audit.note(tx, AuditKind.STAFF_ADDED, address, bank_code=bank_code, role=role, bank=bank_code)
    return value_of(tx, record), _new_enrolment(record, at)


def _account_of(tx: HubTransaction, *, role: Role, address: str, bank_code: str | None, name: str) -> StaffRecord:
    known = staff.find_by_email(tx, address)
    if known is not None and known.active:
        raise Unusable(f"{address} has an account already; remove it first, or use another address")
    if known is not None and known.bank_code != bank_code:
        # What the person did at the bank of before stays there under the name or address of then.
        _give_up_address(tx, known)
        known = None
    if known is None:
        return _added(tx, role=role, email=address, bank_code=bank_code, name=_name(name) or None, is_demo=False)
    # A person who comes back gets the old account again, so that the past keeps its names; nothing of the old way in
    # is left.
    known.bank_code, known.role = bank_code, role
    known.name = _name(name) or known.name
    _forget_way_in(tx, known)
    known.left_at = None
    known.active = True
    return known


def _name(text: str) -> str:
    name = " ".join(text.split())
    if len(name) > MOST_NAME or any(not sign.isprintable() for sign in name):
        raise InvalidValue("staff_name", limit=MOST_NAME)
    return name


def rename(tx: HubTransaction, email: str, name: str) -> Staff:
    """Colleagues read this name from now on, beside what the person did before as well; raises `InvalidValue`."""
    record = _known(tx, email)
    before, record.name = record.name, _name(name) or None
    audit.note(
        tx,
        AuditKind.STAFF_RENAMED,
        staff.email_of(tx, record),
        bank_code=record.bank_code,
        before=before,
        after=record.name,
    )
    return value_of(tx, record)


def change_role(tx: HubTransaction, email: str, role: Role) -> Staff:
    """The person has this role from the next request on; who does not act for the bank any more has no cases.

    Every session is over, so that none goes on in the old role. Raises `InvalidValue` for a role of another side.
    """
    record = _known(tx, email)
    if (role == Role.OPERATOR) != (record.bank_code is None):
        raise InvalidValue("role_needs_bank", role=role)
    before = record.role
    if before == role:
        return value_of(tx, record)
    record.role = role
    if not owners.can_own(record):
        owners.release_all(tx, record)
        owning.release_all(tx, record)
    _end_all(tx, record)
    audit.note(
        tx,
        AuditKind.STAFF_ROLE_CHANGED,
        staff.email_of(tx, record),
        bank_code=record.bank_code,
        before=before,
        after=role,
    )
    return value_of(tx, record)


def add_demo(tx: HubTransaction, *, role: Role, email: str, bank_code: str | None, name: str) -> Staff:
    """A demo account exists: it has no password and is entered at the demo page alone."""
    return value_of(tx, _added(tx, role=role, email=email, bank_code=bank_code, name=name, is_demo=True))


def _added(
    tx: HubTransaction, *, role: Role, email: str, bank_code: str | None, name: str | None, is_demo: bool
) -> StaffRecord:
    record = StaffRecord(
        id=new_id(),
        bank_code=bank_code,
        role=role,
        name=name,
        fs_uniquifier=secrets.token_hex(32),
        active=True,
        is_demo=is_demo,
        added_at=tx.now,
    )
    staff.set_email(tx, record, email)
    staff.add(tx, record)
    return record


def _give_up_address(tx: HubTransaction, record: StaffRecord) -> None:
    """The account of somebody who left keeps the address as a name, if it has none, so that another can bear it."""
    record.name = staff.called(tx, record)
    staff.set_email(tx, record, None)
    tx.session.flush()


def _forget_way_in(tx: HubTransaction, record: StaffRecord) -> None:
    recovery_codes.forget(tx, record.id)
    passkeys.forget(tx, record.id)
    record.password = record.tf_primary_method = record.tf_totp_secret = record.tf_last_counter = None
    record.sign_on_issuer = record.sign_on_digest = None


def _new_enrolment(record: StaffRecord, at: datetime) -> str:
    token = secrets.token_urlsafe(32)
    record.enrolment_digest = sessions.digest_of(token)
    record.enrolment_ends_at = at + ENROLMENT_LIFE
    return token


def renew_enrolment(tx: HubTransaction, email: str, *, at: datetime) -> tuple[Staff, str]:
    """A fresh enrolment link for the account: password, second factor and sessions of before are gone."""
    record = _known(tx, email)
    _forget_way_in(tx, record)
    _end_all(tx, record)
    audit.note(tx, AuditKind.STAFF_RENEWED, staff.email_of(tx, record), bank_code=record.bank_code)
    return value_of(tx, record), _new_enrolment(record, at)


def remove(tx: HubTransaction, email: str) -> Staff:
    """The person has left: the account opens nothing from the next request on, and gets no mail.

    What they had begun to write and not sent is gone: nobody answers for words that their writer did not send. What was
    sent, an offer that was returned too, is in the case. Their cases are nobody's.
    """
    record = _known(tx, email)
    record.active = False
    record.left_at = tx.now
    record.enrolment_digest = record.enrolment_ends_at = None
    record.team_id = None
    _end_all(tx, record)
    owners.release_all(tx, record)
    owning.release_all(tx, record)
    unfinished_forms.forget_all(tx, unfinished_forms.owner_of_staff(tx, record.id, bank_code=record.bank_code))
    audit.note(tx, AuditKind.STAFF_REMOVED, staff.email_of(tx, record), bank_code=record.bank_code)
    return value_of(tx, record)


def _known(tx: HubTransaction, email: str) -> StaffRecord:
    record = staff.find_by_email(tx, compared_email(email))
    if record is None or not record.active:
        raise Unusable(f"{email} has no account here; `hub staff list` and `hub operator list` name all")
    return record


def _end_all(tx: HubTransaction, record: StaffRecord) -> None:
    record.fs_uniquifier = secrets.token_hex(32)
    sessions.end_sessions_of(tx, record)


def find_enrolment(tx: HubTransaction, token: str, *, at: datetime) -> Staff | None:
    """Whose enrolment link this is, unless it was used or is too old."""
    record = _to_enrol(tx, token, at=at)
    return None if record is None else value_of(tx, record)


def _to_enrol(tx: HubTransaction, token: str, *, at: datetime) -> StaffRecord | None:
    record = staff.find_by_enrolment(tx, sessions.digest_of(token))
    if record is None or not record.active or (record.enrolment_ends_at or at) <= at:
        return None
    return record


def enrol(tx: HubTransaction, token: str, password_hash: str, *, at: datetime) -> Staff | None:
    """The account has this password and the link is used up; None for a link that was used or is too old."""
    record = _to_enrol(tx, token, at=at)
    if record is None:
        return None
    _forget_way_in(tx, record)
    record.password = password_hash
    record.enrolment_digest = record.enrolment_ends_at = None
    _end_all(tx, record)
    audit.note(tx, AuditKind.ENROLLED, staff.email_of(tx, record), actor=value_of(tx, record).actor)
    return value_of(tx, record)


def get_of_bank(tx: HubTransaction, staff_id: str, *, bank_code: str) -> Staff:
    """Somebody of that bank, also who has left; raises `NotFound` for anybody else."""
    record = staff.find(tx, staff_id)
    if record is None or record.bank_code != bank_code:
        raise NotFound
    return value_of(tx, record)
