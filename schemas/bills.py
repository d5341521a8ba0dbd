"""Bills on the wire: what a person or their host app puts, and what is answered."""

from marshmallow import fields

from hub.domain.bill import BillContents, BillSource, BillStatus, last4
from hub.domain.bill_reminder import DAYS_BEFORE, BillReminder, ReminderHours
from hub.domain.errors import Fault, Refused
from hub.domain.load import LoadBand
from hub.domain.preferences import NoticeChannel
from schemas.actions import read_body
from schemas.base import Found, Read, Schema, repeated
from schemas.fields import Choice, Day, Each, Fen, Formed, Instant, TrueOrFalse, Whole, Word
from schemas.identifiers import BankCode, Email, IdText, Mobile


class BillFieldsSchema(Schema):
    """What a bill says."""

    bank_code = BankCode(required=True)
    card_last4 = Formed(last4, required=True, metadata={"pattern": "^[0-9]{4}$"})
    statement_on = Day(load_default=None)
    due_on = Day(required=True)
    statement_fen = Fen(least=1, required=True)
    minimum_fen = Fen(required=True)
    paid_fen = Fen(load_default=0)
    currency = Word(["CNY"], load_default="CNY")
    is_overdue = TrueOrFalse(load_default=False)


class BillSchema(BillFieldsSchema):
    """A bill that a client puts for its person."""

    subject = IdText(required=True)


class ReminderFieldsSchema(Schema):
    """What a person wants to be told of a bill, and where to."""

    days_before = Each(Whole(least=0, most=max(DAYS_BEFORE)), most=len(DAYS_BEFORE), required=True)
    channel = Choice(NoticeChannel, load_default=NoticeChannel.MAIL)
    hours = Choice(ReminderHours, load_default=ReminderHours.DAY)
    email = Email(load_default=None, allow_none=True)
    mobile = Mobile(load_default=None, allow_none=True)


class BillReminderSchema(ReminderFieldsSchema):
    """The same, of a bill of a client's person."""

    subject = IdText(required=True)
    bill_id = IdText(required=True)


class BillReminderAnswerSchema(Schema):
    """What was chosen for a bill, and when it is told next."""

    bill_id = IdText()
    days_before = fields.List(Whole(least=0, most=max(DAYS_BEFORE)))
    channel = Choice(NoticeChannel, allow_none=True)
    hours = Choice(ReminderHours, allow_none=True)
    next_at = Instant(allow_none=True)


class BillAnswerSchema(Schema):
    """A bill as it stands."""

    id = IdText()
    source = Choice(BillSource)
    status = Choice(BillStatus)
    bank_code = BankCode()
    card_last4 = fields.String(allow_none=True)
    statement_on = Day(allow_none=True)
    due_on = Day()
    statement_fen = Fen()
    minimum_fen = Fen()
    paid_fen = Fen()
    currency = fields.String()
    as_of = Instant()
    may_have_changed = fields.Boolean()


class BillListSchema(Schema):
    """The bills of a stretch of days, the earliest first; the whole list."""

    items = fields.List(fields.Nested(BillAnswerSchema))


class LoadAnswerSchema(Schema):
    """What a month asks for, beside the income."""

    month = fields.String(metadata={"pattern": "^[0-9]{4}-[0-9]{2}$"})
    income_fen = Fen(allow_none=True)
    due_fen = Fen()
    minimum_fen = Fen()
    percent = Whole(least=0, most=10**15, allow_none=True)
    band = Choice(LoadBand, allow_none=True)
    should_negotiate = fields.Boolean()
    debts = fields.List(fields.Nested(BillAnswerSchema))


REMINDER_FIELDS = ReminderFieldsSchema()
REMINDER = BillReminderSchema()
BILL_FIELDS = BillFieldsSchema()
BILL = BillSchema()


def load_bill(data: object) -> Read[tuple[str, BillContents]]:
    """(the client's name for its person, what the bill says), or None and every fault."""
    found, faults = read_body(BILL, data)
    if faults:
        return Read(None, faults)
    subject = found.pop("subject")
    try:
        return Read((subject, BillContents(**found)), [])
    except Refused as error:
        return Read(None, list(error.faults))


def load_bill_fields(data: object) -> Read[BillContents]:
    """What the bill says, of a person who is signed in; or None and every fault."""
    found, faults = read_body(BILL_FIELDS, data)
    try:
        return Read.of(faults, lambda: BillContents(**found))
    except Refused as error:
        return Read(None, list(error.faults))


def load_reminder(data: object) -> Read[tuple[str, str, BillReminder]]:
    """(the client's name for its person, the bill's id, what they want to be told), or None and every fault."""
    found, faults = read_body(REMINDER, data)
    named = {name: found.pop(name, "") for name in ("subject", "bill_id")}
    read = _reminder_of(found, faults)
    return Read.of(read.faults, lambda: (named["subject"], named["bill_id"], read.value_or_refuse()))


def load_reminder_fields(data: object) -> Read[BillReminder]:
    """What a signed-in person wants to be told of a bill, or None and every fault."""
    found, faults = read_body(REMINDER_FIELDS, data)
    return _reminder_of(found, faults)


def _reminder_of(found: Found, faults: list[Fault]) -> Read[BillReminder]:
    days = found.get("days_before") or []
    choices = {"choices": ", ".join(map(str, DAYS_BEFORE))}
    faults += [
        Fault(f"/days_before/{place}", "unknown_choice", choices)
        for place, each in enumerate(days)
        if each is not None and each not in DAYS_BEFORE
    ]
    faults += repeated("/days_before", days, "listed_twice")
    try:
        return Read.of(faults, lambda: BillReminder(**{**found, "days_before": tuple(days)}))
    except Refused as error:
        return Read(None, list(error.faults))
