"""What reached one bank of mandates: revocations and reported deductions, what waits for it first."""

from hub.domain.plain import Plain
from hub.domain.service_request import RequestKind
from hub.services.mandates import answering, deductions
from hub.services.reading.requests import MOST_LISTED
from hub.services.transaction import HubTransaction
from storage import request_queue, service_requests
from storage.records import ServiceRequestRecord


def views(tx: HubTransaction, *, bank_code: str) -> Plain:
    """Both as API and pages show them, at most `MOST_LISTED` each: the earliest due first, then the last answered."""
    return {
        "revocations": [answering.bank_view(tx, each) for each in _listed(tx, bank_code, RequestKind.REVOCATION)],
        "deductions": [deductions.bank_view(tx, each) for each in _listed(tx, bank_code, RequestKind.DEDUCTION)],
    }


def revocation(tx: HubTransaction, revocation_id: str, *, bank_code: str) -> Plain:
    """One revocation; raises `NotFound`, for another bank's alike."""
    record = service_requests.find_of_bank(tx, revocation_id, bank_code=bank_code, kind=RequestKind.REVOCATION)
    return answering.bank_view(tx, record)


def deduction(tx: HubTransaction, deduction_id: str, *, bank_code: str) -> Plain:
    """One reported deduction; raises `NotFound`, for another bank's alike."""
    record = service_requests.find_of_bank(tx, deduction_id, bank_code=bank_code, kind=RequestKind.DEDUCTION)
    return deductions.bank_view(tx, record)


def _listed(tx: HubTransaction, bank_code: str, kind: RequestKind) -> list[ServiceRequestRecord]:
    waiting = request_queue.list_open_of_bank(tx, bank_code, kind=kind, limit=MOST_LISTED)
    left = MOST_LISTED - len(waiting)
    return [*waiting, *service_requests.list_over_of_bank(tx, bank_code, kind=kind, limit=left)]
