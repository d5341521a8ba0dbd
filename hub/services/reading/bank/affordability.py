"""What the person can pay a month, by what they declared and by the papers, and what they wish to pay of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hub.domain.affordability import percent_of
from hub.domain.errors import NotHandedOn
from hub.domain.evidenced_figures import Comparison, EvidencedFigure, compare
from hub.services.consents.withholding import finances_for_bank
from hub.services.reading.bank.people import Author, author_of, names_of
from hub.services.transaction import HubTransaction
from storage import consents, evidenced_figures, negotiations
from storage.records import EvidencedFigureRecord, NegotiationRecord
from storage.submissions import submission_of


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRead:
    """What a colleague read in the papers for a line, and when."""

    figure: EvidencedFigure
    author: Author
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Affordability:
    """The person's month. `read` is what the papers show, by the names of the lines.

    `wished_fen` is what the person asked to pay a month, None where they asked for something else; the percentages are
    how much of what is left that takes, by what was declared (the basis of the rules) and by the papers.
    """

    comparison: Comparison
    read: Mapping[str, FigureRead]
    wished_fen: int | None
    wished_percent: float | None
    wished_percent_by_papers: float | None
    dependants: int
    household_size: int | None


def figures_shown(tx: HubTransaction, row: NegotiationRecord) -> list[tuple[EvidencedFigureRecord, EvidencedFigure]]:
    """What colleagues read in the papers, less what they read in such as are no longer shown."""
    withheld = consents.withheld_of(tx, row)
    if withheld.everything:
        return []
    found = [
        (each, evidenced_figures.figure_of(tx, each))
        for each in evidenced_figures.newest(tx, row.id, bank_code=row.bank_code)
    ]
    return [(each, figure) for each, figure in found if figure.evidence_id not in withheld.evidence_ids]


def affordability_of(tx: HubTransaction, row: NegotiationRecord, names: Mapping[str, str]) -> Affordability | None:
    """The month of the person whose case it is, for the bank's people; None once they took back that it is shown."""
    finances = finances_for_bank(tx, row)
    if finances is None:
        return None
    submission = submission_of(tx, row)
    read: dict[str, FigureRead] = {}
    for record, figure in figures_shown(tx, row):
        read[figure.line] = FigureRead(figure=figure, author=author_of(record.actor, names), at=record.at)
    comparison = compare(finances, {name: each.figure.amount_fen for name, each in read.items()})
    wished = submission.proposal.monthly_payment_fen
    return Affordability(
        comparison=comparison,
        read=read,
        wished_fen=wished,
        wished_percent=percent_of(wished, comparison.left_fen) if wished else None,
        wished_percent_by_papers=percent_of(wished, comparison.left_by_papers_fen) if wished else None,
        dependants=finances.dependants,
        household_size=finances.household_size,
    )


def affordability(tx: HubTransaction, negotiation_id: str, *, bank_code: str) -> Affordability:
    """The same of the bank's case; raises `NotFound`, `NotHandedOn` where it is not shown."""
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    found = affordability_of(tx, row, names_of(tx, bank_code))
    if found is None:
        raise NotHandedOn
    return found
