"""Authorisations to deduct, their revocation and reported deductions on the wire."""

from collections.abc import Callable
from typing import TypeVar

from marshmallow import fields

from hub.domain.deduction import Deduction
from hub.domain.errors import Fault
from hub.domain.mandate import (
    MOST_CAP_FEN,
    MandateContents,
    MandateFrequency,
    MandateStatus,
    PayeeKind,
    RevocationRefusal,
    RevocationRefused,
    account_last4,
    is_full_number,
)
from hub.domain.revocation import ReportStatus, RevocationStatus
from schemas.actions import read_body, read_refusing, six_digits
from schemas.base import Found, Read, Schema
from schemas.fields import (
    Choice,
    Day,
    Fen,
    Formed,
    Instant,
    Name,
    OpenFreeText,
    OpenText,
    TrueOrFalse,
    Whole,
)
from schemas.identifiers import BankCode, Email, IdText, Mobile

T = TypeVar("T")

_LAST4 = {"pattern": "^[0-9]{4}$"}
_TEXT_LIMIT = 120


class MandateFieldsSchema(Schema):
    """What was authorised, without whose it is."""

    payee_kind = Choice(PayeeKind, required=True)
    payee_code = BankCode(load_default=None, allow_none=True)
    payee_name = OpenText(limit=_TEXT_LIMIT, minimum=1, load_default=None, allow_none=True)
    account_bank = BankCode(required=True)
    account_last4 = Formed(account_last4, required=True, metadata=_LAST4)
    is_own_account = TrueOrFalse(required=True)
    use = OpenText(limit=_TEXT_LIMIT, minimum=1, required=True)
    cap_fen = Fen(least=1, most=MOST_CAP_FEN, required=True)
    frequency = Choice(MandateFrequency, required=True)
    valid_from = Day(required=True)
    valid_to = Day(load_default=None, allow_none=True)
    next_on = Day(load_default=None, allow_none=True)
    source_doc = OpenText(limit=_TEXT_LIMIT, minimum=1, required=True)
    mobile = Mobile(required=True)
    email = Email(load_default=None, allow_none=True)


class MandateSchema(MandateFieldsSchema):
    """A mandate of a client's person."""

    subject = IdText(required=True)


class MandateAnswerSchema(Schema):
    """A mandate as it stands."""

    id = IdText()
    status = Choice(MandateStatus)
    version = Whole(least=1, most=10**6)
    payee_kind = Choice(PayeeKind)
    payee_code = fields.String(allow_none=True)
    payee_name = fields.String(allow_none=True)
    account_bank = BankCode()
    account_last4 = fields.String()
    use = fields.String()
    cap_fen = Fen(least=1, most=MOST_CAP_FEN)
    frequency = Choice(MandateFrequency)
    valid_from = Day()
    valid_to = Day(allow_none=True)
    next_on = Day(allow_none=True)
    source_doc = fields.String()
    next_run_on = Day(allow_none=True)
    revoke_by = Day(allow_none=True)
    recorded_at = Instant()
    updated_at = Instant()


class ReceiverAnswerSchema(Schema):
    """A revocation with one of its receivers."""

    bank_code = BankCode()
    status = Choice(RevocationStatus)
    delivered_at = Instant(allow_none=True)
    due_at = Instant(allow_none=True)
    is_late = fields.Boolean()
    reason_code = Choice(RevocationRefusal, allow_none=True)
    text = fields.String(allow_none=True)


class RevocationAnswerSchema(Schema):
    """A mandate's newest revocation."""

    id = IdText()
    reference = fields.String(allow_none=True)
    receivers = fields.List(fields.Nested(ReceiverAnswerSchema))
    letters_to = fields.List(fields.String())


class MandateShownSchema(MandateAnswerSchema):
    """A mandate with its newest revocation."""

    revocation = fields.Nested(RevocationAnswerSchema, allow_none=True)


