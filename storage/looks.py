"""Looks: how far a person has read each of their negotiations."""

from collections.abc import Sequence

import sqlalchemy as sa

from storage.records import LogEntryRecord, LookRecord
from storage.transaction import Transaction


def seen_by(tx: Transaction, owner: str, negotiation_ids: Sequence[str]) -> dict[str, int]:
    """Up to which entry of the log the person has seen each of these; one that they never looked at is left out."""
    if not negotiation_ids:
        return {}
    query = sa.select(LookRecord.negotiation_id, LookRecord.sequence).where(
        LookRecord.negotiation_id.in_(negotiation_ids), LookRecord.owner == owner
    )
    return {row.negotiation_id: row.sequence for row in tx.session.execute(query)}


def note(tx: Transaction, negotiation_id: str, owner: str, *, bank_code: str, sequence: int) -> None:
    """The person has seen everything up to that entry; an earlier look of theirs never takes a later one back."""
    found = tx.session.get(LookRecord, (negotiation_id, owner))
    if found is None:
        tx.session.add(
            LookRecord(negotiation_id=negotiation_id, owner=owner, bank_code=bank_code, sequence=sequence, at=tx.now)
        )
        tx.session.flush()
    elif found.sequence < sequence:
        found.sequence, found.at = sequence, tx.now


def list_behind(tx: Transaction, seen: dict[str, int], *, parties: Sequence[str]) -> list[sa.Row[str, int, str]]:
    """The entries by `parties` behind the sequence number that stands with each negotiation, in order.

    Each with negotiation_id, sequence and kind.
    """
    if not seen:
        return []
    query = (
        sa.select(LogEntryRecord.negotiation_id, LogEntryRecord.sequence, LogEntryRecord.kind)
        .where(LogEntryRecord.negotiation_id.in_(seen), LogEntryRecord.party.in_(parties))
        .where(LogEntryRecord.sequence > min(seen.values()))
        .order_by(LogEntryRecord.negotiation_id, LogEntryRecord.sequence)
    )
    return [row for row in tx.session.execute(query) if row.sequence > seen[row.negotiation_id]]
