"""Requests beside negotiations on the wire, as far as all kinds of them are alike."""

from marshmallow import fields

from hub.domain.service_request import RequestKind
from schemas.base import Schema
from schemas.fields import Choice, Instant
from schemas.identifiers import BankCode, IdText


class BankRequestSchema(Schema):
    """A request as its bank has it. `owner` is what colleagues call whose it is, null for nobody."""

    id = IdText()
    kind = Choice(RequestKind)
    reference = fields.String()
    bank_code = BankCode()
    negotiation = IdText(allow_none=True)
    status = fields.String()
    opened_at = Instant()
    updated_at = Instant()
    reached_bank_at = Instant(allow_none=True)
    due_at = Instant(allow_none=True)
    provisional = fields.Boolean()
    late = fields.Boolean()
    owner = fields.String(allow_none=True)


class BankRequestListSchema(Schema):
    """What the bank has in hand."""

    items = fields.List(fields.Nested(BankRequestSchema))
