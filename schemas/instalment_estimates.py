"""The body that asks what ending an instalment deal early comes to, and the answer. Nothing of either is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from marshmallow import fields

from hub.domain.errors import Fault
from hub.domain.instalment_deal import MOST_ANNUAL_PERCENT, DealKind, FeeMode, InstalmentDeal
from hub.domain.instalment_estimate import CancellationKind, Reckoning, Wish, question_faults
from hub.domain.issuers import same_bank
from hub.domain.terms import MAX_INSTALMENTS
from schemas.base import Found, Read, Schema, read
from schemas.fields import Choice, Day, Fen, Part, Percent, Whole
from schemas.identifiers import BankCode
from schemas.offer_answers import AnnualCostAnswerSchema, ScheduleRowAnswerSchema


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateQuestion:
    """A deal, what is asked of it, and how it is reckoned."""

    deal: InstalmentDeal
    wish: Wish
    reckoning: Reckoning


class InstalmentDealSchema(Schema):
    """An instalment deal as it was concluded, and how many of its instalments are paid."""

    kind = Choice(DealKind, required=True)
    principal_fen = Fen(required=True, least=1)
    terms = Whole(required=True, least=1, most=MAX_INSTALMENTS)
    paid_terms = Whole(required=True, least=0, most=MAX_INSTALMENTS)
    fee_mode = Choice(FeeMode, required=True)
    fee_fen = Fen(load_default=0)
    annual_percent = Percent(most=MOST_ANNUAL_PERCENT, load_default=None, allow_none=True)
    first_posted_on = Day(required=True)


class WishFieldsSchema(Schema):
    """What is asked of a deal. Without a day it is asked for today."""

    kind = Choice(CancellationKind, required=True)
    wanted_on = Day(load_default=None, allow_none=True)
    merchant_refund_fen = Fen(load_default=None, allow_none=True)
    terms_left = Whole(least=1, most=MAX_INSTALMENTS, load_default=None, allow_none=True)


class InstalmentEstimateSchema(WishFieldsSchema):
    """A deal, and what is asked of it. With a `bank_code` it is reckoned as its bank has set."""

    bank_code = BankCode(load_default=None, allow_none=True)
    deal = Part(InstalmentDealSchema, required=True)


INSTALMENT_ESTIMATE = InstalmentEstimateSchema()


def load_estimate(data: object, *, today: date, reckonings: Mapping[str, Reckoning]) -> Read[EstimateQuestion]:
    """The question that `data` holds, or None and every fault; `reckonings` by the code of each bank."""
    found, faults = read(INSTALMENT_ESTIMATE, data)
    code = found.get("bank_code")
    of_bank = next((each for known, each in reckonings.items() if code and same_bank(known, code)), None)
    if code and of_bank is None:
        faults.append(Fault("/bank_code", "bank_unknown", {"bank_code": code}))
    if faults:
        return Read(None, faults)
    deal, wish = deal_of(found["deal"]), wish_of(found, today=today)
    faults = question_faults(deal, wish, today=today)
    question = EstimateQuestion(deal=deal, wish=wish, reckoning=of_bank or Reckoning())
    return Read.of(faults, lambda: question)


def deal_of(found: Found) -> InstalmentDeal:
    """The deal whose fields were read without a fault."""
    return InstalmentDeal(**{name: found[name] for name in InstalmentDealSchema().fields})


def wish_of(found: Found, *, today: date) -> Wish:
    """The wish whose fields were read without a fault."""
    return Wish(
        kind=found["kind"],
        wanted_on=found["wanted_on"] or today,
        merchant_refund_fen=found["merchant_refund_fen"],
        terms_left=found["terms_left"],
    )


class PayFiguresAnswerSchema(Schema):
    """What is to be paid, by its parts: they add up to `pay_fen`, the fee that goes back taken off."""

    remaining_principal_fen = Fen()
    interest_to_date_fen = Fen()
    fees_due_fen = Fen()
    fees_refunded_fen = Fen()
    other_fen = Fen()
    pay_fen = Fen()


class InstalmentEstimateAnswerSchema(Schema):
    """The hub's own estimate by money and time really used. No bank is bound by it."""

    as_of = Day()
    figures = fields.Nested(PayFiguresAnswerSchema)
    days = Whole(least=0, most=366)
    day_count = Whole(least=360, most=365)
    used_fen = Fen()
    annual_cost = fields.Nested(AnnualCostAnswerSchema)
    not_charged_fen = Fen()
    to_card_fen = Fen()
    fees_refunded_pro_rata_fen = Fen(allow_none=True)
    continues = fields.List(fields.Nested(ScheduleRowAnswerSchema))
