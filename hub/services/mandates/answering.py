"""What a payee or a bank says of a revocation: yes, or no with a reason. Each sees its own part alone."""

from hub.domain import labels
from hub.domain.entry_kind import EntryKind
from hub.domain.mandate import MandateEvent, MandateStatus, RevocationRefused
from hub.domain.plain import Plain, instant
from hub.domain.revocation import RevocationEvent, RevocationStatus
from hub.domain.service_request import RequestKind
from hub.services.mandates import mandates, telling
from hub.services.negotiations.entries import entry
from hub.services.requests import moving
from hub.services.transaction import HubTransaction
from storage import mandates as rows
from storage import request_clocks, service_requests
from storage.records import ServiceRequestRecord


def confirm(tx: HubTransaction, revocation_id: str, *, bank_code: str, text: str = "") -> ServiceRequestRecord:
    """The bank takes the revocation: the mandate is revoked and its person told. The same again changes nothing.

    Raises `NotFound` for an unknown one, another bank's alike, and `StatusConflict` where it was refused.
    """
    record = service_requests.lock_of_bank(tx, revocation_id, bank_code=bank_code, kind=RequestKind.REVOCATION)
    if record.status == RevocationStatus.CONFIRMED:
        return record
    said = {**service_requests.contents_of(tx, record), "answer": {"reason_code": None, "text": text or None}}
    words = entry(EntryKind.REVOCATION_CONFIRMED, tx.actor, text=text)
    moving.move(tx, record, RevocationEvent.CONFIRMED, words, contents=said)
    mandate = rows.lock_of_revocation(tx, revocation_id)
    if mandate is not None and mandate.status == MandateStatus.REVOKING:
        rows.apply_event(tx, mandate, MandateEvent.CONFIRMED)
        mandates.plan(tx, mandate)
        telling.confirmed(tx, mandate, rows.contents_of(tx, mandate))
    return record


def refuse(
    tx: HubTransaction, revocation_id: str, refusal: RevocationRefused, *, bank_code: str
) -> ServiceRequestRecord:
    """The bank does not take the revocation, and says why: its person is told. The same again changes nothing.

    The mandate's revocation is refused once nobody is left who could still take it. Raises `NotFound` and
    `StatusConflict` where the bank said otherwise before.
    """
    record = service_requests.lock_of_bank(tx, revocation_id, bank_code=bank_code, kind=RequestKind.REVOCATION)
    answer = {"reason_code": refusal.reason.value, "text": refusal.text or None}
    before = service_requests.contents_of(tx, record)
    if record.status == RevocationStatus.REFUSED and before.get("answer") == answer:
        return record
    words = entry(
        EntryKind.REVOCATION_REFUSED,
        tx.actor,
        reason=labels.REVOCATION_REFUSALS[refusal.reason],
        text=refusal.text,
    )
    moving.move(tx, record, RevocationEvent.REFUSED, words, contents={**before, "answer": answer})
    mandate = rows.lock_of_revocation(tx, revocation_id)
    if mandate is not None and mandate.status == MandateStatus.REVOKING:
        rows.refused(tx, mandate)
        mandates.plan(tx, mandate)
        telling.refused(tx, mandate, rows.contents_of(tx, mandate), record.id)
    return record


def bank_view(tx: HubTransaction, record: ServiceRequestRecord) -> Plain:
    """A revocation as the one bank sees it that it was sent to: nothing of any other receiver."""
    contents = service_requests.contents_of(tx, record)
    until = request_clocks.running_until(record)
    return {
        "id": record.matter_id,
        "reference": record.reference,
        "status": record.status,
        "mandate": contents["mandate"],
        "holder": contents["holder"],
        "revoked_from": contents["revoked_from"],
        "received_at": None if record.reached_bank_at is None else instant(record.reached_bank_at),
        "due_at": None if until is None else instant(until),
        "answer": contents.get("answer"),
    }
