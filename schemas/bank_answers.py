"""What the API gives to a bank: the packet of a negotiation with where it stands, and the queue."""

from marshmallow import fields

from hub.domain.agreement_end import AgreementStatus, EndReason
from hub.domain.application import Channel, SupportNeed
from hub.domain.consent import Purpose
from hub.domain.consent_ledger import CONSENT_WITHDRAWN
from hub.domain.evidence import EvidenceKind, MediaType, SoundType
from hub.domain.legal_stage import LegalStage
from hub.domain.lifecycle import Status
from hub.domain.representatives import RepresentativeFlag
from schemas.accounts import AccountSchema
from schemas.answers import (
    SHA256,
    ClockAnswerSchema,
    DecisionDeferralAnswerSchema,
    EvidenceRequestAnswerSchema,
    IdentityAnswerSchema,
    MaskedApplicantSchema,
    NegotiationAnswerSchema,
    RejectionAnswerSchema,
    TransferredToAnswerSchema,
    page_of,
)
from schemas.application import ConsentSchema, ContactSchema, HardshipSchema, RepresentativeSchema
from schemas.base import Schema
from schemas.fields import MOST_EXACT, Choice, Fen, Instant, Word, whole
from schemas.household import FinancesSchema
from schemas.identifiers import IdText
from schemas.loans import LoanAnswerSchema
from schemas.offer_answers import (
    AgreementAnswerSchema,
    CollectionReportAnswerSchema,
    CreditNoteAnswerSchema,
    OwnOfferAnswerSchema,
    PaymentAnswerSchema,
    ProposedAccountAnswerSchema,
)
from schemas.person import ApplicantSchema
from schemas.proposals import ProposalSchema


class PacketFileAnswerSchema(Schema):
    """An evidence file as the bank gets it: of a picture a clean copy, upright and without notes of where it was taken.

    `file_name`, `media_type`, `size` and `sha256` are the copy's.
    """

    id = IdText()
    kind = Choice(EvidenceKind)
    file_name = fields.String()
    media_type = Word([*MediaType, *SoundType])
    size = whole()
    sha256 = fields.String(metadata=SHA256)
    original_sha256 = fields.String(
        metadata={**SHA256, "description": "of the file as it was sent, as the log names it"}
    )
    url = fields.String(metadata={"format": "uri"})


class EarlierAgreementAnswerSchema(Schema):
    """The bank's agreement over one of the cards that the application comes after, with its ledger."""

    negotiation = IdText()
    number = fields.String()
    status = Choice(AgreementStatus)
    signed_at = Instant()
    ended_at = Instant(allow_none=True)
    end_reason = Choice(EndReason, allow_none=True)
    unpaid_fen = Fen(most=MOST_EXACT, allow_none=True)
    payments = fields.List(fields.Nested(PaymentAnswerSchema))


class PacketAnswerSchema(Schema):
    """All that one creditor gets of an application: its own cards, loans, proposal and consents, numbers in full."""

    negotiation = IdText()
    reference = fields.String()
    version = whole()
    submitted_at = Instant()
    channel = Choice(Channel)
    applicant = fields.Nested(ApplicantSchema)
    accounts = fields.List(fields.Nested(AccountSchema))
    loans = fields.List(fields.Nested(LoanAnswerSchema))
    hardship = fields.Nested(HardshipSchema)
    finances = fields.Nested(FinancesSchema, allow_none=True)
    proposal = fields.Nested(ProposalSchema)
    consents = fields.List(fields.Nested(ConsentSchema))
    support_needs = fields.List(Choice(SupportNeed))
    contact = fields.Nested(ContactSchema, allow_none=True)
    representative = fields.Nested(RepresentativeSchema, allow_none=True)
    representative_flags = fields.List(Choice(RepresentativeFlag))
    missing_papers = fields.List(fields.String())
    identity = fields.Nested(IdentityAnswerSchema)
    earlier_agreement = fields.Nested(EarlierAgreementAnswerSchema, allow_none=True)
    evidence = fields.List(fields.Nested(PacketFileAnswerSchema))


class BankCaseAnswerSchema(PacketAnswerSchema):
    """The packet, and where the negotiation stands."""

    id = IdText()
    status = Choice(Status)
    legal_stage = Choice(LegalStage)
    court = fields.String()
    case_number = fields.String()
    clock = fields.Nested(ClockAnswerSchema, allow_none=True)
    clocks = fields.List(fields.Nested(ClockAnswerSchema))
    offers = fields.List(fields.Nested(OwnOfferAnswerSchema))
    evidence_request = fields.Nested(EvidenceRequestAnswerSchema, allow_none=True)
    decision_deferred = fields.Nested(DecisionDeferralAnswerSchema, allow_none=True)
    agreement = fields.Nested(AgreementAnswerSchema, allow_none=True)
    rejection = fields.Nested(RejectionAnswerSchema, allow_none=True)
    withdrawal_reason = Word([CONSENT_WITHDRAWN], allow_none=True)
    withdrawn_consents = fields.List(Choice(Purpose))
    transferred_to = fields.Nested(TransferredToAnswerSchema, allow_none=True)
    credit_notes = fields.List(fields.Nested(CreditNoteAnswerSchema))
    collection_reports = fields.List(fields.Nested(CollectionReportAnswerSchema))
    proposed_accounts = fields.List(fields.Nested(ProposedAccountAnswerSchema))
    renegotiation_of = IdText(allow_none=True)
    call_word = fields.String(allow_none=True)
    updated_at = Instant()
    erased_at = Instant(allow_none=True)


class BankNegotiationAnswerSchema(NegotiationAnswerSchema):
    """A negotiation in the bank's queue, the applicant masked; the word for calls is told with the case alone."""

    class Meta(Schema.Meta):
        exclude = ("call_word",)

    applicant = fields.Nested(MaskedApplicantSchema)
    offers = fields.List(fields.Nested(OwnOfferAnswerSchema))


BankNegotiationPageSchema = page_of(BankNegotiationAnswerSchema)
