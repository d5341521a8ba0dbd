"""Appointments on the wire: what a person books, what a bank says of it, and what both are shown.

No field takes an amount; one that is named for money is `cash_refused`.
"""

import re
from dataclasses import dataclass

from marshmallow import fields

from hub.domain.appointment import AppointmentStatus, AppointmentWish
from hub.domain.appointment_kind import AppointmentKind, AppointmentPurpose, AskedBy
from hub.domain.booking import Booking
from hub.domain.errors import InvalidValue
from hub.domain.visit import (
    MOST_PAPERS,
    IdentityFound,
    Move,
    PaperHandling,
    PaperSeen,
    Receipt,
    Trouble,
    VisitReport,
)
from schemas.actions import read_without_money
from schemas.base import Found, Read, Schema
from schemas.fields import Choice, Each, Formed, Instant, OpenFreeText, OpenText, Part, Text, TrueOrFalse
from schemas.identifiers import BankCode, Email, IdText, Mobile
from schemas.slots import SlotPlaceAnswerSchema

_WORDS = 500
_DIGEST = re.compile(r"[0-9a-f]{64}")


def _digest(text: str) -> str:
    if not _DIGEST.fullmatch(text):
        raise InvalidValue("digest_form")
    return text


class BookingFieldsSchema(Schema):
    """What a person books."""

    bank_code = BankCode(required=True)
    slot_id = IdText(required=True)
    kind = Choice(AppointmentKind, required=True)
    purpose = Choice(AppointmentPurpose, required=True)
    negotiation = IdText(load_default=None, allow_none=True)
    called = OpenText(limit=20, load_default="")
    asked_by = Choice(AskedBy, load_default=AskedBy.PERSON)
    own_words = OpenFreeText(limit=_WORDS, load_default="")
    address = Text(limit=120, load_default="")
    address_consent = TrueOrFalse(load_default=False)
    recording_consent = TrueOrFalse(load_default=False)
    email = Email(load_default=None, allow_none=True)
    mobile = Mobile(load_default=None, allow_none=True)


class BookingSchema(BookingFieldsSchema):
    """The same, for a client's person."""

    subject = IdText(required=True)


class OfPersonSchema(Schema):
    """Whose appointment it is."""

    subject = IdText(required=True)


class TroubleFieldsSchema(Schema):
    """What went wrong with an appointment, by the person's word."""

    trouble = Choice(Trouble, required=True)
    text = OpenFreeText(limit=_WORDS, load_default="")


class TroubleSchema(TroubleFieldsSchema):
    """The same, of a client's person."""

    subject = IdText(required=True)


class VisitStaffSchema(Schema):
    """Which two of the bank's own people come, by the numbers on their badges."""

    staff = Each(Text(limit=20), most=10, required=True)


class AppointmentMoveSchema(VisitStaffSchema):
    """Another time, and who comes then."""

    slot_id = IdText(required=True)
    text = OpenFreeText(limit=_WORDS, load_default="")


class VisitBeginningSchema(Schema):
    """What the person said."""

    pass_code = Text(limit=12, required=True)


class VisitMissedSchema(Schema):
    """Who was not there."""

    by = Choice(AskedBy, required=True)


class PaperSeenSchema(Schema):
    """A paper at a visit."""

    name = OpenText(minimum=1, limit=60, required=True)
    handling = Choice(PaperHandling, required=True)
    sha256 = Formed(_digest, load_default=None, allow_none=True, metadata={"pattern": "^[0-9a-f]{64}$"})


class ReceiptSchema(Schema):
    """The number of the bank's own receipt for what the person paid in the bank's own app."""

    number = Text(minimum=1, limit=40, required=True)
    sha256 = Formed(_digest, load_default=None, allow_none=True, metadata={"pattern": "^[0-9a-f]{64}$"})


class VisitReportSchema(Schema):
    """What happened at a visit."""

    identity = Choice(IdentityFound, required=True)
    papers = Each(Part(PaperSeenSchema), most=MOST_PAPERS, load_default=list)
    signed = TrueOrFalse(load_default=None, allow_none=True)
    note = OpenFreeText(limit=2000, load_default="")
    recording_reference = Text(limit=60, load_default=None, allow_none=True)
    receipt = Part(ReceiptSchema, load_default=None, allow_none=True)


class StaffInitialSchema(Schema):
    """Who comes, as far as a mail may say it."""

    number = fields.String()
    initial = fields.String()


class StaffNameSchema(Schema):
    """Who comes."""

    number = fields.String()
    name = fields.String()


class AppointmentPartsSchema(Schema):
    """What both sides are shown of an appointment."""

    id = IdText()
    reference = fields.String()
    bank_code = BankCode()
    negotiation = IdText(allow_none=True)
    kind = Choice(AppointmentKind)
    purpose = Choice(AppointmentPurpose)
    status = Choice(AppointmentStatus)
    slot_id = IdText()
    from_ = Instant(data_key="from")
    to = Instant()
    place = fields.Nested(SlotPlaceAnswerSchema)
    report = fields.Nested(VisitReportSchema, allow_none=True)
    reported_at = Instant(allow_none=True)
    note_signed_at = Instant(allow_none=True)


