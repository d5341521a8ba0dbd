"""A claim that the bank has transferred: the person is told to whom, and nothing of theirs is handed on to anybody."""

from hub.domain.agreement_end import AgreementStatus
from hub.domain.china import china_day
from hub.domain.claim_transfer import ClaimTransfer
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import AgreementConflict, Fault, Refused, StatusConflict
from hub.domain.lifecycle import Event, Status, allows
from hub.domain.plain import Plain, to_plain
from hub.domain.review import RejectionReason
from hub.services.negotiations import closing, negotiation_log
from hub.services.negotiations.entries import entry
from hub.services.negotiations.locking import lock_for_bank
from hub.services.notifications import notifications
from hub.services.transaction import HubTransaction
from storage import agreements, banks, clocks, debts, decisions, offers
from storage.records import NegotiationRecord


def transfer(
    tx: HubTransaction, negotiation_id: str, transferred: ClaimTransfer, *, bank_code: str
) -> NegotiationRecord:
    """The person is told to whom the claim went. A negotiation ends as rejected; an agreement in force stays in force.

    Nothing is sent to whoever has the claim now: that would need a new consent. The same again changes nothing.
    Raises `StatusConflict` where there is nothing to end or to go over, and while an offer of the bank can still be
    accepted, which it cannot take back; `AgreementConflict` for another transfer than was told before.
    """
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    known = debts.transfer_of(tx, negotiation)
    if known == transferred:
        return negotiation
    if known is not None:
        raise AgreementConflict("already_transferred", negotiation.status)
    if transferred.transferred_on > china_day(tx.now):
        raise Refused(Fault("/transferred_on", "date_in_future"))
    hindrance = _hindrance(tx, negotiation)
    if hindrance is not None:
        raise StatusConflict(hindrance, "claim_transferred")
    words = entry(
        EntryKind.CLAIM_TRANSFERRED,
        tx.actor,
        day=transferred.transferred_on.isoformat(),
        name=transferred.name,
        contact=transferred.contact,
        text=transferred.text,
    )
    debts.set_transfer(tx, negotiation, transferred)
    if negotiation.status == Status.AGREED:
        negotiation_log.note(tx, negotiation, words)
    else:
        negotiation_log.apply_event(tx, negotiation, Event.REJECTED, words)
        clocks.answer(tx, negotiation)
        closing.close(tx, negotiation)
        decisions.set_rejection(tx, negotiation, RejectionReason.OTHER, words.text)
    notifications.claim_transferred(tx, negotiation)
    return negotiation


def may_transfer(tx: HubTransaction, negotiation: NegotiationRecord) -> bool:
    """Whether the bank can say now that it has transferred its claim."""
    return debts.transfer_of(tx, negotiation) is None and _hindrance(tx, negotiation) is None


def _hindrance(tx: HubTransaction, negotiation: NegotiationRecord) -> str | None:
    """The status, of the negotiation or of its agreement or an offer, that stands in the way."""
    if negotiation.status == Status.AGREED:
        agreement = agreements.find_agreement(tx, negotiation.id)
        is_in_force = agreement is not None and agreement.status == AgreementStatus.IN_FORCE
        return None if is_in_force or agreement is None else agreement.status
    if not allows(Status(negotiation.status), Event.REJECTED):
        return negotiation.status
    acceptable = offers.list_acceptable(tx, negotiation.id)
    return acceptable[0].status if acceptable else None


def transfer_view(tx: HubTransaction, negotiation: NegotiationRecord) -> Plain | None:
    """To whom the claim went, or None. `bank_code` is theirs where they take applications here, null otherwise."""
    transferred = debts.transfer_of(tx, negotiation)
    if transferred is None:
        return None
    named = (each for each in banks.list_banks(tx) if transferred.name in {each.name_zh, each.name_en})
    here = next((each.code for each in named if each.is_open), None)
    plain: Plain = to_plain(transferred)
    return {**plain, "bank_code": here}
