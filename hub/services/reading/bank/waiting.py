"""What waits for a bank's answer beside the negotiations of its queue: all that comes once an agreement is signed."""

from dataclasses import dataclass
from enum import StrEnum

from hub.domain.amendment import AmendmentKind
from hub.domain.plain import instant
from hub.services.transaction import HubTransaction
from storage import amendments, clearances, collection, credit_notes


class Matter(StrEnum):
    """What a bank is asked."""

    EARLY_SETTLEMENT = AmendmentKind.EARLY_SETTLEMENT
    PAY_DAY = AmendmentKind.PAY_DAY
    COLLECTION_REPORT = "collection_report"
    CREDIT_NOTE = "credit_note"
    CLEARANCE = "clearance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One matter that waits for the bank. Times are of RFC 3339; `due_at` is None where no term runs."""

    negotiation_id: str
    reference: str
    matter: Matter
    asked_at: str
    due_at: str | None = None
    late: bool = False

    @property
    def is_of_agreement(self) -> bool:
        """Whether it is done where the agreement stands."""
        return self.matter not in (Matter.COLLECTION_REPORT, Matter.CREDIT_NOTE)


def waiting_for(tx: HubTransaction, bank_code: str, *, most: int) -> list[Waiting]:
    """At most `most` matters of each sort, those with a term first, the first due first."""
    dated = [
        *(
            (Matter.COLLECTION_REPORT, record, record.reported_at, reference)
            for record, reference in collection.list_waiting(tx, bank_code, most=most)
        ),
        *(
            (Matter.CREDIT_NOTE, record, record.asked_at, reference)
            for record, reference in credit_notes.list_waiting(tx, bank_code, most=most)
        ),
        *(
            (Matter.CLEARANCE, record, record.opened_at, reference)
            for record, reference in clearances.list_waiting(tx, bank_code, most=most)
        ),
    ]
    return [
        *(
            Waiting(
                negotiation_id=record.negotiation_id,
                reference=reference,
                matter=matter,
                asked_at=instant(asked_at),
                due_at=instant(record.due_at),
                late=record.due_at < tx.now,
            )
            for matter, record, asked_at, reference in sorted(dated, key=lambda each: (each[1].due_at, each[1].id))
        ),
        *(
            Waiting(
                negotiation_id=record.negotiation_id,
                reference=reference,
                matter=Matter(record.kind),
                asked_at=instant(record.asked_at),
            )
            for record, reference in amendments.list_waiting(tx, bank_code, most=most)
        ),
    ]
