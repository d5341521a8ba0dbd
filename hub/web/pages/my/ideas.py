"""A person's own idea beside the bank's plan: the same figures of both, in one order."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from hub.domain.amounts import Amounts
from hub.domain.offer import OfferBy
from hub.domain.proposal import Proposal, waiver_wished
from hub.domain.repayment import Schedule, schedule_of
from hub.domain.terms import Kind, Terms
from hub.services.reading.cardholder.negotiations import OwnNegotiation
from hub.services.reading.cardholder.offers import OwnOffer
from hub.web.pages.display_names import word
from hub.web.pages.formats import yuan
from hub.web.pages.proposal_words import FIRST_DAY
from hub.web.pages.translation import translate

# A day stays in one line, however narrow the table is.
_UNBROKEN_HYPHEN: Final = "\u2011"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaFigures:
    """What one side's terms come to, in fen. `monthly_fen` is None where it is not paid by the month.

    `total_fen` and `interest_fen` are None for a lowered minimum, which has no payments of its own.
    """

    kind: Kind
    monthly_fen: int | None
    payments: int
    first_due_on: date
    total_fen: int | None
    interest_fen: int | None
    waived_fen: int
    left_out_fen: int


def figures_of_terms(terms: Terms, *, owed_fen: int, today: date) -> IdeaFigures:
    """What the person's `terms`, in which nothing is wrong, come to where `owed_fen` is owed in all."""
    schedule = schedule_of(terms, signed_on=today)
    return IdeaFigures(
        kind=terms.kind,
        monthly_fen=_first_fen(schedule) if terms.kind.is_in_parts else None,
        payments=terms.instalments or terms.months or 1,
        first_due_on=terms.first_due_on,
        total_fen=schedule.total_fen if schedule.rows else None,
        interest_fen=sum(row.interest_fen for row in schedule.rows) if schedule.rows else None,
        waived_fen=terms.waived.total_fen,
        left_out_fen=max(0, owed_fen - terms.principal_fen - terms.waived.total_fen),
    )


def _first_fen(schedule: Schedule) -> int:
    return next(row.total_fen for row in schedule.rows if row.number)


def figures_of_offer(offer: OwnOffer) -> IdeaFigures:
    """What an offer of either side comes to."""
    has_rows = bool(offer.schedule)
    return IdeaFigures(
        kind=offer.figures.kind,
        monthly_fen=offer.figures.monthly_fen,
        payments=offer.figures.payments,
        first_due_on=date.fromisoformat(offer.terms["first_due_on"]),
        total_fen=offer.total_fen if has_rows else None,
        interest_fen=offer.figures.interest_fen if has_rows else None,
        waived_fen=offer.figures.waived_fen,
        left_out_fen=offer.left_out_fen,
    )


def figures_of_proposal(proposal: Proposal, owed: Amounts) -> IdeaFigures:
    """What was asked for in the application; what it pays beyond the principal is taken for interest."""
    total_fen = proposal.total_fen
    interest_fen = None
    if total_fen is not None and proposal.kind.is_in_parts:
        interest_fen = max(0, total_fen - owed.principal_fen)
    return IdeaFigures(
        kind=proposal.kind,
        monthly_fen=proposal.monthly_payment_fen if proposal.kind.is_in_parts else None,
        payments=proposal.payments or 1,
        first_due_on=proposal.first_due_on,
        total_fen=total_fen,
        interest_fen=interest_fen,
        waived_fen=waiver_wished(proposal, owed).total_fen,
        left_out_fen=0,
    )


def newest_own(negotiation: OwnNegotiation) -> OwnOffer | None:
    """The person's own newest offer, where they made one."""
    return next((each for each in reversed(negotiation.offers) if each.by is OfferBy.CARDHOLDER), None)


def newest_of_bank(negotiation: OwnNegotiation) -> OwnOffer | None:
    """The bank's newest offer that can still be accepted, or its newest that there was."""
    made = [each for each in negotiation.offers if each.by is OfferBy.BANK]
    return next(iter(negotiation.open_offers), made[-1] if made else None)


def side_by_side(mine: IdeaFigures, bank: IdeaFigures | None) -> list[tuple[str, str, str]]:
    """(name, mine, the bank's) of each figure; what neither side has is left out, and what one has not is a dash."""
    both = [mine] if bank is None else [mine, bank]
    rows: list[tuple[str, list[str | None]]] = [
        (translate("方式"), [word("plan", each.kind) for each in both]),
        (translate("每月"), [_yuan(each.monthly_fen) for each in both]),
        (translate("期数"), [_count(each) for each in both]),
        (
            translate(FIRST_DAY[mine.kind]),
            [each.first_due_on.isoformat().replace("-", _UNBROKEN_HYPHEN) for each in both],
        ),
        (translate("总利息"), [_yuan(each.interest_fen) for each in both]),
        (translate("一共要还"), [_yuan(each.total_fen) for each in both]),
        (translate("免去的欠款"), [_yuan(each.waived_fen or None) for each in both]),
        (translate("没有列入方案的欠款"), [_yuan(each.left_out_fen or None) for each in both]),
    ]
    shown = [(name, [value or "—" for value in values]) for name, values in rows if any(values)]
    return [(name, values[0], values[-1] if bank is not None else "") for name, values in shown]


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else yuan(fen)


def _count(figures: IdeaFigures) -> str | None:
    if figures.kind.is_in_parts:
        return translate("%(n)s 期", n=figures.payments)
    if figures.kind in {Kind.DEFERRAL, Kind.LOWER_MINIMUM}:
        return translate("%(n)s 个月", n=figures.payments)
    return None


def compared(mine: IdeaFigures | None, negotiation: OwnNegotiation) -> dict[str, Any]:
    """What `my/_idea.html` shows: the rows, and whether the bank's plan stands beside them."""
    bank = newest_of_bank(negotiation)
    of_bank = None if bank is None else figures_of_offer(bank)
    return {"idea_rows": [] if mine is None else side_by_side(mine, of_bank), "has_bank_plan": bank is not None}
