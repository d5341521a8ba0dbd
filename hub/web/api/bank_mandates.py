"""What a payee or a bank answers by API: revocations of mandates, and reports of deductions. Its own alone."""

from flask import Response

from hub.services.mandates import answering, at_bank, deductions
from hub.services.transaction import HubTransaction
from hub.web.access import REVIEW, ApiCaller, needs
from hub.web.api.describing import described, noun
from hub.web.idempotency import Reply, json_response
from schemas.actions import OpenWordsSchema, RequiredOpenWordsSchema, load_open_words
from schemas.mandates import (
    BankDeductionSchema,
    BankMandatesSchema,
    BankRevocationSchema,
    RevocationRefusalSchema,
    load_refusal,
)

blueprint = noun("bank mandates", "Revocations that reached you, and deductions reported to you", below="/bank")


@blueprint.route("/mandates")
@described(
    {200: BankMandatesSchema},
    about="What was answered stands last, the newest of it first; two hundred at most of each. Who else was told is "
    "not said.",
)
@needs(REVIEW)
def listed(caller: ApiCaller) -> Response:
    """What reached you, the earliest due first."""
    with caller.hub.reading(caller.actor) as tx:
        return json_response(at_bank.views(tx, bank_code=caller.bank_code))


@blueprint.route("/mandates/<id:mandate_id>/confirm", methods=["POST"])
@described(
    {200: BankRevocationSchema},
    body=OpenWordsSchema,
    body_optional=True,
    key=True,
    about="The id is the `request` of the message `mandate.revoked`. Nothing more is deducted by that mandate.",
)
@needs(REVIEW)
def confirm(caller: ApiCaller, mandate_id: str) -> Response:
    """Say that the revocation is taken."""
    read = load_open_words(caller.body.value_if_any(), required=False)

    def keep(tx: HubTransaction) -> Reply:
        record = answering.confirm(tx, mandate_id, bank_code=caller.bank_code, text=read.value_or_refuse())
        return Reply(status=200, body=answering.bank_view(tx, record))

    return caller.once(keep)


@blueprint.route("/mandates/<id:mandate_id>/refuse", methods=["POST"])
@described(
    {200: BankRevocationSchema},
    body=RevocationRefusalSchema,
    key=True,
    about="`required_by_contract` needs the clause's own words in `text`. The person reads reason and text.",
)
@needs(REVIEW)
def refuse(caller: ApiCaller, mandate_id: str) -> Response:
    """Say why the revocation is not taken."""
    read = load_refusal(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        record = answering.refuse(tx, mandate_id, read.value_or_refuse(), bank_code=caller.bank_code)
        return Reply(status=200, body=answering.bank_view(tx, record))

    return caller.once(keep)


@blueprint.route("/deductions/<id:deduction_id>/answer", methods=["POST"])
@described({200: BankDeductionSchema}, body=RequiredOpenWordsSchema, key=True)
@needs(REVIEW)
def answer(caller: ApiCaller, deduction_id: str) -> Response:
    """Answer a reported deduction; the person reads your words."""
    read = load_open_words(caller.body.value(), required=True)

    def keep(tx: HubTransaction) -> Reply:
        record = deductions.answer(tx, deduction_id, read.value_or_refuse(), bank_code=caller.bank_code)
        return Reply(status=200, body=deductions.bank_view(tx, record))

    return caller.once(keep)
