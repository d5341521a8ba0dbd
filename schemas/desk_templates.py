"""The forms of canned replies and of templates of offers."""

from hub.domain.canned_reply import MOST_NAME, MOST_TEXT, CannedReply, ReplyUse
from hub.domain.offer_template import OfferTemplate
from hub.domain.terms import MAX_INSTALMENTS, Kind, Method
from schemas.actions import read_body
from schemas.base import Read, Schema
from schemas.fields import Choice, Fen, FreeText, Percent, Text, TrueOrFalse, Whole
from schemas.proposals import NOTE_LIMIT

_WAIVED = ("interest", "penalty", "fees")


class ReplySchema(Schema):
    """One canned reply."""

    name = Text(limit=MOST_NAME, minimum=1, required=True)
    use = Choice(ReplyUse, required=True)
    text = FreeText(limit=MOST_TEXT, minimum=1, required=True)
    text_en = FreeText(limit=MOST_TEXT, load_default="")
    is_on = TrueOrFalse(load_default=False)


class OfferTemplateSchema(Schema):
    """One template of offers; what is left open, the plan of a case says."""

    name = Text(limit=MOST_NAME, minimum=1, required=True)
    kind = Choice(Kind, required=True)
    instalments = Whole(least=1, most=MAX_INSTALMENTS, allow_none=True, load_default=None)
    months = Whole(least=1, most=MAX_INSTALMENTS, allow_none=True, load_default=None)
    annual_rate_percent = Percent(allow_none=True, load_default=None)
    minimum_percent = Percent(allow_none=True, load_default=None)
    method = Choice(Method, allow_none=True, load_default=None)
    waived_interest = Whole(least=0, most=100, load_default=0)
    waived_penalty = Whole(least=0, most=100, load_default=0)
    waived_fees = Whole(least=0, most=100, load_default=0)
    most_owed_fen = Fen(least=1, allow_none=True, load_default=None)
    note = FreeText(limit=NOTE_LIMIT, load_default="")
    is_on = TrueOrFalse(load_default=False)


REPLY = ReplySchema()
OFFER_TEMPLATE = OfferTemplateSchema()


def load_reply(data: object) -> Read[CannedReply]:
    """The reply that the form says, or every fault of its fields."""
    found, faults = read_body(REPLY, data)
    return Read.of(faults, lambda: CannedReply(**found))


def load_offer_template(data: object) -> Read[OfferTemplate]:
    """The template that the form says, or every fault of its fields."""
    found, faults = read_body(OFFER_TEMPLATE, data)

    def made() -> OfferTemplate:
        waived = {name: found.pop(f"waived_{name}") for name in _WAIVED}
        return OfferTemplate(**found, waived_percent={name: value for name, value in waived.items() if value})

    return Read.of(faults, made)
