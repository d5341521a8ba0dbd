"""Offers as their person sees them: what each says, and the figures that decide."""

from dataclasses import dataclass
from datetime import datetime

from hub.domain.agreement import promises_no_new_card
from hub.domain.balances import Planned
from hub.domain.legal_stage import LegalStanding
from hub.domain.offer import OfferBy, OfferStatus
from hub.domain.plain import Plain, from_plain
from hub.domain.terms import Kind
from hub.services.negotiations.offer_contents import legal_in


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFigures:
    """The figures of an offer, in fen. `first` is its first payment after any down payment, None where none is planned.

    `payments` is how many months it runs. `fee_fen` and `interest_fen` are those of all payments together, `waived_fen`
    all that the bank gives up.
    """

    kind: Kind
    first: Plain | None
    payments: int
    interest_fen: int
    fee_fen: int
    waived_fen: int

    @property
    def monthly_fen(self) -> int | None:
        """What a month costs, where it is paid in monthly instalments."""
        return self.first["total_fen"] if self.first is not None and self.kind.is_in_parts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnOffer:
    """One offer of either side, as the API spells its parts. `valid_until` is None for the person's own.

    After `void_after_missed` missed payments the bank may end an agreement on it, where its texts say so.
    """

    id: str
    by: OfferBy
    status: OfferStatus
    valid_until: datetime | None
    terms: Plain
    balances: list[Plain]
    schedule: list[Plain]
    total_fen: int
    planned: Plain
    left_out_fen: int
    down_payment_days: int
    clauses: Plain | None
    void_after_missed: int | None
    annual_cost: Plain | None
    digest: str
    figures: OfferFigures
    legal: LegalStanding

    @property
    def is_mixed(self) -> bool:
        """Whether the amount in the plan holds more than principal, and so is not called that."""
        return not from_plain(Planned, self.planned).is_principal_alone

    @property
    def promises_no_new_card(self) -> bool:
        """Whether who signs it promises not to ask for a new card before all is paid."""
        over_loans = any(each.get("contract_last4") for each in self.balances)
        return promises_no_new_card(self.figures.kind, self.legal, is_over_loans=over_loans)

    @property
    def can_be_accepted(self) -> bool:
        """Whether it is the bank's and open."""
        return self.by is OfferBy.BANK and self.status is OfferStatus.OPEN


def own_offer(view: Plain) -> OwnOffer:
    """The offer that `view` shows."""
    until = view["valid_until"]
    return OwnOffer(
        id=view["id"],
        by=OfferBy(view["by"]),
        status=OfferStatus(view["status"]),
        valid_until=None if until is None else datetime.fromisoformat(until),
        terms=view["terms"],
        balances=view["balances"],
        schedule=view["schedule"],
        total_fen=view["total_fen"],
        planned=view["planned"],
        left_out_fen=view["left_out_fen"],
        down_payment_days=view["down_payment_days"],
        clauses=view["clauses"],
        void_after_missed=view["texts"].get("void_after_missed"),
        annual_cost=view["annual_cost"],
        digest=view["digest"],
        figures=_figures(view["terms"], view["schedule"]),
        legal=legal_in(view),
    )


def _figures(terms: Plain, schedule: list[Plain]) -> OfferFigures:
    return OfferFigures(
        kind=Kind(terms["kind"]),
        first=next((row for row in schedule if row["number"] != 0), None),
        payments=terms.get("instalments") or terms.get("months") or 1,
        interest_fen=sum(row["interest_fen"] for row in schedule),
        fee_fen=sum(row["fee_fen"] for row in schedule),
        waived_fen=sum(terms["waived"].values()),
    )
