"""Amendments of an agreement by API, as a host app handles them: early settlement, another pay day, the answers."""

from flask import Response

from hub.domain.amendment import AmendmentEvent, AmendmentKind
from hub.services.agreements import amendment_signing, early_settlements, pay_days
from hub.services.agreements.agreement_views import agreement_view
from hub.services.agreements.finding import agreement_of
from hub.services.negotiations.locking import lock_for_client
from hub.services.reading import host_app
from hub.services.transaction import HubTransaction
from hub.web.access import READ, WRITE, ApiCaller, needs, refuse
from hub.web.api.code_sending import CodeSentSchema, code_sent
from hub.web.api.describing import PDF, described, noun
from hub.web.downloads import download
from hub.web.idempotency import Reply
from schemas.actions import (
    AcceptanceSchema,
    NothingSchema,
    WordsSchema,
    load_confirmation_code,
    load_nothing,
    load_words,
)
from schemas.amendments import EarlySettlementSchema, PayDaySchema, load_early_settlement, load_pay_day
from schemas.offer_answers import AgreementAnswerSchema

blueprint = noun("amendments", "What is agreed after the signing", below="/negotiations/<id:negotiation_id>/agreement")


def agreement_reply(tx: HubTransaction, negotiation_id: str, *, status: int = 200) -> Reply:
    """The agreement as it stands within `tx`."""
    return Reply(status=status, body=agreement_view(tx, agreement_of(tx, negotiation_id)))


