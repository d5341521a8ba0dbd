"""Offers: a bank's terms, the no to one, and the end of its time."""

from collections.abc import Sequence

from hub.domain.actor import HUB, Actor
from hub.domain.agreement_sentences import plan_kind_zh
from hub.domain.amounts import yuan
from hub.domain.answer_time import offer_valid_until
from hub.domain.balances import (
    Balance,
)
from hub.domain.delivery import MessageKind
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import (
    NotFound,
    OfferNotOpen,
    Refused,
    StatusConflict,
)
from hub.domain.legal_stage import LegalStanding
from hub.domain.lifecycle import Event, Status, allows
from hub.domain.offer import BankOffer, OfferBy, OfferEvent, OfferStatus
from hub.domain.people import says_nothing
from hub.domain.plain import Plain, percent
from hub.domain.terms import Kind, Terms, last_due_on
from hub.services.applications import identity
from hub.services.delivery import queueing
from hub.services.negotiations import closing, legal_stages, negotiation_log, offer_contents
from hub.services.negotiations.drawing_up import drawn_up
from hub.services.negotiations.entries import entry
from hub.services.negotiations.locking import lock_for_bank, lock_for_client
from hub.services.notifications import notifications, staff_notices
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import clocks, evidence_requests, negotiation_locks, offers
from storage.records import NegotiationRecord, OfferRecord, new_id


def make_offer(tx: HubTransaction, negotiation_id: str, proposed: BankOffer, *, bank_code: str) -> OfferRecord:
    """The bank's offer is open, or waits for those who have to approve it where a person or a program made it.

    The levels are those of this moment, whatever the bank sets later.

    Raises `StatusConflict`, and `Refused` with every fault of the terms at once.
    """
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    if not allows(Status(negotiation.status), Event.OFFERED):
        raise StatusConflict(negotiation.status, Event.OFFERED)
    identity.require_confirmed(negotiation)
    drawn = drawn_up(tx, negotiation, proposed)
    if drawn.faults or drawn.contents is None:
        raise Refused(*drawn.faults)
    offer = _record(tx, negotiation, OfferBy.BANK, proposed.terms, drawn.balances, drawn.contents)
    offer.wanted_until = proposed.valid_until
    offer.oral = proposed.oral
    offer.recording_reference = proposed.recording_reference
    if not says_nothing(proposed.reason_over_80):
        offers.set_reason_over_80(tx, offer, proposed.reason_over_80.strip())
    offers.add_offer(tx, offer)
    if not tx.actor.decides_alone:
        offers.set_approvals(offer, drawn.approvals)
        if drawn.approvals:
            staff_notices.review_waiting(tx, negotiation, offer)
            return offer
    open_offer(tx, negotiation, offer)
    return offer


def new_offer(
    tx: HubTransaction, negotiation: NegotiationRecord, by: OfferBy, terms: Terms, balances: Sequence[Balance]
) -> OfferRecord:
    """An offer of either side with all that it says, sealed; it is neither kept nor open yet."""
    legal = legal_stages.standing_of(tx, negotiation)
    contents = offer_contents.made(tx, negotiation.bank_code, terms, balances, legal=legal)
    return _record(tx, negotiation, by, terms, balances, contents)


def _record(
    tx: HubTransaction,
    negotiation: NegotiationRecord,
    by: OfferBy,
    terms: Terms,
    balances: Sequence[Balance],
    contents: Plain,
) -> OfferRecord:
    offer_id = new_id()
    return OfferRecord(
        id=offer_id,
        negotiation_id=negotiation.id,
        bank_code=negotiation.bank_code,
        by=by,
        status=OfferStatus.AWAITING_APPROVAL,
        oral=False,
        made_by=str(tx.actor),
        made_at=tx.now,
        said_sealed=offers.seal_contents(tx, offer_id, contents),
        **offers.seal_terms(tx, offer_id, terms, balances),
    )


def open_offer(
    tx: HubTransaction, negotiation: NegotiationRecord, offer: OfferRecord, *, approved_by: Actor | None = None
) -> None:
    """The offer is with the person, its end counted from now, and the bank's clock is answered.

    No other one of the bank waits for approval any more.
    """
    rules = tx.bank(negotiation.bank_code).rules
    terms = offers.terms_of(tx, offer)
    offer.valid_until = offer.wanted_until or offer_valid_until(tx.now, rules.offer_days, rules.closes_at)
    for counter in offers.list_open(tx, negotiation.id, OfferBy.CARDHOLDER):
        offers.apply_event(tx, counter, OfferEvent.SUPERSEDED, by=tx.actor)
    _supersede_waiting(tx, negotiation, but_for=offer)
    offers.apply_event(tx, offer, OfferEvent.OPENED, by=approved_by)
    attachment = offer_contents.attachment(tx, offer)
    spoken = spoken_terms(terms, offer_contents.legal_in(offer_contents.of(tx, offer)))
    offered = entry(EntryKind.OFFERED, tx.actor, [attachment], terms=spoken)
    negotiation_log.apply_event(tx, negotiation, Event.OFFERED, offered)
    clocks.answer(tx, negotiation)
    evidence_requests.close(tx, negotiation.id)
    notifications.offered(tx, negotiation, offer)
    tx.session.flush()


