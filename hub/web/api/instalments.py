"""Requests to cancel, settle or shorten an instalment deal, as a host app makes them for its person."""

from collections.abc import Callable

from flask import Response

from hub.services.accounts import subjects
from hub.services.accounts.subjects import Subject
from hub.services.instalments import answering, asking, matters, proofs, views
from hub.services.instalments.asking import Contact
from hub.services.transaction import HubTransaction
from hub.web.access import READ, WRITE, ApiCaller, needs
from hub.web.api.bills import SUBJECT, subject_in
from hub.web.api.code_sending import CodeSentSchema, code_sent
from hub.web.api.describing import described, noun
from hub.web.api.queries import query
from hub.web.idempotency import Reply, json_response
from schemas.instalments import (
    REQUEST,
    InstalmentRequestAnswerSchema,
    InstalmentRequestListSchema,
    InstalmentRequestSchema,
    RefundProofSchema,
    load_asked,
    load_proof,
)
from schemas.subjects import (
    SubjectAcceptanceSchema,
    SubjectSchema,
    SubjectWordsSchema,
    load_subject,
    load_subject_code,
    load_subject_words,
)

blueprint = noun("instalment requests", "Instalment deals: cancelled, settled early or shortened")

_HERE = "/instalment-requests"
_ONE = f"{_HERE}/<id:request_id>"
_QUOTE = f"{_ONE}/quotes/<id:quote_id>"


def _reply(tx: HubTransaction, person: Subject, request_id: str) -> Reply:
    return Reply(status=200, body=views.view(tx, matters.lock_own(tx, person, request_id)))


@blueprint.route(_HERE, methods=["POST"])
@described(
    {201: InstalmentRequestAnswerSchema},
    body=InstalmentRequestSchema,
    key=True,
    about=(
        "The bank quotes within its own number of working days, three unless it set another. 409 `overdue` with a "
        "`link` where an instalment or a bill of the card is overdue, `plan_under_article_70` where the card is under "
        "a plan, `not_cancellable_after_posting`, `request_open`, `service_not_offered`; 404 `deal_unknown`. Codes "
        "that accept a quote go to `mobile`. A `refund` may name `evidence` that was uploaded as `refund`."
    ),
)
@needs(WRITE)
def ask(caller: ApiCaller) -> Response:
    """Ask the bank to cancel, settle or shorten an instalment deal."""
    read = load_asked(caller.body.value(), REQUEST, today=caller.today)

    def keep(tx: HubTransaction) -> Reply:
        asked = read.value_or_refuse()
        person = subjects.of_client(tx, caller.client_id, asked.found["subject"])
        matter = asked.matter or asked.again(asking.deal_of(tx, person, asked.deal_id or ""), caller.today)
        contact = Contact(mobile=asked.found["mobile"], email=asked.found["email"])
        record = asking.ask(tx, person, matter, contact, proofs_of_refund=asked.found["evidence"])
        return Reply(status=201, body=views.view(tx, record))

    return caller.once(keep)


@blueprint.route(_HERE)
@described({200: InstalmentRequestListSchema}, query=(SUBJECT,))
@needs(READ)
def list_requests(caller: ApiCaller) -> Response:
    """The requests of your person, the newest first."""
    subject = subject_in(query("subject"))
    with caller.hub.reading(caller.actor) as tx:
        person = subjects.of_client(tx, caller.client_id, subject)
        found = [views.view(tx, each) for each in matters.list_own(tx, person)]
    return json_response({"items": found})


@blueprint.route(f"{_ONE}/evidence", methods=["POST"])
@described(
    {200: InstalmentRequestAnswerSchema},
    body=RefundProofSchema,
    key=True,
    about=(
        "Of a `refund` alone, until a quote was accepted: otherwise 409 `status_conflict`. The bank gets a clean copy "
        "once the file was judged; `evidence` in the answer says how far that is. At most ten files a request."
    ),
)
@needs(WRITE)
def give_refund_proof(caller: ApiCaller, request_id: str) -> Response:
    """Give the bank the merchant's refund proof."""
    read = load_proof(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        subject, file_ids = read.value_or_refuse()
        person = subjects.of_client(tx, caller.client_id, subject)
        proofs.give(tx, person, request_id, file_ids)
        return _reply(tx, person, request_id)

    return caller.once(keep)


@blueprint.route(f"{_QUOTE}/confirmation-codes", methods=["POST"])
@described({202: CodeSentSchema}, body=SubjectSchema, key=True)
@needs(WRITE)
def send_instalment_code(caller: ApiCaller, request_id: str, quote_id: str) -> Response:
    """Send a six-digit code to the person's mobile, which accepts the quote."""
    read = load_subject(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        person = subjects.of_client(tx, caller.client_id, read.value_or_refuse())
        message = answering.send_code(tx, person, request_id, quote_id)
        return code_sent(caller, tx, message)

    return caller.once(keep)


@blueprint.route(f"{_QUOTE}/accept", methods=["POST"])
@described(
    {200: InstalmentRequestAnswerSchema},
    body=SubjectAcceptanceSchema,
    key=True,
    about="Accepting twice is accepting once. After `valid_until` it is 409 `status_conflict`.",
)
@needs(WRITE)
def accept_instalment_quote(caller: ApiCaller, request_id: str, quote_id: str) -> Response:
    """Accept the bank's quote with the code."""
    read = load_subject_code(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        subject, code = read.value_or_refuse()
        person = subjects.of_client(tx, caller.client_id, subject)
        wrong = answering.accept(tx, person, request_id, quote_id, code)
        if wrong is not None:
            return Reply(status=422, body=None, refusal=wrong)
        return _reply(tx, person, request_id)

    return caller.once(keep)


@blueprint.route(f"{_QUOTE}/decline", methods=["POST"])
@described(
    {200: InstalmentRequestAnswerSchema},
    body=SubjectWordsSchema,
    key=True,
    about="Only the last quote: 409 `status_conflict` for one that a later quote has replaced.",
)
@needs(WRITE)
def decline_instalment_quote(caller: ApiCaller, request_id: str, quote_id: str) -> Response:
    """Decline the bank's quote: the deal goes on as before."""
    return _with_words(
        caller, request_id, lambda tx, person, text: answering.decline(tx, person, request_id, quote_id, text)
    )


@blueprint.route(f"{_ONE}/withdraw", methods=["POST"])
@described({200: InstalmentRequestAnswerSchema}, body=SubjectWordsSchema, key=True)
@needs(WRITE)
def withdraw_instalment_request(caller: ApiCaller, request_id: str) -> Response:
    """Take the request back: the deal goes on as before."""
    return _with_words(caller, request_id, lambda tx, person, text: asking.withdraw(tx, person, request_id, text))


@blueprint.route(f"{_ONE}/paid", methods=["POST"])
@described({200: InstalmentRequestAnswerSchema}, body=SubjectWordsSchema, key=True)
@needs(WRITE)
def note_instalment_payment(caller: ApiCaller, request_id: str) -> Response:
    """Say that the person has paid: the bank has two working days to post it."""
    return _with_words(caller, request_id, lambda tx, person, _: answering.note_payment(tx, person, request_id))


def _with_words(caller: ApiCaller, request_id: str, act: Callable[[HubTransaction, Subject, str], object]) -> Response:
    read = load_subject_words(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        subject, text = read.value_or_refuse()
        person = subjects.of_client(tx, caller.client_id, subject)
        act(tx, person, text)
        return _reply(tx, person, request_id)

    return caller.once(keep)
