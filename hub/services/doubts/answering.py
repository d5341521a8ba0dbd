"""What a bank's clerk did about a doubt: looked and has no concern, or asked the person. It decides nothing."""

from hub.domain.doubts import DoubtAnswer
from hub.domain.errors import NotFound
from hub.services.negotiations.locking import lock_for_bank
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import doubts


def answer(
    tx: HubTransaction, negotiation_id: str, doubt_id: str, given: DoubtAnswer | None, *, bank_code: str
) -> None:
    """This is what was done about the doubt; the same again changes nothing, and None neither.

    Raises `NotFound` for a doubt that is none about the bank's case.
    """
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    records = doubts.list_of(tx, negotiation.id, bank_code=bank_code)
    record = next((each for each in records if each.id == doubt_id), None)
    if record is None:
        raise NotFound
    if given is None or record.answer == given:
        return
    doubts.set_answer(tx, record, given, actor=str(tx.actor))
    audit.note(tx, AuditKind.DOUBT_ANSWERED, negotiation.reference, doubt=record.kind, answer=given)
