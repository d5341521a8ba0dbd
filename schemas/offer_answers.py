"""Offers, quotes and agreements as the API gives them back."""

from marshmallow import fields

from hub.domain.agreement_end import AgreementStatus, EndReason
from hub.domain.collection import CollectionChannel
from hub.domain.credit_note import CreditNoteKind
from hub.domain.evidence import EvidenceKind
from hub.domain.legal_stage import LegalStage
from hub.domain.offer import OfferBy, OfferStatus
from hub.domain.payments import RowStatus
from hub.domain.proposed_account import ProposedAccountStatus
from hub.domain.staff import Role
from schemas.amendment_answers import AmendmentAnswerSchema, EarlySettlementAnswerSchema, PayDayAnswerSchema
from schemas.base import Schema
from schemas.document_answers import DocumentAnswerSchema
from schemas.fields import MOST_EXACT, Choice, Day, Fen, Instant, Part, Percent, Whole
from schemas.identifiers import IdText
from schemas.offers import BalanceSchema, TermsSchema
from schemas.proposals import WaivedSchema
from schemas.proposed_accounts import ProposedAccountSchema


class TermsAnswerSchema(TermsSchema):
    """Terms with the fields of their kind alone, so that they can be sent back as they are."""

    waived = Part(WaivedSchema)


class ScheduleRowAnswerSchema(Schema):
    """One payment; number 0 is the down payment."""

    number = Whole(least=0, most=60)
    due_on = Day()
    principal_fen = Fen()
    interest_fen = Fen(most=MOST_EXACT)
    fee_fen = Fen()
    total_fen = Fen(most=MOST_EXACT)
    remaining_fen = Fen()


class AnnualCostAnswerSchema(Schema):
    """What it costs a year: a month's rate of return times twelve, and the same compounded."""

    nominal_percent = Percent()
    effective_percent = Percent()
    by_dates_percent = Percent(allow_none=True)


class QuoteAnswerSchema(Schema):
    """What terms mean, before anyone commits to them; no cost where there are no payments."""

    schedule = fields.List(fields.Nested(ScheduleRowAnswerSchema))
    total_fen = Fen(most=MOST_EXACT)
    annual_cost = fields.Nested(AnnualCostAnswerSchema, allow_none=True)


class PlannedAnswerSchema(Schema):
    """Of what the amount in the plan is made: principal first, then interest, fees and penalty."""

    principal_fen = Fen()
    interest_fen = Fen()
    fees_fen = Fen()
    penalty_fen = Fen()


class TextsAnswerSchema(Schema):
    """The bank's own words and rules that the offer was made under; they hold whatever the bank sets later."""

    default_clause = fields.String()
    payment_instructions = fields.String()
    void_after_missed = Whole(least=1, most=60)
    annual_fee_during_plan = fields.Boolean()


class ClausesAnswerSchema(Schema):
    """The bank's clauses that the offer was made under; `version` names the wording of all its texts."""

    version = fields.String()
    rights_and_duties = fields.String()
    signature = fields.String()
    credit_reporting_clause = fields.String()
    notices_clause = fields.String()
    non_working_day_clause = fields.String()
    early_repayment_clause = fields.String()
    card_state_clause = fields.String()
    certificate_clause = fields.String()
    transfer_clause = fields.String()
    card_contract_clause = fields.String()
    disputes_clause = fields.String()
    effect_clause = fields.String()
    early_repayment_fee = fields.Boolean()
    fee_name = fields.String()
    office_address = fields.String()
    office_phone = fields.String()


class ApprovalAnswerSchema(Schema):
    """One level that an offer of the bank goes through before it opens."""

    role = Choice(Role)
    approved_at = Instant(allow_none=True)


class OfferAnswerSchema(QuoteAnswerSchema):
    """One side's terms. `valid_until` is null while the offer is not open."""

    id = IdText()
    by = Choice(OfferBy)
    status = Choice(OfferStatus)
    terms = fields.Nested(TermsAnswerSchema)
    balances = fields.List(fields.Nested(BalanceSchema))
    planned = fields.Nested(PlannedAnswerSchema)
    left_out_fen = Fen(most=MOST_EXACT)
    texts = fields.Nested(TextsAnswerSchema)
    clauses = fields.Nested(ClausesAnswerSchema, allow_none=True)
    down_payment_days = Whole(least=0, most=60)
    legal_stage = Choice(LegalStage)
    court = fields.String()
    case_number = fields.String()
    digest = fields.String(metadata={"pattern": "^[0-9a-f]{64}$"})
    valid_until = Instant(allow_none=True)
    oral = fields.Boolean()


