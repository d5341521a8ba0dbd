"""What a person can bear a month, as the API gives it back."""

from marshmallow import fields

from schemas.base import Schema
from schemas.fields import MOST_EXACT, Whole, whole
from schemas.identifiers import BankCode


class SuggestedAnswerSchema(Schema):
    """From and to how much a month to offer; 0 and 0 where nothing is left."""

    from_fen = whole()
    to_fen = whole()


class ShareAnswerSchema(Schema):
    """One bank's share of it."""

    bank_code = BankCode()
    monthly_fen = whole()


class AffordabilityAnswerSchema(Schema):
    """What a person could pay a month. `left_fen` is negative where income does not suffice."""

    left_fen = Whole(least=-MOST_EXACT, most=MOST_EXACT)
    suggested = fields.Nested(SuggestedAnswerSchema)
    shares = fields.List(fields.Nested(ShareAnswerSchema))
