"""Requests about instalment deals on the wire: what a person asks, what a bank answers, and how it stands."""

from dataclasses import dataclass
from datetime import date

from marshmallow import fields

from hub.domain.bill import last4
from hub.domain.card_secrets import card_numbers_in
from hub.domain.errors import Fault
from hub.domain.evidence import REFUND, EvidenceStatus, FileRejectionReason
from hub.domain.evidence_category import MAX_FILES
from hub.domain.instalment_estimate import CancellationKind, PayFigures
from hub.domain.instalment_quote import QuoteContents
from hub.domain.instalment_request import (
    InstalmentMatter,
    InstalmentStatus,
    Posting,
    Refusal,
    RefusalReason,
    refusal_faults,
)
from schemas.actions import read_body
from schemas.base import Found, Read, Schema
from schemas.fields import Choice, Day, Each, Fen, Formed, Instant, OpenFreeText, Part, Text, Whole, Word
from schemas.identifiers import BankCode, Email, IdText, Mobile
from schemas.instalment_estimates import (
    InstalmentDealSchema,
    InstalmentEstimateAnswerSchema,
    PayFiguresAnswerSchema,
    WishFieldsSchema,
    deal_of,
    wish_of,
)

_DEAL_NO_LIMIT = 40
_REASON_LIMIT = 500
_OF_A_DEAL = ("bank_code", "card_last4", "deal")


class AskedFieldsSchema(WishFieldsSchema):
    """A deal of a card, and what is asked of it."""

    bank_code = BankCode(load_default=None, allow_none=True)
    card_last4 = Formed(last4, load_default=None, allow_none=True, metadata={"pattern": "^[0-9]{4}$"})
    deal_no = Text(limit=_DEAL_NO_LIMIT, load_default="")
    deal = Part(InstalmentDealSchema, load_default=None, allow_none=True)
    deal_id = IdText(load_default=None, allow_none=True)
    reason = OpenFreeText(limit=_REASON_LIMIT, load_default="")


class InstalmentRequestSchema(AskedFieldsSchema):
    """The same of a client's person. `deal_id` asks about the deal of an earlier request once more."""

    subject = IdText(required=True)
    evidence = Each(IdText(), most=MAX_FILES, load_default=list)
    mobile = Mobile(required=True)
    email = Email(load_default=None, allow_none=True)


class RefundProofSchema(Schema):
    """Files of a client's person, uploaded before as `refund`, that show what the merchant gives back."""

    subject = IdText(required=True)
    evidence = Each(IdText(), least=1, most=MAX_FILES, required=True)


class InstalmentQuoteSchema(Schema):
    """A bank's quote. Its parts add up to `pay_fen`, the fee that goes back taken off, never below 0."""

    as_of = Day(required=True)
    valid_until = Day(required=True)
    pay_by = Day(required=True)
    remaining_principal_fen = Fen(required=True)
    interest_to_date_fen = Fen(required=True)
    fees_due_fen = Fen(load_default=0)
    fees_refunded_fen = Fen(load_default=0)
    other_fen = Fen(load_default=0)
    pay_fen = Fen(required=True)
    basis = OpenFreeText(limit=_REASON_LIMIT, load_default="")


class InstalmentRefusalSchema(Schema):
    """A bank's no. `contract_term` needs the text of the clause, `other` the reason in words."""

    reason_code = Choice(RefusalReason, required=True)
    text = OpenFreeText(load_default="")


class InstalmentPostingSchema(Schema):
    """The bank has posted what came on that day; `deal_no` is its own number of the deal."""

    paid_on = Day(required=True)
    deal_no = Text(limit=_DEAL_NO_LIMIT, load_default="")


ASKED = AskedFieldsSchema()
REQUEST = InstalmentRequestSchema()
QUOTE = InstalmentQuoteSchema()
PROOF = RefundProofSchema()
REFUSAL = InstalmentRefusalSchema()
POSTING = InstalmentPostingSchema()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked, or of which earlier deal; and for whom, by a client."""

    matter: InstalmentMatter | None
    found: Found

    @property
    def deal_id(self) -> str | None:
        """The earlier request whose deal is meant."""
        deal_id: str | None = self.found["deal_id"]
        return deal_id

    def again(self, before: InstalmentMatter, today: date) -> InstalmentMatter:
        """The same deal as before, asked about as is said now."""
        return InstalmentMatter(
            bank_code=before.bank_code,
            card_last4=before.card_last4,
            deal_no=before.deal_no,
            deal=before.deal,
            wish=wish_of(self.found, today=today),
            reason=self.found["reason"],
        )


def load_asked(data: object, schema: Schema, *, today: date) -> Read[Asked]:
    """What `data` asks, or None and every fault of its fields; either a deal or the id of an earlier one."""
    found, faults = read_body(schema, data)
    told = data if isinstance(data, dict) else {}
    if told.get("deal_id") is None:
        faults += [Fault(f"/{name}", "required") for name in _OF_A_DEAL if told.get(name) is None]
    elif told.get("deal") is not None:
        faults.append(Fault("/deal", "deal_or_deal_id"))
    if not faults and any(each.endswith(found["card_last4"] or "") for each in card_numbers_in(found["deal_no"])):
        # A number of a deal may look like a card's, but not like that very card's.
        faults = [Fault("/deal_no", "full_number_refused")]
    return Read.of(faults, lambda: Asked(matter=_matter(found, today), found=found))


def _matter(found: Found, today: date) -> InstalmentMatter | None:
    if found["deal_id"] is not None:
        return None
    return InstalmentMatter(
        bank_code=found["bank_code"],
        card_last4=found["card_last4"],
        deal_no=found["deal_no"].strip(),
        deal=deal_of(found["deal"]),
        wish=wish_of(found, today=today),
        reason=found["reason"],
    )


def load_proof(data: object) -> Read[tuple[str, list[str]]]:
    """The person's name and the ids of their files, or None and every fault."""
    found, faults = read_body(PROOF, data)
    return Read.of(faults, lambda: (found["subject"], found["evidence"]))


