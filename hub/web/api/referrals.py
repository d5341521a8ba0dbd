"""Referrals by API, as a host app makes them for its person, and the licensed partners there are."""

from flask import Response

from hub.services.accounts import subjects
from hub.services.reading import referrals as reading
from hub.services.referrals import partners, referrals
from hub.services.transaction import HubTransaction
from hub.web.access import READ, WRITE, ApiCaller, needs
from hub.web.api.bills import SUBJECT, subject_in
from hub.web.api.describing import described, noun
from hub.web.api.queries import query
from hub.web.idempotency import Reply, json_response
from schemas.referrals import (
    ReferralAnswerSchema,
    ReferralListSchema,
    ReferralPartnerListSchema,
    ReferralSchema,
    load_referral,
)
from schemas.subjects import SubjectSchema, load_subject

blueprint = noun("referrals", "Pointing a person to a licensed lender: free, by their consent, and to be taken back")


@blueprint.route("/referral-partners")
@described(
    {200: ReferralPartnerListSchema},
    about=(
        "By name: no partner pays, and none stands before another. Show your person the licence, the yearly cost, the "
        "total, what a default means, and that talking to their bank is free."
    ),
)
@needs(READ, WRITE)
def listed(caller: ApiCaller) -> Response:
    """The licensed lenders that a person may be pointed to."""
    with caller.hub.reading(caller.actor) as tx:
        found = [reading.partner_view(each.partner, first_day=caller.today) for each in partners.offered(tx)]
    return json_response({"items": found, "consent_text": reading.consent_text()})


@blueprint.route("/referrals", methods=["POST"])
@described(
    {200: ReferralAnswerSchema, 201: ReferralAnswerSchema},
    body=ReferralSchema,
    key=True,
    about=(
        "Without `consent` your person was shown the partner, which hears nothing. With it the partner is given name "
        "and mobile and nothing else: no bill, load or bank. One of a partner is open at a time; a later call with the "
        "consent goes on with it. Refused while a debt is overdue (`already_overdue`, with a link to the negotiation) "
        "and while an agreement is in force (`new_credit_promised`)."
    ),
)
@needs(WRITE)
def refer(caller: ApiCaller) -> Response:
    """Show your person a licensed lender or, by their consent, let it know them."""
    read = load_referral(caller.body.value())

    def effect(tx: HubTransaction) -> Reply:
        subject, partner, given = read.value_or_refuse()
        person = subjects.of_client(tx, caller.client_id, subject)
        record, is_new = referrals.show(tx, person, partner)
        if given is not None:
            referrals.consent(tx, person, record, given)
        return Reply(status=201 if is_new else 200, body=referrals.view(tx, record))

    return caller.once(effect)


@blueprint.route("/referrals")
@described({200: ReferralListSchema}, query=(SUBJECT,))
@needs(READ)
def of_person(caller: ApiCaller) -> Response:
    """Your person's referrals, the newest first."""
    subject = subject_in(query("subject"))
    with caller.hub.reading(caller.actor) as tx:
        person = subjects.of_client(tx, caller.client_id, subject)
        found = [referrals.view(tx, each) for each in referrals.list_own(tx, person)]
    return json_response({"items": found})


@blueprint.route("/referrals/<id:referral_id>")
@described({200: ReferralAnswerSchema}, query=(SUBJECT,))
@needs(READ)
def one(caller: ApiCaller, referral_id: str) -> Response:
    """One referral of your person."""
    subject = subject_in(query("subject"))
    with caller.hub.reading(caller.actor) as tx:
        person = subjects.of_client(tx, caller.client_id, subject)
        answer = referrals.view(tx, referrals.find_own(tx, person, referral_id))
    return json_response(answer)


@blueprint.route("/referrals/<id:referral_id>/revoke", methods=["POST"])
@described(
    {200: ReferralAnswerSchema},
    body=SubjectSchema,
    key=True,
    about="Nothing is handed over from then on, and the partner is told to stop. Twice changes nothing.",
)
@needs(WRITE)
def revoke(caller: ApiCaller, referral_id: str) -> Response:
    """Take your person's consent back."""
    read = load_subject(caller.body.value())

    def effect(tx: HubTransaction) -> Reply:
        person = subjects.of_client(tx, caller.client_id, read.value_or_refuse())
        return Reply(status=200, body=referrals.view(tx, referrals.revoke(tx, person, referral_id)))

    return caller.once(effect)
