"""What becomes of an offer that waits: a level of the bank approves it, or it goes back to its maker with words."""

import hashlib
from datetime import datetime

from hub.domain.approval import Approval, approved, next_level, require_turn, roles_missing
from hub.domain.china import china_day
from hub.domain.errors import OfferNotOpen, Refused
from hub.domain.offer import OfferEvent, OfferStatus
from hub.domain.plain import instant
from hub.domain.staff import Role
from hub.services.negotiations import drawing_up, offer_contents, offering
from hub.services.negotiations.locking import lock_for_bank
from hub.services.notifications import staff_notices
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import given_evidence, offers, staff
from storage.records import NegotiationRecord, OfferRecord


def approve(
    tx: HubTransaction,
    negotiation_id: str,
    offer_id: str,
    *,
    role: Role,
    bank_code: str,
    confirmed_at: datetime | None = None,
) -> OfferRecord:
    """The next level has approved the waiting offer; after the last one it is open.

    The terms are judged again by today's date, since the offer opens only then. The audit has `confirmed_at`, when the
    person last proved who they are, and a digest of the evidence as it is now. Raises `NotAllowed` for its maker, for
    whoever approved it before, and where it waits for another role than `role`, the actor's.
    """
    negotiation, offer = _waiting(tx, negotiation_id, offer_id, role, bank_code)
    terms, balances = offers.terms_of(tx, offer), offers.balances_of(tx, offer)
    said = offer_contents.of(tx, offer)
    legal, texts = offer_contents.legal_in(said), offer_contents.texts_in(said)
    faults = drawing_up.offer_faults(terms, balances, texts, today=china_day(tx.now), legal=legal)
    faults = faults or drawing_up.end_faults(terms, offer.wanted_until, tx.bank(bank_code).rules, now=tx.now)
    if faults:
        raise Refused(*faults)
    given = approved(offers.approvals_of(offer), by=str(tx.actor), at=tx.now)
    offers.set_approvals(offer, given)
    audit.note(
        tx,
        AuditKind.OFFER_APPROVED,
        negotiation.reference,
        offer=offer.id,
        role=role,
        confirmed_at=None if confirmed_at is None else instant(confirmed_at),
        evidence_sha256=_evidence_digest(tx, negotiation),
    )
    if next_level(given) is not None:
        staff_notices.review_waiting(tx, negotiation, offer)
        return offer
    # Made again with the days of today, on which it can be signed at the earliest.
    contents = offer_contents.made(tx, bank_code, terms, balances, legal=legal, like=said)
    offer.said_sealed = offers.seal_contents(tx, offer.id, contents)
    offering.open_offer(tx, negotiation, offer, approved_by=tx.actor)
    return offer


def send_back(
    tx: HubTransaction, negotiation_id: str, offer_id: str, text: str, *, role: Role, bank_code: str
) -> OfferRecord:
    """A waiting offer is returned to its maker with the words of whose turn it is; the cardholder never sees it.

    Raises `NotAllowed` as `approve` does.
    """
    negotiation, offer = _waiting(tx, negotiation_id, offer_id, role, bank_code)
    offers.apply_event(tx, offer, OfferEvent.SENT_BACK, by=tx.actor)
    offers.set_decision(tx, offer, text)
    audit.note(tx, AuditKind.OFFER_RETURNED, negotiation.reference, offer=offer.id, role=role)
    staff_notices.offer_returned(tx, negotiation, offer)
    return offer


def _evidence_digest(tx: HubTransaction, negotiation: NegotiationRecord) -> str:
    """The SHA-256 over the digests of the files that the bank has of the negotiation, in the order they came."""
    given = given_evidence.list_given(tx, negotiation)
    return hashlib.sha256("\n".join(record.sha256 for _, record in given).encode()).hexdigest()


def missing_roles(tx: HubTransaction, offer: OfferRecord) -> tuple[Role, ...]:
    """The roles for which the bank has too few active accounts that may still approve the offer."""
    return roles_missing(offers.approvals_of(offer), _people(tx, offer.bank_code), maker=offer.made_by)


def roles_without_another(tx: HubTransaction, bank_code: str) -> tuple[Role, ...]:
    """The roles that the bank's levels name and that nobody but who acts has, so that an offer would wait in vain."""
    rules = tx.bank(bank_code).rules
    named = [each.role for each in rules.approval_levels.levels] or [Role.SUPERVISOR]
    one_of_each = [Approval(role=role) for role in dict.fromkeys(named)]
    return roles_missing(one_of_each, _people(tx, bank_code), maker=str(tx.actor))


def _people(tx: HubTransaction, bank_code: str) -> dict[str, Role]:
    return {staff.actor_of(each): Role(each.role) for each in staff.list_of_bank(tx, bank_code) if each.active}


def _waiting(
    tx: HubTransaction, negotiation_id: str, offer_id: str, role: Role, bank_code: str
) -> tuple[NegotiationRecord, OfferRecord]:
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    offer = offers.get_offer(tx, negotiation.id, offer_id)
    if offer.status != OfferStatus.AWAITING_APPROVAL:
        raise OfferNotOpen(offer.status, negotiation.status)
    require_turn(offers.approvals_of(offer), person=str(tx.actor), role=role, maker=offer.made_by)
    return negotiation, offer
