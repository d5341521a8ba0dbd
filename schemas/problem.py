"""What went wrong, as the API answers it (RFC 9457)."""

from marshmallow import fields

from schemas.base import Schema
from schemas.fields import Day, Whole, whole
from schemas.identifiers import BankCode, IdText


class FaultAnswerSchema(Schema):
    """One broken rule, with its place as a JSON Pointer."""

    pointer = fields.String(metadata={"examples": ["/accounts/0/card_number"]})
    code = fields.String(metadata={"examples": ["luhn"]})
    message = fields.String()
    purpose = fields.String(metadata={"description": "of a missing consent: which one it is"})
    bank_code = BankCode(metadata={"description": "of a missing consent to share: with which bank"})


class ProblemSchema(Schema):
    """What went wrong, after RFC 9457; `errors` names every fault of an input at once."""

    type = fields.String(metadata={"examples": ["about:blank"]})
    title = fields.String()
    status = Whole(least=400, most=599)
    detail = fields.String()
    code = fields.String(metadata={"description": "the machine code of the problem"})
    errors = fields.List(fields.Nested(FaultAnswerSchema))
    status_now = fields.String(metadata={"description": "the status that does not allow the step"})
    event = fields.String(metadata={"description": "the step that it does not allow"})
    offer_status = fields.String(metadata={"description": "the status of an offer that is not open"})
    number = whole(metadata={"description": "the row of the agreement that is meant"})
    earliest = Day(metadata={"description": "the first day on which the step can be done"})
    rows = whole(metadata={"description": "how many rows are open"})
    missed = whole(metadata={"description": "how many rows were missed and not made up for"})
    needed = whole(metadata={"description": "how many missed rows the step takes"})
    limit = whole(metadata={"description": "how many, or how many bytes, are taken"})
    scope = fields.String(metadata={"description": "the scope that is missing"})
    bank_code = BankCode(metadata={"description": "the bank of the open negotiation"})
    negotiation = IdText(metadata={"description": "the open negotiation, to the client that made it"})
    reference = fields.String(metadata={"description": "what to name when asking about it"})
