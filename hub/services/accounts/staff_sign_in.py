"""How bank staff and operators get in: what a sign-in is checked against, and how long a session lasts."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hub.domain.masks import mask_email
from hub.domain.visitor import VisitorKind
from hub.services.accounts.staff import Staff, value_of
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import sessions, staff
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


def _account(record: StaffRecord | None) -> Account | None:
    if record is None or not record.active or record.is_demo:
        return None
    return Account(
        staff=value_of(record),
        password_hash=record.password,
        mark=record.fs_uniquifier,
        second_factor=record.tf_totp_secret,
        last_counter=record.tf_last_counter,
    )


def find_account(tx: HubTransaction, email: str) -> Account | None:
    """The account that is signed in to with this address; none of the demo, and none of a person who left."""
    return _account(staff.find_by_email(tx, email.strip()))


def find_account_marked(tx: HubTransaction, mark: str) -> Account | None:
    """The account that bears `mark` still: a new password or an end of all sessions gives it another."""
    return _account(staff.find_by_uniquifier(tx, mark))


def keep_password(tx: HubTransaction, staff_id: str, password_hash: str) -> None:
    """The account's password is kept in this newer form."""
    record = staff.find(tx, staff_id)
    if record is not None:
        record.password = password_hash


def take_code(tx: HubTransaction, mark: str, counter: int, *, second_factor: str | None = None) -> bool:
    """The code of that time step is used up; false where it, or a later one, was taken before.

    `second_factor` is given where the person has just set it up.
    """
    record = staff.lock_by_uniquifier(tx, mark)
    if record is None or not record.active:
        return False
    if second_factor is not None:
        record.tf_totp_secret, record.tf_primary_method = second_factor, "authenticator"
        audit.note(tx, AuditKind.SECOND_STEP_SET_UP, record.email, actor=value_of(record).actor)
    elif record.tf_last_counter is not None and record.tf_last_counter >= counter:
        return False
    record.tf_last_counter = counter
    return True


def open_session(tx: HubTransaction, staff_id: str, *, at: datetime) -> str:
    """The person is signed in from `at` on; gives the token of the session."""
    record = staff.find(tx, staff_id)
    if record is not None:
        person = value_of(record)
        audit.note(tx, AuditKind.SIGNED_IN, person.email, actor=person.actor, role=person.role)
    return sessions.add_session(tx, staff_id=staff_id, owner=staff_id, address=tx.address, at=at, life=SESSION_LIFE)


def find_staff(tx: HubTransaction, token: str, *, at: datetime) -> tuple[Staff, bool] | None:
    """Who holds the token, unless the session has ended or the person has left; and whether to note the use."""
    found = sessions.find_session(tx, token, kind=VisitorKind.STAFF, at=at, idle=SESSION_IDLE)
    if found is None or found.staff_id is None:
        return None
    record = staff.find(tx, found.staff_id)
    if record is None or not record.active:
        return None
    return replace(value_of(record), key=found.key), found.seen_at <= at - _SEEN_AGAIN


def note_failure(tx: HubTransaction, email: str, *, second_step: bool) -> None:
    """Somebody tried to sign in with the address in vain; one that is nobody's is kept masked: it may be anything."""
    record = staff.find_by_email(tx, email.strip())
    kind = AuditKind.SECOND_STEP_FAILED if second_step else AuditKind.SIGN_IN_FAILED
    if record is None:
        audit.note(tx, kind, mask_email(email))
    else:
        audit.note(tx, kind, record.email, actor=value_of(record).actor)
