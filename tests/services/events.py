"""Events of a bank's system as values, for tests that are not about how they came."""

from hub.domain.bank_event import Acknowledged, BankEvent, BankMessage, Content, EventType
from hub.domain.evidence import EvidenceKind
from hub.domain.offer import BankOffer
from hub.domain.review import EvidenceRequest, Rejection, RejectionReason
from tests.services.case import OFFER, Case

CONTENTS: dict[str, Content] = {
    "acknowledged": Acknowledged(),
    "evidence_requested": EvidenceRequest(kinds=(EvidenceKind.BANK_STATEMENT,), text="请补充流水"),
    "offered": BankOffer(terms=OFFER),
    "rejected": Rejection(reason_code=RejectionReason.CAN_AFFORD, text="收入足够"),
    "message": BankMessage(text="您好，我们在看。"),
}


def event_of(
    case: Case, type_: str, *, event_id: str = "", content: Content | None = None, digest: str = "", bank_code: str = ""
) -> BankEvent:
    """An event about the case; the id and digest follow from its type unless given."""
    return BankEvent(
        id=event_id or f"event-{type_}",
        bank_code=bank_code or case.bank_code,
        negotiation=case.id,
        type=EventType(type_),
        content=content or CONTENTS[type_],
        digest=digest or type_,
    )