class RevocationSchema(Schema):
    """A revocation, signed by the code."""

    subject = IdText(required=True)
    holder_name = Name(required=True)
    confirmation_code = Formed(six_digits, required=True, metadata={"pattern": "^[0-9]{6}$"})


class RevocationFieldsSchema(Schema):
    """The same, of a signed-in person."""

    holder_name = Name(required=True)
    confirmation_code = Formed(six_digits, required=True, metadata={"pattern": "^[0-9]{6}$"})


class MandateToldSchema(Schema):
    """What a receiver is told of a mandate."""

    payee_kind = Choice(PayeeKind)
    payee_code = fields.String(allow_none=True)
    payee_name = fields.String(allow_none=True)
    account_bank = BankCode()
    account_last4 = fields.String()
    use = fields.String()
    cap_fen = Fen(least=1, most=MOST_CAP_FEN)
    frequency = Choice(MandateFrequency)
    valid_from = Day()
    valid_to = Day(allow_none=True)
    source_doc = fields.String()


class HolderSchema(Schema):
    """Whose account it is."""

    name = fields.String()
    mobile = fields.String()


class RefusalAnswerSchema(Schema):
    """What a receiver said of a revocation."""

    reason_code = Choice(RevocationRefusal, allow_none=True)
    text = fields.String(allow_none=True)


class BankRevocationSchema(Schema):
    """A revocation as one receiver sees it."""

    id = IdText()
    reference = fields.String()
    status = Choice(RevocationStatus)
    mandate = fields.Nested(MandateToldSchema)
    holder = fields.Nested(HolderSchema)
    revoked_from = Day()
    received_at = Instant(allow_none=True)
    due_at = Instant(allow_none=True)
    answer = fields.Nested(RefusalAnswerSchema, allow_none=True)


class DeductionMandateSchema(Schema):
    """What a creditor is told of the mandate by which was deducted."""

    use = fields.String()
    cap_fen = Fen(least=1, most=MOST_CAP_FEN)
    frequency = Choice(MandateFrequency)


class ReportHolderSchema(Schema):
    """Whose account it was taken from, as far as it is known."""

    name = fields.String(allow_none=True)
    mobile = fields.String(allow_none=True)


class BankDeductionSchema(Schema):
    """A reported deduction as the creditor sees it."""

    id = IdText()
    reference = fields.String()
    status = Choice(ReportStatus)
    at = Instant()
    amount_fen = Fen(least=1, most=MOST_CAP_FEN)
    account_last4 = fields.String()
    text = fields.String(allow_none=True)
    during_hold = fields.Boolean()
    mandate = fields.Nested(DeductionMandateSchema, allow_none=True)
    holder = fields.Nested(ReportHolderSchema, allow_none=True)
    received_at = Instant(allow_none=True)
    due_at = Instant(allow_none=True)
    answer = fields.String(allow_none=True)


class BankMandatesSchema(Schema):
    """What a receiver has to answer, the earliest due first; the whole list."""

    revocations = fields.List(fields.Nested(BankRevocationSchema))
    deductions = fields.List(fields.Nested(BankDeductionSchema))


class MandateListSchema(Schema):
    """The person's mandates, the newest first; the whole list."""

    items = fields.List(fields.Nested(MandateAnswerSchema))


class RevocationRefusalSchema(Schema):
    """Why a payee or bank does not take a revocation."""

    reason_code = Choice(RevocationRefusal, required=True)
    text = OpenFreeText(load_default="")


class DeductionFieldsSchema(Schema):
    """What was deducted, without from whom."""

    mandate_id = IdText(load_default=None, allow_none=True)
    creditor_code = BankCode(load_default=None, allow_none=True)
    at = Instant(required=True)
    amount_fen = Fen(least=1, most=MOST_CAP_FEN, required=True)
    account_last4 = Formed(account_last4, required=True, metadata=_LAST4)
    text = OpenFreeText(load_default="")


