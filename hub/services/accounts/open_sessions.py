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


def _owners(tx: HubTransaction, visitor: Cardholder | Staff) -> Sequence[str]:
    if isinstance(visitor, Staff):
        return [visitor.id]
    return sign_in.session_owners(
        tx, client_id=visitor.client_id, id_type=visitor.id_type, id_number=visitor.id_number, mobile=visitor.mobile
    )
