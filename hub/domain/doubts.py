"""Doubts: hints to a bank that something about a file or an application is worth a second look.

A doubt is no verdict. Each has an innocent reason too: a spouse sends the same paper, an employer writes all payslips
with one form, somebody got a new number. Nothing is refused, delayed or decided because of one, and none says who
another person is or at which bank: the hub compares keyed hashes of what was sent and keeps no list of people.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum, unique
from typing import Final

from hub.domain.evidence import EvidenceKind
from hub.domain.evidenced_figures import Comparison, FigureGroup
from hub.domain.pdf_origin import PdfOrigin

COMPARED_DAYS: Final = 30
"""Applications are compared with those of so many days: agencies bring people in waves, and a month covers one
statement of every card. As long are the hashes kept that they are compared by (`retention.TRACES_KEPT_DAYS`)."""
MANY_PEOPLE: Final = 3
"""So many people are a hint, this one among them: a couple shares a phone, a helper and neighbouring numbers."""
NUMBER_BLOCK: Final = 9
"""Mobiles whose first so many of 11 digits are the same: cards that are bought in one go come in blocks of 100."""
CHANGED_LATER: Final = timedelta(minutes=10)
"""A bank's system makes and closes a statement in one go; what is changed later was opened in a program again."""
SUMS_PERCENT: Final = 20
SUMS_LEAST_FEN: Final = 50_000
"""Wages vary with overtime: papers are a hint that show a fifth, and 500 yuan, more or less than was declared."""

# What an issuer's system writes once. Other papers people scan, put together and turn in honest ways.
_WRITTEN_ONCE: Final = frozenset(
    {EvidenceKind.BANK_STATEMENT, EvidenceKind.PAYSLIP, EvidenceKind.INCOME_PROOF, EvidenceKind.CREDIT_REPORT}
)


@unique
class DoubtKind(StrEnum):
    """What is worth a second look."""

    SAME_FILE = "same_file"  # another person sent the very same bytes
    SIMILAR_PICTURE = "similar_picture"  # another person sent nearly the same picture
    EDITED_PDF = "edited_pdf"  # a program made to change papers wrote the file
    CHANGED_PDF = "changed_pdf"  # it was changed after it was made
    SUMS_DIFFER = "sums_differ"  # papers show another income than was declared
    MOBILE_CHANGED = "mobile_changed"  # the person applied with another mobile shortly before
    SHARED_DEVICE = "shared_device"  # several people applied from one browser
    SHARED_HELPER = "shared_helper"  # one helper stands beside several people
    NUMBER_BLOCK = "number_block"  # several people have mobiles of one block


@unique
class TraceSort(StrEnum):
    """What applications of different people are compared by."""

    DEVICE = "device"
    HELPER = "helper"
    NUMBER_BLOCK = "number_block"


OF_TRACE: Final[Mapping[TraceSort, DoubtKind]] = {
    TraceSort.DEVICE: DoubtKind.SHARED_DEVICE,
    TraceSort.HELPER: DoubtKind.SHARED_HELPER,
    TraceSort.NUMBER_BLOCK: DoubtKind.NUMBER_BLOCK,
}
PASSING: Final = frozenset({DoubtKind.SUMS_DIFFER})
"""Kinds that are gone again once what they were found by is no longer so."""


@unique
class DoubtAnswer(StrEnum):
    """What a clerk did about a doubt."""

    NO_CONCERN = "no_concern"
    ASKED = "asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One thing to look at; `evidence_id` is the file that it is about, None where it is about the person.

    `facts` are what its sentence names: numbers and words, nothing of anybody else.
    """

    kind: DoubtKind
    evidence_id: str | None = None
    facts: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def about(self) -> tuple[DoubtKind, str | None]:
        """By what it is told from the other doubts of a negotiation: there is one of a kind about each thing."""
        return self.kind, self.evidence_id


def of_origin(origin: PdfOrigin, kind: str, *, evidence_id: str, was_signed: bool) -> Doubt | None:
    """What the making of a PDF hints at; a signature is itself a change behind the end, and guards all before it."""
    if origin.editor is not None:
        facts = {"editor": str(origin.editor)}
        return Doubt(kind=DoubtKind.EDITED_PDF, evidence_id=evidence_id, facts=facts)
    if kind not in _WRITTEN_ONCE or was_signed:
        return None
    is_later = (origin.modified_after_s or 0) >= CHANGED_LATER.total_seconds()
    if not (is_later or origin.updates):
        return None
    return Doubt(kind=DoubtKind.CHANGED_PDF, evidence_id=evidence_id)


def of_sums(comparison: Comparison) -> Doubt | None:
    """Whether the papers show another income a month than was declared, by more than wages vary."""
    if not any(each.evidenced_fen is not None for each in comparison.of(FigureGroup.INCOME)):
        return None
    declared, shown = (of(FigureGroup.INCOME) for of in (comparison.declared_fen, comparison.counted_fen))
    difference = abs(shown - declared)
    if difference < SUMS_LEAST_FEN or difference * 100 < SUMS_PERCENT * declared:
        return None
    return Doubt(kind=DoubtKind.SUMS_DIFFER, facts={"declared_fen": declared, "shown_fen": shown})


def of_many(sort: TraceSort, people: int) -> Doubt | None:
    """Whether so many people's applications came from the same; how many more than `MANY_PEOPLE` is not said."""
    if people < MANY_PEOPLE:
        return None
    return Doubt(kind=OF_TRACE[sort], facts={"people": MANY_PEOPLE, "days": COMPARED_DAYS})


def block_of(mobile: str) -> str:
    """The block of numbers that the mobile is of."""
    return mobile[:NUMBER_BLOCK]
