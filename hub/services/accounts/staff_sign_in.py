"""How bank staff and operators get in: what a sign-in is checked against, and how long a session lasts."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hub.domain.identifiers import compared_email
from hub.domain.masks import mask_email
from hub.domain.sign_on import Identity, SignOnTrouble
from hub.domain.visitor import VisitorKind
from hub.services.accounts.staff import Staff, value_of
from hub.services.notifications import staff_mails
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import desks, passkeys, sessions, staff
from storage.records import StaffRecord

SESSION_LIFE = timedelta(hours=12)
SESSION_IDLE = timedelta(minutes=15)
# A session that was used less than this ago is not written again.
_SEEN_AGAIN = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a sign-in is checked against. `second_factor` is the sealed secret of the person's authenticator."""

    staff: Staff
    password_hash: str | None
    mark: str
    second_factor: str | None
    last_counter: int | None
    has_passkeys: bool
    sign_on_issuer: str | None = None
    sign_on_digest: bytes | None = None

    @property
    def has_second_step(self) -> bool:
        """Whether the person has anything to prove a second factor with."""
        return self.second_factor is not None or self.has_passkeys


def _account(tx: HubTransaction, record: StaffRecord | None) -> Account | None:
    if record is None or not record.active or record.is_demo:
        return None
    return Account(
        staff=value_of(tx, record),
        password_hash=record.password,
        mark=record.fs_uniquifier,
        second_factor=record.tf_totp_secret,
        last_counter=record.tf_last_counter,
        has_passkeys=bool(passkeys.list_of(tx, record.id)),
        sign_on_issuer=record.sign_on_issuer,
        sign_on_digest=record.sign_on_digest,
    )


def find_account(tx: HubTransaction, email: str) -> Account | None:
    """The account that is signed in to with this address; none of the demo, and none of a person who left."""
    return _account(tx, staff.find_by_email(tx, compared_email(email)))


def find_account_marked(tx: HubTransaction, mark: str) -> Account | None:
    """The account that bears `mark` still: a new password or an end of all sessions gives it another."""
    return _account(tx, staff.find_by_uniquifier(tx, mark))


def account_of(tx: HubTransaction, staff_id: str) -> Account | None:
    """What somebody who has signed in is asked for again; None for the demo's accounts and who has left."""
    return _account(tx, staff.find(tx, staff_id))


def keep_password(tx: HubTransaction, staff_id: str, password_hash: str) -> None:
    """The account's password is kept in this newer form."""
    record = staff.find(tx, staff_id)
    if record is not None:
        record.password = password_hash


def take_code(tx: HubTransaction, mark: str, counter: int, *, second_factor: str | None = None) -> bool:
    """The code of that time step is used up; false where it, or a later one, was taken before.

    `second_factor` is given where the person has just set it up: then every other session of theirs has ended, and the
    account bears another mark.
    """
    record = staff.lock_by_uniquifier(tx, mark)
    if record is None or not record.active:
        return False
    if second_factor is not None:
        record.tf_totp_secret, record.tf_primary_method = second_factor, "authenticator"
        record.fs_uniquifier = secrets.token_hex(32)
        sessions.end_sessions_of(tx, record)
        audit.note(tx, AuditKind.SECOND_STEP_SET_UP, staff.email_of(tx, record), actor=value_of(tx, record).actor)
    elif record.tf_last_counter is not None and record.tf_last_counter >= counter:
        return False
    record.tf_last_counter = counter
    return True


def change_second_factor(tx: HubTransaction, person: Staff, second_factor: str, counter: int) -> None:
    """The person, who is signed in, has another authenticator; every other session of theirs has ended."""
    record = staff.get(tx, person.id)
    record.tf_totp_secret, record.tf_primary_method = second_factor, "authenticator"
    record.tf_last_counter, record.fs_uniquifier = counter, secrets.token_hex(32)
    sessions.end_of_owner(tx, [person.id], but=person.key)
    audit.note(tx, AuditKind.SECOND_STEP_SET_UP, staff.email_of(tx, record), actor=person.actor)


def open_session(tx: HubTransaction, staff_id: str, *, at: datetime, device: str = "", way: str | None = None) -> str:
    """The person is signed in from `at` on, on that kind of `device`; gives the token of the session.

    `way` is how they proved who they are, where that was not password and authenticator.
    """
    record = staff.get(tx, staff_id)
    person, previous = value_of(tx, record), (record.signed_in_at, record.signed_in_device)
    audit.note(tx, AuditKind.SIGNED_IN, person.email, actor=person.actor, role=person.role, by=way)
    record.signed_in_at, record.signed_in_device = at, device or None
    return sessions.add_session(
        tx,
        staff_id=staff_id,
        owner=staff_id,
        address=tx.address,
        at=at,
        life=SESSION_LIFE,
        device=device,
        previous=previous,
    )


