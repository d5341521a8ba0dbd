"""Consents to a bank's telling bills by API, as a host app takes them for its person."""

from flask import Response

from hub.domain.bill_feed import CONSENT
from hub.domain.plain import Plain
from hub.services.accounts import subjects
from hub.services.accounts.subjects import Subject
from hub.services.bills import consents
from hub.services.transaction import HubTransaction
from hub.web.access import READ, WRITE, ApiCaller, needs
from hub.web.api.bills import SUBJECT, subject_in
from hub.web.api.describing import described, noun
from hub.web.api.queries import query
from hub.web.idempotency import json_response
from schemas.bill_feed import BillConsentListSchema, BillConsentSchema, load_consent

blueprint = noun("bill consents", "What a person lets a bank tell of bills", below="/bill-consents")


@blueprint.route("")
@described(
    {200: BillConsentListSchema},
    query=(SUBJECT,),
    about="What was taken back stays listed for a quarter, with the day. `{bank}` in the words is the bank's name.",
)
@needs(READ)
def list_all(caller: ApiCaller) -> Response:
    """Which banks may tell your person's bills, and the words in force."""
    subject = subject_in(query("subject"))
    with caller.hub.reading(caller.actor) as tx:
        answer = _shown(tx, subjects.of_client(tx, caller.client_id, subject))
    return json_response(answer)


@blueprint.route("/<id:bank_code>", methods=["PUT"])
@described(
    {200: BillConsentListSchema},
    body=BillConsentSchema,
    about=(
        "Show the words first. The bank is told the mobile and the last four digits, and finds its customer by both "
        "together; it answers with bills of that card under a token, and hears nothing of other banks. Given "
        "twice is given once; with another card that one comes to it. A bank that does not offer it: 409 "
        "`service_not_offered`."
    ),
)
@needs(WRITE)
def give(caller: ApiCaller, bank_code: str) -> Response:
    """Let a bank tell your person's bills."""
    given = load_consent(caller.body.value()).value_or_refuse()
    with caller.hub.writing(caller.actor) as tx:
        person = subjects.of_client(tx, caller.client_id, given["subject"])
        consents.give(tx, person, bank_code, card_last4=given["card_last4"], mobile=given["mobile"])
        answer = _shown(tx, person)
    return json_response(answer)


@blueprint.route("/<id:bank_code>", methods=["DELETE"])
@described(
    {200: BillConsentListSchema},
    query=(SUBJECT,),
    about="What the bank told is deleted at once, its token finds nobody any more. Twice is answered as once.",
)
@needs(WRITE)
def withdraw(caller: ApiCaller, bank_code: str) -> Response:
    """Take back that a bank may tell your person's bills."""
    subject = subject_in(query("subject"))
    with caller.hub.writing(caller.actor) as tx:
        person = subjects.of_client(tx, caller.client_id, subject)
        consents.withdraw(tx, person, bank_code)
        answer = _shown(tx, person)
    return json_response(answer)


def _shown(tx: HubTransaction, person: Subject) -> Plain:
    return {
        "words": {"version": CONSENT.version, "sha256": CONSENT.sha256, "zh": CONSENT.zh, "en": CONSENT.en},
        "items": [consents.view(each) for each in consents.list_for(tx, person)],
    }
