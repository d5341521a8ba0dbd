"""Authorisations to deduct by API, as a host app keeps them for its person."""

from flask import Response

from hub.domain.mandate import MOST_MANDATES
from hub.services.accounts import subjects
from hub.services.mandates import mandates
from hub.services.mandates.revoking import shown
from hub.services.transaction import HubTransaction
from hub.web.access import READ, WRITE, ApiCaller, needs
from hub.web.api.bills import SUBJECT, subject_in
from hub.web.api.describing import described, noun
from hub.web.api.queries import query
from hub.web.idempotency import Reply, json_response
from schemas.mandates import MandateAnswerSchema, MandateListSchema, MandateSchema, MandateShownSchema, load_mandate

blueprint = noun("mandates", "What a person allowed others to deduct, kept for that person, and how it is revoked")

_ABOUT = (
    "Whoever may deduct is a creditor by `payee_code` or a payment company by `payee_name`. `cap_fen` is a ceiling: "
    "above 0, at most 1,000,000,000,000. Of the account its last 4 digits and its bank: a whole number is refused, "
    "`full_number_refused`; so are passwords and logins, `card_secret_refused`, and an account that is not the "
    "person's own, `mandate_of_third_person`."
)


@blueprint.route("/mandates", methods=["POST"])
@described(
    {201: MandateAnswerSchema},
    body=MandateSchema,
    key=True,
    about=f"{_ABOUT} At most {MOST_MANDATES} of one person. They are told by mail, without an address by text message.",
)
@needs(WRITE)
def record(caller: ApiCaller) -> Response:
    """Put down what your person allowed somebody to deduct."""
    read = load_mandate(caller.body.value())

    def keep(tx: HubTransaction) -> Reply:
        subject, contents = read.value_or_refuse()
        person = subjects.of_client(tx, caller.client_id, subject)
        return Reply(status=201, body=mandates.view(tx, mandates.add(tx, person, contents)))

    return caller.once(keep)


@blueprint.route("/mandates")
@described(
    {200: MandateListSchema},
    query=(SUBJECT,),
    about="`revoke_by`: the last working day before the next deduction; a revocation of a later day may miss it.",
)
@needs(READ)
def listed(caller: ApiCaller) -> Response:
    """Everything your person allowed others to deduct, the newest first."""
    subject = subject_in(query("subject"))
    with caller.hub.reading(caller.actor) as tx:
        person = subjects.of_client(tx, caller.client_id, subject)
        found = [mandates.view(tx, each) for each in mandates.list_for(tx, person)]
    return json_response({"items": found})


@blueprint.route("/mandates/<id:mandate_id>")
@described({200: MandateShownSchema}, query=(SUBJECT,))
@needs(READ)
def show(caller: ApiCaller, mandate_id: str) -> Response:
    """One of them, with its newest revocation: who was told, and what each said."""
    subject = subject_in(query("subject"))
    with caller.hub.reading(caller.actor) as tx:
        person = subjects.of_client(tx, caller.client_id, subject)
        answer = shown(tx, mandates.get_own(tx, person, mandate_id))
    return json_response(answer)


@blueprint.route("/mandates/<id:mandate_id>", methods=["PUT"])
@described(
    {200: MandateAnswerSchema},
    body=MandateSchema,
    about=f"{_ABOUT} What it said before stays beside it. Once its revocation is on its way it cannot be changed.",
)
@needs(WRITE)
def change(caller: ApiCaller, mandate_id: str) -> Response:
    """Change what a mandate says: its next version."""
    subject, contents = load_mandate(caller.body.value()).value_or_refuse()
    with caller.hub.writing(caller.actor) as tx:
        person = subjects.of_client(tx, caller.client_id, subject)
        answer = mandates.view(tx, mandates.change(tx, person, mandate_id, contents))
    return json_response(answer)


@blueprint.route("/mandates/<id:mandate_id>", methods=["DELETE"])
@described({204: None}, query=(SUBJECT,), about="One whose revocation was sent stays on record: 409.")
@needs(WRITE)
def remove(caller: ApiCaller, mandate_id: str) -> Response:
    """Take a mandate out of your person's register; nothing of it is kept."""
    subject = subject_in(query("subject"))
    with caller.hub.writing(caller.actor) as tx:
        mandates.remove(tx, subjects.of_client(tx, caller.client_id, subject), mandate_id)
    return Response(status=204)
