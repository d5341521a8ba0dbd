"""Four eyes: the offers that wait for one person, and one of them beside the wish and the version before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from hub.domain.approval import has_turn, next_level
from hub.domain.masks import mask_name
from hub.domain.offer import OfferBy
from hub.domain.plain import Plain, to_plain
from hub.domain.proposal import Proposal
from hub.domain.terms import Kind
from hub.services.accounts.staff import Staff
from hub.services.reading.bank.offers import OfferFigures, OfferView
from hub.services.reading.bank.people import Author, author_of, names_of
from hub.services.reading.bank.plan import AskedShown, asked_for
from hub.services.transaction import HubTransaction
from storage import negotiations, offers
from storage.records import OfferRecord
from storage.submissions import submission_of

MOST_WAITING: Final = 200
"""A list that is longer is of no use to one person."""

_WAIVED: Final = ("interest_fen", "penalty_fen", "fees_fen", "principal_fen")


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingReview:
    """One offer that waits for the reader. `level` of `levels` is theirs, from 1; `since` is when it began to wait."""

    negotiation_id: str
    offer_id: str
    reference: str
    name: str
    kind: Kind
    principal_fen: int
    waived_fen: int
    maker: Author
    since: datetime
    level: int
    levels: int
    due_at: datetime
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRow:
    """One line of an offer beside what the person asked for and the version before; None where that says nothing.

    `sort` says how the values are written: fen, number, percent, day or word.
    """

    name: str
    sort: str
    wish: Any
    before: Any
    now: Any

    @property
    def differs_from_wish(self) -> bool:
        """Whether it is another than the person asked for."""
        return self.wish is not None and self.wish != self.now

    @property
    def was_changed(self) -> bool:
        """Whether it is another than in the version before."""
        return self.before is not None and self.before != self.now


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """An offer line by line; `has_before`: the bank had made another one earlier."""

    rows: tuple[ComparedRow, ...]
    has_before: bool


def waiting_for_review(tx: HubTransaction, person: Staff) -> list[WaitingReview]:
    """The offers of the person's bank whose next level is theirs to give, the answer that is due first on top.

    Never one that they made themselves, or have approved before.
    """
    names = names_of(tx, person.bank)
    found = [_waiting(tx, each, names) for each in _mine(tx, person)]
    return sorted(found, key=lambda each: (each.due_at, each.since))


def _mine(tx: HubTransaction, person: Staff) -> list[OfferRecord]:
    me, role = str(person.actor), person.role
    waiting = offers.list_awaiting_approval(tx, person.bank)
    mine = [each for each in waiting if has_turn(each.approvals, person=me, role=role, maker=each.made_by)]
    return [offers.get_offer(tx, each.negotiation_id, each.id) for each in mine[:MOST_WAITING]]


def _waiting(tx: HubTransaction, offer: OfferRecord, names: Mapping[str, str]) -> WaitingReview:
    row = negotiations.get_of_bank(tx, offer.negotiation_id, bank_code=offer.bank_code)
    terms, given = offers.terms_of(tx, offer), offers.approvals_of(offer)
    return WaitingReview(
        negotiation_id=row.id,
        offer_id=offer.id,
        reference=row.reference,
        name=mask_name(submission_of(tx, row).applicant.name),
        kind=terms.kind,
        principal_fen=terms.principal_fen,
        waived_fen=terms.waived.total_fen,
        maker=author_of(offer.made_by, names),
        since=max([offer.made_at, *(each.at for each in given if each.at is not None)]),
        level=(next_level(given) or 0) + 1,
        levels=len(given),
        due_at=row.due_at,
        # Where no clock runs it stands far ahead.
        is_late=row.due_at <= tx.now,
    )


def comparison(
    tx: HubTransaction, negotiation_id: str, offer: OfferView, others: tuple[OfferView, ...], *, bank_code: str
) -> Comparison:
    """`offer` beside the wish and the bank's version before it; `others` are all offers, newest first."""
    asked = asked_for(tx, negotiation_id, bank_code=bank_code)
    made = [each for each in others if each.by == OfferBy.BANK]
    place = next(place for place, each in enumerate(made) if each.id == offer.id)
    earlier = made[place + 1 :]
    before = earlier[0] if earlier else None
    now = _lines(offer.terms, offer.figures, offer.total_fen)
    proposal = submission_of(tx, negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)).proposal
    wished = _wished(asked, proposal)
    past = {} if before is None else _lines(before.terms, before.figures, before.total_fen)
    rows = [
        ComparedRow(name=name, sort=sort, wish=wished.get(name), before=past.get(name), now=now.get(name))
        for name, sort in _ROWS.items()
        if now.get(name) is not None or wished.get(name) is not None or past.get(name) is not None
    ]
    return Comparison(rows=tuple(rows), has_before=before is not None)


_ROWS: Final[Mapping[str, str]] = {
    "kind": "plan",
    "principal_fen": "fen",
    **{f"waived.{name}": "fen" for name in _WAIVED},
    "instalments": "number",
    "months": "number",
    "annual_rate_percent": "percent",
    "minimum_percent": "percent",
    "method": "method",
    "first_due_on": "day",
    "down_payment_fen": "fen",
    "fee_fen": "fen",
    "first_fen": "fen",
    "total_fen": "fen",
    "interest_fen": "fen",
}


def _lines(terms: Plain, figures: OfferFigures | None, total_fen: int | None) -> dict[str, Any]:
    waived = terms.get("waived") or {}
    said = {name: terms.get(name) for name in _ROWS if name in terms}
    said.update({f"waived.{name}": waived.get(name) or 0 for name in _WAIVED if waived.get(name)})
    for name in ("down_payment_fen", "fee_fen"):
        said[name] = said.get(name) or None
    if figures is not None:
        said.update(first_fen=figures.first_fen, interest_fen=figures.interest_fen, total_fen=total_fen)
    return said


def _wished(asked: AskedShown, proposal: Proposal) -> dict[str, Any]:
    plan = asked.plan
    if asked.terms is None:
        # A wish that leaves something open is no whole terms; what was said still stands beside the offer.
        said = _lines(to_plain(proposal), None, None)
        return said | {"principal_fen": proposal.settlement_fen, "first_fen": proposal.monthly_payment_fen}
    if asked.is_counter:
        return _lines(asked.terms, None if plan is None else plan.figures, None if plan is None else plan.total_fen)
    # An application says what to pay a month, and neither a rate nor a method: those are the bank's to name.
    said = _lines({name: asked.terms[name] for name in asked.terms if name not in _OF_THE_BANK}, None, None)
    return said | {"first_fen": proposal.monthly_payment_fen}


_OF_THE_BANK: Final = frozenset({"annual_rate_percent", "method"})


def rounds_of(offer: OfferView, others: tuple[OfferView, ...]) -> list[OfferView]:
    """The bank's offers up to this one that went through a review, oldest first."""
    found = [
        each
        for each in others
        if each.by == OfferBy.BANK and each.made_at <= offer.made_at and (each.levels or each.decision)
    ]
    return sorted(found, key=lambda each: each.made_at)
