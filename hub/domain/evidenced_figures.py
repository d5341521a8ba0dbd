"""A household's month line by line: what the person declared, and what a clerk of the bank read in the papers.

What is declared stays the basis of every rule: the share of what is left, the four fifths above which an offer needs a
reason, and what is suggested. What the papers show stands beside it for whoever decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

from hub.domain.affordability import Finances, IncomeKind, SpendingKind
from hub.domain.evidence import EvidenceKind


@unique
class FigureGroup(StrEnum):
    """The side of the month on which a line stands."""

    INCOME = "income"
    SPENDING = "spending"


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureLine:
    """A line of the month. `kind` is one of its group's, or empty where only the total was declared.

    `is_declared`: the person named this line; else it is there for what papers show beside the declared ones.
    """

    group: FigureGroup
    kind: str
    declared_fen: int
    is_declared: bool = True

    @property
    def name(self) -> str:
        """Its name within a negotiation: `income.wage`, or `income` alone for the total."""
        return f"{self.group}.{self.kind}" if self.kind else str(self.group)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencedFigure:
    """What a clerk read in the papers for the line of that name, a month in fen; `evidence_id` is the file, if one."""

    line: str
    amount_fen: int
    evidence_id: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedLine:
    """A line with both figures; `evidenced_fen` is None where nobody has read any paper for it."""

    line: FigureLine
    evidenced_fen: int | None

    @property
    def difference_fen(self) -> int | None:
        """By how much the papers show more than was declared; negative where it is less."""
        return None if self.evidenced_fen is None else self.evidenced_fen - self.line.declared_fen

    @property
    def counted_fen(self) -> int:
        """What the papers show, and what was declared where they show nothing."""
        return self.line.declared_fen if self.evidenced_fen is None else self.evidenced_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The month by what was declared and by the papers. Other banks' payments are a declared sum alone."""

    lines: tuple[ComparedLine, ...]
    other_debt_payments_fen: int

    def of(self, group: FigureGroup) -> tuple[ComparedLine, ...]:
        """The lines of that side."""
        return tuple(each for each in self.lines if each.line.group == group)

    def declared_fen(self, group: FigureGroup) -> int:
        """The declared sum of that side."""
        return sum(each.line.declared_fen for each in self.of(group))

    def counted_fen(self, group: FigureGroup) -> int:
        """The sum of that side by the papers, with what was declared where they show nothing."""
        return sum(each.counted_fen for each in self.of(group))

    @property
    def left_fen(self) -> int:
        """What is left a month by what was declared: the basis of the rules."""
        spent = self.declared_fen(FigureGroup.SPENDING) + self.other_debt_payments_fen
        return self.declared_fen(FigureGroup.INCOME) - spent

    @property
    def left_by_papers_fen(self) -> int:
        """What is left a month by the papers, as `counted_fen` has it; negative where it does not suffice."""
        spent = self.counted_fen(FigureGroup.SPENDING) + self.other_debt_payments_fen
        return self.counted_fen(FigureGroup.INCOME) - spent

    @property
    def checked(self) -> int:
        """How many lines somebody has compared with papers."""
        return sum(each.evidenced_fen is not None for each in self.lines)

    @property
    def unchecked(self) -> int:
        """How many declared lines with an amount nobody has compared with papers yet."""
        return sum(each.evidenced_fen is None and each.line.declared_fen > 0 for each in self.lines)


_OTHER: Final = {FigureGroup.INCOME: IncomeKind.OTHER, FigureGroup.SPENDING: SpendingKind.OTHER}


def lines_of(finances: Finances) -> tuple[FigureLine, ...]:
    """The lines that figures can be read for: those declared, or each side's total where no line of it was.

    Beside declared lines there is always one for anything else, since papers may show what nobody declared.
    """
    return (
        *_lines(
            FigureGroup.INCOME, [(each.kind, each.amount_fen) for each in finances.income], finances.monthly_income_fen
        ),
        *_lines(
            FigureGroup.SPENDING,
            [(each.kind, each.amount_fen) for each in finances.spending],
            finances.monthly_essential_spending_fen,
        ),
    )


def _lines(group: FigureGroup, declared: Sequence[tuple[str, int]], total_fen: int) -> Iterable[FigureLine]:
    if not declared:
        yield FigureLine(group=group, kind="", declared_fen=total_fen)
        return
    sums: dict[str, int] = {}
    for kind, amount_fen in declared:
        sums[kind] = sums.get(kind, 0) + amount_fen
    for kind, amount_fen in sums.items():
        yield FigureLine(group=group, kind=kind, declared_fen=amount_fen)
    if _OTHER[group] not in sums:
        yield FigureLine(group=group, kind=_OTHER[group], declared_fen=0, is_declared=False)


def compare(finances: Finances, evidenced: Mapping[str, int]) -> Comparison:
    """The month with what was read in the papers, by the names of the lines."""
    return Comparison(
        lines=tuple(ComparedLine(line=each, evidenced_fen=evidenced.get(each.name)) for each in lines_of(finances)),
        other_debt_payments_fen=finances.other_debt_payments_fen,
    )


_INCOME: Final = frozenset(IncomeKind)
# What each kind of paper says something about; the total of a side stands in for its lines where there are none.
_PROVES: Final[Mapping[EvidenceKind, tuple[frozenset[str], frozenset[str]]]] = {
    EvidenceKind.PAYSLIP: (frozenset({IncomeKind.WAGE}), frozenset()),
    EvidenceKind.INCOME_PROOF: (_INCOME, frozenset()),
    EvidenceKind.BANK_STATEMENT: (_INCOME, frozenset()),
    EvidenceKind.UNEMPLOYMENT_PROOF: (frozenset({IncomeKind.WAGE, IncomeKind.BENEFITS}), frozenset()),
    EvidenceKind.LOW_INCOME_PROOF: (frozenset({IncomeKind.BENEFITS}), frozenset()),
    EvidenceKind.DISABILITY_PROOF: (frozenset({IncomeKind.BENEFITS}), frozenset({SpendingKind.MEDICAL})),
    EvidenceKind.MEDICAL_BILL: (frozenset(), frozenset({SpendingKind.MEDICAL})),
    EvidenceKind.DIAGNOSIS: (frozenset(), frozenset({SpendingKind.MEDICAL})),
    EvidenceKind.DISASTER_PROOF: (frozenset(), frozenset({SpendingKind.HOUSING})),
    EvidenceKind.FAMILY_STATEMENT: (
        frozenset({IncomeKind.FAMILY}),
        frozenset({SpendingKind.CHILDREN, SpendingKind.ELDERS}),
    ),
}


def is_about(kind: str, line: FigureLine) -> bool:
    """Whether a file of that kind usually says something about the line."""
    income, spending = _PROVES.get(EvidenceKind(kind), (frozenset[str](), frozenset[str]()))
    wanted = income if line.group is FigureGroup.INCOME else spending
    return bool(wanted) if not line.kind else line.kind in wanted


def says_something_of_the_month(kind: EvidenceKind) -> bool:
    """Whether a file of that kind usually says something about any line."""
    return kind in _PROVES
