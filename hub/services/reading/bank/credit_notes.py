"""What a person asked their bank about an entry at the credit register, as its people read it."""

from hub.domain.plain import Plain
from hub.services.negotiations import credit_notes
from hub.services.transaction import HubTransaction
from storage import bank_answers, negotiations
from storage.records import CreditNoteRecord


def credit_note(tx: HubTransaction, negotiation_id: str, note_id: str, *, bank_code: str) -> Plain:
    """The question with the bank's answer; raises `NotFound`."""
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    return credit_notes.note_view(tx, bank_answers.get_of_negotiation(tx, CreditNoteRecord, row.id, note_id))
