"""The access log: every reading of a person's data by a bank or a person of the hub."""

import sqlalchemy as sa

from hub.domain.actor import Actor
from storage.records import AccessRecord, NegotiationRecord, new_id
from storage.transaction import Transaction


def note_reading(tx: Transaction, negotiation: NegotiationRecord, actor: Actor, what: str) -> None:
    """The reading is on record, with who read what and when."""
    tx.session.execute(
        sa.insert(AccessRecord),
        [
            {
                "id": new_id(),
                "at": tx.now,
                "bank_code": negotiation.bank_code,
                "negotiation_id": negotiation.id,
                "actor": str(actor),
                "what": what,
            }
        ],
    )


def list_readings(tx: Transaction, negotiation_id: str) -> list[AccessRecord]:
    """Who read what of the negotiation, oldest first."""
    return list(
        tx.session.scalars(
            sa.select(AccessRecord)
            .where(AccessRecord.negotiation_id == negotiation_id)
            .order_by(AccessRecord.at, AccessRecord.id)
        )
    )
