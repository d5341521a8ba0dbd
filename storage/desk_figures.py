"""What the mails to a bank's people count and list: running clocks by owner, and offers that wait."""

from collections.abc import Sequence

import sqlalchemy as sa

from storage.clocks import RUNNING
from storage.records import ClockRecord, NegotiationRecord, OfferRecord, TeamRecord
from storage.transaction import Transaction


def running_of_owner(tx: Transaction, bank_code: str, owner_id: str) -> Sequence[tuple[ClockRecord, NegotiationRecord]]:
    """The running clocks of the cases of that owner, the paused ones too, the next due first."""
    query = (
        sa.select(ClockRecord, NegotiationRecord)
        .join(NegotiationRecord, NegotiationRecord.id == ClockRecord.negotiation_id)
        .where(NegotiationRecord.bank_code == bank_code, NegotiationRecord.owner_id == owner_id, *RUNNING)
        .order_by(ClockRecord.due_at, NegotiationRecord.reference)
    )
    return [(clock, negotiation) for clock, negotiation in tx.session.execute(query)]


def count_unassigned(tx: Transaction, bank_code: str) -> int:
    """How many negotiations that the bank owes an answer are nobody's."""
    query = (
        sa.select(sa.func.count())
        .select_from(ClockRecord)
        .join(NegotiationRecord, NegotiationRecord.id == ClockRecord.negotiation_id)
        .where(NegotiationRecord.bank_code == bank_code, NegotiationRecord.owner_id.is_(None), *RUNNING)
    )
    return tx.session.scalar(query) or 0


def awaiting_approval(tx: Transaction, bank_code: str) -> Sequence[OfferRecord]:
    """The bank's offers that wait for an approval."""
    query = sa.select(OfferRecord).where(
        OfferRecord.bank_code == bank_code, sa.text("offer.status = 'awaiting_approval'")
    )
    return tx.session.scalars(query).all()


def team_names(tx: Transaction, bank_code: str) -> dict[str, str]:
    """What the bank's teams are called, by their ids."""
    query = sa.select(TeamRecord.id, TeamRecord.name).where(TeamRecord.bank_code == bank_code)
    return {row.id: row.name for row in tx.session.execute(query)}
