"""What a bank is still shown of an erased case: its number, how it went from status to status, and what was erased."""

from dataclasses import dataclass
from datetime import datetime

from hub.domain.entry_kind import EntryKind
from hub.domain.errors import NotFound
from hub.domain.lifecycle import Status
from hub.services.transaction import HubTransaction
from storage import communications, negotiations


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedStep:
    """One step: when, and to which status; or what was erased then, in the log's words."""

    at: datetime
    status: Status | None
    text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedCase:
    """An erased case; `steps` are oldest first."""

    reference: str
    status: Status
    erased_at: datetime
    steps: tuple[ErasedStep, ...]


def erased_case(tx: HubTransaction, negotiation_id: str, *, bank_code: str) -> ErasedCase:
    """The bank's erased case; raises `NotFound` for any other."""
    row = negotiations.find_of_bank(tx, negotiation_id, bank_code=bank_code)
    if row.erased_at is None:
        raise NotFound
    steps = [
        ErasedStep(
            at=header.at,
            status=None if header.to_status is None else Status(header.to_status),
            text=each.text if header.kind == EntryKind.ERASED else None,
        )
        for each in communications.list_entries(tx, row.id)
        if (header := each.header).to_status is not None or header.kind == EntryKind.ERASED
    ]
    return ErasedCase(reference=row.reference, status=Status(row.status), erased_at=row.erased_at, steps=tuple(steps))
