"""The plan that a clerk is drawing up, as it stands, on the figures that the person would get.

Nothing of it is kept: it is what `drawing_up` finds, and `offering.make_offer` keeps the same.
"""

from dataclasses import dataclass

from hub.domain.errors import Fault
from hub.domain.offer import BankOffer
from hub.domain.plain import Plain, instant
from hub.domain.staff import Role
from hub.services.negotiations import approvals, offer_contents
from hub.services.negotiations.as_asked import as_asked
from hub.services.negotiations.drawing_up import DrawnUp, drawn_up
from hub.services.negotiations.entries import digest_of
from hub.services.reading.bank.offers import OfferFigures, Wish, figures_of, is_rate_high, wish_of
from hub.services.transaction import HubTransaction
from storage import negotiations
from storage.records import NegotiationRecord

_FIRST_ROWS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanShown:
    """What a proposal comes to; the parts of an offer are named as in `OfferView`. `valid_until` is an RFC 3339 time.

    `approvers` are the roles that would have to approve it, in order, and `missing_roles` those that nobody else has.
    `digest` covers all that the offer would say.
    """

    terms: Plain
    balances: list[Plain]
    planned: Plain
    left_out_fen: int
    schedule: list[Plain]
    total_fen: int
    annual_cost: Plain | None
    clauses: Plain | None
    figures: OfferFigures
    valid_until: str
    approvers: tuple[Role, ...]
    missing_roles: tuple[Role, ...]
    digest: str

    @property
    def is_asked_again(self) -> bool:
        """Whether its rate or cost is so high that the page asks once more before it is sent."""
        return is_rate_high(self.terms, self.annual_cost)

    @property
    def first_rows(self) -> list[Plain]:
        """The payments that are shown first."""
        return self.schedule[:_FIRST_ROWS]

    @property
    def last_row(self) -> Plain | None:
        """The last payment, where it is not among the first."""
        return self.schedule[-1] if len(self.schedule) > _FIRST_ROWS else None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedShown:
    """Whether the bank can agree to what the person asks for, as it is.

    `terms` and `plan` are what that comes to, None where the wish says too little; `faults` is why not. `needs_words`:
    only once the bank has said something more. `is_counter`: it is their counter-offer, not their application.
    """

    terms: Plain | None
    plan: PlanShown | None
    faults: tuple[Fault, ...]
    needs_words: bool
    is_counter: bool


def plan_of(
    tx: HubTransaction, negotiation_id: str, proposed: BankOffer, *, bank_code: str
) -> tuple[PlanShown | None, tuple[Fault, ...]]:
    """What `proposed` comes to now, None while its terms break a rule, and everything that keeps it from opening.

    Raises `NotFound`.
    """
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    drawn = drawn_up(tx, row, proposed)
    return _shown(tx, row, drawn, wish_of(tx, row)), drawn.faults


def asked_for(tx: HubTransaction, negotiation_id: str, *, bank_code: str) -> AskedShown:
    """What the person asks for now, as the bank could agree to it; raises `NotFound`."""
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    asked = as_asked(tx, row)
    plan = None if asked.drawn is None else _shown(tx, row, asked.drawn, wish_of(tx, row))
    return AskedShown(
        terms=None if asked.terms is None else offer_contents.terms_view(asked.terms),
        plan=plan,
        faults=asked.faults,
        needs_words=asked.needs_reason or (plan is not None and plan.is_asked_again),
        is_counter=asked.counter_id is not None,
    )


def _shown(tx: HubTransaction, row: NegotiationRecord, drawn: DrawnUp, wish: Wish) -> PlanShown | None:
    said = drawn.contents
    if said is None:
        return None
    approvers = tuple(each.role for each in drawn.approvals)
    missing = approvals.roles_without_another(tx, row.bank_code)
    return PlanShown(
        terms=said["terms"],
        balances=said["balances"],
        planned=said["planned"],
        left_out_fen=said["left_out_fen"],
        schedule=said["schedule"],
        total_fen=said["total_fen"],
        annual_cost=said["annual_cost"],
        clauses=said["clauses"],
        figures=figures_of(said["schedule"], wish),
        valid_until=instant(drawn.valid_until),
        approvers=approvers,
        missing_roles=tuple(role for role in missing if role in approvers),
        digest=digest_of(said),
    )
