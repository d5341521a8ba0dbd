"""Internal notes: what a bank's people write for each other beside a case, and the customer never sees.

They are no part of the log that the person reads, of their record, of what is sent to a bank's system, or of any API:
they stand in a table of their own, which the case's page of the bank alone reads.
"""

from hub.services.negotiations.locking import lock_for_bank
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import desk


def add(tx: HubTransaction, negotiation_id: str, text: str, *, bank_code: str) -> None:
    """The note is with the bank's case for its people and auditors, and stays; raises `NotFound`.

    Nothing about the case itself changes, so no form that a colleague has open becomes stale by it.
    """
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    desk.add_note(tx, negotiation, text, actor=str(tx.actor), at=tx.now)
    audit.note(tx, AuditKind.NOTE_WRITTEN, negotiation.reference)
