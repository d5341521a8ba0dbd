"""Agreements by API, as a bank keeps them up to date: payments, missed payments, the stop of collection, the end."""

from flask import Response

from hub.services.agreements import agreement_ends, collection, payments
from hub.services.agreements.agreement_views import agreement_view
from hub.services.negotiations.locking import lock_for_bank
from hub.services.transaction import HubTransaction
from hub.web.access import REVIEW, ApiCaller, needs
from hub.web.api.describing import described, noun
from hub.web.idempotency import Reply
from schemas.actions import RequiredWordsSchema, load_words
from schemas.agreements import (
    AgreementEndSchema,
    HoldAppliedSchema,
    MissedPaymentSchema,
    MissedWithdrawalSchema,
    PaymentSchema,
    load_agreement_end,
    load_hold_applied,
    load_missed_payment,
    load_missed_withdrawal,
    load_payment,
)
from schemas.offer_answers import AgreementAnswerSchema, CollectionReportAnswerSchema

blueprint = noun(
    "bank agreements",
    "What becomes of an agreement",
    below="/bank/negotiations/<id:negotiation_id>",
)


@blueprint.route("/agreement/payments", methods=["POST"])
@described(
    {201: AgreementAnswerSchema},
    body=PaymentSchema,
    key=True,
    about="Two calls are two payments, unless they bear the same Idempotency-Key.",
)
@needs(REVIEW)
def pay(caller: ApiCaller, negotiation_id: str) -> Response:
    """Record a payment that arrived."""
    read = load_payment(caller.body.value(), today=caller.today)

    def keep(tx: HubTransaction) -> Reply:
        lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
        agreement = payments.record_payment(tx, negotiation_id, read.value_or_refuse(), bank_code=caller.bank_code)
        return Reply(status=201, body=agreement_view(tx, agreement))

    return caller.once(keep)


@blueprint.route("/agreement/missed", methods=["POST"])
@described(
    {201: AgreementAnswerSchema},
    body=MissedPaymentSchema,
    key=True,
    about="409 `not_due` until the bank's `grace_days` after the row's own day are over. The person is told by mail.",
)
@needs(REVIEW)
def miss(caller: ApiCaller, negotiation_id: str) -> Response:
    """Record a payment that did not arrive."""
    read = load_missed_payment(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
        agreement = payments.record_missed(
            tx, negotiation_id, number=read.value_or_refuse(), bank_code=caller.bank_code
        )
        return Reply(status=201, body=agreement_view(tx, agreement))

    return caller.once(keep)


@blueprint.route("/agreement/missed/withdraw", methods=["POST"])
@described({200: AgreementAnswerSchema}, body=MissedWithdrawalSchema, key=True)
@needs(REVIEW)
def take_back(caller: ApiCaller, negotiation_id: str) -> Response:
    """Take back that a payment did not arrive."""
    read = load_missed_withdrawal(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
        agreement = payments.withdraw_missed(tx, negotiation_id, read.value_or_refuse(), bank_code=caller.bank_code)
        return Reply(status=200, body=agreement_view(tx, agreement))

    return caller.once(keep)


@blueprint.route("/agreement/end", methods=["POST"])
@described(
    {200: AgreementAnswerSchema},
    body=AgreementEndSchema,
    key=True,
    about=(
        "`settled` with open rows is 409 `rows_open`, unless `waive_rest` says with a text that they are asked for no "
        "longer. `defaulted` is 409 `not_defaulted` before as many rows as the agreement says were missed, and needs "
        "a text, as `replaced` does."
    ),
)
@needs(REVIEW)
def end(caller: ApiCaller, negotiation_id: str) -> Response:
    """Say that the agreement is settled, or in force no more."""
    read = load_agreement_end(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
        agreement = agreement_ends.end_agreement(tx, negotiation_id, read.value_or_refuse(), bank_code=caller.bank_code)
        return Reply(status=200, body=agreement_view(tx, agreement))

    return caller.once(keep)


@blueprint.route("/agreement/hold-applied", methods=["POST"])
@described({201: AgreementAnswerSchema}, body=HoldAppliedSchema, key=True)
@needs(REVIEW)
def confirm_hold(caller: ApiCaller, negotiation_id: str) -> Response:
    """Say that the bank, or an agency of it, collects no more; the person can see it."""
    read = load_hold_applied(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
        agreement = collection.confirm_hold(tx, negotiation_id, read.value_or_refuse(), bank_code=caller.bank_code)
        return Reply(status=201, body=agreement_view(tx, agreement))

    return caller.once(keep)


@blueprint.route("/collection-reports/<id:report_id>/answer", methods=["POST"])
@described({201: CollectionReportAnswerSchema}, body=RequiredWordsSchema, key=True)
@needs(REVIEW)
def answer_report(caller: ApiCaller, negotiation_id: str, report_id: str) -> Response:
    """Answer a report that somebody collected although an agreement is in force."""
    read = load_words(caller.body.value(), required=True)

    def keep(tx: HubTransaction) -> Reply:
        lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
        report = collection.answer(tx, negotiation_id, report_id, read.value_or_refuse(), bank_code=caller.bank_code)
        return Reply(status=201, body=collection.report_view(tx, report))

    return caller.once(keep)
