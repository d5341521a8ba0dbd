"""Where a person is signed in, and signing out there all at once."""

from collections.abc import Sequence
from datetime import datetime

from hub.services.accounts import sign_in, staff_sign_in
from hub.services.accounts.cardholders import Cardholder
from hub.services.accounts.staff import Staff
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import sessions
from storage.sessions import OpenSession


def of_visitor(tx: HubTransaction, visitor: Cardholder | Staff, *, at: datetime) -> list[OpenSession]:
    """The person's sessions that are open at `at`, the one used last first.

    Of a cardholder those that were opened in the same way: what one host app opened is not told through another.
    """
    idle = sign_in.SESSION_IDLE if isinstance(visitor, Cardholder) else staff_sign_in.SESSION_IDLE
    return sessions.list_of_owner(tx, _owners(tx, visitor), at=at, idle=idle)


def end_all(tx: HubTransaction, visitor: Cardholder | Staff) -> None:
    """The person is signed out everywhere, in this browser as well."""
    sessions.end_of_owner(tx, _owners(tx, visitor))
    audit.note(tx, AuditKind.SIGNED_OUT_EVERYWHERE, actor=visitor.actor)


def end_others(tx: HubTransaction, visitor: Cardholder | Staff) -> None:
    """The person is signed out everywhere but here."""
    sessions.end_of_owner(tx, _owners(tx, visitor), but=visitor.key)
    audit.note(tx, AuditKind.SIGNED_OUT_ELSEWHERE, actor=visitor.actor)


def end_one(tx: HubTransaction, visitor: Cardholder | Staff, key: str) -> None:
    """The person is signed out in the session of that key; nothing where it is none of theirs."""
    if sessions.end_one_of_owner(tx, _owners(tx, visitor), key):
        audit.note(tx, AuditKind.SIGNED_OUT_ELSEWHERE, actor=visitor.actor)


def of_colleague(tx: HubTransaction, person: Staff, *, at: datetime) -> list[OpenSession]:
    """Where somebody of the bank is signed in, for its administrators."""
    return sessions.list_of_owner(tx, [person.id], at=at, idle=staff_sign_in.SESSION_IDLE)


def end_of_colleague(tx: HubTransaction, person: Staff) -> None:
    """Somebody of the bank is signed out everywhere, by one of its administrators."""
    sessions.end_of_owner(tx, [person.id])
    audit.note(tx, AuditKind.SIGNED_OUT_BY_ADMIN, person.email)


def _owners(tx: HubTransaction, visitor: Cardholder | Staff) -> Sequence[str]:
    if isinstance(visitor, Staff):
        return [visitor.id]
    return sign_in.session_owners(
        tx, client_id=visitor.client_id, id_type=visitor.id_type, id_number=visitor.id_number, mobile=visitor.mobile
    )
