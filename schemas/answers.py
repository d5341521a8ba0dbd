"""What the API gives back, field by field, for its description alone: services give plain data, which goes as it is.

Masked values are masked before they come here. Offers are in `offer_answers`, what banks get in `bank_answers`.
"""

from marshmallow import fields

from hub.domain.actor import Channel as EntryChannel
from hub.domain.actor import Party
from hub.domain.consent import Purpose
from hub.domain.consent_ledger import CONSENT_WITHDRAWN, Door
from hub.domain.creditor import CreditorKind, Regulator
from hub.domain.evidence import (
    MAX_FILE_SIZE,
    REFUND,
    EvidenceKind,
    EvidenceStatus,
    FileRejectionReason,
    MediaType,
    SoundType,
)
from hub.domain.identifiers import IdType
from hub.domain.identity import IdentityLevel
from hub.domain.legal_stage import LegalStage
from hub.domain.lifecycle import Status
from hub.domain.review import RejectionReason
from hub.domain.service_request import Service
from schemas.base import Schema
from schemas.fields import Choice, Day, Instant, Whole, Word, whole
from schemas.identifiers import BankCode, IdText
from schemas.offer_answers import (
    AgreementAnswerSchema,
    CollectionReportAnswerSchema,
    CreditNoteAnswerSchema,
    OfferAnswerSchema,
    ProposedAccountAnswerSchema,
)
from schemas.proposals import ProposalSchema

SHA256 = {"pattern": "^[0-9a-f]{64}$"}


class EvidenceAnswerSchema(Schema):
    """An uploaded file and its verdict."""

    id = IdText()
    kind = Word([*EvidenceKind, REFUND])
    file_name = fields.String()
    media_type = Word([*MediaType, *SoundType])
    size = Whole(least=1, most=MAX_FILE_SIZE)
    sha256 = fields.String(metadata=SHA256)
    status = Choice(EvidenceStatus)
    reason = Choice(FileRejectionReason, metadata={"description": "only where the file was rejected"})


class CountedDayAnswerSchema(Schema):
    """A day on the way to a due day: the `number`th that counts, or skipped (null), and why."""

    date = Day()
    counted = fields.Boolean()
    number = whole(allow_none=True)
    why = fields.String()


class ClockAnswerSchema(Schema):
    """The time a bank has to answer, running or over."""

    opened_at = Instant()
    due_at = Instant()
    provisional = fields.Boolean()
    paused = fields.Boolean()
    working_days_left = whole()
    explained = fields.List(fields.Nested(CountedDayAnswerSchema))
    answered_at = Instant(allow_none=True)
    breached = fields.Boolean()


class BankNameAnswerSchema(Schema):
    """Which bank it is."""

    code = BankCode()
    name_zh = fields.String()
    name_en = fields.String()
    hotline = fields.String()
    hotline_hours = fields.String()
    calls_from = fields.String()
    complaint_channel = fields.String()
    kind = Choice(CreditorKind)
    regulator = Choice(Regulator)


class EvidenceRequestAnswerSchema(Schema):
    """What the bank still wants to see, and until when."""

    kinds = fields.List(Choice(EvidenceKind))
    text = fields.String()
    due_at = Instant()


class ReturnFaultAnswerSchema(Schema):
    """One thing to put right before anybody can act on the application."""

    code = fields.String()
    message = fields.String()
    evidence = IdText(metadata={"description": "the file that is meant, where it is one"})
    card_last4 = fields.String(metadata={"description": "the card that is meant, where it is one"})


class TransferredToAnswerSchema(Schema):
    """Who has the claim now, how they are reached, and since when; none of the person's data went to them."""

    name = fields.String()
    contact = fields.String()
    transferred_on = Day()
    text = fields.String()
    bank_code = BankCode(allow_none=True)


class RejectionAnswerSchema(Schema):
    """Why the bank said no."""

    reason_code = Choice(RejectionReason)
    text = fields.String()


class IdentityAnswerSchema(Schema):
    """Who stands up for the applicant, and what the bank said of it; null while it said nothing."""

    level = Choice(IdentityLevel)
    confirmed_by_bank = fields.Boolean(allow_none=True)


class DecisionDeferralAnswerSchema(Schema):
    """The bank has registered the application, and says by when it decides; its clock runs on."""

    decision_by = Day()
    text = fields.String()


