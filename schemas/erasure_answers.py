"""What is answered to who wants a person erased: what goes, and what stays for how long and why."""

from marshmallow import fields

from hub.domain.retention import DataClass, KeptFor
from schemas.base import Schema
from schemas.fields import Choice, Instant


class GoesSchema(Schema):
    """What is erased: a class of data, of one negotiation where it is about one."""

    what = Choice(DataClass)
    reference = fields.String(allow_none=True)


class StaysSchema(Schema):
    """What stays of a negotiation, why, and until when."""

    what = Choice(DataClass)
    reference = fields.String()
    why = Choice(KeptFor)
    until = Instant(allow_none=True)


class ErasureAnswerSchema(Schema):
    """What goes at once, and what stays."""

    goes = fields.List(fields.Nested(GoesSchema))
    stays = fields.List(fields.Nested(StaysSchema))
