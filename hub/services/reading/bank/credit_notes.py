"""What a person asked their bank about an entry at the credit register, as its people read it."""

from hub.domain.plain import Plain
from hub.services.negotiations import credit_notes
from hub.services.transaction import HubTransaction
from storage import credit_notes as rows
from storage import negotiations


def credit_note(tx: HubTransaction, negotiation_id: str, note_id: str, *, bank_code: str) -> Plain:
    """The question with the bank's answer; raises `NotFound`."""
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    return credit_notes.note_view(tx, rows.get_note(tx, row.id, note_id))