class DeductionSchema(DeductionFieldsSchema):
    """The same, of a client's person."""

    subject = IdText(required=True)


class SentReportSchema(Schema):
    """A report with the creditor."""

    bank_code = BankCode()
    reference = fields.String()
    status = Choice(ReportStatus)
    due_at = Instant(allow_none=True)
    answer = fields.String(allow_none=True)


class DeductionAnswerSchema(Schema):
    """A reported deduction."""

    id = IdText()
    mandate_id = IdText(allow_none=True)
    creditor_code = fields.String(allow_none=True)
    at = Instant()
    amount_fen = Fen(least=1, most=MOST_CAP_FEN)
    account_last4 = fields.String()
    text = fields.String()
    during_hold = fields.Boolean()
    reported_at = Instant()
    sent = fields.Nested(SentReportSchema, allow_none=True)


class DeductionListSchema(Schema):
    """What the person reported, the newest first; the whole list."""

    items = fields.List(fields.Nested(DeductionAnswerSchema))


REVOCATION_FIELDS = RevocationFieldsSchema()
_REVOCATION = RevocationSchema()
MANDATE_FIELDS = MandateFieldsSchema()
MANDATE = MandateSchema()
REFUSAL = RevocationRefusalSchema()
DEDUCTION_FIELDS = DeductionFieldsSchema()
DEDUCTION = DeductionSchema()


def load_mandate(data: object) -> Read[tuple[str, MandateContents]]:
    """(the client's name for its person, what was authorised), or None and every fault."""
    return _of_subject(MANDATE, data, MandateContents)


def load_mandate_fields(data: object) -> Read[MandateContents]:
    """What a signed-in person authorised, or None and every fault."""
    found, faults = _read_naming_full_numbers(MANDATE_FIELDS, data)
    return Read.made_of(faults, lambda: MandateContents(**found))


def load_revocation(data: object) -> Read[tuple[str, str, str]]:
    """(the client's name for its person, the account holder's name, the code), or None and every fault."""
    found, faults = read_body(_REVOCATION, data)
    return Read.of(faults, lambda: (found["subject"], found["holder_name"], found["confirmation_code"]))


def load_revocation_fields(data: object) -> Read[tuple[str, str]]:
    """(the account holder's name, the code) of a signed-in person, or None and every fault."""
    found, faults = read_body(REVOCATION_FIELDS, data)
    return Read.of(faults, lambda: (found["holder_name"], found["confirmation_code"]))


def load_refusal(data: object) -> Read[RevocationRefused]:
    """A payee's or bank's no with its reason, or None and every fault."""
    found, faults = read_body(REFUSAL, data)
    return Read.made_of(faults, lambda: RevocationRefused(reason=found["reason_code"], text=found["text"]))


def load_deduction(data: object) -> Read[tuple[str, Deduction]]:
    """(the client's name for its person, what was deducted), or None and every fault."""
    return _of_subject(DEDUCTION, data, Deduction)


def load_deduction_fields(data: object) -> Read[Deduction]:
    """What a signed-in person reports, or None and every fault."""
    found, faults = _read_naming_full_numbers(DEDUCTION_FIELDS, data)
    return Read.made_of(faults, lambda: Deduction(**found))


def _read_naming_full_numbers(schema: Schema, data: object) -> tuple[Found, list[Fault]]:
    """What was read; an unknown field that asks for a whole number is refused by that name."""
    return read_refusing(schema, data, is_full_number, "full_number_refused")


def _of_subject(schema: Schema, data: object, make: Callable[..., T]) -> Read[tuple[str, T]]:
    """(the client's name for its person, what the schema's other fields make), or None and every fault."""
    found, faults = _read_naming_full_numbers(schema, data)
    subject = found.pop("subject", "")
    read = Read.made_of(faults, lambda: make(**found))
    return Read.of(read.faults, lambda: (subject, read.value_or_refuse()))
