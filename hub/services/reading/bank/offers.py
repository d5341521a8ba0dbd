"""Offers as a bank's people see them: who made them, what was decided, and what they mean to the person's month."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from hub.domain.actor import Actor
from hub.domain.affordability import Band, Strain, band_of_plan, left_fen, percent_of, strain_of_plan
from hub.domain.annual_cost import ASKED_AGAIN_ABOVE_PERCENT
from hub.domain.approval import Approval, has_turn, next_level
from hub.domain.errors import NotFound
from hub.domain.legal_stage import LegalStanding
from hub.domain.lifecycle import BANKS_TURN, Event, Status, allows
from hub.domain.offer import OfferBy, OfferStatus
from hub.domain.plain import Plain, instant
from hub.domain.proposal import Proposal
from hub.domain.staff import Role
from hub.services.consents.withholding import finances_for_bank, shown_to_bank
from hub.services.negotiations import approvals, offer_contents
from hub.services.reading import views
from hub.services.reading.bank.people import Author, author_of, names_of
from hub.services.transaction import HubTransaction
from storage import negotiations, offers
from storage.records import NegotiationRecord, OfferRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the person asked for, and what is left of their month, to hold an offer against.

    `left_fen` is None once the person took back that the bank is given it.
    """

    proposal: Proposal
    left_fen: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFigures:
    """The figures of an offer. `first_fen` is the first payment after any down payment, None where none is planned.

    `percent_of_left` is how much of the person's month that takes, and `above_wish_fen` how much it is above what they
    asked to pay a month; both None where there is nothing to compare with, and where all is paid once.
    """

    first_fen: int | None
    interest_fen: int
    percent_of_left: float | None
    strain: Strain | None
    band: Band | None
    above_wish_fen: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelView:
    """One level that an offer goes through: of which role, and who gave it when; both None while it waits."""

    role: Role
    approver: Author | None
    at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferView:
    """One offer of either side. Times are RFC 3339; `decision` are the words of whoever decided over it.

    `levels` have to approve it, in order; `missing_roles` are those of which the bank has too few people for that.
    `may_be_revised`: the bank can make a new offer out of this one.
    """

    id: str
    by: OfferBy
    status: OfferStatus
    terms: Plain
    balances: list[Plain]
    planned: Plain
    left_out_fen: int
    clauses: Plain | None
    schedule: list[Plain]
    total_fen: int
    annual_cost: Plain | None
    valid_until: str | None
    oral: bool
    recording_reference: str | None
    reason_over_80: str | None
    made_at: str
    made_by: str
    maker: Author
    decider: Author | None
    decision: str | None
    approvals: tuple[Approval, ...]
    levels: tuple[LevelView, ...]
    missing_roles: tuple[Role, ...]
    figures: OfferFigures
    may_be_revised: bool
    legal: LegalStanding

    @property
    def is_asked_again(self) -> bool:
        """Whether its nominal rate or cost is so high that the page asks once more before it is sent."""
        return is_rate_high(self.terms, self.annual_cost)

    @property
    def awaits_approval(self) -> bool:
        """Whether somebody else of the bank has to look at it."""
        return self.status == OfferStatus.AWAITING_APPROVAL

    def may_be_decided_by(self, actor: Actor, role: Role) -> bool:
        """Whether it is that person's turn to approve it or send it back."""
        return self.awaits_approval and has_turn(self.approvals, person=str(actor), role=role, maker=self.made_by)

    @property
    def next_level(self) -> int | None:
        """The place of the level whose turn it is, counted from 0; None where none waits."""
        return next_level(self.approvals) if self.awaits_approval else None

    def is_by(self, actor: Actor) -> bool:
        """Whether that person made it."""
        return self.made_by == str(actor)

    @property
    def was_returned(self) -> bool:
        """Whether it was sent back to its maker."""
        return self.status == OfferStatus.RETURNED


@dataclass(frozen=True, slots=True, kw_only=True)
class OffersNews:
    """The offers that somebody at the bank has to see: with a supervisor, back with their maker, from the person."""

    awaiting_approval: tuple[OfferView, ...]
    returned: tuple[OfferView, ...]
    countered: tuple[OfferView, ...]


def wish_of(tx: HubTransaction, negotiation: NegotiationRecord) -> Wish:
    """What the person asked for, and what is left of their month, as submitted."""
    month = finances_for_bank(tx, negotiation)
    return Wish(proposal=shown_to_bank(tx, negotiation).proposal, left_fen=None if month is None else left_fen(month))


