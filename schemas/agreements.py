"""The bodies of what becomes of an agreement: payments, its end, the stop of collection, and reports of it.

Each gives a value, or None and every fault.
"""

from datetime import date

from hub.domain.agreement_end import BANKS_REASONS, AgreementEnd, EndReason
from hub.domain.collection import CollectionChannel, CollectionReport, HoldApplied
from hub.domain.complaint import ComplaintChannel, ComplaintSent
from hub.domain.errors import Fault
from hub.domain.payments import MissedWithdrawal, Payment
from hub.domain.terms import MAX_INSTALMENTS
from schemas.actions import read_body
from schemas.base import Read, Schema
from schemas.evidence import MAX_EVIDENCE, EvidenceReferenceSchema, evidence_faults, files_of, later_consents
from schemas.fields import Choice, Day, Each, Fen, Instant, Part, SpokenText, Text, TrueOrFalse, Whole

NAME_LIMIT = 100
"""Characters of the name of who collects."""


class PaymentSchema(Schema):
    """A payment that arrived; number 0 is the down payment. What is more than the row asks goes on to the next."""

    number = Whole(least=0, most=MAX_INSTALMENTS, required=True)
    paid_on = Day(required=True)
    amount_fen = Fen(least=1, required=True)


class MissedPaymentSchema(Schema):
    """A payment that did not arrive."""

    number = Whole(least=0, most=MAX_INSTALMENTS, required=True)


class MissedWithdrawalSchema(MissedPaymentSchema):
    """A payment that was not missed after all, with words to the person."""

    text = SpokenText(load_default="")


class AgreementEndSchema(Schema):
    """Why an agreement is in force no more; with `waive_rest`, the bank asks for the open rows no longer."""

    reason = Choice(EndReason, among=BANKS_REASONS, required=True)
    text = SpokenText(load_default="")
    waive_rest = TrueOrFalse(load_default=False)


class HoldAppliedSchema(Schema):
    """Who stopped collecting, the bank or an agency that it names, and when."""

    by = Text(limit=NAME_LIMIT, minimum=1, required=True)
    at = Instant(required=True)


class ClearanceSchema(Schema):
    """A certificate of settlement that the bank issues, with words that go with it."""

    text = SpokenText(load_default="")


class CollectionReportSchema(Schema):
    """The person was collected from although an agreement is in force."""

    at = Instant(required=True)
    channel = Choice(CollectionChannel, required=True)
    caller = Text(limit=NAME_LIMIT, load_default="")
    text = SpokenText(minimum=1, required=True)
    evidence = Each(Part(EvidenceReferenceSchema), most=MAX_EVIDENCE, load_default=list)
    consents = later_consents()


class ComplaintSchema(Schema):
    """The person has sent a complaint about the bank to the bank."""

    sent_on = Day(required=True)
    channel = Choice(ComplaintChannel, required=True)
    text = SpokenText(load_default="")


PAYMENT = PaymentSchema()
MISSED_PAYMENT = MissedPaymentSchema()
MISSED_WITHDRAWAL = MissedWithdrawalSchema()
AGREEMENT_END = AgreementEndSchema()
HOLD_APPLIED = HoldAppliedSchema()
CLEARANCE = ClearanceSchema()
COLLECTION_REPORT = CollectionReportSchema()
COMPLAINT = ComplaintSchema()


def load_payment(data: object, *, today: date) -> Read[Payment]:
    """A payment that arrived, on `today` in China at the latest."""
    found, faults = read_body(PAYMENT, data)
    if "paid_on" in found and found["paid_on"] > today:
        faults.append(Fault("/paid_on", "date_in_future"))
    return Read.of(faults, lambda: Payment(**found))


def load_missed_payment(data: object) -> Read[int]:
    """The number of a payment that did not arrive."""
    found, faults = read_body(MISSED_PAYMENT, data)
    return Read.of(faults, lambda: found["number"])


def load_missed_withdrawal(data: object) -> Read[MissedWithdrawal]:
    """The number of a payment that was not missed after all, and why."""
    found, faults = read_body(MISSED_WITHDRAWAL, data)
    return Read.of(faults, lambda: MissedWithdrawal(**found))


def load_agreement_end(data: object) -> Read[AgreementEnd]:
    """Why an agreement is in force no more. Whether it may end so is not judged here."""
    found, faults = read_body(AGREEMENT_END, data)
    return Read.of(faults, lambda: AgreementEnd(**found))


def load_hold_applied(data: object) -> Read[HoldApplied]:
    """Who stopped collecting, and when. Whether that time can be is not judged here."""
    found, faults = read_body(HOLD_APPLIED, data)
    return Read.of(faults, lambda: HoldApplied(**found))


def load_clearance(data: object) -> Read[str]:
    """The words that go with a certificate of settlement, perhaps none. Its file, if any, is not judged here."""
    found, faults = read_body(CLEARANCE, data)
    return Read.of(faults, lambda: found["text"])


def load_collection_report(data: object) -> Read[CollectionReport]:
    """Who collected, when and how. Whether that time can be is not judged here."""
    found, faults = read_body(COLLECTION_REPORT, data)
    faults += evidence_faults(found)
    return Read.of(faults, lambda: CollectionReport(**{**found, **files_of(found)}))


def load_complaint(data: object) -> Read[ComplaintSent]:
    """When and how the complaint was sent. Whether that day can be is not judged here."""
    found, faults = read_body(COMPLAINT, data)
    return Read.of(faults, lambda: ComplaintSent(**found))
