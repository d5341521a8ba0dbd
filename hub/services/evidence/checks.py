"""What a bank's clerk says of a file of its case: checked, or doubtful and why.

It is for colleagues and the bank's own programs: no part of the log that the person reads, of their record, or of what
is sent to a bank's system. A person of whom a better copy is wanted is asked for it in words of its own
(`negotiations/review.py`).
"""

from hub.domain.errors import NotFound
from hub.domain.evidence import EvidenceStatus
from hub.domain.evidence_check import EvidenceCheck
from hub.services.negotiations.locking import lock_for_bank
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import evidence_checks, given_evidence


def check(tx: HubTransaction, negotiation_id: str, evidence_id: str, said: EvidenceCheck, *, bank_code: str) -> None:
    """This is what the bank holds of the file from now on, and what was said before is kept.

    The same again changes nothing. Raises `NotFound` where the file is not one that the bank was given.
    """
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    found = given_evidence.find_given(tx, negotiation.id, evidence_id)
    if found is None or found[1].status != EvidenceStatus.CLEAN:
        raise NotFound
    before = evidence_checks.newest(tx, negotiation.id, bank_code=bank_code).get(evidence_id)
    if before is not None and (before.verdict, evidence_checks.text_of(tx, before)) == (said.verdict, said.text):
        return
    evidence_checks.add(tx, negotiation, evidence_id, said, actor=str(tx.actor))
    audit.note(tx, AuditKind.EVIDENCE_CHECKED, negotiation.reference, file=evidence_id, verdict=said.verdict)
