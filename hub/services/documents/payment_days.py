"""The days of an agreement's payments, as they stand after all amendments, for the calendar of a phone."""

from hub.documents.payment_calendar import PaymentDays, calendar_file
from hub.domain.agreement_end import AgreementStatus
from hub.domain.errors import NotFound
from hub.services.agreements.agreement_views import payment_rows
from hub.services.transaction import HubTransaction
from storage import agreements, amendments


def calendar_of(tx: HubTransaction, negotiation_id: str, *, language: str) -> bytes:
    """The calendar file of the negotiation's agreement; who may have it, the caller has seen.

    Raises `NotFound` where no agreement is in force, or nothing is left to pay.
    """
    agreement = agreements.find_agreement(tx, negotiation_id)
    if agreement is None or agreement.status != AgreementStatus.IN_FORCE:
        raise NotFound
    rows = [row for row in payment_rows(tx, agreement) if row.is_open]
    if not rows:
        raise NotFound
    payments = PaymentDays(
        agreement_number=agreement.number,
        address=f"{tx.public_url}/my/negotiations/{negotiation_id}/agreement",
        version=len(amendments.list_counting(tx, agreement.id)),
        rows=rows,
    )
    return calendar_file(payments, language=language, made_at=tx.now)
