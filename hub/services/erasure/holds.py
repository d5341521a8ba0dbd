"""Legal holds: nothing of a negotiation is erased while one stands, whoever asks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hub.domain.errors import InvalidValue, NotFound, StatusConflict
from hub.domain.people import free_text, says_nothing
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import erasures, negotiation_locks, negotiations
from storage.records import NegotiationRecord

REASON_LIMIT: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A hold that stands."""

    reference: str
    reason: str
    held_by: str
    held_at: datetime


def hold(tx: HubTransaction, reference: str, reason: str) -> None:
    """Nothing of the negotiation is erased until it is released; on record with the reason.

    Raises `NotFound`, `InvalidValue` without a reason, `StatusConflict` where a hold stands or all is erased.
    """
    if says_nothing(reason):
        raise InvalidValue("required")
    why = free_text(reason, limit=REASON_LIMIT).strip()
    negotiation = _locked(tx, reference)
    if negotiation.erased_at is not None or erasures.find_hold(tx, negotiation.id) is not None:
        raise StatusConflict(negotiation.status, "hold")
    erasures.add_hold(tx, negotiation, reason=why, by=str(tx.actor))
    audit.note(tx, AuditKind.HELD, negotiation.reference, bank_code=negotiation.bank_code)


def release(tx: HubTransaction, reference: str) -> None:
    """The negotiation is erased in its time again. Raises `NotFound`, `StatusConflict` where no hold stands."""
    negotiation = _locked(tx, reference)
    found = erasures.find_hold(tx, negotiation.id)
    if found is None:
        raise StatusConflict(negotiation.status, "release")
    found.released_by, found.released_at = str(tx.actor), tx.now
    audit.note(tx, AuditKind.RELEASED, negotiation.reference, bank_code=negotiation.bank_code)


def list_holds(tx: HubTransaction) -> list[Hold]:
    """Each hold that stands, the oldest first."""
    return [
        Hold(reference=reference, reason=erasures.reason_of(tx, each), held_by=each.held_by, held_at=each.held_at)
        for each, reference in erasures.list_holds(tx)
    ]


def _locked(tx: HubTransaction, reference: str) -> NegotiationRecord:
    found = negotiations.find_negotiation(tx, reference)
    if found is None:
        raise NotFound
    return negotiation_locks.lock(tx, found.id)
