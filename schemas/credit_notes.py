"""The body of what a person asks about their entry at the credit register."""

from hub.domain.credit_note import CreditNote, CreditNoteKind
from schemas.actions import read_body
from schemas.base import Read, Schema
from schemas.evidence import MAX_EVIDENCE, EvidenceReferenceSchema, evidence_faults, files_of, later_consents
from schemas.fields import Choice, Each, Part, SpokenText


class CreditNoteSchema(Schema):
    """An entry that is settled or wrong, in the person's words."""

    kind = Choice(CreditNoteKind, required=True)
    text = SpokenText(minimum=1, required=True)
    evidence = Each(Part(EvidenceReferenceSchema), most=MAX_EVIDENCE, load_default=list)
    consents = later_consents()


CREDIT_NOTE = CreditNoteSchema()


def load_credit_note(data: object) -> Read[CreditNote]:
    """What a person asks the bank to check, or None and every fault."""
    found, faults = read_body(CREDIT_NOTE, data)
    faults += evidence_faults(found)
    return Read.of(faults, lambda: CreditNote(**{**found, **files_of(found)}))
