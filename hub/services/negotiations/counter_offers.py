"""Counter-offers: the cardholder's own terms, and on what they bear."""

from dataclasses import dataclass
from decimal import Decimal

from hub.domain.amounts import Amounts, sum_of
from hub.domain.balances import Balance, amount_faults
from hub.domain.china import china_day
from hub.domain.debt_components import in_instalments_fen
from hub.domain.delivery import MessageKind
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import (
    CounterOffersExhausted,
    Refused,
    StatusConflict,
)
from hub.domain.lifecycle import Event, Status, allows
from hub.domain.offer import OfferBy, OfferEvent
from hub.domain.plain import Plain
from hub.domain.repayment import row_faults
from hub.domain.terms import Terms, faults_of
from hub.services.delivery import queueing
from hub.services.negotiations import further_accounts, legal_stages, negotiation_log, offer_contents
from hub.services.negotiations.entries import entry
from hub.services.negotiations.locking import lock_for_client
from hub.services.negotiations.offering import new_offer, spoken_terms
from hub.services.transaction import HubTransaction
from storage import negotiations, offers
from storage.records import NegotiationRecord, OfferRecord


def counter(tx: HubTransaction, negotiation_id: str, terms: Terms, *, client_id: str) -> OfferRecord:
    """The cardholder's own terms are on their way to the bank; its open offers stay open.

    Raises `CounterOffersExhausted` after the bank's limit, `StatusConflict` where it is not the person's turn.
    """
    negotiation = lock_for_client(tx, negotiation_id, client_id=client_id)
    if not allows(Status(negotiation.status), Event.COUNTERED):
        raise StatusConflict(negotiation.status, Event.COUNTERED)
    all_offers = offers.list_offers(tx, negotiation.id)
    made = [offer for offer in all_offers if offer.by == OfferBy.CARDHOLDER]
    limit = tx.bank(negotiation.bank_code).rules.max_counter_offers
    if len(made) >= limit:
        raise CounterOffersExhausted(limit)
    balances, _ = _basis(tx, negotiation)
    faults = faults_of(terms, today=china_day(tx.now)) or [*row_faults(terms), *amount_faults(terms, balances)]
    if faults:
        raise Refused(*(fault.under("/terms") for fault in faults))
    offer = new_offer(tx, negotiation, OfferBy.CARDHOLDER, terms, balances)
    offers.apply_event(tx, offer, OfferEvent.OPENED)
    offers.add_offer(tx, offer)
    spoken = spoken_terms(terms, legal_stages.standing_of(tx, negotiation))
    countered = entry(EntryKind.COUNTERED, tx.actor, [offer_contents.attachment(tx, offer)], terms=spoken)
    negotiation_log.apply_event(tx, negotiation, Event.COUNTERED, countered)
    message: Plain = {"offer": offer.id, "terms": offer_contents.terms_view(terms)}
    queueing.queue(tx, negotiation, MessageKind.COUNTER_OFFERED, message)
    return offer


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterBasis:
    """On what a counter-offer bears: all that is owed, what of it is in instalments in fen, the bank's newest rate."""

    owed: Amounts
    instalments_fen: int
    rate_of_bank: Decimal | None
    # Whether it bears on loans, which have no minimum to lower.
    is_over_loans: bool


def counter_basis(tx: HubTransaction, negotiation_id: str, *, client_id: str) -> CounterBasis:
    """On what the person's next counter-offer bears; the rate is None before any offer of the bank that has one."""
    negotiation = negotiations.get_of_client(tx, negotiation_id, client_id=client_id)
    balances, newest = _basis(tx, negotiation)
    return CounterBasis(
        owed=sum_of(balances),
        instalments_fen=in_instalments_fen(balances),
        rate_of_bank=None if newest is None else offers.terms_of(tx, newest).annual_rate_percent,
        is_over_loans=any(each.is_loan for each in balances),
    )


def _basis(tx: HubTransaction, negotiation: NegotiationRecord) -> tuple[tuple[Balance, ...], OfferRecord | None]:
    """The balances of the bank's newest offer and that offer, before any the declared ones."""
    # Only an offer that opened: the person must not learn of one that waits or was sent back.
    opened = [
        each
        for each in offers.list_offers(tx, negotiation.id)
        if each.by == OfferBy.BANK and each.opened_at is not None
    ]
    if not opened:
        return further_accounts.declared_balances(tx, negotiation), None
    return offers.balances_of(tx, opened[-1]), opened[-1]
