"""Agreements by API, as a bank keeps them up to date: payments, missed payments, the end."""

from flask import Response

from hub.services import agreements, review, views
from hub.services.agreements import EndReason
from hub.services.transaction import HubTransaction
from hub.web.access import REVIEW, Call, needs, refuse
from hub.web.api.describing import described, noun
from hub.web.idempotency import Answer
from schemas.deeds import (
    AgreementEndSchema,
    MissedPaymentSchema,
    PaymentSchema,
    load_agreement_end,
    load_missed_payment,
    load_payment,
)
from schemas.offer_answers import AgreementAnswerSchema

blueprint = noun(
    "bank agreements",
    "What becomes of an agreement",
    below="/bank/negotiations/<id:negotiation_id>/agreement",
)


@blueprint.route("/payments", methods=["POST"])
@described({201: AgreementAnswerSchema}, body=PaymentSchema, key=True)
@needs(REVIEW)
def pay(call: Call, negotiation_id: str) -> Response:
    """Record a payment that arrived."""
    payment, faults = load_payment(call.body.value(), today=call.today)

    def keep(tx: HubTransaction) -> Answer:
        review.lock_for_bank(tx, negotiation_id, bank_code=call.bank_code)
        refuse(faults)
        assert payment is not None  # noqa: S101 - no faults, so it was read
        agreement = agreements.record_payment(
            tx,
            negotiation_id,
            number=payment.number,
            paid_on=payment.paid_on,
            amount_fen=payment.amount_fen,
            bank_code=call.bank_code,
        )
        return Answer(status=201, body=views.agreement_view(tx, agreement))

    return call.once(keep)


@blueprint.route("/missed", methods=["POST"])
@described({201: AgreementAnswerSchema}, body=MissedPaymentSchema, key=True)
@needs(REVIEW)
def miss(call: Call, negotiation_id: str) -> Response:
    """Record a payment that did not arrive."""
    number, faults = load_missed_payment(call.body.value())

    def keep(tx: HubTransaction) -> Answer:
        review.lock_for_bank(tx, negotiation_id, bank_code=call.bank_code)
        refuse(faults)
        assert number is not None  # noqa: S101 - no faults, so it was read
        agreement = agreements.record_missed(tx, negotiation_id, number=number, bank_code=call.bank_code)
        return Answer(status=201, body=views.agreement_view(tx, agreement))

    return call.once(keep)


@blueprint.route("/end", methods=["POST"])
@described({200: AgreementAnswerSchema}, body=AgreementEndSchema, key=True)
@needs(REVIEW)
def end(call: Call, negotiation_id: str) -> Response:
    """Say that the agreement is settled, or in force no more."""
    ending, faults = load_agreement_end(call.body.value())

    def keep(tx: HubTransaction) -> Answer:
        review.lock_for_bank(tx, negotiation_id, bank_code=call.bank_code)
        refuse(faults)
        assert ending is not None  # noqa: S101 - no faults, so it was read
        agreement = agreements.end_agreement(
            tx, negotiation_id, EndReason(ending.reason), ending.text, bank_code=call.bank_code
        )
        return Answer(status=200, body=views.agreement_view(tx, agreement))

    return call.once(keep)
