"""Finding the agreement of a negotiation for those who do something with it."""

from datetime import date

from hub.domain.agreement_end import AgreementStatus, EndReason
from hub.domain.china import china_day
from hub.domain.errors import Fault, NotFound, Refused, StatusConflict
from hub.services.transaction import HubTransaction
from storage import agreements, negotiations
from storage.records import AgreementRecord, NegotiationRecord


def agreement_in_force(tx: HubTransaction, negotiation: NegotiationRecord, action: str) -> AgreementRecord:
    """The agreement of the negotiation; raises `StatusConflict` where none is in force."""
    agreement = agreements.find_agreement(tx, negotiation.id)
    if agreement is None:
        raise StatusConflict(negotiation.status, action)
    if agreement.status != AgreementStatus.IN_FORCE:
        raise StatusConflict(agreement.status, action)
    return agreement


def agreement_that_hears(tx: HubTransaction, negotiation: NegotiationRecord, action: str) -> AgreementRecord:
    """The agreement of which the bank's word still counts: in force, or failed by itself. Raises `StatusConflict`."""
    agreement = agreements.find_agreement(tx, negotiation.id)
    if agreement is not None and agreement.end_reason == EndReason.FAILED:
        return agreement
    return agreement_in_force(tx, negotiation, action)


def require_since_signing(agreement: AgreementRecord, day: date, pointer: str) -> None:
    """Nothing, or `Refused` at `pointer` for a day before the agreement was signed."""
    signed_on = china_day(agreement.signed_at)
    if day < signed_on:
        raise Refused(Fault(pointer, "before_signing", {"signed_on": signed_on.isoformat()}))


def agreement_of_bank(tx: HubTransaction, negotiation_id: str, *, bank_code: str) -> AgreementRecord:
    """The agreement of the bank's negotiation; raises `NotFound` where there is none."""
    negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    return agreement_of(tx, negotiation_id)


def agreement_of(tx: HubTransaction, negotiation_id: str) -> AgreementRecord:
    """The agreement of a negotiation that is the caller's; raises `NotFound` where there is none."""
    agreement = agreements.find_agreement(tx, negotiation_id)
    if agreement is None:
        raise NotFound
    return agreement