def note_proof(tx: HubTransaction, token: str, person: Staff, *, at: datetime) -> None:
    """The person has proved in the session of that token, at `at`, that it is they who act."""
    sessions.prove_session(tx, token, at=at)
    audit.note(tx, AuditKind.PROVED_AGAIN, person.email, actor=person.actor)


def find_staff(tx: HubTransaction, token: str, *, at: datetime) -> tuple[Staff, bool] | None:
    """Who holds the token, unless the session has ended or the person has left; and whether to note the use."""
    found = desks.find(tx, token)
    if found is None or not found.active or found.kind != VisitorKind.STAFF:
        return None
    if found.ends_at <= at or found.seen_at <= at - SESSION_IDLE:
        return None
    notes_use = found.seen_at <= at - _SEEN_AGAIN
    before = None if found.previous_at is None else (found.previous_at, found.previous_device or "")
    person = replace(
        value_of(tx, found),
        key=sessions.key_of(found.digest),
        proved_at=found.proved_at,
        last_sign_in=before,
        session_ends_at=min(found.ends_at, (at if notes_use else found.seen_at) + SESSION_IDLE),
        team=found.team or "",
        bank_name_zh=found.bank_name_zh or "",
        bank_name_en=found.bank_name_en or "",
    )
    return person, notes_use


def find_lapsed(tx: HubTransaction, token: str) -> Staff | None:
    """Whose session the token opened, also where it has ended by itself; None once somebody ended it, or much later.

    It opens nothing, as with `sign_in.find_lapsed`.
    """
    found = sessions.find_lapsed_session(tx, token, kind=VisitorKind.STAFF)
    record = None if found is None or found.staff_id is None else staff.find(tx, found.staff_id)
    return None if record is None or not record.active else value_of(tx, record)


def may_be_of(tx: HubTransaction, account: Account | StaffRecord, identity: Identity) -> bool:
    """Whether the account may be that person's at the provider: it is known to be, or both are still unknown there.

    A bank that goes over to another provider binds its people anew. Whoever has an account has no second one, since
    some providers let people change the claim that names it.
    """
    if account.sign_on_issuer == identity.issuer:
        return account.sign_on_digest == identity.digest
    return not staff.is_bound(tx, issuer=identity.issuer, digest=identity.digest)


def bind_sign_on(tx: HubTransaction, staff_id: str, identity: Identity) -> bool:
    """The account is of that person at the bank's provider from now on; false where it cannot be (`may_be_of`)."""
    record = staff.lock(tx, staff_id)
    if not may_be_of(tx, record, identity):
        return False
    if record.sign_on_issuer == identity.issuer:
        return True
    record.sign_on_issuer, record.sign_on_digest = identity.issuer, identity.digest
    audit.note(
        tx,
        AuditKind.SIGN_ON_BOUND,
        staff.email_of(tx, record),
        actor=value_of(tx, record).actor,
        issuer=identity.issuer,
    )
    return True


def note_other_person(tx: HubTransaction, account: Account) -> None:
    """Somebody came by the bank's sign-on with the address of an account that cannot be theirs (`may_be_of`).

    It is on record, and the bank's administrators are told once a day.
    """
    person = account.staff
    audit.note(
        tx,
        AuditKind.SIGN_IN_FAILED,
        person.email,
        bank_code=person.bank_code,
        by="sign_on",
        trouble=SignOnTrouble.OTHER_PERSON,
    )
    staff_mails.other_person(tx, person.bank, person.id)


def note_sign_on_failure(tx: HubTransaction, bank_code: str, reason: str) -> None:
    """Somebody came by the sign-on of that bank in vain."""
    audit.note(tx, AuditKind.SIGN_IN_FAILED, bank_code, by="sign_on", trouble=reason)


def note_failure(tx: HubTransaction, email: str, *, second_step: bool) -> None:
    """Somebody tried to sign in with the address in vain; one that is nobody's is kept masked: it may be anything."""
    record = staff.find_by_email(tx, compared_email(email))
    kind = AuditKind.SECOND_STEP_FAILED if second_step else AuditKind.SIGN_IN_FAILED
    if record is None:
        audit.note(tx, kind, mask_email(email))
    else:
        audit.note(tx, kind, staff.email_of(tx, record), actor=value_of(tx, record).actor)