class OwnOfferAnswerSchema(OfferAnswerSchema):
    """An offer as its bank sees it: with its levels of approval, and the reason for asking so much a month."""

    approvals = fields.List(fields.Nested(ApprovalAnswerSchema))
    reason_over_80 = fields.String(allow_none=True)


class ReportedPaymentAnswerSchema(Schema):
    """Money that came, as the bank told it at `at`."""

    paid_on = Day()
    amount_fen = Fen()
    at = Instant()


class PaymentAnswerSchema(Schema):
    """One row of the schedule with what came of it.

    `paid_fen` counts what an earlier row did not need. `total_fen` is null for a bill of a lowered minimum.
    """

    number = Whole(least=0, most=60)
    due_on = Day()
    total_fen = Fen(most=MOST_EXACT, allow_none=True)
    paid_fen = Fen(most=MOST_EXACT)
    status = Choice(RowStatus)
    reported = fields.List(fields.Nested(ReportedPaymentAnswerSchema))


class HoldAppliedAnswerSchema(Schema):
    """Who collects no more, and since when."""

    by = fields.String()
    at = Instant()


class ClearanceAnswerSchema(Schema):
    """How a certificate of settlement stands: due once the person asked or the agreement was settled, then issued."""

    asked_at = Instant(allow_none=True)
    due_at = Instant(allow_none=True)
    issued_at = Instant(allow_none=True)
    document = fields.Nested(DocumentAnswerSchema, allow_none=True)


class AgreementAnswerSchema(Schema):
    """An accepted offer, signed. `document` is null until it is printed, as is the notice of a default."""

    id = IdText()
    number = fields.String()
    status = Choice(AgreementStatus)
    unsettled = fields.Boolean()
    signed_at = Instant()
    offer_id = IdText()
    payments = fields.List(fields.Nested(PaymentAnswerSchema))
    document = fields.Nested(DocumentAnswerSchema, allow_none=True)
    schedule = fields.List(fields.Nested(ScheduleRowAnswerSchema))
    collection_hold_since = Instant()
    planned = fields.Nested(PlannedAnswerSchema)
    left_out_fen = Fen(most=MOST_EXACT)
    texts = fields.Nested(TextsAnswerSchema)
    clauses = fields.Nested(ClausesAnswerSchema, allow_none=True)
    legal_stage = Choice(LegalStage)
    court = fields.String()
    case_number = fields.String()
    digest = fields.String(metadata={"pattern": "^[0-9a-f]{64}$"})
    hold_missing = fields.List(fields.String())
    hold_applied = fields.List(fields.Nested(HoldAppliedAnswerSchema))
    ended_at = Instant(allow_none=True)
    end_reason = Choice(EndReason, allow_none=True)
    end_effective_at = Instant(allow_none=True)
    end_text = fields.String(allow_none=True)
    waived_rest_fen = Fen(most=MOST_EXACT, allow_none=True)
    replaced_by = fields.String(allow_none=True)
    collection_hold_until = Instant(allow_none=True)
    default_notice = fields.Nested(DocumentAnswerSchema, allow_none=True)
    early_settlement = fields.Nested(EarlySettlementAnswerSchema, allow_none=True)
    pay_day = fields.Nested(PayDayAnswerSchema, allow_none=True)
    amendments = fields.List(fields.Nested(AmendmentAnswerSchema))
    clearance = fields.Nested(ClearanceAnswerSchema, allow_none=True)


class CollectionFileAnswerSchema(Schema):
    """A file that a report names."""

    id = IdText()
    kind = Choice(EvidenceKind)


class CollectionReportAnswerSchema(Schema):
    """A report of collection although an agreement was in force; the bank's answer is due at `due_at`."""

    id = IdText()
    at = Instant()
    channel = Choice(CollectionChannel)
    caller = fields.String()
    text = fields.String()
    evidence = fields.List(fields.Nested(CollectionFileAnswerSchema))
    reported_at = Instant()
    due_at = Instant()
    answered_at = Instant(allow_none=True)
    answer = fields.String(allow_none=True)


class ProposedAccountAnswerSchema(ProposedAccountSchema):
    """A further card that the bank proposed, and what the person answered."""

    id = IdText()
    status = Choice(ProposedAccountStatus)
    at = Instant()
    answered_at = Instant(allow_none=True)


class CreditNoteAnswerSchema(Schema):
    """What a person asked about an entry at the credit register; the bank's answer is due at `due_at`."""

    id = IdText()
    kind = Choice(CreditNoteKind)
    text = fields.String()
    evidence = fields.List(fields.Nested(CollectionFileAnswerSchema))
    asked_at = Instant()
    due_at = Instant()
    late = fields.Boolean()
    answered_at = Instant(allow_none=True)
    answer = fields.String(allow_none=True)
