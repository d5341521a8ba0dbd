"""Bills that a bank tells, and the consents under which it may, on the wire."""

from marshmallow import fields

from hub.domain.bill import BillContents, last4
from hub.domain.bill_feed import CONSENT, MOST_ROWS, FeedResult, FeedRow
from hub.domain.errors import Refused
from schemas.actions import read_body
from schemas.base import Found, Read, Schema
from schemas.fields import Choice, Day, Each, Fen, Formed, Instant, Part, Text, TrueOrFalse, Whole, Word
from schemas.identifiers import BankCode, IdText, Mobile

_LONGEST_TOKEN = 64


class FedBillSchema(Schema):
    """One bill that a bank tells."""

    token = Text(minimum=1, limit=_LONGEST_TOKEN, required=True)
    card_last4 = Formed(last4, required=True, metadata={"pattern": "^[0-9]{4}$"})
    statement_on = Day(required=True)
    due_on = Day(required=True)
    statement_fen = Fen(least=1, required=True)
    minimum_fen = Fen(required=True)
    paid_fen = Fen(load_default=0)
    currency = Word(["CNY"], load_default="CNY")
    is_overdue = TrueOrFalse(load_default=False)
    as_of = Instant(required=True)


class BillFeedSchema(Schema):
    """Bills that a bank tells at once."""

    items = Each(Part(FedBillSchema), least=1, most=MOST_ROWS, required=True)


class FedBillAnswerSchema(Schema):
    """What became of one of them."""

    row = Whole(least=0, most=MOST_ROWS)
    result = Choice(FeedResult)


class BillFeedAnswerSchema(Schema):
    """What became of each, in their order."""

    taken = Whole(least=0, most=MOST_ROWS)
    items = fields.List(fields.Nested(FedBillAnswerSchema))


class BillConsentSchema(Schema):
    """A consent that a client's person gives."""

    subject = IdText(required=True)
    version = Word([CONSENT.version], required=True)
    card_last4 = Formed(last4, required=True, metadata={"pattern": "^[0-9]{4}$"})
    mobile = Mobile(required=True)


class BillConsentAnswerSchema(Schema):
    """A consent as it stands."""

    bank_code = BankCode()
    version = fields.String()
    sha256 = fields.String()
    given_at = Instant()
    withdrawn_at = Instant(allow_none=True)
    card_last4 = fields.String(allow_none=True)
    cards = fields.List(fields.String())


class BillConsentWordsSchema(Schema):
    """The words in force."""

    version = fields.String()
    sha256 = fields.String()
    zh = fields.String()
    en = fields.String()


class BillConsentListSchema(Schema):
    """A person's consents, and the words that the next one is given to."""

    words = fields.Nested(BillConsentWordsSchema)
    items = fields.List(fields.Nested(BillConsentAnswerSchema))


class ReminderResultsSchema(Schema):
    """What became of reminders about a bank's own bills."""

    sent = Whole(least=0, most=10**6)
    not_sent = Whole(least=0, most=10**6)
    last_sent_at = Instant(allow_none=True)


class BankBillConsentSchema(Schema):
    """A consent as its bank reads it."""

    token = fields.String()
    card_last4 = fields.String()
    cards = fields.List(fields.String())
    mobile = fields.String()
    given_at = Instant()
    reminders = fields.Nested(ReminderResultsSchema)


class BankBillConsentPageSchema(Schema):
    """A page of the consents that a bank has."""

    items = fields.List(fields.Nested(BankBillConsentSchema))
    next_cursor = fields.String(allow_none=True)


BILL_FEED = BillFeedSchema()
FED_BILL = FedBillSchema()
BILL_CONSENT = BillConsentSchema()


def load_feed(data: object) -> Read[list[FeedRow]]:
    """The bills that a bank tells, or None and every fault of every one of them."""
    found, faults = read_body(BILL_FEED, data)
    rows: list[FeedRow] = []
    for place, each in enumerate(found.get("items") or []):
        if any(fault.pointer.startswith(f"/items/{place}/") or fault.pointer == f"/items/{place}" for fault in faults):
            continue
        try:
            rows.append(_row(each))
        except Refused as error:
            faults += [fault.under(f"/items/{place}") for fault in error.faults]
    return Read(None, faults) if faults else Read(rows, [])


def load_fed_bill(data: object) -> Read[FeedRow]:
    """One bill that a bank tells, or None and every fault."""
    found, faults = read_body(FED_BILL, data)
    try:
        return Read.of(faults, lambda: _row(found))
    except Refused as error:
        return Read(None, list(error.faults))


def _row(found: Found) -> FeedRow:
    contents = {name: value for name, value in found.items() if name not in ("token", "as_of")}
    return FeedRow(token=found["token"], contents=BillContents(bank_code="", **contents), as_of=found["as_of"])


def load_consent(data: object) -> Read[Found]:
    """The fields of a consent, or None and every fault."""
    found, faults = read_body(BILL_CONSENT, data)
    return Read.of(faults, lambda: found)