class AppointmentAnswerSchema(AppointmentPartsSchema):
    """An appointment as its person's host app is shown it."""

    staff = fields.List(fields.Nested(StaffInitialSchema))
    can_cancel = fields.Boolean()
    can_accept_move = fields.Boolean()
    moved_because = fields.String()


class AppointmentListSchema(Schema):
    """The person's appointments, the latest time first."""

    items = fields.List(fields.Nested(AppointmentAnswerSchema))


class BankAppointmentAnswerSchema(AppointmentPartsSchema):
    """An appointment as its bank is shown it."""

    staff = fields.List(fields.Nested(StaffNameSchema))
    called = fields.String()
    own_words = fields.String()
    asked_by = Choice(AskedBy)
    address = fields.String(allow_none=True)
    due_at = Instant(allow_none=True)


class BankAppointmentListSchema(Schema):
    """The bank's appointments of a day, the earliest first."""

    items = fields.List(fields.Nested(BankAppointmentAnswerSchema))


BOOKING_FIELDS = BookingFieldsSchema()
BOOKING = BookingSchema()
OF_PERSON = OfPersonSchema()
TROUBLE_FIELDS = TroubleFieldsSchema()
TROUBLE = TroubleSchema()
VISIT_STAFF = VisitStaffSchema()
MOVE = AppointmentMoveSchema()
BEGINNING = VisitBeginningSchema()
MISSED = VisitMissedSchema()
REPORT = VisitReportSchema()


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleSaid:
    """What went wrong, in a word and in the person's own."""

    trouble: Trouble
    text: str


def load_booking(data: object) -> Read[tuple[str, Booking]]:
    """(the client's name for its person, what they book), or None and every fault."""
    found, faults = read_without_money(BOOKING, data)
    subject = found.pop("subject", "")
    return Read.made_of(faults, lambda: (subject, _booking(found)))


def load_booking_fields(data: object) -> Read[Booking]:
    """What a signed-in person books, or None and every fault."""
    found, faults = read_without_money(BOOKING_FIELDS, data)
    return Read.made_of(faults, lambda: _booking(found))


def _booking(found: Found) -> Booking:
    names = ("bank_code", "slot_id", "email", "mobile")
    wished = {name: value for name, value in found.items() if name not in (*names, "negotiation")}
    return Booking(
        **{name: found[name] for name in names},
        negotiation_id=found["negotiation"],
        wish=AppointmentWish(**wished),
    )


def load_person(data: object) -> Read[str]:
    """The client's name for its person, or None and every fault."""
    found, faults = read_without_money(OF_PERSON, data)
    return Read.of(faults, lambda: str(found["subject"]))


def load_trouble(data: object) -> Read[tuple[str, TroubleSaid]]:
    """(the client's name for its person, what went wrong), or None and every fault."""
    found, faults = read_without_money(TROUBLE, data)
    subject = found.pop("subject", "")
    return Read.of(faults, lambda: (subject, TroubleSaid(**found)))


def load_trouble_fields(data: object) -> Read[TroubleSaid]:
    """What went wrong, of a signed-in person; or None and every fault."""
    found, faults = read_without_money(TROUBLE_FIELDS, data)
    return Read.of(faults, lambda: TroubleSaid(**found))


def load_staff(data: object) -> Read[tuple[str, ...]]:
    """Who comes, or None and every fault."""
    found, faults = read_without_money(VISIT_STAFF, data)
    return Read.of(faults, lambda: tuple(found["staff"]))


def load_move(data: object) -> Read[Move]:
    """Another time, or None and every fault."""
    found, faults = read_without_money(MOVE, data)
    return Read.made_of(faults, lambda: Move(**{**found, "staff": tuple(found["staff"])}))


def load_beginning(data: object) -> Read[str]:
    """The pass code that was said, or None and every fault."""
    found, faults = read_without_money(BEGINNING, data)
    return Read.of(faults, lambda: str(found["pass_code"]))


def load_missed(data: object) -> Read[AskedBy]:
    """Who was not there, or None and every fault."""
    found, faults = read_without_money(MISSED, data)
    return Read.of(faults, lambda: AskedBy(found["by"]))


def load_report(data: object) -> Read[VisitReport]:
    """What happened at a visit, or None and every fault."""
    found, faults = read_without_money(REPORT, data)
    return Read.made_of(faults, lambda: _report(found))


def _report(found: Found) -> VisitReport:
    papers = tuple(PaperSeen(**each) for each in found["papers"])
    receipt = None if found["receipt"] is None else Receipt(**found["receipt"])
    return VisitReport(**{**found, "papers": papers, "receipt": receipt})