@blueprint.route("/early-settlement", methods=["POST"])
@described(
    {201: AgreementAnswerSchema},
    body=EarlySettlementSchema,
    key=True,
    about="The day is within 30 days from tomorrow. One request is open at a time: 409 `amendment_open`.",
)
@needs(WRITE)
def ask_early_settlement(caller: ApiCaller, negotiation_id: str) -> Response:
    """Ask the bank what paying all on one day would cost."""
    read = load_early_settlement(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_client(tx, negotiation_id, client_id=caller.client_id)
        early_settlements.ask(tx, negotiation_id, read.value_or_refuse(), client_id=caller.client_id)
        return agreement_reply(tx, negotiation_id, status=201)

    return caller.once(keep)


@blueprint.route("/early-settlement/<id:amendment_id>/confirmation-codes", methods=["POST"])
@described({202: CodeSentSchema}, body=NothingSchema, body_optional=True, key=True)
@needs(WRITE)
def send_early_settlement_code(caller: ApiCaller, negotiation_id: str, amendment_id: str) -> Response:
    """Send a six-digit code to the applicant's mobile, which signs the bank's quote."""
    return _send_code(caller, negotiation_id, amendment_id, AmendmentKind.EARLY_SETTLEMENT)


@blueprint.route("/early-settlement/<id:amendment_id>/accept", methods=["POST"])
@described({200: AgreementAnswerSchema}, body=AcceptanceSchema, key=True)
@needs(WRITE)
def accept_early_settlement(caller: ApiCaller, negotiation_id: str, amendment_id: str) -> Response:
    """Accept the bank's quote with the code: the amendment is made."""
    return _accept(caller, negotiation_id, amendment_id, AmendmentKind.EARLY_SETTLEMENT)


@blueprint.route("/early-settlement/<id:amendment_id>/decline", methods=["POST"])
@described({200: AgreementAnswerSchema}, body=WordsSchema, body_optional=True, key=True)
@needs(WRITE)
def decline_early_settlement(caller: ApiCaller, negotiation_id: str, amendment_id: str) -> Response:
    """Decline the bank's quote: the plan goes on as before."""
    return _end(caller, negotiation_id, amendment_id, AmendmentKind.EARLY_SETTLEMENT, AmendmentEvent.DECLINED)


@blueprint.route("/early-settlement/<id:amendment_id>/withdraw", methods=["POST"])
@described({200: AgreementAnswerSchema}, body=WordsSchema, body_optional=True, key=True)
@needs(WRITE)
def withdraw_early_settlement(caller: ApiCaller, negotiation_id: str, amendment_id: str) -> Response:
    """Take the request back while it waits for the bank."""
    return _end(caller, negotiation_id, amendment_id, AmendmentKind.EARLY_SETTLEMENT, AmendmentEvent.WITHDRAWN)


@blueprint.route("/pay-day", methods=["POST"])
@described(
    {201: AgreementAnswerSchema},
    body=PayDaySchema,
    key=True,
    about=(
        "The rows that are not due yet move to that day of the month, or to its last, with the same numbers and "
        "amounts, the first at least 3 days from now and the last within five years of the signing."
    ),
)
@needs(WRITE)
def ask_pay_day(caller: ApiCaller, negotiation_id: str) -> Response:
    """Ask the bank for another pay day."""
    read = load_pay_day(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_client(tx, negotiation_id, client_id=caller.client_id)
        pay_days.ask(tx, negotiation_id, read.value_or_refuse(), client_id=caller.client_id)
        return agreement_reply(tx, negotiation_id, status=201)

    return caller.once(keep)


@blueprint.route("/pay-day/<id:amendment_id>/confirmation-codes", methods=["POST"])
@described({202: CodeSentSchema}, body=NothingSchema, body_optional=True, key=True)
@needs(WRITE)
def send_pay_day_code(caller: ApiCaller, negotiation_id: str, amendment_id: str) -> Response:
    """Send a six-digit code to the applicant's mobile, which signs the bank's proposal."""
    return _send_code(caller, negotiation_id, amendment_id, AmendmentKind.PAY_DAY)


@blueprint.route("/pay-day/<id:amendment_id>/accept", methods=["POST"])
@described({200: AgreementAnswerSchema}, body=AcceptanceSchema, key=True)
@needs(WRITE)
def accept_pay_day(caller: ApiCaller, negotiation_id: str, amendment_id: str) -> Response:
    """Accept the bank's proposal with the code: the amendment is made."""
    return _accept(caller, negotiation_id, amendment_id, AmendmentKind.PAY_DAY)


@blueprint.route("/pay-day/<id:amendment_id>/decline", methods=["POST"])
@described({200: AgreementAnswerSchema}, body=WordsSchema, body_optional=True, key=True)
@needs(WRITE)
def decline_pay_day(caller: ApiCaller, negotiation_id: str, amendment_id: str) -> Response:
    """Decline the bank's proposal: the plan goes on as before."""
    return _end(caller, negotiation_id, amendment_id, AmendmentKind.PAY_DAY, AmendmentEvent.DECLINED)


@blueprint.route("/pay-day/<id:amendment_id>/withdraw", methods=["POST"])
@described({200: AgreementAnswerSchema}, body=WordsSchema, body_optional=True, key=True)
@needs(WRITE)
def withdraw_pay_day(caller: ApiCaller, negotiation_id: str, amendment_id: str) -> Response:
    """Take the request back while it waits for the bank."""
    return _end(caller, negotiation_id, amendment_id, AmendmentKind.PAY_DAY, AmendmentEvent.WITHDRAWN)


@blueprint.route("/amendments/<id:amendment_id>/paper.pdf")
@described({200: PDF})
@needs(READ)
def paper(caller: ApiCaller, negotiation_id: str, amendment_id: str) -> Response:
    """The printed amendment."""
    with caller.hub.writing(caller.actor) as tx:
        content = host_app.amendment_document(
            tx, caller.hub.store, negotiation_id, amendment_id, client_id=caller.client_id
        )
    return download(content)


def _send_code(caller: ApiCaller, negotiation_id: str, amendment_id: str, kind: AmendmentKind) -> Response:
    faults = load_nothing(caller.body.value_if_any())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_client(tx, negotiation_id, client_id=caller.client_id)
        refuse(faults)
        message = amendment_signing.send_code(tx, negotiation_id, amendment_id, kind, client_id=caller.client_id)
        return code_sent(caller, tx, message)

    return caller.once(keep)


def _accept(caller: ApiCaller, negotiation_id: str, amendment_id: str, kind: AmendmentKind) -> Response:
    read = load_confirmation_code(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_client(tx, negotiation_id, client_id=caller.client_id)
        code = read.value_or_refuse()
        wrong = amendment_signing.accept(tx, negotiation_id, amendment_id, kind, code, client_id=caller.client_id)
        if wrong is not None:
            return Reply(status=422, body=None, refusal=wrong)
        return agreement_reply(tx, negotiation_id)

    return caller.once(keep)


def _end(
    caller: ApiCaller, negotiation_id: str, amendment_id: str, kind: AmendmentKind, event: AmendmentEvent
) -> Response:
    read = load_words(caller.body.value_if_any(), required=False)

    def keep(tx: HubTransaction) -> Reply:
        lock_for_client(tx, negotiation_id, client_id=caller.client_id)
        text = read.value_or_refuse()
        amendment_signing.end_by_person(tx, negotiation_id, amendment_id, kind, event, text, client_id=caller.client_id)
        return agreement_reply(tx, negotiation_id)

    return caller.once(keep)