def load_quote(data: object) -> Read[QuoteContents]:
    """The quote that `data` holds, or None and every fault of its fields."""
    found, faults = read_body(QUOTE, data)
    return Read.of(faults, lambda: _quote(found))


def _quote(found: Found) -> QuoteContents:
    parts = ("remaining_principal_fen", "interest_to_date_fen", "fees_due_fen", "fees_refunded_fen", "other_fen")
    return QuoteContents(
        as_of=found["as_of"],
        valid_until=found["valid_until"],
        pay_by=found["pay_by"],
        figures=PayFigures(**{name: found[name] for name in parts}),
        pay_fen=found["pay_fen"],
        basis=found["basis"].strip(),
    )


def load_refusal(data: object) -> Read[Refusal]:
    """The bank's no, or None and every fault."""
    found, faults = read_body(REFUSAL, data)
    if faults:
        return Read(None, faults)
    refusal = Refusal(reason_code=found["reason_code"], text=found["text"].strip())
    return Read.of(refusal_faults(refusal), lambda: refusal)


def load_posting(data: object) -> Read[Posting]:
    """What the bank says of the payment, or None and every fault."""
    found, faults = read_body(POSTING, data)
    return Read.of(faults, lambda: Posting(paid_on=found["paid_on"], deal_no=found["deal_no"].strip()))


class InstalmentQuoteAnswerSchema(Schema):
    """A quote beside the hub's own estimate for the same day."""

    id = IdText()
    as_of = Day()
    valid_until = Day()
    pay_by = Day()
    figures = fields.Nested(PayFiguresAnswerSchema)
    basis = fields.String()
    own_estimate = fields.Nested(InstalmentEstimateAnswerSchema)
    difference_fen = Whole(least=-(10**12), most=10**12)


class InstalmentRefusalAnswerSchema(Schema):
    """The bank's no."""

    reason_code = Choice(RefusalReason)
    text = fields.String()


class InstalmentPostingAnswerSchema(Schema):
    """What the bank said once all was posted."""

    paid_on = Day()
    refund_by = Day(allow_none=True)
    deal_no = fields.String()


class RequestFileAnswerSchema(Schema):
    """A file that was given with a request, and its verdict."""

    id = IdText()
    kind = Word([REFUND])
    file_name = fields.String()
    status = Choice(EvidenceStatus)
    reason = Choice(FileRejectionReason, allow_none=True)
    uploaded_at = Instant()


class InstalmentRequestAnswerSchema(Schema):
    """A request as it stands."""

    id = IdText()
    reference = fields.String()
    status = Choice(InstalmentStatus)
    bank_code = BankCode()
    card_last4 = fields.String()
    deal_no = fields.String(allow_none=True)
    deal = fields.Nested(InstalmentDealSchema)
    kind = Choice(CancellationKind)
    wanted_on = Day()
    merchant_refund_fen = Fen(allow_none=True)
    terms_left = Whole(least=1, most=60, allow_none=True)
    reason = fields.String()
    evidence = fields.List(fields.Nested(RequestFileAnswerSchema))
    own_estimate = fields.Nested(InstalmentEstimateAnswerSchema)
    quotes = fields.List(fields.Nested(InstalmentQuoteAnswerSchema))
    accepted_quote = IdText(allow_none=True)
    payment_noted = fields.Boolean()
    refusal = fields.Nested(InstalmentRefusalAnswerSchema, allow_none=True)
    posting = fields.Nested(InstalmentPostingAnswerSchema, allow_none=True)
    opened_at = Instant()
    due_at = Instant(allow_none=True)


class InstalmentRequestListSchema(Schema):
    """The person's requests, the newest first; the whole list."""

    items = fields.List(fields.Nested(InstalmentRequestAnswerSchema))
