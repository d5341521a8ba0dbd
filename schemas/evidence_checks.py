"""What a bank's clerk says of a file, and what they read in papers."""

from hub.domain.errors import Fault
from hub.domain.evidence_check import CheckVerdict, EvidenceCheck
from hub.domain.evidenced_figures import EvidencedFigure
from hub.domain.people import says_nothing
from schemas.actions import read_body
from schemas.base import Read, Schema
from schemas.fields import Choice, Fen, FreeText

MOST_SAID = 300


class EvidenceCheckSchema(Schema):
    """Whether a file is checked or doubtful; doubts are said in words."""

    verdict = Choice(CheckVerdict, required=True)
    text = FreeText(limit=MOST_SAID, load_default="")


class EvidencedFigureSchema(Schema):
    """What papers show for a line of the month, in fen."""

    line = FreeText(minimum=1, limit=40, required=True)
    amount_fen = Fen(required=True)
    evidence_id = FreeText(limit=32, load_default="")
    note = FreeText(limit=MOST_SAID, load_default="")


EVIDENCE_CHECK = EvidenceCheckSchema()
EVIDENCED_FIGURE = EvidencedFigureSchema()


def load_check(data: object) -> Read[EvidenceCheck]:
    """What a clerk says of a file, or None and every fault."""
    found, faults = read_body(EVIDENCE_CHECK, data)
    if found.get("verdict") == CheckVerdict.DOUBTFUL and says_nothing(found.get("text", "")):
        faults.append(Fault("/text", "text_required"))
    return Read.of(faults, lambda: EvidenceCheck(**found))


def load_figure(data: object) -> Read[EvidencedFigure]:
    """What a clerk read in papers, or None and every fault."""
    found, faults = read_body(EVIDENCED_FIGURE, data)
    return Read.of(faults, lambda: EvidencedFigure(**{**found, "evidence_id": found["evidence_id"] or None}))
