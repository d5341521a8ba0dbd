"""Revocations of mandates and reports of deductions by API, as a host app sends them for its person."""

from flask import Response

from hub.domain.deduction import MOST_DEDUCTIONS
from hub.domain.errors import WrongConfirmationCode
from hub.services.accounts import subjects
from hub.services.mandates import deductions, revoking
from hub.services.transaction import HubTransaction
from hub.web.access import READ, WRITE, ApiCaller, needs
from hub.web.api.bills import SUBJECT, subject_in
from hub.web.api.code_sending import CodeSentSchema, code_sent
from hub.web.api.describing import described, noun
from hub.web.api.queries import query
from hub.web.idempotency import Reply, json_response
from schemas.mandates import (
    DeductionAnswerSchema,
    DeductionListSchema,
    DeductionSchema,
    MandateShownSchema,
    RevocationSchema,
    load_deduction,
    load_revocation,
)
from schemas.subjects import SubjectSchema, load_subject

blueprint = noun("revocations", "How a mandate is revoked, and a deduction reported")


@blueprint.route("/mandates/<id:mandate_id>/confirmation-codes", methods=["POST"])
@described({202: CodeSentSchema}, body=SubjectSchema, key=True)
@needs(WRITE)
def send_code(caller: ApiCaller, mandate_id: str) -> Response:
    """Send the six-digit code that revokes the mandate to its person's mobile."""
    read = load_subject(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        person = subjects.of_client(tx, caller.client_id, read.value_or_refuse())
        message = revoking.send_code(tx, person, mandate_id)
        return code_sent(caller, tx, message)

    return caller.once(keep)


@blueprint.route("/mandates/<id:mandate_id>/revocations", methods=["POST"])
@described(
    {200: MandateShownSchema},
    body=RevocationSchema,
    key=True,
    about=(
        "It goes at once to the payee and to the bank of the account, the same bytes to both; each answers within 3 "
        "working days. Revoking twice changes nothing and is answered as it stands. `letters_to` are those whom the "
        "hub does not reach: print the notice and send it."
    ),
)
@needs(WRITE)
def revoke(caller: ApiCaller, mandate_id: str) -> Response:
    """Revoke a mandate with the code."""
    read = load_revocation(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        subject, name, code = read.value_or_refuse()
        person = subjects.of_client(tx, caller.client_id, subject)
        found = revoking.revoke(tx, person, mandate_id, name=name, code=code)
        if isinstance(found, WrongConfirmationCode):
            return Reply(status=422, body=None, refusal=found)
        return Reply(status=200, body=revoking.shown(tx, found))

    return caller.once(keep)


@blueprint.route("/deductions", methods=["POST"])
@described(
    {201: DeductionAnswerSchema},
    body=DeductionSchema,
    key=True,
    about=(
        "By a mandate of the register, or by a creditor that is named. `during_hold` is true where an agreement with "
        "the creditor was in force and more was taken than its row: then its desk and supervisors are told. The "
        f"creditor answers within 3 working days. At most {MOST_DEDUCTIONS} of one person."
    ),
)
@needs(WRITE)
def report(caller: ApiCaller) -> Response:
    """Report what was deducted from your person's account."""
    read = load_deduction(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        subject, deduction = read.value_or_refuse()
        person = subjects.of_client(tx, caller.client_id, subject)
        return Reply(status=201, body=deductions.view(tx, deductions.report(tx, person, deduction)))

    return caller.once(keep)


@blueprint.route("/deductions")
@described({200: DeductionListSchema}, query=(SUBJECT,))
@needs(READ)
def listed(caller: ApiCaller) -> Response:
    """What your person reported, with the creditors' answers, the newest first."""
    subject = subject_in(query("subject"))
    with caller.hub.reading(caller.actor) as tx:
        person = subjects.of_client(tx, caller.client_id, subject)
        found = [deductions.view(tx, each) for each in deductions.list_for(tx, person)]
    return json_response({"items": found})
