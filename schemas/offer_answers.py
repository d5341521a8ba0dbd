"""Offers, quotes and agreements as the API gives them back."""

from typing import Any

from marshmallow import fields, post_dump

from hub.domain.terms import FIELDS_BY_KIND, OPTIONAL_FOR_EVERY_KIND, REQUIRED_OF_EVERY_KIND, Kind
from schemas.base import Schema
from schemas.fields import Day, Fen, Instant, Part, Percent, Whole, Word
from schemas.identifiers import IdText
from schemas.offers import BalanceSchema, TermsSchema, WaivedSchema

# Sums over many rows can pass the bound of a single amount.
_MOST_FEN = 2**53


class TermsAnswerSchema(TermsSchema):
    """Terms with the fields of their kind alone, so that they can be sent back as they are."""

    waived = Part(WaivedSchema)

    @post_dump
    def keep_fields_of_the_kind(self, dumped: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The dumped terms without the fields of other kinds."""
        kept = {*REQUIRED_OF_EVERY_KIND, *OPTIONAL_FOR_EVERY_KIND, *FIELDS_BY_KIND[Kind(dumped["kind"])].taken}
        return {name: value for name, value in dumped.items() if name in kept}


class ScheduleRowAnswerSchema(Schema):
    """One payment; number 0 is the down payment."""

    number = Whole(least=0, most=60)
    due_on = Day()
    principal_fen = Fen()
    interest_fen = Fen(most=_MOST_FEN)
    fee_fen = Fen()
    total_fen = Fen(most=_MOST_FEN)
    remaining_fen = Fen()


class AnnualCostAnswerSchema(Schema):
    """What it costs a year: a month's rate of return times twelve, and the same compounded."""

    nominal_percent = Percent()
    effective_percent = Percent()


class QuoteAnswerSchema(Schema):
    """What terms mean, before anyone commits to them; no cost where there are no payments."""

    schedule = fields.List(fields.Nested(ScheduleRowAnswerSchema))
    total_fen = Fen(most=_MOST_FEN)
    annual_cost = fields.Nested(AnnualCostAnswerSchema, allow_none=True)


class OfferAnswerSchema(QuoteAnswerSchema):
    """One side's terms. `valid_until` is null while the offer is not open."""

    id = IdText()
    by = Word(("bank", "cardholder"))
    status = Word(("awaiting_approval", "returned", "open", "accepted", "declined", "superseded", "lapsed"))
    terms = fields.Nested(TermsAnswerSchema)
    balances = fields.List(fields.Nested(BalanceSchema))
    valid_until = Instant(allow_none=True)
    oral = fields.Boolean()


class PaymentAnswerSchema(Schema):
    """What the bank said of one payment: that it arrived, or that it did not."""

    number = Whole(least=0, most=60)
    status = Word(("paid", "missed"))
    paid_on = Day(allow_none=True)
    amount_fen = Fen()


class DocumentAnswerSchema(Schema):
    """The printed agreement."""

    sha256 = fields.String(metadata={"pattern": "^[0-9a-f]{64}$"})
    url = fields.String(metadata={"format": "uri-reference"})


class AgreementAnswerSchema(Schema):
    """An accepted offer, signed. `document` is null until it is printed."""

    id = IdText()
    number = fields.String()
    status = Word(("in_force", "settled", "ended"))
    signed_at = Instant()
    offer_id = IdText()
    payments = fields.List(fields.Nested(PaymentAnswerSchema))
    document = fields.Nested(DocumentAnswerSchema, allow_none=True)
    schedule = fields.List(fields.Nested(ScheduleRowAnswerSchema))
    collection_hold_since = Instant()
