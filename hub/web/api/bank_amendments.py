"""Amendments of an agreement by API, as a bank answers and proposes them."""

from flask import Response

from hub.domain.amendment import AmendmentKind
from hub.services.agreements import amendment_signing, early_settlements, pay_days
from hub.services.negotiations.locking import lock_for_bank
from hub.services.reading.bank import files
from hub.services.transaction import HubTransaction
from hub.web.access import REVIEW, ApiCaller, needs, refuse
from hub.web.api.amendments import agreement_reply
from hub.web.api.describing import PDF, described, noun
from hub.web.downloads import download
from hub.web.idempotency import Reply
from schemas.actions import NothingSchema, RequiredWordsSchema, load_nothing, load_words
from schemas.amendments import PayDaySchema, SettlementQuoteSchema, load_pay_day, load_settlement_quote
from schemas.offer_answers import AgreementAnswerSchema

blueprint = noun(
    "bank amendments",
    "What is agreed after the signing",
    below="/bank/negotiations/<id:negotiation_id>/agreement",
)


@blueprint.route("/early-settlement/<id:amendment_id>/quote", methods=["POST"])
@described(
    {200: AgreementAnswerSchema},
    body=SettlementQuoteSchema,
    key=True,
    about=(
        "At most the principal that is open, the interest of the rows that fell due and of the running month, and a "
        "fee that the agreement has: 422 `more_than_left`, `fee_not_agreed`. `valid_until` is not after the day of "
        "the settlement. A payment that arrives before the person signs asks for a new quote."
    ),
)
@needs(REVIEW)
def quote(caller: ApiCaller, negotiation_id: str, amendment_id: str) -> Response:
    """Quote what the person has to pay to settle on the day that they named."""
    read = load_settlement_quote(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
        quoted = read.value_or_refuse()
        early_settlements.quote(tx, negotiation_id, amendment_id, quoted, bank_code=caller.bank_code)
        return agreement_reply(tx, negotiation_id)

    return caller.once(keep)


@blueprint.route("/early-settlement/<id:amendment_id>/refuse", methods=["POST"])
@described({200: AgreementAnswerSchema}, body=RequiredWordsSchema, key=True)
@needs(REVIEW)
def refuse_early_settlement(caller: ApiCaller, negotiation_id: str, amendment_id: str) -> Response:
    """Refuse the early settlement, with words that the person reads."""
    return _refuse(caller, negotiation_id, amendment_id, AmendmentKind.EARLY_SETTLEMENT)


@blueprint.route("/pay-day", methods=["POST"])
@described({201: AgreementAnswerSchema}, body=PayDaySchema, key=True)
@needs(REVIEW)
def propose_pay_day(caller: ApiCaller, negotiation_id: str) -> Response:
    """Propose another pay day, which the person confirms with a code."""
    read = load_pay_day(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
        pay_days.propose(tx, negotiation_id, read.value_or_refuse(), bank_code=caller.bank_code)
        return agreement_reply(tx, negotiation_id, status=201)

    return caller.once(keep)


@blueprint.route("/pay-day/<id:amendment_id>/agree", methods=["POST"])
@described(
    {200: AgreementAnswerSchema},
    body=NothingSchema,
    body_optional=True,
    key=True,
    about="Where the rows changed since the person asked, the person confirms those of now first: `proposed`.",
)
@needs(REVIEW)
def agree_pay_day(caller: ApiCaller, negotiation_id: str, amendment_id: str) -> Response:
    """Agree to the pay day that the person asked for."""
    faults = load_nothing(caller.body.value_if_any())

    def keep(tx: HubTransaction) -> Reply:
        lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
        refuse(faults)
        pay_days.agree(tx, negotiation_id, amendment_id, bank_code=caller.bank_code)
        return agreement_reply(tx, negotiation_id)

    return caller.once(keep)


@blueprint.route("/pay-day/<id:amendment_id>/refuse", methods=["POST"])
@described({200: AgreementAnswerSchema}, body=RequiredWordsSchema, key=True)
@needs(REVIEW)
def refuse_pay_day(caller: ApiCaller, negotiation_id: str, amendment_id: str) -> Response:
    """Refuse the other pay day, with words that the person reads."""
    return _refuse(caller, negotiation_id, amendment_id, AmendmentKind.PAY_DAY)


def _refuse(caller: ApiCaller, negotiation_id: str, amendment_id: str, kind: AmendmentKind) -> Response:
    read = load_words(caller.body.value(), required=True)

    def keep(tx: HubTransaction) -> Reply:
        lock_for_bank(tx, negotiation_id, bank_code=caller.bank_code)
        text = read.value_or_refuse()
        amendment_signing.refuse(tx, negotiation_id, amendment_id, kind, text, bank_code=caller.bank_code)
        return agreement_reply(tx, negotiation_id)

    return caller.once(keep)


@blueprint.route("/amendments/<id:amendment_id>/paper.pdf")
@described({200: PDF})
@needs(REVIEW)
def paper(caller: ApiCaller, negotiation_id: str, amendment_id: str) -> Response:
    """The printed amendment."""
    with caller.hub.writing(caller.actor) as tx:
        content = files.amendment_document(
            tx, caller.hub.store, negotiation_id, amendment_id, bank_code=caller.bank_code
        )
    return download(content)
