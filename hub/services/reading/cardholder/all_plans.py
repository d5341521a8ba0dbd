"""All plans of one person side by side, whichever banks they are with: shown to them alone, and kept nowhere."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from hub.domain import monthly_burden
from hub.domain.affordability import left_fen
from hub.domain.monthly_burden import Month, Owed, Plan
from hub.domain.payments import RowStatus
from hub.domain.terms import Kind, due_dates
from hub.services.accounts.cardholders import Cardholder
from hub.services.reading.cardholder import negotiations
from hub.services.reading.cardholder.negotiations import OwnNegotiation
from hub.services.reading.cardholder.offers import OwnOffer
from hub.services.transaction import HubTransaction


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPlan:
    """A plan of the person: an agreement in force, or the `offer` that stands for its negotiation.

    `is_replaced`: an offer beside it, once accepted, takes its place.
    """

    negotiation: OwnNegotiation
    offer: OwnOffer | None
    plan: Plan
    is_replaced: bool = False

    @property
    def is_agreed(self) -> bool:
        """Whether it is signed."""
        return self.plan.is_agreed

    @property
    def next_due_on(self) -> date | None:
        """The next day on which it falls due, today or later; None where nothing more does."""
        return min((each.due_on for each in self.plan.owed if each.due_on >= self.negotiation.today), default=None)

    @property
    def is_monthly(self) -> bool:
        """Whether it goes on falling due month after month, so that the day matters."""
        return sum(each.due_on >= self.negotiation.today for each in self.plan.owed) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What the person last said is left of a month, in fen, and when."""

    left_fen: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AllPlans:
    """The person's plans, what each month asks for, and what they said is left of one; None where they said nothing.

    `negotiations` are all of the person's, those without a plan too.
    """

    negotiations: tuple[OwnNegotiation, ...]
    plans: tuple[OwnPlan, ...]
    months: tuple[Month, ...]
    declared: Declared | None

    @property
    def dearest(self) -> Month | None:
        """The month that asks for most."""
        return monthly_burden.dearest_of(self.months)


def all_plans(tx: HubTransaction, cardholder: Cardholder, *, chosen: Collection[str] = (), language: str) -> AllPlans:
    """All plans of the person: agreements in force, and of each negotiation one open offer of the bank.

    That is the one whose id is in `chosen`, else the newest. An id of anybody else's offer chooses nothing. The
    transaction writes nothing.
    """
    found = negotiations.list_own(tx, cardholder, language=language)
    plans = [plan for each in found if (plan := _plan_of(each, chosen)) is not None]
    replaced = {each.plan.replaces for each in plans if each.plan.replaces}
    today = found[0].today if found else date.min
    return AllPlans(
        negotiations=tuple(found),
        plans=tuple(replace(each, is_replaced=each.plan.id in replaced) for each in plans),
        months=tuple(monthly_burden.months_of([each.plan for each in plans], today=today)),
        declared=_declared(tx, cardholder, found),
    )


def _plan_of(negotiation: OwnNegotiation, chosen: Collection[str]) -> OwnPlan | None:
    if negotiation.has_agreement_in_force:
        plan = Plan(id=negotiation.id, owed=_owed_of_agreement(negotiation), is_agreed=True)
        return OwnPlan(negotiation=negotiation, offer=None, plan=plan)
    offers = negotiation.open_offers
    if not offers:
        return None
    offer = next((each for each in offers if each.id in chosen), offers[0])
    plan = Plan(
        id=negotiation.id,
        owed=_owed_of_offer(offer),
        is_agreed=False,
        replaces=negotiation.view["renegotiation_of"] or "",
    )
    return OwnPlan(negotiation=negotiation, offer=offer, plan=plan)


def _owed_of_agreement(negotiation: OwnNegotiation) -> tuple[Owed, ...]:
    return tuple(
        Owed(
            due_on=date.fromisoformat(row["due_on"]),
            fen=None if row["total_fen"] is None else row["total_fen"] - row["paid_fen"],
        )
        for row in negotiation.view["agreement"]["payments"]
        if row["status"] != RowStatus.PAID
    )


def _owed_of_offer(offer: OwnOffer) -> tuple[Owed, ...]:
    if offer.figures.kind is Kind.LOWER_MINIMUM:
        days = due_dates(date.fromisoformat(offer.terms["first_due_on"]), offer.terms["months"])
        return tuple(Owed(due_on=day, fen=None) for day in days)
    return tuple(Owed(due_on=date.fromisoformat(row["due_on"]), fen=row["total_fen"]) for row in offer.schedule)


def _declared(tx: HubTransaction, cardholder: Cardholder, found: Sequence[OwnNegotiation]) -> Declared | None:
    newest = max(found, key=lambda each: each.opened_at, default=None)
    if newest is None:
        return None
    finances = negotiations.finances_of(tx, cardholder, newest.id)
    return Declared(left_fen=left_fen(finances), at=newest.opened_at)