def list_offers(
    tx: HubTransaction, negotiation: NegotiationRecord, wish: Wish, names: Mapping[str, str]
) -> tuple[OfferView, ...]:
    """Every offer of both sides, newest first."""
    found = offers.list_offers(tx, negotiation.id)
    return tuple(offer_view(tx, each, negotiation, wish, names) for each in reversed(found))


def get_offer(tx: HubTransaction, negotiation_id: str, offer_id: str, *, bank_code: str) -> OfferView:
    """The offer of the bank's negotiation, of either side; raises `NotFound`."""
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    found = next((each for each in offers.list_offers(tx, row.id) if each.id == offer_id), None)
    if found is None:
        raise NotFound
    return offer_view(tx, found, row, wish_of(tx, row), names_of(tx, bank_code))


def offer_view(
    tx: HubTransaction, offer: OfferRecord, negotiation: NegotiationRecord, wish: Wish, names: Mapping[str, str]
) -> OfferView:
    """The offer as a colleague sees it."""
    shown = views.offer_view(tx, offer)
    by, status = OfferBy(offer.by), OfferStatus(offer.status)
    is_counter = by == OfferBy.CARDHOLDER and status == OfferStatus.OPEN
    return OfferView(
        id=offer.id,
        by=by,
        status=status,
        terms=shown["terms"],
        balances=shown["balances"],
        planned=shown["planned"],
        left_out_fen=shown["left_out_fen"],
        clauses=shown["clauses"],
        schedule=shown["schedule"],
        total_fen=shown["total_fen"],
        annual_cost=shown["annual_cost"],
        valid_until=shown["valid_until"],
        oral=offer.oral,
        recording_reference=offer.recording_reference,
        reason_over_80=offers.reason_over_80_of(tx, offer),
        made_at=instant(offer.made_at),
        made_by=offer.made_by,
        maker=author_of(offer.made_by, names),
        decider=None if offer.decided_by is None else author_of(offer.decided_by, names),
        decision=offers.decision_of(tx, offer),
        approvals=offers.approvals_of(offer),
        levels=tuple(
            LevelView(
                role=each.role,
                approver=None if each.by is None else author_of(each.by, names),
                at=None if each.at is None else instant(each.at),
            )
            for each in offers.approvals_of(offer)
        ),
        missing_roles=approvals.missing_roles(tx, offer) if status == OfferStatus.AWAITING_APPROVAL else (),
        figures=figures_of(shown["schedule"], wish),
        may_be_revised=allows(Status(negotiation.status), Event.OFFERED)
        and (status == OfferStatus.RETURNED or is_counter),
        legal=offer_contents.legal_in(shown),
    )


def figures_of(schedule: list[Plain], wish: Wish) -> OfferFigures:
    """The figures of an offer with that schedule, held against what the person asked for."""
    payments = [row["total_fen"] for row in schedule if row["number"] != 0]
    first = payments[0] if payments else None
    wished = wish.proposal.monthly_payment_fen
    # What is paid once is held against no month.
    monthly = first if len(payments) > 1 else None
    return OfferFigures(
        first_fen=first,
        interest_fen=sum(row["interest_fen"] for row in schedule),
        percent_of_left=None if monthly is None else percent_of(monthly, wish.left_fen),
        strain=strain_of_plan(payments, wish.left_fen),
        band=band_of_plan(payments, wish.left_fen),
        above_wish_fen=monthly - wished if monthly is not None and wished else None,
    )


def is_rate_high(terms: Plain, annual_cost: Plain | None) -> bool:
    """Whether the nominal rate or cost is so high that the page asks once more."""
    cost = None if annual_cost is None else annual_cost["nominal_percent"]
    rates = [Decimal(each) for each in (cost, terms.get("annual_rate_percent")) if each is not None]
    return any(rate > ASKED_AGAIN_ABOVE_PERCENT for rate in rates)


def news_of(negotiation: NegotiationRecord, found: tuple[OfferView, ...]) -> OffersNews:
    """What of the offers, newest first, waits for somebody at the bank."""
    newest = [each for each in found if each.by == OfferBy.BANK][:1]
    countered = [each for each in found if each.by == OfferBy.CARDHOLDER and each.status == OfferStatus.OPEN]
    return OffersNews(
        awaiting_approval=tuple(each for each in found if each.awaits_approval),
        returned=tuple(each for each in newest if each.was_returned and each.may_be_revised),
        countered=tuple(countered) if negotiation.status in BANKS_TURN else (),
    )
