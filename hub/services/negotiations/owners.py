"""Whose case a negotiation is: one person of the bank who acts for it, or nobody. Colleagues alone see it.

It is no entry of the negotiation's log: it changes nothing between bank and person. The bank's audit has each change.
"""

from enum import StrEnum
from typing import Final

from hub.domain.errors import Fault, Refused
from hub.domain.identifiers import compared_email
from hub.domain.lifecycle import OPEN, Status
from hub.domain.staff import ACTING
from hub.services.notifications import staff_notices
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import ownership, staff
from storage.records import NegotiationRecord, StaffRecord

# An agreement is followed by whoever has the case.
_OWNABLE: Final = frozenset(OPEN) | {Status.AGREED}


class OwnerChange(StrEnum):
    """Why a case is somebody else's than before."""

    TAKEN = "taken"
    ASSIGNED = "assigned"
    GIVEN_BACK = "given_back"
    ACKNOWLEDGED = "acknowledged"
    UNDONE = "undone"
    LEFT = "left"


def can_have_owner(negotiation: NegotiationRecord) -> bool:
    """Whether the case is still worked on."""
    return Status(negotiation.status) in _OWNABLE


def can_own(person: StaffRecord) -> bool:
    """Whether the person may have cases of their bank."""
    return person.active and person.role in ACTING


def require_owner(tx: HubTransaction, owner_id: str, *, bank_code: str) -> StaffRecord:
    """The account that shall have a case of the bank; raises `Refused` where it may not.

    Another bank's people, and those who left, are unknown.
    """
    person = staff.find(tx, owner_id)
    if person is None or person.bank_code != bank_code or not person.active:
        raise Refused(Fault("/owner", "owner_unknown"))
    if not can_own(person):
        raise Refused(Fault("/owner", "owner_not_acting"))
    return person


def by_email(tx: HubTransaction, email: str, *, bank_code: str) -> StaffRecord:
    """The account with that address that shall have a case of the bank; raises `Refused` as `require_owner` does."""
    found = staff.find_by_email(tx, compared_email(email))
    try:
        return require_owner(tx, "" if found is None else found.id, bank_code=bank_code)
    except Refused as error:
        raise Refused(*(Fault("/email", each.code) for each in error.faults)) from None


def set_owner(tx: HubTransaction, negotiation: NegotiationRecord, owner_id: str | None, why: OwnerChange) -> None:
    """The case is that person's, or nobody's, and the bank's audit has it. The row has to be locked."""
    before = negotiation.owner_id
    ownership.set_owner(tx, negotiation, owner_id)
    note_change(tx, negotiation.reference, before, owner_id, why, bank_code=negotiation.bank_code)
    if owner_id is not None and why == OwnerChange.ASSIGNED:
        staff_notices.assigned(tx, [negotiation], owner_id)


def note_change(
    tx: HubTransaction, reference: str, before: str | None, after: str | None, why: OwnerChange, *, bank_code: str
) -> None:
    """The bank's audit has whose the case, or the request beside one, was before and is afterwards."""
    audit.note(
        tx,
        AuditKind.CASE_ASSIGNED,
        reference,
        bank_code=bank_code,
        owner=name_of(tx, after),
        before=name_of(tx, before),
        why=why,
    )


def why_given(tx: HubTransaction, owner_id: str | None, *, bank_code: str) -> OwnerChange:
    """What it is called where whoever acts makes something that person's, or nobody's."""
    if owner_id is None:
        return OwnerChange.GIVEN_BACK
    acting = acting_person(tx, bank_code)
    return OwnerChange.TAKEN if acting is not None and acting.id == owner_id else OwnerChange.ASSIGNED


def changed_since(tx: HubTransaction, owner_id: str | None) -> Refused:
    """What is raised to whoever saw another owner than there is now."""
    name = name_of(tx, owner_id)
    return Refused(
        Fault("/owner", "case_is_nobodys") if name is None else Fault("/owner", "case_has_owner", {"name": name})
    )


def name_of(tx: HubTransaction, staff_id: str | None) -> str | None:
    """What colleagues call the person; None for nobody."""
    person = None if staff_id is None else staff.find(tx, staff_id)
    return None if person is None else staff.called(tx, person)


def acting_person(tx: HubTransaction, bank_code: str) -> StaffRecord | None:
    """Who of the bank acts in the transaction and may have cases; None for a program and for everybody else."""
    kind, _, account = tx.actor.id.partition("/")
    person = staff.find(tx, account) if kind == "staff" else None
    return person if person is not None and person.bank_code == bank_code and can_own(person) else None


def take_unowned(tx: HubTransaction, negotiation: NegotiationRecord) -> None:
    """A case that was nobody's is that of the person who picks it up. The row has to be locked."""
    person = acting_person(tx, negotiation.bank_code)
    if negotiation.owner_id is None and person is not None:
        set_owner(tx, negotiation, person.id, OwnerChange.ACKNOWLEDGED)


def release_all(tx: HubTransaction, person: StaffRecord) -> int:
    """The person who has left has no case any more: all are nobody's. Gives how many there were."""
    if person.bank_code is None:
        return 0
    owned = ownership.list_owned(tx, person.id, bank_code=person.bank_code)
    for negotiation in owned:
        set_owner(tx, negotiation, None, OwnerChange.LEFT)
    return len(owned)
