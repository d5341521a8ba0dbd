"""What the person asks for now, as an offer that the bank could make in one press."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from hub.domain.amounts import sum_of
from hub.domain.as_asked import terms_as_asked
from hub.domain.balances import kept_fen
from hub.domain.errors import Fault, InvalidValue
from hub.domain.lifecycle import BANKS_TURN, Status
from hub.domain.offer import BankOffer, OfferBy, OfferStatus
from hub.domain.proposal import Proposal
from hub.domain.terms import Terms
from hub.services.negotiations import further_accounts
from hub.services.negotiations.drawing_up import DrawnUp, drawn_up
from hub.services.transaction import HubTransaction
from storage import offers
from storage.records import NegotiationRecord
from storage.submissions import submission_of

_REASON = "reason_over_80_required"
_STANDING: Final = frozenset({OfferStatus.OPEN, OfferStatus.AWAITING_APPROVAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class AsAsked:
    """The terms that the person asks for, and what they come to; both None where the wish says too little.

    `counter_id` is the counter-offer that they are of, None where they are the application's. `faults` is why they
    cannot be agreed on as they are; `needs_reason`: only with the bank's own words why it may take so much of a month.
    """

    terms: Terms | None
    drawn: DrawnUp | None
    counter_id: str | None
    faults: tuple[Fault, ...]
    needs_reason: bool = False

    @property
    def is_lawful(self) -> bool:
        """Whether the bank can agree to them."""
        return self.drawn is not None and not self.faults


def as_asked(tx: HubTransaction, negotiation: NegotiationRecord) -> AsAsked:
    """What the person asks for now: their open counter-offer while it is with the bank, else their application."""
    found = offers.list_offers(tx, negotiation.id)
    is_with_bank = Status(negotiation.status) in BANKS_TURN
    counters = [each for each in found if each.by == OfferBy.CARDHOLDER and each.status == OfferStatus.OPEN]
    counter_id = counters[-1].id if counters and is_with_bank else None
    try:
        if counter_id is not None:
            # What the person pleaded must never go out as the bank's own words.
            terms = replace(offers.terms_of(tx, counters[-1]), note="")
        else:
            rates = [offers.terms_of(tx, each).annual_rate_percent for each in found if each.by == OfferBy.BANK]
            terms = _of_proposal(tx, negotiation, next((rate for rate in reversed(rates) if rate is not None), None))
    except InvalidValue as error:
        return AsAsked(terms=None, drawn=None, counter_id=counter_id, faults=(error.at(""),))
    drawn = drawn_up(tx, negotiation, BankOffer(terms=terms))
    # An open offer cannot be withdrawn: pressed again, the same would stand there once more. One of before a
    # counter-offer is no answer to that.
    since = found if counter_id is None else found[found.index(counters[-1]) + 1 :]
    offered = [offers.terms_of(tx, each) for each in since if each.by == OfferBy.BANK and each.status in _STANDING]
    is_offered = any(replace(each, note="") == terms for each in offered)
    faults = tuple(each for each in drawn.faults if each.code != _REASON)
    return AsAsked(
        terms=terms,
        drawn=drawn,
        counter_id=counter_id,
        faults=(*faults, Fault("", "already_offered")) if is_offered else faults,
        needs_reason=any(each.code == _REASON for each in drawn.faults),
    )


def _of_proposal(tx: HubTransaction, negotiation: NegotiationRecord, rate_of_bank: Decimal | None) -> Terms:
    proposal: Proposal = submission_of(tx, negotiation).proposal
    declared = further_accounts.declared_balances(tx, negotiation)
    kept = kept_fen(proposal.kind, declared)
    return terms_as_asked(proposal, sum_of(declared), kept_fen=kept, rate_of_bank=rate_of_bank)
