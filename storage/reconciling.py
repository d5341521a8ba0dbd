"""What the hub knows of its exchange with one bank: messages sent, arrived, acknowledged and answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from hub.domain.delivery import DeliveryStatus
from hub.domain.lifecycle import Status
from storage.records import BankEventRecord, ClockRecord, DeliveryRecord, NegotiationRecord
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTurn:
    """A turn of the bank that runs: the message that opened it, and whether anything was heard since."""

    clock_id: str
    message_id: str
    negotiation_id: str
    reference: str
    opened_at: datetime
    due_at: datetime
    paused: bool
    heard_of: bool


def count_messages(tx: Transaction, bank_code: str) -> dict[str, int]:
    """How many of the bank's messages stand at each status of a delivery."""
    query = (
        sa.select(DeliveryRecord.status, sa.func.count())
        .where(DeliveryRecord.bank_code == bank_code)
        .group_by(DeliveryRecord.status)
    )
    counted = {row[0]: row[1] for row in tx.session.execute(query)}
    return {status: counted.get(status, 0) for status in DeliveryStatus}


def count_turns(tx: Transaction, bank_code: str) -> tuple[int, int]:
    """(turns that the bank was given, those of them that it answered)."""
    mine = ClockRecord.bank_code == bank_code
    given = tx.session.scalar(sa.select(sa.func.count()).select_from(ClockRecord).where(mine)) or 0
    answered = sa.select(sa.func.count()).select_from(ClockRecord).where(mine, ClockRecord.answered_at.is_not(None))
    return given, tx.session.scalar(answered) or 0


def count_events(tx: Transaction, bank_code: str) -> int:
    """How many events of the bank were applied."""
    query = sa.select(sa.func.count()).select_from(BankEventRecord).where(BankEventRecord.bank_code == bank_code)
    return tx.session.scalar(query) or 0


def list_open_turns(tx: Transaction, bank_code: str, limit: int) -> Sequence[OpenTurn]:
    """The bank's turns that run, the one due first at the front."""
    heard = (
        sa.exists()
        .where(
            BankEventRecord.negotiation_id == ClockRecord.negotiation_id,
            BankEventRecord.applied_at >= ClockRecord.opened_at,
        )
        .correlate(ClockRecord)
    )
    query = (
        sa.select(ClockRecord, NegotiationRecord.reference, NegotiationRecord.status, heard.label("heard"))
        .join(NegotiationRecord, NegotiationRecord.id == ClockRecord.negotiation_id)
        .where(
            ClockRecord.bank_code == bank_code,
            ClockRecord.answered_at.is_(None),
            ClockRecord.ended_at.is_(None),
        )
        .order_by(ClockRecord.due_at, ClockRecord.id)
        .limit(limit)
    )
    return [
        OpenTurn(
            clock_id=clock.id,
            message_id=clock.delivery_id,
            negotiation_id=clock.negotiation_id,
            reference=reference,
            opened_at=clock.opened_at,
            due_at=clock.due_at,
            paused=clock.paused_on is not None and clock.resumed_on is None,
            # Staff may act in the portal for a bank whose system says nothing.
            heard_of=bool(was_heard) or status != Status.AWAITING_BANK,
        )
        for clock, reference, status, was_heard in tx.session.execute(query)
    ]