class NegotiationAnswerSchema(Schema):
    """A negotiation with one bank."""

    id = IdText()
    reference = fields.String(metadata={"examples": ["XS-20261121-483920"]})
    bank = fields.Nested(BankNameAnswerSchema)
    status = Choice(Status)
    identity = fields.Nested(IdentityAnswerSchema)
    proposal = fields.Nested(ProposalSchema, allow_none=True)
    legal_stage = Choice(LegalStage)
    court = fields.String()
    case_number = fields.String()
    clock = fields.Nested(ClockAnswerSchema, allow_none=True)
    clocks = fields.List(fields.Nested(ClockAnswerSchema))
    evidence_request = fields.Nested(EvidenceRequestAnswerSchema, allow_none=True)
    decision_deferred = fields.Nested(DecisionDeferralAnswerSchema, allow_none=True)
    faults = fields.List(fields.Nested(ReturnFaultAnswerSchema), allow_none=True)
    offers = fields.List(fields.Nested(OfferAnswerSchema))
    agreement = fields.Nested(AgreementAnswerSchema, allow_none=True)
    rejection = fields.Nested(RejectionAnswerSchema, allow_none=True)
    withdrawal_reason = Word([CONSENT_WITHDRAWN], allow_none=True)
    withdrawn_consents = fields.List(Choice(Purpose))
    transferred_to = fields.Nested(TransferredToAnswerSchema, allow_none=True)
    credit_notes = fields.List(fields.Nested(CreditNoteAnswerSchema))
    collection_reports = fields.List(fields.Nested(CollectionReportAnswerSchema))
    proposed_accounts = fields.List(fields.Nested(ProposedAccountAnswerSchema))
    call_word = fields.String(allow_none=True)
    renegotiation_of = IdText(allow_none=True)
    updated_at = Instant()
    erased_at = Instant(allow_none=True)


class MaskedApplicantSchema(Schema):
    """The applicant, with masks over what identifies them."""

    subject = fields.String()
    name = fields.String()
    id_type = Choice(IdType)
    id_number = fields.String()
    mobile = fields.String()
    email = fields.String(allow_none=True)


class ApplicationAnswerSchema(Schema):
    """A submitted application with its negotiations, one a bank."""

    id = IdText()
    reference = fields.String()
    submitted_at = Instant()
    applicant = fields.Nested(MaskedApplicantSchema)
    negotiations = fields.List(fields.Nested(NegotiationAnswerSchema))


class AttachmentAnswerSchema(Schema):
    """What an entry of the log holds on to, by its digest."""

    id = fields.String()
    kind = fields.String()
    sha256 = fields.String(metadata=SHA256)
    size = whole()


class CommunicationAnswerSchema(Schema):
    """One entry of the log, chained to the one before it."""

    sequence = whole()
    at = Instant()
    channel = Choice(EntryChannel)
    party = Choice(Party)
    kind = fields.String()
    text = fields.String(allow_none=True)
    attachments = fields.List(fields.Nested(AttachmentAnswerSchema))
    digest = fields.String(metadata=SHA256)
    previous = fields.String(metadata=SHA256)


class ConsentAnswerSchema(Schema):
    """What the person agreed to for one purpose, and whether they took it back."""

    purpose = Choice(Purpose)
    version = fields.String()
    sha256 = fields.String(metadata=SHA256)
    given_at = Instant()
    door = Choice(Door)
    evidence_ids = fields.List(IdText())
    withdrawn_at = Instant(allow_none=True)
    can_be_withdrawn = fields.Boolean()


class AccessAnswerSchema(Schema):
    """One reading of a person's data."""

    at = Instant()
    role = fields.String()
    what = fields.String()
    reason = fields.String(allow_none=True)


class LaunchAnswerSchema(Schema):
    """The way into the pages, for one use."""

    code = fields.String()
    url = fields.String(metadata={"format": "uri"})
    expires_at = Instant()


class BankAnswerSchema(BankNameAnswerSchema):
    """A bank that takes applications, and how many working days it has to answer."""

    response_days = whole()


class CreditorAnswerSchema(BankAnswerSchema):
    """Whom an application can name as creditor, and what it offers beside negotiating."""

    services = fields.List(Choice(Service))


class ConsentTextAnswerSchema(Schema):
    """The words of one consent in force, and their digest."""

    purpose = Choice(Purpose)
    version = fields.String()
    sha256 = fields.String(metadata=SHA256)
    zh = fields.String()
    en = fields.String()


class SkippedDayAnswerSchema(Schema):
    """A day that does not count, and why."""

    date = Day()
    why = fields.String()


class WorkingDayAnswerSchema(Schema):
    """The working day asked for; provisional where a year on the way has no official notice yet."""

    date = Day()
    skipped = fields.List(fields.Nested(SkippedDayAnswerSchema))
    provisional = fields.Boolean()


def page_of(item: type[Schema]) -> type[Schema]:
    """The schema of one page of a list of `item`s; its name is the item's with Page behind."""
    return Schema.from_dict(  # type: ignore[return-value]  # a subclass of the class it is called on
        {"items": fields.List(fields.Nested(item)), "next_cursor": fields.String(allow_none=True)},
        name=item.__name__.removesuffix("Schema").removesuffix("Answer") + "PageSchema",
    )


NegotiationPageSchema = page_of(NegotiationAnswerSchema)
CommunicationPageSchema = page_of(CommunicationAnswerSchema)
ConsentPageSchema = page_of(ConsentAnswerSchema)
AccessPageSchema = page_of(AccessAnswerSchema)
BankPageSchema = page_of(BankAnswerSchema)
CreditorPageSchema = page_of(CreditorAnswerSchema)
ConsentTextPageSchema = page_of(ConsentTextAnswerSchema)
