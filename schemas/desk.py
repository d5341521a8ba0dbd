"""What a bank's program says of its own desk's work on a case, and how that is shown to it again."""

from dataclasses import dataclass

from marshmallow import fields

from hub.domain.doubts import DoubtAnswer, DoubtKind
from hub.domain.evidence_check import CheckVerdict
from schemas.actions import read_body
from schemas.base import Read, Schema
from schemas.fields import Choice, Fen, FreeText, Instant
from schemas.identifiers import IdText

_MOST_EMAIL = 254
_MOST_LINE = 40


class CaseOwnerSchema(Schema):
    """Whose case it is from now on: the address of an account that acts for the bank, null for nobody."""

    email = FreeText(minimum=1, limit=_MOST_EMAIL, required=True, allow_none=True)


class FigureTakeBackSchema(Schema):
    """The line of the month for which no paper counts any more."""

    line = FreeText(minimum=1, limit=_MOST_LINE, required=True)


class OwnerAnswerSchema(Schema):
    """An account of the bank that has cases."""

    id = IdText()
    name = fields.String()
    email = fields.String()


class EvidenceCheckAnswerSchema(Schema):
    """What counts of a file that somebody of the bank has looked at."""

    evidence_id = IdText()
    verdict = Choice(CheckVerdict)
    text = fields.String()
    at = Instant()


class EvidencedFigureAnswerSchema(Schema):
    """What papers show for a line of the person's month."""

    line = fields.String()
    amount_fen = Fen()
    evidence_id = IdText(allow_none=True)
    note = fields.String()
    at = Instant()


class DoubtAnswerSchema(Schema):
    """What was done about a doubt."""

    answer = Choice(DoubtAnswer, required=True)


class DoubtFactsSchema(Schema):
    """What the sentence of a doubt names; each is there where its kind has it."""

    editor = fields.String()
    declared_fen = Fen()
    shown_fen = Fen()
    people = fields.Integer()
    days = fields.Integer()


class DoubtSchema(Schema):
    """A hint that something is worth a second look; no verdict, and nothing is refused because of it."""

    id = IdText()
    kind = Choice(DoubtKind)
    evidence_id = IdText(allow_none=True)
    facts = fields.Nested(DoubtFactsSchema)
    text_zh = fields.String()
    text_en = fields.String()
    found_at = Instant()
    answer = Choice(DoubtAnswer, allow_none=True)
    answered_at = Instant(allow_none=True)


class RecognisedAmountSchema(Schema):
    """An amount that a machine recognised in a file; it may have misread it."""

    evidence_id = IdText()
    page = fields.Integer()
    label = fields.String()
    amount_fen = Fen()


class DeskAnswerSchema(Schema):
    """The bank's own work on a case, which the person is never shown."""

    negotiation_id = IdText()
    owner = fields.Nested(OwnerAnswerSchema, allow_none=True)
    evidence_checks = fields.List(fields.Nested(EvidenceCheckAnswerSchema))
    evidenced_figures = fields.List(fields.Nested(EvidencedFigureAnswerSchema))
    recognised_amounts = fields.List(fields.Nested(RecognisedAmountSchema))
    doubts = fields.List(fields.Nested(DoubtSchema))


_OWNER = CaseOwnerSchema()
_TAKE_BACK = FigureTakeBackSchema()
_DOUBT_ANSWER = DoubtAnswerSchema()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOwner:
    """Whose case it shall be, by the address of the account; None for nobody."""

    email: str | None


def load_owner(data: object) -> Read[CaseOwner]:
    """Whose case it shall be, or None and every fault."""
    found, faults = read_body(_OWNER, data)
    return Read.of(faults, lambda: CaseOwner(**found))


def load_take_back(data: object) -> Read[str]:
    """The name of the line, or None and every fault."""
    found, faults = read_body(_TAKE_BACK, data)
    return Read.of(faults, lambda: str(found["line"]))


def load_doubt_answer(data: object) -> Read[DoubtAnswer]:
    """What was done about a doubt, or None and every fault."""
    found, faults = read_body(_DOUBT_ANSWER, data)
    return Read.of(faults, lambda: DoubtAnswer(found["answer"]))
