"""Amendments of agreements as the API gives them back."""

from marshmallow import fields

from hub.domain.actor import Party
from hub.domain.amendment import AmendmentKind, AmendmentStatus
from schemas.base import Schema
from schemas.document_answers import DocumentAnswerSchema
from schemas.fields import MOST_EXACT, Choice, Day, Fen, Instant, Whole
from schemas.identifiers import IdText


class SettlementFiguresAnswerSchema(Schema):
    """What an early settlement comes to, by its parts."""

    principal_fen = Fen()
    interest_fen = Fen(most=MOST_EXACT)
    fee_fen = Fen()
    total_fen = Fen(most=MOST_EXACT)


class SettlementQuoteAnswerSchema(SettlementFiguresAnswerSchema):
    """The bank's figures, what going on would ask, and what is saved; the digest covers all that is signed."""

    going_on_fen = Fen(most=MOST_EXACT)
    saved_fen = fields.Integer()
    valid_until = Instant(allow_none=True)
    fails_on = Day()
    text = fields.String()
    digest = fields.String(metadata={"pattern": "^[0-9a-f]{64}$"})


class _RequestAnswerSchema(Schema):
    id = IdText()
    status = Choice(AmendmentStatus)
    text = fields.String()
    asked_at = Instant()
    answered_at = Instant(allow_none=True)
    answer = fields.String(allow_none=True)
    number = fields.String(allow_none=True)
    closed_at = Instant(allow_none=True)


class EarlySettlementAnswerSchema(_RequestAnswerSchema):
    """A request to settle early. `estimate` is the hub's own reckoning, null once it is signed or over."""

    settle_on = Day()
    estimate = fields.Nested(SettlementFiguresAnswerSchema, allow_none=True)
    quote = fields.Nested(SettlementQuoteAnswerSchema, allow_none=True)


class MovedRowAnswerSchema(Schema):
    """One row of the agreement that moves to another day."""

    number = Whole(least=0, most=60)
    due_on_before = Day()
    due_on = Day()
    total_fen = Fen(most=MOST_EXACT)


class PayDayAnswerSchema(_RequestAnswerSchema):
    """A request for another pay day, with the rows that move."""

    by = Choice(Party)
    day = Whole(least=1, most=31)
    valid_until = Instant(allow_none=True)
    rows = fields.List(fields.Nested(MovedRowAnswerSchema))
    digest = fields.String(allow_none=True, metadata={"pattern": "^[0-9a-f]{64}$"})
    contents_text = fields.String()


class AmendmentAnswerSchema(Schema):
    """A signed amendment. `document` is null until it is printed."""

    id = IdText()
    number = fields.String()
    kind = Choice(AmendmentKind)
    status = Choice(AmendmentStatus)
    signed_at = Instant()
    digest = fields.String(metadata={"pattern": "^[0-9a-f]{64}$"})
    document = fields.Nested(DocumentAnswerSchema, allow_none=True)
