"""Offers: a bank's terms, the no to one, and the end of its time."""

from collections.abc import Sequence
from datetime import date, datetime

from hub.domain.actor import HUB, Actor
from hub.domain.affordability import left_fen, strain_of_plan
from hub.domain.agreement import Texts, contents_of, missing_parts, texts_of
from hub.domain.agreement_sentences import plan_kind_zh
from hub.domain.amounts import yuan
from hub.domain.answer_time import offer_valid_until
from hub.domain.approval import approvals_needed
from hub.domain.balances import (
    Balance,
    amount_faults,
    balance_faults,
    components_needed,
    with_declared_components,
)
from hub.domain.bank import BankRules
from hub.domain.china import china_day
from hub.domain.delivery import MessageKind
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import (
    Fault,
    NotFound,
    OfferNotOpen,
    Refused,
    StatusConflict,
)
from hub.domain.legal_stage import NOT_IN_COURT, LegalStanding
from hub.domain.lifecycle import Event, Status, allows
from hub.domain.offer import BankOffer, OfferBy, OfferEvent, OfferStatus
from hub.domain.payments import due_rows
from hub.domain.people import says_nothing
from hub.domain.plain import Plain, percent
from hub.domain.repayment import row_faults, schedule_of
from hub.domain.terms import Terms, faults_of
from hub.services.applications import identity
from hub.services.delivery import queueing
from hub.services.negotiations import closing, further_accounts, legal_stages, negotiation_log, offer_contents
from hub.services.negotiations.entries import entry
from hub.services.negotiations.locking import lock_for_bank, lock_for_client
from hub.services.notifications import notifications
from hub.services.transaction import HubTransaction
from storage import clocks, evidence_requests, negotiation_locks, offers
from storage.records import NegotiationRecord, OfferRecord, new_id
from storage.submissions import submission_of

# How far away a bank may put the end of its offer, in days of China.
LEAST_OFFER_DAYS = 3
MOST_OFFER_DAYS = 30


def offer_faults(
    terms: Terms, balances: Sequence[Balance], texts: Texts, *, today: date, legal: LegalStanding = NOT_IN_COURT
) -> list[Fault]:
    """What keeps an offer from opening: its terms, and whatever an agreement on it would not say.

    `legal` is where the debt stands in court.
    """
    faults = faults_of(terms, today=today) or [*row_faults(terms), *amount_faults(terms, balances)]
    if faults:
        return [fault.under("/terms") for fault in faults]
    schedule = schedule_of(terms, signed_on=today)
    held = texts_of(texts, terms.kind, rows=len(due_rows(terms, schedule.rows)))
    contents = contents_of(terms=terms, schedule=schedule, balances=balances, texts=held, legal=legal)
    return [Fault("/terms", "agreement_incomplete", {"part": part}) for part in missing_parts(contents)]


def end_faults(terms: Terms, wanted_until: datetime | None, rules: BankRules, *, now: datetime) -> list[Fault]:
    """What is wrong with the end of an offer that opens `now`: too near, too far, or not before the first payment."""
    if wanted_until is not None:
        days = (china_day(wanted_until) - china_day(now)).days
        if not LEAST_OFFER_DAYS <= days <= MOST_OFFER_DAYS:
            return [Fault("/valid_until", "valid_until_range", {"least": LEAST_OFFER_DAYS, "most": MOST_OFFER_DAYS})]
    ends_on = china_day(wanted_until or offer_valid_until(now, rules.offer_days, rules.closes_at))
    if terms.first_due_on > ends_on:
        return []
    return [Fault("/terms/first_due_on", "first_due_before_end", {"ends_on": ends_on.isoformat()})]


def _strain_faults(proposed: BankOffer, *, left: int, today: date) -> list[Fault]:
    """`reason_over_80_required` where a month costs more than can be borne of what is `left`, and no reason is given.

    Assumes that nothing is wrong with the terms.
    """
    schedule = schedule_of(proposed.terms, signed_on=today)
    payments_fen = [row.total_fen for row in schedule.rows if row.number != 0]
    if not says_nothing(proposed.reason_over_80) or strain_of_plan(payments_fen, left) is None:
        return []
    return [Fault("/reason_over_80", "reason_over_80_required")]


def proposal_faults(
    proposed: BankOffer,
    balances: Sequence[Balance],
    cards: Sequence[str],
    rules: BankRules,
    *,
    left: int,
    now: datetime,
) -> list[Fault]:
    """Everything that keeps a bank's proposal over `cards` from opening `now`, with so much `left` a month.

    `balances` are the bank's own, or the declared ones where it gives none.
    """
    today = china_day(now)
    faults = []
    if proposed.balances is not None:
        found = balance_faults(proposed.balances, cards, today=today)
        faults += [fault.under("/balances") for fault in found]
    judged = offer_faults(proposed.terms, balances, rules.texts, today=today)
    faults += judged or _strain_faults(proposed, left=left, today=today)
    places = {fault.pointer for fault in faults}
    ending = end_faults(proposed.terms, proposed.valid_until, rules, now=now)
    return [*faults, *(fault for fault in ending if fault.pointer not in places)]