def _supersede_waiting(tx: HubTransaction, negotiation: NegotiationRecord, *, but_for: OfferRecord) -> None:
    # The person never knew of them, so they are in the bank's audit and not in the log that both read.
    for offer in offers.list_offers(tx, negotiation.id):
        if offer.status == OfferStatus.AWAITING_APPROVAL and offer.id != but_for.id:
            offers.apply_event(tx, offer, OfferEvent.SUPERSEDED, by=tx.actor)
            audit.note(tx, AuditKind.OFFER_SUPERSEDED, negotiation.reference, offer=offer.id, by_offer=but_for.id)
            staff_notices.offer_superseded(tx, negotiation, offer)


def spoken_terms(terms: Terms, legal: LegalStanding) -> str:
    """The terms in a sentence, for the log."""
    words = [plan_kind_zh(terms.kind, legal), f"金额 {yuan(terms.principal_fen)} 元"]
    if terms.instalments is not None:
        words.append(f"{terms.instalments} 期")
    if terms.annual_rate_percent is not None:
        words.append(f"年利率 {percent(terms.annual_rate_percent)}%")
    return "，".join([*words, *_spoken_days(terms)]) + "。"


def _spoken_days(terms: Terms) -> list[str]:
    first = terms.first_due_on.isoformat()
    match terms.kind:
        case Kind.INSTALMENTS | Kind.REDUCTION:
            return [f"首次还款日 {first}"]
        case Kind.SETTLEMENT:
            return [f"还款日 {first}"]
        case Kind.DEFERRAL:
            return [f"延后 {terms.months} 个月", f"还款日 {last_due_on(terms).isoformat()}"]
        case Kind.LOWER_MINIMUM:
            return [f"从 {first} 起 {terms.months} 个月"]


def decline(tx: HubTransaction, negotiation_id: str, offer_id: str, text: str, *, client_id: str) -> NegotiationRecord:
    """The offer is declined; with none other open it is the bank's turn again, with a new clock.

    Declining twice changes nothing. Raises `OfferNotOpen` for an offer that cannot be declined any more.
    """
    negotiation = lock_for_client(tx, negotiation_id, client_id=client_id)
    offer = visible_offer(tx, negotiation, offer_id)
    if offer.status == OfferStatus.DECLINED and offer.by == OfferBy.BANK:
        return negotiation
    require_open(tx, negotiation, offer)
    others = [each for each in offers.list_acceptable(tx, negotiation.id) if each.id != offer.id]
    status = negotiation_log.apply_event(
        tx,
        negotiation,
        Event.DECLINED,
        entry(EntryKind.DECLINED, tx.actor, text=text),
        another_offer_open=bool(others),
    )
    offers.apply_event(tx, offer, OfferEvent.DECLINED, by=tx.actor)
    message: Plain = {"text": text, "declined_offer": offer.id}
    queueing.queue(tx, negotiation, MessageKind.MESSAGE, message, opens_clock=status == Status.AWAITING_BANK)
    return negotiation


def visible_offer(tx: HubTransaction, negotiation: NegotiationRecord, offer_id: str) -> OfferRecord:
    """An offer that the cardholder may know of; raises `NotFound` for one that never opened."""
    offer = offers.get_offer(tx, negotiation.id, offer_id)
    if offer.opened_at is None:
        raise NotFound
    return offer


def require_open(tx: HubTransaction, negotiation: NegotiationRecord, offer: OfferRecord) -> None:
    """Nothing, or `OfferNotOpen`: only an open offer of the bank, within its time, can be decided."""
    if offer.by != OfferBy.BANK or offer.status != OfferStatus.OPEN:
        raise OfferNotOpen(offer.status, negotiation.status)
    if offer.valid_until is not None and offer.valid_until <= tx.now:
        raise OfferNotOpen(OfferStatus.LAPSED, negotiation.status)


def lapse(tx: HubTransaction, negotiation_id: str) -> None:
    """Every offer of the negotiation whose time is over has lapsed, and with the last open one the negotiation."""
    negotiation = negotiation_locks.lock(tx, negotiation_id)
    open_offers = offers.list_open(tx, negotiation.id, OfferBy.BANK)
    over = [each for each in open_offers if each.valid_until is not None and each.valid_until <= tx.now]
    for offer in over:
        offers.apply_event(tx, offer, OfferEvent.LAPSED, by=HUB)
        others = offers.list_open(tx, negotiation.id, OfferBy.BANK)
        lapsed = entry(EntryKind.OFFER_LAPSED, HUB)
        if allows(Status(negotiation.status), Event.OFFER_LAPSED):
            negotiation_log.apply_event(tx, negotiation, Event.OFFER_LAPSED, lapsed, another_offer_open=bool(others))
        else:
            # On the bank's turn a counter-offer is still with it, so the negotiation goes on.
            negotiation_log.note(tx, negotiation, lapsed)
    if over and negotiation.status == Status.LAPSED:
        notifications.offer_lapsed(tx, negotiation, over[-1])
        closing.close(tx, negotiation)
