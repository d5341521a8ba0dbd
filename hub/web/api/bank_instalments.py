"""Requests about instalment deals, as a bank reads and answers them."""

from collections.abc import Callable

from flask import Response

from hub.services.instalments import matters, quoting, views
from hub.services.reading.bank import instalments as reading
from hub.services.transaction import HubTransaction
from hub.web.access import REVIEW, ApiCaller, needs
from hub.web.api.describing import EVIDENCE, described, noun
from hub.web.downloads import download
from hub.web.idempotency import Reply, json_response
from schemas.instalments import (
    InstalmentPostingSchema,
    InstalmentQuoteSchema,
    InstalmentRefusalSchema,
    InstalmentRequestAnswerSchema,
    load_posting,
    load_quote,
    load_refusal,
)

blueprint = noun(
    "bank instalment requests",
    "Instalment deals: cancelled, settled early or shortened",
    below="/bank/instalment-requests/<id:request_id>",
)


@blueprint.route("")
@described({200: InstalmentRequestAnswerSchema})
@needs(REVIEW)
def get_bank_instalment_request(caller: ApiCaller, request_id: str) -> Response:
    """A request that reached your bank."""
    with caller.hub.reading(caller.actor) as tx:
        found = views.view(tx, matters.find_of_bank(tx, request_id, bank_code=caller.bank_code))
    return json_response(found)


@blueprint.route("/evidence/<id:evidence_id>")
@described({200: EVIDENCE}, about="409 `document_not_ready` until the file was judged and its clean copy made.")
@needs(REVIEW)
def get_refund_proof(caller: ApiCaller, request_id: str, evidence_id: str) -> Response:
    """The clean copy of a file that the person gave with the request."""
    with caller.hub.writing(caller.actor) as tx:
        content = reading.file_content(tx, caller.hub.store, request_id, evidence_id, bank_code=caller.bank_code)
    return download(content)


@blueprint.route("/quotes", methods=["POST"])
@described(
    {200: InstalmentRequestAnswerSchema},
    body=InstalmentQuoteSchema,
    key=True,
    about=(
        "Valid for 3 to 10 calendar days, never past the next instalment. Parts that do not add up are 422 "
        "`quote_sum`. Where it differs from the hub's own estimate by more than 1.00 yuan, `basis` says why: 422 "
        "`quote_basis`. A later quote takes the place of the one before."
    ),
)
@needs(REVIEW)
def quote_instalments(caller: ApiCaller, request_id: str) -> Response:
    """Quote what the person has to pay."""
    read = load_quote(caller.body.value())
    return _act(
        caller,
        request_id,
        lambda tx: quoting.quote(tx, request_id, read.value_or_refuse(), bank_code=caller.bank_code),
    )


@blueprint.route("/refuse", methods=["POST"])
@described({200: InstalmentRequestAnswerSchema}, body=InstalmentRefusalSchema, key=True)
@needs(REVIEW)
def refuse_instalments(caller: ApiCaller, request_id: str) -> Response:
    """Refuse the request, with a reason that the person reads."""
    read = load_refusal(caller.body.value())
    return _act(
        caller,
        request_id,
        lambda tx: quoting.refuse(tx, request_id, read.value_or_refuse(), bank_code=caller.bank_code),
    )


@blueprint.route("/done", methods=["POST"])
@described(
    {200: InstalmentRequestAnswerSchema},
    body=InstalmentPostingSchema,
    key=True,
    about="Within two working days of the payment. What goes back is on the card account within seven: `refund_by`.",
)
@needs(REVIEW)
def post_instalments(caller: ApiCaller, request_id: str) -> Response:
    """Say that the payment is posted and the deal changed."""
    read = load_posting(caller.body.value())
    return _act(
        caller,
        request_id,
        lambda tx: quoting.post(tx, request_id, read.value_or_refuse(), bank_code=caller.bank_code),
    )


def _act(caller: ApiCaller, request_id: str, act: Callable[[HubTransaction], object]) -> Response:
    def keep(tx: HubTransaction) -> Reply:
        record = matters.lock_of_bank(tx, request_id, bank_code=caller.bank_code)
        act(tx)
        return Reply(status=200, body=views.view(tx, record))

    return caller.once(keep)