def make_offer(tx: HubTransaction, negotiation_id: str, proposed: BankOffer, *, bank_code: str) -> OfferRecord:
    """The bank's offer is open, or waits for those who have to approve it where a person or a program made it.

    The levels are those of this moment, whatever the bank sets later.

    Raises `StatusConflict`, and `Refused` with every fault of the terms at once.
    """
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    if not allows(Status(negotiation.status), Event.OFFERED):
        raise StatusConflict(negotiation.status, Event.OFFERED)
    identity.require_confirmed(negotiation)
    rules = tx.bank(bank_code).rules
    declared = further_accounts.declared_balances(tx, negotiation)
    balances = declared if proposed.balances is None else with_declared_components(proposed.balances, declared)
    left = left_fen(submission_of(tx, negotiation).finances)
    faults = proposal_faults(
        proposed, balances, further_accounts.cards_of(tx, negotiation), rules, left=left, now=tx.now
    )
    unsaid = components_needed(proposed.terms.kind, balances, declared)
    faults += [fault.under("/balances") for fault in unsaid]
    if faults:
        raise Refused(*faults)
    offer = new_offer(tx, negotiation, OfferBy.BANK, proposed.terms, balances)
    offer.wanted_until = proposed.valid_until
    offer.oral = proposed.oral
    offer.recording_reference = proposed.recording_reference
    if not says_nothing(proposed.reason_over_80):
        offers.set_reason_over_80(tx, offer, proposed.reason_over_80.strip())
    offers.add_offer(tx, offer)
    if not tx.actor.decides_alone:
        needed = approvals_needed(
            proposed.terms, balances, rules.approval_levels, four_eyes_above_fen=rules.four_eyes_above_fen
        )
        offers.set_approvals(offer, needed)
        if needed:
            notifications.review_waiting(tx, negotiation, offer)
            return offer
    open_offer(tx, negotiation, offer)
    return offer


def new_offer(
    tx: HubTransaction, negotiation: NegotiationRecord, by: OfferBy, terms: Terms, balances: Sequence[Balance]
) -> OfferRecord:
    """An offer of either side with all that it says, sealed; it is neither kept nor open yet."""
    offer_id = new_id()
    legal = legal_stages.standing_of(tx, negotiation)
    contents = offer_contents.made(tx, negotiation.bank_code, terms, balances, legal=legal)
    return OfferRecord(
        id=offer_id,
        negotiation_id=negotiation.id,
        bank_code=negotiation.bank_code,
        by=by,
        status=OfferStatus.AWAITING_APPROVAL,
        schedule=contents["schedule"],
        total_fen=contents["total_fen"],
        annual_cost=contents["annual_cost"],
        oral=False,
        made_by=str(tx.actor),
        made_at=tx.now,
        said_sealed=offers.seal_contents(tx, offer_id, contents),
        **offers.seal_terms(tx, offer_id, terms, balances),
    )


def open_offer(
    tx: HubTransaction, negotiation: NegotiationRecord, offer: OfferRecord, *, approved_by: Actor | None = None
) -> None:
    """The offer is with the person, its end counted from now, and the bank's clock is answered."""
    rules = tx.bank(negotiation.bank_code).rules
    terms = offers.terms_of(tx, offer)
    offer.valid_until = offer.wanted_until or offer_valid_until(tx.now, rules.offer_days, rules.closes_at)
    for counter in offers.list_open(tx, negotiation.id, OfferBy.CARDHOLDER):
        offers.apply_event(tx, counter, OfferEvent.SUPERSEDED, by=tx.actor)
    offers.apply_event(tx, offer, OfferEvent.OPENED, by=approved_by)
    attachment = offer_contents.attachment(tx, offer)
    spoken = spoken_terms(terms, offer_contents.legal_in(offer_contents.of(tx, offer)))
    offered = entry(EntryKind.OFFERED, tx.actor, [attachment], terms=spoken)
    negotiation_log.apply_event(tx, negotiation, Event.OFFERED, offered)
    clocks.answer(tx, negotiation)
    evidence_requests.close(tx, negotiation.id)
    notifications.offered(tx, negotiation, offer)
    tx.session.flush()


def spoken_terms(terms: Terms, legal: LegalStanding) -> str:
    """The terms in a sentence, for the log."""
    words = [plan_kind_zh(terms, legal), f"金额 {yuan(terms.principal_fen)} 元"]
    if terms.instalments is not None:
        words.append(f"{terms.instalments} 期")
    if terms.annual_rate_percent is not None:
        words.append(f"年利率 {percent(terms.annual_rate_percent)}%")
    return "，".join([*words, f"首次还款日 {terms.first_due_on.isoformat()}"]) + "。"


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
