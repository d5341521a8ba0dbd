"""Whose case a negotiation is: the only writer of its owner, and what is asked of many cases at once."""

from collections.abc import Sequence

import sqlalchemy as sa

from storage.records import NegotiationRecord
from storage.records.negotiations import QUEUE_SQL
from storage.transaction import Transaction


def set_owner(_tx: Transaction, negotiation: NegotiationRecord, owner_id: str | None) -> None:
    """The case is that person's, or nobody's; its row has to be locked."""
    negotiation.owner_id = owner_id


def list_of_bank(tx: Transaction, negotiation_ids: Sequence[str], *, bank_code: str) -> list[NegotiationRecord]:
    """Those of the negotiations that have reached the bank, in the order that was asked for."""
    found = tx.session.scalars(
        sa.select(NegotiationRecord).where(
            NegotiationRecord.id.in_(negotiation_ids),
            NegotiationRecord.bank_code == bank_code,
            NegotiationRecord.reached_bank_at.is_not(None),
        )
    )
    by_id = {each.id: each for each in found}
    return [by_id[each] for each in dict.fromkeys(negotiation_ids) if each in by_id]


def list_owned(tx: Transaction, owner_id: str, *, bank_code: str) -> list[NegotiationRecord]:
    """All negotiations of the bank whose owner is that person, also those that have ended, held."""
    return list(
        tx.session.scalars(
            sa.select(NegotiationRecord)
            .where(NegotiationRecord.bank_code == bank_code, NegotiationRecord.owner_id == owner_id)
            .order_by(NegotiationRecord.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def open_cases(tx: Transaction, owner_ids: Sequence[str], *, bank_code: str, most: int) -> dict[str, int]:
    """How many open cases each of the people has; whoever has more than `most` is counted as that many."""
    return {each: _open_of(tx, each, bank_code, most) for each in owner_ids}


def _open_of(tx: Transaction, owner_id: str, bank_code: str, most: int) -> int:
    some = (
        sa.select(NegotiationRecord.id)
        .where(NegotiationRecord.bank_code == bank_code, NegotiationRecord.owner_id == owner_id, sa.text(QUEUE_SQL))
        .limit(most)
        .subquery()
    )
    return tx.session.scalar(sa.select(sa.func.count()).select_from(some)) or 0
