"""What waits for a bank's answer beside the negotiations of its queue: all that comes once an agreement is signed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hub.domain.amendment import AmendmentKind
from hub.domain.plain import instant
from hub.services.transaction import HubTransaction
from storage import amendments, bank_answers, clearances, request_queue
from storage.records import CollectionReportRecord, CreditNoteRecord


class Matter(StrEnum):
    """What a bank is asked."""

    EARLY_SETTLEMENT = AmendmentKind.EARLY_SETTLEMENT
    PAY_DAY = AmendmentKind.PAY_DAY
    COLLECTION_REPORT = "collection_report"
    CREDIT_NOTE = "credit_note"
    CLEARANCE = "clearance"
    REQUEST = "request"  # beside negotiations, of whatever kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One matter that waits for the bank. Times are of RFC 3339; `due_at` is None where no term runs.

    `negotiation_id` is the matter's own id where it is a request beside negotiations.
    """

    negotiation_id: str
    reference: str
    matter: Matter
    asked_at: str
    due_at: str | None = None
    late: bool = False

    @property
    def is_of_agreement(self) -> bool:
        """Whether it is done where the agreement stands."""
        return self.matter not in (Matter.COLLECTION_REPORT, Matter.CREDIT_NOTE, Matter.REQUEST)

    @property
    def is_request(self) -> bool:
        """Whether it is of no negotiation."""
        return self.matter is Matter.REQUEST


def waiting_for(tx: HubTransaction, bank_code: str, *, most: int) -> list[Waiting]:
    """At most `most` matters of each sort, those with a term first, the first due first."""

    def of(
        matter: Matter, negotiation_id: str, reference: str, asked_at: datetime, due_at: datetime | None = None
    ) -> Waiting:
        return Waiting(
            negotiation_id=negotiation_id,
            reference=reference,
            matter=matter,
            asked_at=instant(asked_at),
            due_at=None if due_at is None else instant(due_at),
            late=due_at is not None and due_at < tx.now,
        )

    reports = [
        of(Matter.COLLECTION_REPORT, each.negotiation_id, reference, each.reported_at, each.due_at)
        for each, reference in bank_answers.list_waiting(tx, CollectionReportRecord, bank_code, most=most)
    ]
    notes = [
        of(Matter.CREDIT_NOTE, each.negotiation_id, reference, each.asked_at, each.due_at)
        for each, reference in bank_answers.list_waiting(tx, CreditNoteRecord, bank_code, most=most)
    ]
    certificates = [
        of(Matter.CLEARANCE, each.negotiation_id, reference, each.opened_at, each.due_at)
        for each, reference in clearances.list_waiting(tx, bank_code, most=most)
    ]
    beside = [
        of(Matter.REQUEST, each.matter_id, each.reference, each.opened_at, each.due_at)
        for each in request_queue.list_waiting(tx, bank_code, limit=most)
    ]
    requests = [
        of(Matter(each.kind), each.negotiation_id, reference, each.asked_at)
        for each, reference in amendments.list_waiting(tx, bank_code, most=most)
    ]
    dated = [*reports, *notes, *certificates, *beside]
    return [*sorted(dated, key=lambda each: (each.due_at or "", each.reference)), *requests]
